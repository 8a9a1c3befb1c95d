"""Functions of random variables, K(X) = E[X²], beside functions of parameters, L(w) = E[(y − w)²]."""

import pytest

import derive

K = r"K(X, Y) = \mathbb{E}[(X - \mathbb{E}X)(Y - \mathbb{E}Y)^\top]"
VECTORS = "Let $X$ and $Y$ be random vectors and $A$, $B$ constant matrices.\n\n"


def verdicts(text: str) -> list[str]:
    report = derive.check(text, simulation=False)
    return [s.verdict for d in report.documents for c in d.derivations for s in c.steps]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$$H(X) = \mathbb{E}[X^2]$$ $$H(aX) = a^2 H(X)$$", ["defines", "proved"]),
        (r"$$H(X) = \mathbb{E}[X^2]$$ $$H(aX) = a H(X)$$", ["defines", "wrong"]),
        (rf"{VECTORS}$${K}$$ $$K(AX, BY) = A K(X, Y) B^\top$$", ["defines", "proved"]),
        (rf"{VECTORS}$$K_{{XY}} = {K}$$ $$K(AX, BY) = A K_{{XY}} B^\top$$", ["defines", "defines", "proved"]),
        (rf"{VECTORS}$$K_{{XY}} = {K}$$ $$K(AX, BY) = B K(X,Y) A^\top$$", ["defines", "defines", "wrong"]),
        (
            r"$$L(w) = \mathbb{E}[(y - w)^2]$$ $$L(w) = \operatorname{Var}(y) + (\mathbb{E}[y] - w)^2$$",
            ["defines", "proved"],
        ),
        (r"$$S = a(b + c) = ab + ac$$", ["defines", "proved"]),
    ],
)
def test_what_is_averaged(text: str, expected: list[str]) -> None:
    assert verdicts(text) == expected


def test_the_argument_of_an_operator_is_random_and_that_of_another_function_is_a_parameter() -> None:
    report = derive.check("$$H(X) = \\mathbb{E}[X^2]$$ $$L(w) = \\mathbb{E}[(y - w)^2]$$\n", simulation=False)
    kinds = {s.latex: s.kind for s in report.documents[0].symbols}
    assert (kinds["X"], kinds["w"], kinds["y"]) == ("random", "constant", "random")
