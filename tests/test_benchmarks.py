import subprocess
import sys

import pytest

from benchmarks import bench_peers
from benchmarks.bench_growth import FAMILIES, seconds
from benchmarks.bench_start import PAGE
from benchmarks.measure import Row, exponent, table
from derive.judge.check import check_texts


def test_the_exponent_of_a_power_law() -> None:
    assert exponent([1, 2, 4, 8], [5.0, 20.0, 80.0, 320.0]) == pytest.approx(2.0)


def test_what_is_over_its_bound_is_marked() -> None:
    assert "**over**" in table([Row("slow", 3.0, 2.0, "×")])
    assert "**over**" not in table([Row("fast", 1.0, 2.0, "×")])
    assert "**under**" in table([Row("slow", 3.0, 20.0, "×", more=True)])
    assert "**under**" not in table([Row("fast", 30.0, 20.0, "×", more=True)])


def test_a_peer_that_is_not_installed_is_left_out_with_one_line(monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench_peers, "MATH_VERIFY", "no-such-python")
    monkeypatch.setattr(bench_peers, "CADABRA", "no-such-python")
    assert bench_peers.rows() == []
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2 and "pip install" in told[0] and "apt-get install" in told[1]


def test_the_kernel_s_side_of_the_index_algebra() -> None:
    for task, monomials in (
        (bench_peers.INPUT_NOISE, 4),
        (bench_peers.quadratic(), 2),
        (bench_peers.squared_sum(3), 3),
    ):
        assert bench_peers.normalised(task[1], repeats=1)[1] == monomials


def test_a_sign_is_turned() -> None:
    assert bench_peers.with_a_wrong_sign(("a", "b + c + d")) == ("a", "b + c - d")
    assert bench_peers.with_a_wrong_sign(("a", "b")) == ("a", "")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f[0])
def test_small_documents_of_each_family_are_proved(family) -> None:
    _, make, sizes, _ = family
    assert seconds(make(min(sizes[0], 4))) > 0


def test_the_page_is_proved_to_its_end() -> None:
    (report,) = check_texts([("page.md", PAGE)], simulation=False).documents
    assert {s.verdict for d in report.derivations for s in d.steps} == {"proved"}


def test_a_page_that_is_right_loads_nothing_that_explains_mistakes() -> None:
    code = (
        "import sys; from derive.judge.check import check_texts; from benchmarks.bench_start import PAGE\n"
        "check_texts([('page.md', PAGE)], simulation=False)\n"
        "print({'derive.judge.buggy', 'derive.judge.repairs', 'tomllib', 'sympy', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "set()"
