from __future__ import annotations

from derive.render.tex import counterexample_tex, formula, phrase_tex, value_tex
from derive.report import Counterexample


def test_values_are_numbers_columns_or_matrices():
    assert value_tex("3") == "3"
    assert value_tex([["1"], ["-1/2"]]) == r"(1,\,-\tfrac{1}{2})^{\top}"
    assert value_tex([["1", "0"], ["0", "1"]]) == r"\left(\begin{smallmatrix} 1 & 0 \\ 0 & 1 \end{smallmatrix}\right)"


def test_a_counterexample_is_a_table_and_a_sentence():
    model = Counterexample({"m": 2}, {r"\mathbf{w}": ["1", "2"]}, (("1", {"X": "0"}),), "1", "2")
    grid, said = counterexample_tex(model)
    assert "probability & $X$" in grid and "$1$ & $0$" in grid
    assert said == r"With $\mathbf{w} = (1,\,2)^{\top}$, $m = 2$ the left side is $1$ and the right side $2$."


def test_phrases_and_unreadable_formulas_are_text():
    assert phrase_tex([("text", "50%"), ("math", "x"), ("strong", "no")]) == r"50\%$x$\textbf{no}"
    assert formula(r"\input{x}") == r"\text{\ttfamily \textbackslash{}input\{x\}}"


def test_many_variables_stand_in_several_tables():
    names = [f"X_{i}" for i in range(10)] + [f"Y_{i}" for i in range(10)] + [f"Z_{i}" for i in range(10)]
    model = Counterexample(
        {}, {}, (("1/2", dict.fromkeys(names, "-3/2")), ("1/2", dict.fromkeys(names, "2"))), "1", "2"
    )
    grid, said = counterexample_tex(model, room=30.0)
    assert grid.count(r"\begin{tabular}") > 2 and all(f"${n}$" in grid for n in names)
    assert said == "The left side is $1$ and the right side $2$."


def test_long_formulas_in_text_may_be_broken():
    assert r"\penalty2000" in formula("a^5 " * 40) and r"\penalty" not in formula("a + b")
    assert formula(r"x \text{ is a number that is not known, or so it is said}") == (
        "$x$ is a number that is not known, or so it is said"
    )
    wide = r"\begin{pmatrix}" + " & ".join(["x_{100}"] * 28) + r"\end{pmatrix}"
    assert formula(wide).startswith(r"\scalebox{0.")


def test_a_model_without_random_variables_has_no_table():
    model = Counterexample({}, {"a": "2"}, (("1", {}),), "1", "2")
    assert counterexample_tex(model) == ("", "With $a = 2$ the left side is $1$ and the right side $2$.")
