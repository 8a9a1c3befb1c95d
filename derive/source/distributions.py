"""Names of distributions and sets, as people write them."""

from __future__ import annotations

import re
from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source.tokens import Token

DISTRIBUTIONS = {
    "Normal": "N Normal Gaussian Norm normal gaussian", "Bernoulli": "Bernoulli Bern Ber bernoulli",
    "Uniform": "U Uniform Unif uniform unif",
    "Exponential": "Exponential Exp Expo exponential", "Poisson": "Poisson Poiss Pois Poi Po poisson",
    "Binomial": "Binomial Bin B Binom binomial Bi",
    "Gamma": "Gamma Gam gamma Ga", "Beta": "Beta Bet beta Be", "Laplace": "Laplace Lap laplace", "Rademacher": "Rademacher Rad rademacher",
    "Categorical": "Categorical Cat categorical", "Multinomial": "Multinomial Mult Multi multinomial", "MatrixNormal": "MN MatrixNormal",
    "Dirichlet": "Dir Dirichlet", "Wishart": "W Wishart",
    "LogNormal": "LogNormal Lognormal lognormal LN", "InverseGamma": "InvGamma InverseGamma IGamma IG InvGam",
    "DiscreteUniform": "DiscreteUniform DU DUnif",
}  # fmt: skip
BY_NAME = {spelling: word for word, names in DISTRIBUTIONS.items() for spelling in names.split()}
# Named distributions of which only the name is known: their variables are random and nothing more.
UNSUPPORTED = frozenset(
    "t Student IW Cauchy Geometric Geom NegBin Weibull Pareto "
    "Logistic Gumbel vMF NG NW Chi chi2 F HalfNormal TruncatedNormal GP Hypergeometric".split()
)
FONT = re.compile(r"\\(?:mathcal|mathrm|mathscr|mathsf|mathbf|mathbb|text|mathit|mathfrak)\{(.*)\}")
ARITIES = {
    "Normal": (2,), "Bernoulli": (1,), "Uniform": (2,), "Exponential": (1,), "Poisson": (1,), "Binomial": (2,), "Gamma": (2,), "Beta": (2,),
    "Laplace": (2,), "Rademacher": (0,), "Categorical": (1,), "Multinomial": (2,), "MatrixNormal": (3,),
    "Dirichlet": (1,), "Wishart": (2,), "Moments": (2,),
    "LogNormal": (2,), "InverseGamma": (2,), "DiscreteUniform": (2,),
}  # fmt: skip
SETS = {
    "R": "", "N": "natural", "Z": "integer", "Q": "", "C": "complex",
}  # fmt: skip


def plain(text: str) -> str:
    r"""The letters of a name without its font: `\mathcal{N}` is N."""
    found = FONT.fullmatch(text)
    return found.group(1) if found else text


def distribution_word(token: Token) -> str | None:
    """The canonical name, '?' for a known name that is not supported, None for a symbol."""
    text = plain(token.text)
    if text in BY_NAME and (len(text) > 1 or token.text != text or text in ("N", "U", "B")):
        return BY_NAME[text]
    return "?" if text in UNSUPPORTED and len(text) > 1 else None


def spelled(tokens: list[Token]) -> list[Token]:
    """`Bin(n, p)` that is written letter by letter: the letters up to the bracket are one word."""
    length = 0
    while length < len(tokens) and tokens[length].kind == "name" and re.fullmatch("[A-Za-z]", tokens[length].text):
        length += 1
    word = "".join(t.text for t in tokens[:length])
    closed = length == len(tokens) or tokens[length].kind == "open"
    if length < 2 or not closed or word not in BY_NAME.keys() | UNSUPPORTED:
        return tokens
    first = tokens[0]
    joined = Token("name", rf"\mathrm{{{word}}}", first.start, tokens[length - 1].end, first.spaced)
    return [joined, *tokens[length:]]


def number_set(text: str) -> str | None:
    r"""`R`, `N`, `Z`, … for `\mathbb{R}` and its kin."""
    if text.startswith((r"\mathbb{", r"\mathbf{")) and plain(text) in SETS:
        return plain(text)
    return None


def standard(word: str, parameters: tuple[Syntax, ...]) -> tuple[Syntax, ...] | None:
    r"""The parameters that were meant when none are written: `U` is on [0, 1], Rademacher has none."""
    count = len(parameters)
    if word == "Wishart" and count == 2:  # degrees of freedom and scale matrix, in either order
        return parameters if number_like(parameters[0]) or not number_like(parameters[1]) else parameters[::-1]
    if count in ARITIES[word]:
        return parameters
    zero, one = sx.Numeral(Fraction(0)), sx.Numeral(Fraction(1))
    if word in ("Uniform", "Normal") and count == 0:
        return (zero, one)
    if word == "Multinomial" and count > 2:  # Multinomial(n, p_1, …, p_k)
        return (
            parameters[0],
            sx.Bracketed(sx.Tuple_(parameters[1:], span=parameters[1].span), span=parameters[1].span),
        )
    if word in ("Categorical", "Dirichlet") and count > 2:
        return (sx.Bracketed(sx.Tuple_(parameters, span=parameters[0].span), span=parameters[0].span),)
    if word == "Categorical" and count == 2:
        return parameters[1:]
    return None


def number_like(node: Syntax) -> bool:
    """A number, or a small letter as one writes for a number."""
    if isinstance(node, sx.Plus):
        return all(number_like(i.item if isinstance(i, sx.Negate) else i) for i in node.items)
    return isinstance(node, sx.Numeral) or (
        isinstance(node, sx.Name) and (node.letter[:1].islower() or node.letter in ("N", r"\nu", r"\kappa"))
    )
