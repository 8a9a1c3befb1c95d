"""What is drawn from what: `x, y \\sim \\mathcal{N}(0, I)`, `Y \\mid X \\sim …`, lists, white noise, unknown laws."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.language import syntax as sx
from derive.language.syntax import Diagnostic, Statement, Syntax
from derive.language.traverse import descend
from derive.source import clauses as cl
from derive.source.distributions import UNSUPPORTED, distribution_word, plain, spelled, standard
from derive.source.grammar import Parser, read
from derive.source.places import ReadError
from derive.source.tokens import Token

if TYPE_CHECKING:
    from derive.source.statements import Scribe

VECTORS = frozenset({"Normal", "Moments", "Multinomial", "Categorical", "Dirichlet"})  # laws of a whole list


def distribution(
    scribe: Scribe, before: list[Token], sign: Token, after: list[Token], tokens: list[Token]
) -> list[Statement]:
    depth = cl.levels(before)
    bar = next((k for k, t in enumerate(before) if t.kind == "bar" and depth[k] == 0), None)
    after, named = named_parameters(scribe, after)
    if named:
        return [*named, *distribution(scribe, before, sign, after, tokens)]
    if bar is None:
        return drawn(scribe, scribe.subjects(before), sign, after, tokens)
    if not before[:bar] or not before[bar + 1 :] or any(t.kind == "rel" for t in before):
        raise scribe.fail("this conditional distribution is not read", sign, r"`Y \mid X \sim \mathcal{N}(m, v)`")
    return drawn(scribe, scribe.subjects(before[:bar]), sign, after, tokens, scribe.members(before[bar + 1 :]))


def named_parameters(scribe: Scribe, after: list[Token]) -> tuple[list[Token], list[Statement]]:
    r"""`\mathcal{N}(\mu = m, \Sigma = S)` as `\mathcal{N}(\mu, \Sigma)`, and what it says of the names."""
    start = next((k for k, t in enumerate(after) if t.kind == "open"), None)
    if start is None or after[-1].kind != "close":
        return after, []
    kept: list[Token] = []
    named: list[Statement] = []
    for whole, comma in cl.split_commas(after[start + 1 : -1]):
        part = whole
        levels = cl.levels(part)
        sign = next((k for k, t in enumerate(part) if t.kind == "rel" and t.text == "=" and not levels[k]), None)
        if sign and part[0].kind == "name":
            named.extend(scribe.equations(part))
            part = part[:sign]
        kept += [*([comma] if comma is not None else []), *part]
    return ([*after[: start + 1], *kept, after[-1]], named) if named else (after, [])


def drawn(
    scribe: Scribe,
    subjects: tuple[Syntax, ...],
    sign: Token,
    after: list[Token],
    tokens: list[Token],
    given: tuple[Syntax, ...] = (),
) -> list[Statement]:
    """The subjects have the distribution that `after` writes, conditionally on `given`."""
    flags = distribution_flags(str(sign.extra or ""))
    after = spelled(cl.strip(after))
    if not after:
        raise scribe.fail("a distribution is missing", tokens[-1])
    if after[0].kind == "open" and after[0].text == "(":
        word: str | None = "Moments"
        parameters = read_parameters(scribe, after)
    else:
        if after[0].text in ("ln", "log") and len(after) > 1 and distribution_word(after[1]) == "Normal":
            after = [replace(after[1], text=r"\mathrm{LogNormal}"), *after[2:]]
        word = distribution_word(after[0])
        if word == "Uniform" and discrete(scribe):
            word = "DiscreteUniform"
        if after[0].text == r"\chi" and (squared := chi_squared(scribe, subjects, after, tokens, flags)) is not None:
            return squared
        parameters = read_parameters(scribe, after[1:]) if word not in (None, "?") else None
    if word in (None, "?") and (noise := white_noise(scribe, subjects, after, tokens, flags)) is not None:
        return noise
    if word in (None, "?") or parameters is None:
        return unknown_distribution(scribe, subjects, flags, after, tokens)
    assert word is not None
    meant = standard(word, parameters)
    if meant is None:
        raise scribe.fail(f"{word} with {len(parameters)} parameters is not read", after[0])
    if word in VECTORS:
        return of_lists(scribe, subjects, meant, given, tokens, word, flags)
    parts = (subjects, meant, given) if given else (subjects, meant)
    return [scribe.make("distribution", parts, tokens, word=word, flags=flags)]


def of_lists(
    scribe: Scribe,
    subjects: tuple[Syntax, ...],
    parameters: tuple[Syntax, ...],
    given: tuple[Syntax, ...],
    tokens: list[Token],
    word: str,
    flags: frozenset[str],
) -> list[Statement]:
    r"""A law of vectors: `(X_1, \dots, X_k)` is the vector X, and as long as the list of its parameters."""
    if len(subjects) == 1 and word in ("Normal", "Moments") and (names := listed_scalars(subjects[0], parameters)):
        return of_components(scribe, names, parameters, tokens, word, flags)
    lists = {node: found for node in (*subjects, *parameters) if (found := vector_of(node)) is not None}
    sizes = {name: size for name, size in lists.values()}
    if word in ("Multinomial", "Categorical", "Dirichlet"):
        if parameters[-1] in lists:
            sizes |= {s: lists[parameters[-1]][1] for s in subjects if isinstance(s, sx.Name)}
        if isinstance(parameters[-1], sx.Name) and len(sizes) == 1:
            sizes[parameters[-1]] = next(iter(sizes.values()))
    real = (sx.Opaque(r"\mathbb{R}^k"),)
    shapes = [scribe.make("shape", ((name,), real), tokens, dims=(size,)) for name, size in sizes.items()]
    subjects, parameters = (tuple(lists[n][0] if n in lists else n for n in part) for part in (subjects, parameters))
    parts = (subjects, parameters, given) if given else (subjects, parameters)
    return [*shapes, scribe.make("distribution", parts, tokens, word=word, flags=flags)]


def of_components(
    scribe: Scribe,
    names: tuple[sx.Name, ...],
    parameters: tuple[Syntax, ...],
    tokens: list[Token],
    word: str,
    flags: frozenset[str],
) -> list[Statement]:
    r"""`(X, Y) \sim \mathcal{N}(\mu, \Sigma)`: X and Y are the components of one vector."""
    whole = sx.Name(r"\mathbf{v}", (sx.Label("".join(n.letter for n in names)),))
    size = sx.Numeral(Fraction(len(names)))
    shape = scribe.make("shape", ((whole,), (sx.Opaque(rf"\mathbb{{R}}^{len(names)}"),)), tokens, dims=(size,))
    law = scribe.make("distribution", ((whole,), parameters), tokens, word=word, flags=flags)
    parts = (sx.Subscripted(sx.Bracketed(whole), (sx.Numeral(Fraction(k)),)) for k in range(1, len(names) + 1))
    defined = [scribe.make("equation", ((n, p), ()), tokens, word=":=") for n, p in zip(names, parts, strict=True)]
    return [shape, law, *defined]


def chi_squared(
    scribe: Scribe, subjects: tuple[Syntax, ...], after: list[Token], tokens: list[Token], flags: frozenset[str]
) -> list[Statement] | None:
    r"""`\chi^2_k` and `\chi^2(k)`: the Gamma distribution with shape k/2 and rate 1/2."""
    match read(after, scribe.places, scribe.usage):
        case sx.Power(sx.Name(r"\chi", (degrees,)), sx.Numeral(two)) if two == 2:
            pass
        case sx.Juxtaposition((sx.Power(sx.Name(r"\chi", ()), sx.Numeral(two)), sx.Bracketed(degrees))) if two == 2:
            pass
        case _:
            return None
    half = sx.Fraction_(sx.Numeral(Fraction(1)), sx.Numeral(Fraction(2)))
    shape = sx.Fraction_(degrees, sx.Numeral(Fraction(2)))
    return [scribe.make("distribution", (subjects, (shape, half)), tokens, word="Gamma", flags=flags)]


def white_noise(
    scribe: Scribe, subjects: tuple[Syntax, ...], after: list[Token], tokens: list[Token], flags: frozenset[str]
) -> list[Statement] | None:
    r"""`WN(0, \sigma^2)`: mean and variance, and no correlation."""
    length = 1 if plain(after[0].text) == "WN" else 2 if [t.text for t in after[:2]] == ["W", "N"] else 0
    parameters = read_parameters(scribe, after[length:]) if length else None
    if parameters is None or len(parameters) != 2:
        return None
    return [
        scribe.make("distribution", (subjects, parameters), tokens, word="Moments", flags=flags),
        scribe.make("uncorrelated", (subjects,), tokens),
    ]


def unknown_distribution(
    scribe: Scribe, subjects: tuple[Syntax, ...], flags: frozenset[str], after: list[Token], tokens: list[Token]
) -> list[Statement]:
    """A distribution of which only the name is known: the subjects are random."""
    found = [scribe.make("kind", (subjects,), tokens, word="random")]
    if names := named_by(scribe, after):
        found.append(scribe.make("law", (subjects, names), tokens))
    if "iid" in flags:
        found.append(scribe.make("iid", (subjects,), tokens))
    if "independent" in flags:
        found.append(scribe.make("independent", tuple((s,) for s in subjects), tokens))
    if plain(after[0].text) in UNSUPPORTED and len(plain(after[0].text)) > 1:
        found.append(scribe.make("distribution", (subjects, ()), tokens, word="Unknown"))
        note = Diagnostic(
            f"the distribution `{plain(after[0].text)}` is not known; its variables are only taken as random",
            scribe.places.span(after[0].start, after[-1].end),
        )
        found.append(scribe.unread(tokens, note))
    return found


def discrete(scribe: Scribe) -> bool:
    """Whether the text speaks of the discrete uniform distribution and of no other."""
    words = scribe.places.text.lower()
    return bool(re.search(r"\bdiscrete(?:ly)?[\s\]]+uniform", words)) and "continuous" not in words


def named_by(scribe: Scribe, after: list[Token]) -> tuple[Syntax, ...]:
    r"""The parameters in the name of a distribution: θ of `p_\theta(x)`, α of `\mathrm{Dir}(\alpha)`."""
    from derive.source.below import distribution

    try:
        law = distribution(Parser(after, scribe.places, scribe.usage), after[0])
    except ReadError:
        return ()
    scripts = law.name.subscripts if isinstance(law.name, sx.Name) else ()
    return tuple(s for s in (*scripts, *law.parameters, *law.given) if isinstance(s, sx.Name))


def read_parameters(scribe: Scribe, tokens: list[Token]) -> tuple[Syntax, ...] | None:
    if tokens and tokens[0].kind == "sub":  # N_p(…): the dimension
        end = 1
        if len(tokens) > 1 and tokens[1].kind == "lbrace":
            end = next((k for k, t in enumerate(tokens) if t.kind == "rbrace"), len(tokens))
        tokens = tokens[end + 1 :]
    if not tokens:
        return ()
    if tokens[0].kind != "open" or tokens[0].text not in "([":
        return None
    parser = Parser(tokens, scribe.places, scribe.usage)
    opened = parser.next()
    closing = {"(": ")", "[": "]"}[opened.text]
    group = parser.group(opened, closing)
    parser.finish()
    if group.given is not None or group.divided is not None:
        return None
    return tuple(group.items)


def vector_of(node: Syntax) -> tuple[sx.Name, Syntax] | None:
    r"""x and n of `(x_1, \\dots, x_n)`: the vector with these components, and how many they are."""
    inner = node.item if isinstance(node, (sx.Bracketed, sx.Transposed)) else node
    items: tuple[Syntax, ...] = inner.items if isinstance(inner, sx.Tuple_) else ()
    if isinstance(inner, sx.MatrixLiteral) and len(inner.rows) == 1:
        items = inner.rows[0]
    if len(items) < 3 or not isinstance(items[-2], sx.Dots):
        return None
    match items[0], items[-1]:
        case sx.Name(a, (sx.Numeral(start),), above), sx.Name(b, (end,), also) if (
            a == b and above == also and start == 1
        ):
            return sx.Name(a, (), above, span=node.span), end
    return None


def listed_scalars(node: Syntax, parameters: tuple[Syntax, ...]) -> tuple[sx.Name, ...]:
    r"""The names of `(X, Y)`, when mean and covariance are written out in scalars; else none."""
    inner = node.item if isinstance(node, (sx.Bracketed, sx.Transposed)) else node
    items: tuple[Syntax, ...] = inner.items if isinstance(inner, sx.Tuple_) else ()
    if isinstance(inner, sx.MatrixLiteral) and not inner.dotted:
        items = tuple(x for row in inner.rows for x in row) if 1 in (len(inner.rows), len(inner.rows[0])) else ()
    names = tuple(i for i in items if isinstance(i, sx.Name) and "bf" not in i.letter and "bold" not in i.letter)
    spread = parameters[-1] if parameters else None
    square = isinstance(spread, sx.MatrixLiteral) and len(spread.rows) == len(items)
    blocks = square and any(
        isinstance(n, sx.Name) and (n.letter == r"\Sigma" or "bf" in n.letter or "bold" in n.letter)
        for n in descend(spread)  # type: ignore[arg-type]
    )
    return names if len(names) == len(items) > 1 and square and not blocks else ()


def distribution_flags(reason: str) -> frozenset[str]:
    words = reason.lower().replace(".", "").replace(" ", "")
    if "iid" in words:
        return frozenset({"iid"})
    return frozenset({"independent"}) if words.startswith(("ind", "indep")) else frozenset()
