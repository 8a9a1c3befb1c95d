"""No false claim is accepted: those of students, those that set traps, and those of certificates that somebody changed."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.soundness import claims_of
from derive.judge.certificate_search import search
from derive.language import facts as ft
from derive.language import terms as tm
from derive.language.latex import latex
from derive.verify.coding import decode
from derive.verify.opening import World
from derive.verify.polynomials import FIRST
from derive.verify.refusal import Refused, Work
from derive.verify.replay import remains, verify
from derive.witnesses.finite import Refutation, examine
from tests.documents.test_derivations import given_block
from tests.documents.test_mistakes import CASES
from tests.judge.test_check import display
from tests.verify.makers import certificate, page
from tests.verify.test_replay import PAGES

# ------------------------------------------------------------------ nothing is found for what is false


@pytest.mark.parametrize("case", CASES[::3], ids=[c["id"] for c in CASES[::3]])
def test_mistakes_have_no_certificate(case):
    for claim in claims_of(display(*case["chain"], given=given_block(case)), case["id"]):
        assert search(claim, claim.facts.givens, 0.3) is None


TRAPS = {
    "a range that ends at an index may be empty": (
        r"\sum_{j=1}^n \sum_{i=2}^{j-1} c = \sum_{j=1}^n (j-2) c",
        r"c \text{ constant}",
    ),
    "a law that depends on the parameter": (
        r"\frac{d}{d\theta} \mathbb{E}[X] = 0",
        r"X \sim \mathcal{N}(\theta, 1)",
    ),
    "a mean that depends on the parameter": (r"\frac{d}{d\theta} \mathbb{E}[X] = 0", r"\mathbb{E}[X] = \theta"),
    "inverses of other sizes": (
        r"\sum_{i=1}^m \sum_{j=1}^m ((I_m + \mathbf{1}\mathbf{1}^\top)^{-1})_{ij}"
        r" = \sum_{i=1}^n \sum_{j=1}^n ((I_n + \mathbf{1}\mathbf{1}^\top)^{-1})_{ij}",
        r"m, n \in \mathbb{N}",
    ),
    "dependence through a condition": (
        r"\mathbb{E}[XY \mid X + Y] = \mathbb{E}[X \mid X + Y]\,\mathbb{E}[Y \mid X + Y]",
        r"X \perp Y",
    ),
    "a function of the condition": (
        r"\mathbb{E}[YZ \mid X^2] = \mathbb{E}[Y \mid X^2]\,\mathbb{E}[Z \mid X^2]",
        r"Y \perp Z \mid X",
    ),
    "pairs that are independent, and three": (
        r"\mathbb{E}[XYZ] = \mathbb{E}[X]\,\mathbb{E}[Y]\,\mathbb{E}[Z]",
        r"X, Y, Z \text{ pairwise independent}",
    ),
    "uncorrelated squares": (
        r"\mathbb{E}[X^2 Y] = \mathbb{E}[X^2]\,\mathbb{E}[Y]",
        r"X, Y \text{ uncorrelated}",
    ),
    "the same member": (
        r"\mathbb{E}[x_i x_j] = \mathbb{E}[x_i]\,\mathbb{E}[x_j]",
        r"x_1, \dots, x_n \text{ iid}",
    ),
    "identical, not the same": (
        r"\mathbb{E}[X Z] = \mathbb{E}[Y Z]",
        r"X, Y \text{ identically distributed}",
    ),
    "a root of a square": (r"\sqrt{x^2} = x", r"x \in \mathbb{R}"),
    "matrices do not commute": (r"AB = BA", r"A, B \in \mathbb{R}^{m \times m}"),
    "an inverse of a matrix that is not symmetric": (
        r"(A \odot A)^{-1} = ((A \odot A)^\top)^{-1}",
        r"A \in \mathbb{R}^{m \times m}",
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_have_no_certificate(name):
    chain, *givens = TRAPS[name]
    for claim in claims_of(page(chain, *givens), "trap.md"):
        assert search(claim, claim.facts.givens, 0.5) is None


def symbol(name: str, role: str, shape=(1, 1), families=()) -> ft.SymbolInfo:
    return ft.SymbolInfo(name, shape, role, families)


@pytest.mark.parametrize("entry", [lambda a: tm.Function("f", (a,), ("m", "m"), entrywise=True), lambda a: a])
def test_an_inverse_is_not_that_of_the_transpose(entry):
    a = entry(tm.Symbol("A", (), ("m", "m")))
    symbols = {"A": symbol("A", "constant", ("m", "m")), "m": symbol("m", "dimension"), "f": symbol("f", "function")}
    claim = ft.Claim(tm.Inverse(a), tm.Inverse(tm.Transpose(a)), ft.Facts(symbols))
    assert search(claim, (), 0.5) is None


def test_what_exists_only_where_indices_differ_is_not_written_as_a_difference():
    """Σ_{i≠j} 1/(a_i − a_j) stays as it is: where i = j there would be 1/0."""
    i, j = tm.Index("i"), tm.Index("j")
    span = tm.one_to("n")
    minus = tm.Mul((tm.number(-1), tm.Symbol("a", (j,))))
    quotient = tm.Pow(tm.Add((tm.Symbol("a", (i,)), minus)), tm.number(-1))
    total = tm.Sum("i", span, tm.Sum("j", span, quotient, excluded=(i,)))
    symbols = {"a": symbol("a", "constant", families=(span,)), "n": symbol("n", "dimension")}
    world = World(symbols, (), frozenset(), Work())
    left = remains(world.algebra, world.difference(total, tm.number(0), FIRST, FIRST))
    assert len(left) == 1
    assert [f[0] for (powers, _) in left for f, _ in powers] == ["q", "u"]


# ------------------------------------------------------------------ certificates that were changed


@cache
def certificates() -> list[str]:
    return [json.dumps(certificate(text)) for text in PAGES.values()]


def places(value: object, path: tuple = ()) -> Iterator[tuple]:
    """The paths to all that can be changed: numbers, words, and items of lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
        return
    if path:
        yield path
    if isinstance(value, list):
        for k, inner in enumerate(value):
            yield from places(inner, (*path, k))


def change(data: dict, draw) -> None:
    """Changes one place: another number or word, one that stands elsewhere, an item less, or two items exchanged."""
    paths = [p for p in places(data) if p[0] in ("steps", "givens", "symbols") and p[-1] not in ("latex", "line")]
    *way, last = draw(st.sampled_from(paths))
    parent = data
    for key in way:
        parent = parent[key]
    value = parent[last]
    if isinstance(value, list) and value and draw(st.booleans()):
        if len(value) > 1 and draw(st.booleans()):
            value[0], value[-1] = value[-1], value[0]
        else:
            value.pop(draw(st.integers(0, len(value) - 1)))
    elif type(value) is int:
        parent[last] = value + draw(st.sampled_from([-1, 1]))
    elif isinstance(value, str) and draw(st.booleans()):
        parent[last] = draw(st.sampled_from(WORDS))
    else:
        other = data
        for key in draw(st.sampled_from(paths)):
            other = other[key]
        parent[last] = copy.deepcopy(other)


WORDS = [
    "0", "1", "-1", "2", "3", "1/2", "n", "m", "i", "j", "X", "Y", "N", "x", "x_{\\bullet}", "constant", "random", "independence",
    "tower", "known", "identical", "law", "split", "equation", "condition", "uncorrelated", "idempotent", "premise", "Normal", "binary",
]  # fmt: skip


def titled(data: dict) -> None:
    """The claims in LaTeX made to fit, so that what is refused is refused for its mathematics."""
    for step in data["steps"]:
        step["latex"] = f"{latex(decode(step['lhs'], 'Term'))} = {latex(decode(step['rhs'], 'Term'))}"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_a_changed_certificate_is_refused_or_proves_what_it_says(data):
    changed = json.loads(data.draw(st.sampled_from(certificates())))
    for _ in range(data.draw(st.integers(1, 2))):
        change(changed, data.draw)
    with suppress(Exception):  # what cannot be written as LaTeX is for `verify` to refuse
        titled(changed)
    try:
        accepted = verify(json.dumps(changed))
    except Refused:
        return
    for step in accepted.replayed:
        assert not isinstance(examine(step.claim, models=3, deadline=1.0), Refutation), latex(step.claim.lhs)
