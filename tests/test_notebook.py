"""What the notebook shows is what its cells answer.  `python -m tests.test_notebook` writes its outputs anew."""

from pathlib import Path

import nbformat
import pytest
import sympy
from nbclient import NotebookClient

import derive
from derive import E, Random, Var

PAGE = Path(__file__).parent.parent / "docs" / "notebook.ipynb"
TEXT = r"$$ \mathbb{E}[X^2] = \mathbb{E}[X]^2 $$"
X, N, a = Random("X"), Random("N"), sympy.Symbol("a")


def executed() -> nbformat.NotebookNode:
    """The notebook with the outputs of this moment."""
    page = nbformat.read(PAGE, as_version=4)
    NotebookClient(
        page, timeout=120, kernel_name="python3", resources={"metadata": {"path": PAGE.parent.parent}}
    ).execute()
    for cell in page.cells:
        cell.metadata.pop("execution", None)
    return page


def outputs(page: nbformat.NotebookNode) -> list[object]:
    return [[o.get("data", o.get("text", o)) for o in c.outputs] for c in page.cells if c.cell_type == "code"]


def test_the_notebook_shows_what_its_cells_answer():
    kept = outputs(nbformat.read(PAGE, as_version=4))
    assert sum(map(bool, kept)) > 8
    assert outputs(executed()) == kept


def test_a_report_shows_itself():
    report = derive.check(TEXT, simulation=False)
    shown = report._repr_mimebundle_()
    assert shown["text/plain"] == str(report) == repr(report) and "Var(X)" in str(report)
    assert "<math" in shown["text/html"] and 'class="step wrong"' in shown["text/html"]
    assert shown["text/latex"].startswith("$$\n\\begin{aligned}") and shown["text/latex"].endswith("\n$$")
    assert [s.verdict for s in report.steps] == ["wrong"]


def test_a_derivation_shows_itself():
    found = derive.expand(E(a * X + N), mean={N: 0})
    shown = found._repr_mimebundle_()
    assert found.result == a * E(X)
    assert "zero mean" in shown["text/html"] and "E[N] = 0" in shown["text/plain"]
    assert "<details><summary>given</summary>" in shown["text/html"]


def test_text_has_its_result_too():
    assert derive.expand(r"\mathbb{E}[2X + 1]", r"X \text{ random}").result == r"2 \mathbb{E}[X] + 1"
    same = derive.expand("x")
    assert same.result == "x" and str(same) == "no rule makes this simpler: x"
    assert list(same._repr_mimebundle_()) == ["text/plain"]


def test_keywords_go_with_sympy_objects_alone():
    with pytest.raises(TypeError, match="givens="):
        derive.expand("x", random=X)
    with pytest.raises(TypeError, match="givens="):
        derive.check(TEXT, known={"random": X})


def test_an_equation_of_sympy_objects():
    claim = sympy.Eq(Var(X + N), Var(X) + Var(N))
    assert derive.check(claim, simulation=False).steps[0].verdict == "needs"
    assert derive.check(claim, givens=r"X \perp N", simulation=False).clean
    assert derive.simulate(claim, samples=2000, known={"independent": [X, N]}).steps[0].simulation.samples >= 2000


if __name__ == "__main__":
    nbformat.write(executed(), PAGE)
