"""`derive check --certificate` and `derive verify` on the command line."""

import json
from pathlib import Path

from tests.test_cli import GOOD, WANTING, run, write  # noqa: F401


def test_a_certificate_is_written_and_replayed(run):  # noqa: F811
    name = write("good.md", GOOD)
    status, _, err = run("check", name, "--no-simulation", "--certificate", "good.json")
    assert (status, err) == (0, "wrote good.json: the proofs of 1 step\n")
    status, out, _ = run("verify", "good.json", "--document", name)
    assert status == 0
    assert out == "good.json: 1 step proved, 1 move replayed, claims and givens are those of good.md\n"


def test_a_tampered_certificate_is_refused(run):  # noqa: F811
    run("check", write("good.md", GOOD), "--no-simulation", "--certificate", "good.json")
    write("bad.json", Path("good.json").read_text().replace('"independence"', '"tower"'))
    status, out, _ = run("verify", "bad.json")
    assert status == 1
    assert out.startswith("refused: bad.json: steps[0].proof[0][0]: ")


def test_a_certificate_of_another_document_is_refused(run):  # noqa: F811
    run("check", write("good.md", GOOD), "--no-simulation", "--certificate", "good.json")
    other = write("other.md", GOOD.replace("3XY", "4XY").replace("3\\,", "4\\,"))
    status, out, _ = run("verify", "good.json", "--document", other)
    assert status == 1 and "claims something else" in out
    fewer = write("fewer.md", GOOD.replace("X, Y \\text{ independent}", "X, Y \\text{ random}"))
    status, out, _ = run("verify", "good.json", "--document", fewer)
    assert status == 1 and "what is given is not what fewer.md gives in line 6" in out


def test_only_proved_steps_are_in_it(run):  # noqa: F811
    status, _, err = run("check", write("w.md", WANTING), "--no-simulation", "--certificate", "w.json")
    assert status == 1 and err.endswith("the proofs of 0 steps\n")
    assert json.loads(Path("w.json").read_text())["steps"] == []


def test_wrong_calls(run):  # noqa: F811
    good, wanting = write("good.md", GOOD), write("w.md", WANTING)
    assert run("check", good, wanting, "--no-simulation", "--certificate", "x.json")[0] == 2
    assert run("check", good, "--no-simulation", "--certificate", "no/such/folder.json")[0] == 2
    assert run("verify", "missing.json")[0] == 2
