"""The command line: what it prints, its exit status, and that nothing that a user does ends in a traceback."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cli
from benchmarks.soundness import claims_of
from derive import library

GOOD = "```given\nX, Y \\text{ independent}\n```\n\n$$\n\\mathbb{E}[3XY] = 3\\,\\mathbb{E}[X]\\,\\mathbb{E}[Y]\n$$\n"
BAD = "$$\n\\mathbb{E}[X^2] = \\mathbb{E}[X]^2\n$$\n"
WANTING = "```given\nX, Y \\text{ random}\n```\n\n$$\n\\mathbb{E}[XY] = \\mathbb{E}[X]\\,\\mathbb{E}[Y]\n$$\n"


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs derive in a folder of its own; answers (status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return left.value.code, out, err

    return call


def write(name: str, text: str | bytes) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return name


# ----------------------------------------------------------------------------------------------- a right call


def test_nothing_found(run):
    status, out, err = run("check", write("good.md", GOOD), "--no-simulation")
    assert (status, err) == (0, "")
    assert "E[3XY]" in out and "✓" in out
    assert out.endswith("1 step in 1 document: 1 proved\n")


@pytest.mark.parametrize("columns", [50, 70])
def test_lines_keep_to_the_columns_that_are_asked_for(run, monkeypatch, columns):
    name = write("bad.md", BAD)
    _, wide, _ = run("check", name, "--no-simulation")
    monkeypatch.setenv("COLUMNS", str(columns))
    _, narrow, _ = run("check", name, "--no-simulation")
    assert max(map(len, narrow.splitlines())) <= columns
    assert max(map(len, wide.splitlines())) > columns


def test_names_of_several_words_keep_their_spaces(run):
    name = r"w_{\text{train set}}"
    text = rf"$$ \mathbb{{E}}[({name} + X)^2] = \mathbb{{E}}[{name}^2] + \mathbb{{E}}[X^2] $$"
    _, out, _ = run("check", write("long.md", text), "--no-simulation", "--given", rf"{name} \text{{ random}}")
    assert "w_{train set}" in out and r"w_{\text{train set}}" in out
    assert "ₜᵣₐᵢₙₛₑₜ" not in out


def test_a_false_step(run):
    status, out, _ = run("check", write("bad.md", BAD), "--no-simulation")
    assert status == 1
    assert "✗ wrong" in out and "left side =" in out and "bad.md:2:" in out


def test_a_missing_assumption(run):
    name = write("wanting.md", WANTING)
    status, out, _ = run("check", name, "--no-simulation")
    assert status == 1 and "! needs" in out and "write  " in out
    status, out, _ = run("check", name, "--no-simulation", "--given", r"X \perp Y")
    assert status == 0


def test_json(run):
    status, out, _ = run("check", write("good.md", GOOD), write("bad.md", BAD), "--format", "json")
    answer = json.loads(out)
    assert status == 1
    assert [d["path"] for d in answer["documents"]] == ["good.md", "bad.md"]
    assert answer["summary"]["steps"] == 2 and answer["summary"]["proved"] == 1 and answer["summary"]["wrong"] == 1
    steps = [d["derivations"][0]["steps"][0] for d in answer["documents"]]
    assert steps[0]["evidence"]["simulation"]["agree"] is True
    assert steps[1]["counterexample"]["lhs"] != steps[1]["counterexample"]["rhs"]


def test_without_the_simulation(run):
    _, out, _ = run("check", write("good.md", GOOD), "--format", "json", "--no-simulation")
    assert json.loads(out)["documents"][0]["derivations"][0]["steps"][0]["evidence"]["simulation"] is None


def test_the_same_call_gives_the_same_answer(run):
    name = write("bad.md", BAD)
    assert run("check", name, "--format", "json") == run("check", name, "--format", "json")


def test_macros_from_a_file(run):
    macros = write("macros.tex", r"\newcommand{\mean}[1]{\mathbb{E}[#1]}")
    name = write("m.md", "$$ \\mean{2X} = 2 \\mean{X} $$\n")
    assert run("check", name, "--no-simulation", "--macros", macros)[0] == 0


def test_standard_input(run, monkeypatch):
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    status, out, _ = run("check", "-", "--no-simulation")
    assert status == 0 and "E[3XY]" in out


def test_a_folder_in_order(run):
    for name in ("h/b.md", "h/a.tex", "h/sub/c.md", "h/.hidden/d.md", "h/notes.py"):
        write(name, GOOD)
    answer = json.loads(run("check", "h", "--format", "json", "--no-simulation")[1])
    assert [d["path"] for d in answer["documents"]] == ["h/a.tex", "h/b.md", "h/sub/c.md"]


def test_quiet(run):
    _, out, _ = run("check", write("good.md", GOOD), write("bad.md", BAD), "--no-simulation", "-q")
    assert "good.md" not in out and "bad.md" in out and "2 steps in 2 documents" in out


def test_the_reading(run):
    _, out, _ = run("check", write("good.md", GOOD), "--no-simulation", "--explain-reading")
    assert "as read" in out and "symbols" in out and "random" in out


def test_ascii(run):
    _, out, _ = run("check", write("good.md", GOOD), write("bad.md", BAD), "--ascii")
    assert out.isascii()


def test_line_ends_and_a_byte_order_mark(run):
    text = "﻿" + BAD.replace("\n", "\r\n")
    step = json.loads(run("check", write("w.md", text), "--format", "json", "--no-simulation")[1])
    plain = json.loads(run("check", write("w.md", BAD), "--format", "json", "--no-simulation")[1])
    assert step == plain


def test_many_documents_over_processes_keep_their_order(run):
    for k in range(12):
        write(f"many/{k:02}.md", BAD if k % 3 == 0 else GOOD)
    status, out, _ = run("check", "many", "--format", "json", "--no-simulation")
    answer = json.loads(out)
    assert status == 1
    assert [d["path"] for d in answer["documents"]] == [f"many/{k:02}.md" for k in range(12)]
    assert [d["derivations"][0]["verdict"] for d in answer["documents"]] == [
        "wrong" if k % 3 == 0 else "proved" for k in range(12)
    ]


# ----------------------------------------------------------------------------------------------- a wrong call


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek", "x.md"], "did you mean 'check'?"),
        (["frobnicate"], "no command 'frobnicate'"),
        (["check"], "Missing argument"),
        (["check", "nowhere.md"], "nowhere.md: no such file or folder"),
        (["check", "empty"], "no documents"),
        (["check", "good.md", "--format", "yaml"], "yaml"),
        (["check", "good.md", "--frob"], "--frob"),
        (["check", "good.md", "--samples", "many"], "many"),
        (["check", "good.md", "--max-step", "0"], "--max-step"),
        (["check", "good.md", "--macros", "nowhere.tex"], "nowhere.tex"),
        (["check", "good.md", "--misconceptions", "nowhere.toml"], "nowhere.toml"),
        (["check", "good.md", "--misconceptions", "broken.toml"], "broken.toml"),
        (["check", "binary.md"], "a binary file"),
        (["check", "latin1.md"], "line 2"),
        (["show", "l2-nois"], "did you mean l2-noise"),
        (["show", "qqqq"], "derive list"),
        (["explain", "independnce"], "did you mean independence"),
        (["rules", "cooking"], "the chapters are"),
        (["expand", r"\frac{"], "Error"),
        (["expand", "X = Y"], "Error"),
    ],
)
def test_a_wrong_call(run, arguments, said):
    write("good.md", GOOD)
    write("binary.md", b"\x7fELF\x00\x01\x02")
    write("latin1.md", b"# a\nna\xefve\n")
    write("broken.toml", "[[")
    Path("empty").mkdir()
    status, _, err = run(*arguments)
    assert status == 2
    assert said in err


def test_an_unreadable_file_does_not_stop_the_others(run):
    write("f/a.md", b"\0")
    write("f/b.md", GOOD)
    status, out, err = run("check", "f", "--format", "json", "--no-simulation")
    assert status == 2 and "a.md: a binary file" in err
    assert [d["path"] for d in json.loads(out)["documents"]] == ["f/b.md"]


# ------------------------------------------------------------------------------------------------- bad documents


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 0),
        ("\n\n\n", 0),
        ("# Prose alone\n", 0),
        ("$$\n\\mathbb{E}[X = Y\n$$\n", 1),
        ("$$\n\\frac{a}{b = c\n$$\n", 1),
        ("$$\n\\unheardof{X} = Y\n$$\n", 1),
        ("$$ a = ", 1),
        ("```given\n\\mathbf{ \n```\n$$ \\mathbb{E}[2X] = 2\\mathbb{E}[X] $$\n", 1),
        ("$$ \\mathbb{E}[" + "(" * 3000 + "X" + ")" * 3000 + "] = 1 $$\n", 1),
        ("\\def\\a{\\a\\a} $$ \\a = 1 $$\n", 1),
    ],
)
def test_bad_documents_are_findings(run, text, status):
    got, _, err = run("check", write("d.md", text), "--no-simulation")
    assert got == status
    assert "internal" not in err


def test_a_line_of_a_million_characters(run):
    begun = time.monotonic()
    status, out, _ = run("check", write("long.md", "$$ a = " + "b + " * 250_000 + "b $$\n"), "--no-simulation")
    assert status == 1 and time.monotonic() - begun < 60
    assert len(out) < 200_000


# ------------------------------------------------------------------------------------------- a failure of derive


def fail(*arguments, **options):
    raise ZeroDivisionError("inside")


def test_a_failure_in_one_document_is_said_and_the_others_go_on(run, monkeypatch):
    import derive.judge.check as judge

    honest = judge.check_document
    monkeypatch.setattr(judge, "check_document", lambda d, c: fail() if d.path == "a.md" else honest(d, c))
    write("a.md", GOOD)
    write("b.md", GOOD)
    status, out, err = run("check", "a.md", "b.md", "--no-simulation")
    assert status == 3 and "a.md: internal error" in err
    assert "ZeroDivisionError" in out and "1 step in 2 documents: 1 proved" in out


def test_a_failure_outside_a_document(run, monkeypatch):
    monkeypatch.setattr(library, "names", fail)
    status, _, err = run("list")
    assert status == 3 and "ZeroDivisionError: inside" in err and "defect of derive" in err


# ------------------------------------------------------------------------------------------------ other commands


def test_show_has_assumptions_and_simulation(run):
    status, out, _ = run("show", "l2-noise")
    assert status == 0
    assert "simulated" in out and "using" in out and "n ⟂ (x, y)" in out


def test_list(run):
    status, out, _ = run("list")
    assert status == 0
    assert all(name in out for name in library.names())


def test_expand(run):
    status, out, _ = run("expand", r"\operatorname{Var}(aX)", "--given", r"a \text{ constant}")
    assert status == 0 and "✓" in out and "a² Var(X)" in out


def test_simulate(run):
    status, out, _ = run("simulate", write("good.md", GOOD), "--samples", "5000", "--seed", "7")
    assert status == 0 and "seed 7" in out and "agree" in out


def test_simulate_stops_at_the_wanted_precision(run):
    page = write("good.md", GOOD)
    status, out, _ = run("simulate", page, "--samples", "1000000", "--precision", "0.05")
    drawn = [int(found.replace(",", "")) for found in re.findall(r"simulated ([\d,]+) times", out)]
    assert status == 0 and drawn and max(drawn) < 500_000 and "would have been seen" in out
    assert run("simulate", page, "--precision", "0")[0] == 2


def test_detail_tells_what_the_models_may_have_missed(run):
    status, out, _ = run("check", write("good.md", GOOD), "--detail", "--no-simulation")
    assert status == 0 and "a false claim passes with probability at most 1e-" in " ".join(out.split())


def test_rules(run):
    status, out, _ = run("rules")
    assert status == 0 and "independence" in out and "linearity" in out
    assert "linearity" not in run("rules", "dependence")[1]


def test_explain(run):
    status, out, _ = run("explain", "independence")
    assert status == 0
    assert all(word in out for word in ("states", "why", "example", "but not", "source"))


def test_help_has_examples(run):
    for name in cli.cli.commands:
        status, out, _ = run(name, "--help")
        assert status == 0 and f"derive {name}" in out.split("Options:")[0].partition("\n")[2]


# -------------------------------------------------------------------------------------------- the installed thing


def derive(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "import cli; cli.main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
    )


def test_help_imports_nothing_heavy():
    code = (
        "import sys, cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'numpy', 'sympy', 'matplotlib', 'flint', 'multiprocessing'} & set(sys.modules)\n"
        "assert not heavy and not any(m.startswith('derive.') for m in sys.modules), heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_check_without_simulation_imports_neither_sympy_nor_numpy(tmp_path):
    (tmp_path / "good.md").write_text(GOOD)
    code = (
        "import sys, cli\n"
        f"try: cli.main(['check', {str(tmp_path / 'good.md')!r}, '--no-simulation'])\n"
        "except SystemExit as left: assert left.code == 0\n"
        "assert not {'sympy', 'matplotlib', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_completion_knows_the_library():
    done = derive(_DERIVE_COMPLETE="bash_complete", COMP_WORDS="derive show l2-", COMP_CWORD="2")
    assert "l2-noise" in done.stdout


def test_no_unicode_where_the_output_cannot_have_it(tmp_path):
    (tmp_path / "bad.md").write_text(BAD)
    done = derive("check", str(tmp_path / "bad.md"), "--no-simulation", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1 and done.stdout.isascii() and "X wrong" in done.stdout


def test_a_reader_that_leaves_early_is_no_failure(tmp_path):
    (tmp_path / "good.md").write_text(GOOD * 20)
    code = f"{sys.executable} -c 'import cli; cli.main()' check {tmp_path / 'good.md'} --no-simulation | head -n 1"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""


def test_build(run):
    write("good.md", GOOD)
    status, out, err = run("build", "good.md", "--to", "article", "--to", "html", "-o", "out", "--samples", "2000")
    assert (status, err) == (0, "")
    assert out.splitlines() == ["wrote out/good.tex", "wrote out/good.html"]
    assert r"\begin{document}" in Path("out/good.tex").read_text()


def test_build_of_a_false_step_is_a_right_call(run):
    status, _, _ = run("build", write("bad.md", BAD), "--to", "markdown", "--samples", "2000")
    assert status == 0 and Path("output/bad.md").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build"], "--all"),
        (["build", "good.md", "--style", "none"], "none"),
        (["build", "good.md", "--to", "beamer", "--theme", "../x"], "theme"),
        (["build", "good.md", "--to", "papyrus"], "papyrus"),
        (["build", "good.md", "-o", "good.md"], "good.md"),
    ],
)
def test_a_wrong_build(run, arguments, said):
    write("good.md", GOOD)
    status, _, err = run(*arguments, *(["--samples", "2000"] if len(arguments) > 1 else []))
    assert status == 2 and said in err


def test_plots_of_a_simulation(run):
    status, out, _ = run("simulate", write("good.md", GOOD), "--samples", "5000", "--plot", "-o", "plots")
    assert status == 0 and "wrote plots/good-line-6.png" in out and Path("plots/good-line-6.png").exists()


# ----------------------------------------------------------------------------------------------- derive fails


def assert_ready_report(err: str, name: str) -> None:
    for part in (
        "not to blame",
        "version: ",
        "seed: 7",
        "step in line 6: ",
        "the rules say: equal, by",
        name,
        "  | $$",
    ):
        assert part in err, part


@pytest.mark.parametrize("command", ["check", "show", "simulate"])
def test_witnesses_that_disagree_leave_with_3_and_a_report(run, monkeypatch, command):
    from derive.judge import verdict

    refutation = verdict.examine(next(claims_of(BAD, "bad.md")))
    monkeypatch.setattr(verdict, "examine", lambda *_, **__: refutation)
    status, out, err = run(command, write("good.md", GOOD), "--seed", "7")
    assert status == 3
    assert_ready_report(err, "good.md")
    assert "the model says: " in err and "outcome: probability" in err and "given: X, Y" in err
    assert "wrong" not in out


def test_a_disagreement_as_json(run, monkeypatch):
    from derive.judge import verdict

    refutation = verdict.examine(next(claims_of(BAD, "bad.md")))
    monkeypatch.setattr(verdict, "examine", lambda *_, **__: refutation)
    status, out, _ = run("check", write("good.md", GOOD), "--format", "json", "--seed", "7", "--no-simulation")
    (page,) = json.loads(out)["documents"]
    (defect,) = page["defects"]
    assert status == 3 and page["text"] == GOOD and page["derivations"][0]["verdict"] == "unproved"
    assert defect["seed"] == 7 and defect["version"] and defect["rules"] and defect["givens"]
    assert defect["model"]["lhs"] != defect["model"]["rhs"]


def test_a_simulation_that_contradicts_a_proof_leaves_with_3(run, monkeypatch):
    from dataclasses import replace

    from derive.witnesses import simulate

    honest = simulate.simulate_many
    monkeypatch.setattr(
        simulate, "simulate_many", lambda *a, **k: [replace(one, agree=False, z=9.0) for one in honest(*a, **k)]
    )
    status, out, err = run("check", write("good.md", GOOD), "--seed", "7")
    assert status == 3 and "the simulation says: " in err and "z = 9.0" in err and "wrong" not in out
    assert_ready_report(err, "good.md")


def test_a_failure_of_derive_leaves_with_3_and_a_report(run, monkeypatch):
    from derive.judge import check

    def fails(*_):
        raise ValueError("lost")

    monkeypatch.setattr(check, "elaborate", fails)
    status, _, err = run("check", write("good.md", GOOD + "\x1b[31m"))
    assert status == 3 and "internal error (ValueError): lost." in err and "  | $$" in err and "\x1b" not in err
