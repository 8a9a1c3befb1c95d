"""A claim and its givens in the form that a model is built from: definitions put in, what does not matter left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.language import facts as f
from derive.language import terms as t
from derive.witnesses.arrays import Abstain, quoted
from derive.witnesses.sim_context import free_names, has_expectation
from derive.witnesses.sim_expand import Definitions, Replacement, defined_name, rebuild, substitute


@dataclass(slots=True)
class Prepared:
    """Everything without abbreviations.

    `moments` and `premises` are (equation, lhs, rhs), with definitions put in; `symbols` is what stands in all terms.
    """

    facts: f.Facts
    definitions: Definitions
    lhs: t.Term
    rhs: t.Term
    distinct: tuple[tuple[t.Index, t.Index], ...]
    moments: list[tuple[f.Equation, t.Term, t.Term]] = field(default_factory=list)
    premises: list[tuple[f.Equation, t.Term, t.Term]] = field(default_factory=list)
    distributions: list[f.Distributed] = field(default_factory=list)
    properties: list[tuple[f.Property, t.Term]] = field(default_factory=list)
    comparisons: list[f.Comparison] = field(default_factory=list)
    dependence: list[f.Given] = field(default_factory=list)
    symbols: dict[str, f.SymbolInfo] = field(default_factory=dict)
    applied: dict[str, list[str]] = field(default_factory=dict)  # random functions at fixed places, by name

    @property
    def terms(self) -> list[t.Term]:
        sides = [self.lhs, self.rhs]
        sides += [x for _, a, b in (*self.moments, *self.premises) for x in (a, b)]
        sides += [p for d in self.distributions for p in (d.symbol, *d.parameters)]
        return sides + [a for _, a in self.properties]


def prepare(claim: f.Claim, extra: tuple[f.Equation, ...] = ()) -> Prepared:
    """`extra` are definitions of constants that the search for a model has added."""
    facts = _without_conditions(claim.facts)
    facts = f.Facts(facts.symbols, tuple(_named(g) for g in facts.givens))
    equations = [*extra, *(g for g in facts.givens if isinstance(g, f.Equation) and g.kind == "definition")]
    defining, repeated = _without_circles(*_first_of_each(equations))
    definitions = Definitions.of(defining)
    lhs, rhs, distinct = _concrete(claim, definitions)
    prepared = Prepared(facts, definitions, t.number(0), t.number(0), distinct)
    expand = _Expander(prepared)
    prepared.lhs, prepared.rhs = expand(lhs), expand(rhs)
    givens = [g for g in facts.givens if g not in defining]
    _collect(prepared, [*givens, *repeated], expand)
    for term in prepared.terms:
        for node in t.walk(term):
            if isinstance(node, t.Symbol):
                prepared.symbols.setdefault(node.name, _info(prepared, node))
    prepared.distributions += _of_the_same_law(prepared)
    return prepared


def _of_the_same_law(prepared: Prepared) -> list[f.Distributed]:
    """The distributions of what is identically distributed with variables whose distribution is given."""
    found: list[f.Distributed] = []
    for given in prepared.facts.givens:
        names = [m.name for m in given.members if m.term is None] if isinstance(given, f.Identical) else []
        law = next((d for d in prepared.distributions if d.symbol.name in names), None)
        known = {d.symbol.name for d in (*prepared.distributions, *found)}
        for name in names if law is not None else ():
            info = prepared.symbols.get(name)
            if info is not None and name not in known and name not in prepared.definitions.by_name:
                indices = tuple(t.Index(f"any {k} of {name}") for k in range(len(info.families)))
                found.append(replace(law, symbol=t.Symbol(name, indices, info.shape)))
    return found


def _named(given: f.Given) -> f.Given:
    """`S^2 = …` as a definition of S; what names no symbol on its left side is a premise."""
    if not isinstance(given, f.Equation) or given.kind != "definition":
        return given
    match given.lhs:
        case t.Pow(base, t.Number(power)) if power and defined_name(base):
            return replace(given, lhs=base, rhs=t.Pow(given.rhs, t.Number(1 / power)))
    return given if defined_name(given.lhs) else replace(given, kind="premise")


def _first_of_each(equations: list[f.Equation]) -> tuple[list[f.Equation], list[f.Equation]]:
    """The first definition of each left side, and the later ones as premises."""
    first: dict[t.Term, f.Equation] = {}
    repeated = []
    for equation in equations:
        if equation.lhs in first:
            repeated.append(replace(equation, kind="premise"))
        else:
            first[equation.lhs] = equation
    return list(first.values()), repeated


def _without_circles(
    defining: list[f.Equation], repeated: list[f.Equation]
) -> tuple[list[f.Equation], list[f.Equation]]:
    """Definitions that lead back to what they define become premises; one by itself at another index does not."""
    uses: dict[str, set[str]] = {}
    kept = []
    for equation in defining:
        name = defined_name(equation.lhs)
        inside = {n.name for n in t.walk(equation.rhs) if isinstance(n, (t.Symbol, t.Function))} - {name}
        if name in _reached(inside, uses):
            repeated = [*repeated, replace(equation, kind="premise")]
        else:
            uses[name] = uses.get(name, set()) | inside
            kept.append(equation)
    return kept, repeated


def _reached(names: set[str], uses: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += uses.get(name, ())
    return found


def _concrete(claim: f.Claim, definitions: Definitions):
    """Where a symbol is defined by itself at another index, free indices become numbers."""
    recursive = any(
        isinstance(node, t.Symbol) and node.name == name
        for name, equations in definitions.by_name.items()
        for equation in equations
        for node in t.walk(equation.rhs)
    )
    if not recursive:
        return claim.lhs, claim.rhs, claim.distinct
    names = sorted(free_names(claim.lhs) | free_names(claim.rhs))
    names = [n for n in names if claim.facts.role(n) == "index" or n not in claim.facts.symbols]
    new = Replacement({name: t.Index(None, 3 + k) for k, name in enumerate(names)})
    return substitute(claim.lhs, new), substitute(claim.rhs, new), ()


class _Expander:
    """Puts in definitions, and gives random functions at fixed places a name of their own."""

    def __init__(self, prepared: Prepared):
        self.prepared = prepared
        self.cache: dict[t.Term, t.Term] = {}

    def __call__(self, term: t.Term) -> t.Term:
        if term not in self.cache:
            self.cache[term] = self._applied(self.prepared.definitions.expand(term))
        return self.cache[term]

    def _applied(self, term: t.Term) -> t.Term:
        prepared = self.prepared
        if isinstance(term, t.Function) and prepared.facts.role(term.name) == "random":
            inside = [n for a in term.args for n in t.walk(a) if isinstance(n, (t.Symbol, t.Function))]
            if any(prepared.facts.role(n.name) == "random" for n in inside) or any(free_names(a) for a in term.args):
                raise Abstain(f"{term.name} is a random function of something random")
            name = f"{term.name} at {term.args!r}"
            info = prepared.facts.symbols[term.name]
            families = (info.families + (None,) * len(term.indices))[: len(term.indices)]
            prepared.symbols[name] = replace(info, name=name, shape=term.shape, families=families)
            names = prepared.applied.setdefault(term.name, [])
            if name not in names:
                names.append(name)
            return t.Symbol(name, term.indices, term.shape)
        return rebuild(term, self._applied)


def _info(prepared: Prepared, symbol: t.Symbol) -> f.SymbolInfo:
    info = prepared.facts.symbols.get(symbol.name)
    if info is None:
        return f.SymbolInfo(symbol.name, symbol.shape, "constant", (None,) * len(symbol.indices))
    families = (info.families + (None,) * len(symbol.indices))[: len(symbol.indices)]
    return replace(info, shape=symbol.shape, families=families)


def names_in(*terms: t.Term) -> set[str]:
    return {n.name for term in terms for n in t.walk(term) if isinstance(n, t.Symbol)}


def _collect(prepared: Prepared, givens: list[f.Given], expand: _Expander) -> None:
    """Sort the givens, and keep those that speak of something that the claim depends on."""
    pending: list[tuple[f.Given, tuple[t.Term, ...]]] = []
    for given in givens:
        match given:
            case f.Equation():
                pending.append((given, (expand(given.lhs), expand(given.rhs))))
            case f.Distributed():
                pending.append((given, (expand(given.symbol), *map(expand, given.parameters))))
            case f.Property():
                pending.append((given, (expand(given.term),)))
            case f.Comparison():
                pending.append((given, (expand(given.left), expand(given.right))))
            case _:
                prepared.dependence.append(given)
    for given in list(prepared.dependence):
        if isinstance(given, f.Uncorrelated):
            equations = uncorrelated_equations(given, prepared.facts)
            pending += [(e, (expand(e.lhs), expand(e.rhs))) for e in equations]
            givens = [*givens, *equations]
    known = names_in(prepared.lhs, prepared.rhs)
    known |= _alike(prepared, known)
    while True:
        found = [entry for entry in pending if _matters(entry, known, prepared)]
        if not found:
            break
        pending = [entry for entry in pending if entry not in found]
        for given, terms in found:
            known |= names_in(*terms)
            _file(prepared, given, terms)
        known |= _alike(prepared, known)


def _alike(prepared: Prepared, known: set[str]) -> set[str]:
    """What has the distribution of something known: its moments are moments of that, too."""
    found: set[str] = set()
    for given in prepared.dependence:
        if isinstance(given, f.Identical):
            names = {m.name for m in given.members if m.term is None}
            found |= names if names & known else set()
    return found


def _matters(entry: tuple[f.Given, tuple[t.Term, ...]], known: set[str], prepared: Prepared) -> bool:
    given, terms = entry
    match given:
        case f.Distributed():
            return bool(names_in(terms[0]) & known)
        case f.Equation():
            names = names_in(*terms)
            random = {n for n in names if _role(prepared, n) == "random"}
            return bool((random or names) & known)
    return bool(names_in(*terms) & known)


def _role(prepared: Prepared, name: str) -> str:
    info = prepared.symbols.get(name) or prepared.facts.symbols.get(name)
    return info.role if info else "constant"


def _file(prepared: Prepared, given: f.Given, terms: tuple[t.Term, ...]) -> None:
    match given:
        case f.Equation() if terms[0] == terms[1]:
            return  # true by definition
        case f.Equation():
            moment = any(has_expectation(x) for x in terms)
            (prepared.moments if moment else prepared.premises).append((given, terms[0], terms[1]))
        case f.Distributed(family="Moments"):
            _implied(prepared, given, terms)
        case f.Distributed() if isinstance(terms[0], t.Symbol):
            prepared.distributions.append(replace(given, symbol=terms[0], parameters=terms[1:]))
        case f.Distributed():
            _implied(prepared, given, terms)
        case f.Property():
            prepared.properties.append((given, terms[0]))
        case f.Comparison():
            prepared.comparisons.append(replace(given, left=terms[0], right=terms[1]))


def _implied(prepared: Prepared, given: f.Distributed, terms: tuple[t.Term, ...]) -> None:
    """Mean and covariance alone; also for what is defined, whose distribution must come out of the definition."""
    if given.family not in ("Normal", "Moments") or len(terms) != 3:
        raise Abstain(f"a distribution for something that is defined: {quoted(given.source)}")
    subject = terms[0]
    if isinstance(subject, t.Symbol) and all(i.base is None for i in subject.indices):  # the first stands for all
        subject = replace(
            subject, indices=tuple(t.Index(f"any {k} of {subject.name}") for k in range(len(subject.indices)))
        )
    if t.Transpose(terms[1]).shape == subject.shape != terms[1].shape or t.Variance(subject).shape != terms[2].shape:
        raise Abstain(f"the parameters do not fit: {quoted(given.source)}")
    terms = (subject, *terms[1:])
    mean = f.Equation(t.Expectation(terms[0]), terms[1], "moment", given.source)
    prepared.moments.append((mean, mean.lhs, mean.rhs))
    spread = f.Equation(t.Variance(terms[0]), terms[2], "moment", given.source)
    prepared.moments.append((spread, spread.lhs, spread.rhs))


# ---------------------------------------------------------------------------------------------
# Givens about conditional expectations


def _without_conditions(facts: f.Facts) -> f.Facts:
    """Write `E[u | X] = r` as a definition `u = r + (a function of X) · u°`, with u° centred and independent of X."""
    conditional = [g for g in facts.givens if isinstance(g, f.Equation) and _condition(g)]
    for given in conditional:
        match given.lhs:
            case t.Expectation(t.Symbol() as u, condition) if facts.role(u.name) == "random" and not _defined(
                facts, u.name
            ):
                facts = _centred(facts, given, u, condition)
    for given in [g for g in facts.givens if isinstance(g, f.Equation) and _condition(g)]:
        facts = _unconditional(facts, given)
    for given in [g for g in facts.givens if isinstance(g, f.Equation) and g.kind == "moment"]:
        match given.lhs:
            case t.Expectation(t.Function() as function, ()) if not has_expectation(given.rhs):
                facts = _shifted(facts, given, function)
    return facts


def _shifted(facts: f.Facts, given: f.Equation, function: t.Function) -> f.Facts:
    """Write `E[g(X)] = r`, with g unknown, as a definition `g = g° - E[g°(X)] + r` with another function g°."""
    formal = all(isinstance(a, t.Symbol) for a in function.args) and not function.indices
    if (
        _defined(facts, function.name)
        or not formal
        or facts.role(function.name) != "function"
        or function.shape != t.SCALAR
    ):
        return facts
    other = replace(function, name=function.name + "°")
    level = t.Symbol(f"level of {function.name}")
    minus = t.Mul((t.number(-1), level))
    new = (
        f.Equation(level, t.Expectation(other), "definition", given.source),
        f.Equation(function, t.Add((other, minus, given.rhs)), "definition", given.source),
    )
    symbols = {**facts.symbols, other.name: replace(facts.symbols[function.name], name=other.name)}
    return f.Facts(symbols, tuple(g for g in facts.givens if g is not given)).with_(*new)


def _condition(given: f.Equation) -> tuple[t.Term, ...]:
    return given.lhs.given if isinstance(given.lhs, (t.Expectation, t.Variance)) and given.kind != "definition" else ()


def _defined(facts: f.Facts, name: str) -> bool:
    return any(
        isinstance(g, f.Equation) and g.kind == "definition" and defined_name(g.lhs) == name for g in facts.givens
    )


def _centred(facts: f.Facts, given: f.Equation, u: t.Symbol, condition: tuple[t.Term, ...]) -> f.Facts:
    if any(isinstance(g, f.Distributed) and g.symbol.name == u.name for g in facts.givens):
        raise Abstain(f"{quoted(given.source)} together with a distribution")
    noise = t.Symbol(u.name + "°", u.indices, u.shape)
    info = replace(facts.symbols[u.name], name=noise.name)
    others = [
        g
        for g in facts.givens
        if g is not given and not (isinstance(g, f.Equation) and g.lhs == given.lhs) and _mentions(g, u.name)
    ]
    plain = not any(isinstance(g, (f.Equation, f.Independent, f.Uncorrelated, f.Property)) for g in others)
    names = [s for c in condition for s in t.walk(c) if isinstance(s, t.Symbol) and facts.role(s.name) == "random"]
    known = tuple(f.Member(n) for n in dict.fromkeys(s.name for s in names))
    spread: t.Term = noise
    if plain and known and not any(s.indices for s in names):
        scale = t.Function(f"spread of {u.name}", tuple(dict.fromkeys(names)))
        spread = t.Mul((t.Add((t.number(1), scale)), noise))
    zero = t.number(0) if u.shape == t.SCALAR else t.Constant(Fraction(0), u.shape)
    new: tuple[f.Given, ...] = (
        f.Equation(u, spread if given.rhs == zero else t.Add((given.rhs, spread)), "definition", given.source),
        f.Equation(t.Expectation(noise), zero, "moment", given.source),
    )
    if known:
        new += (f.Independent(((f.Member(noise.name),), known), given.source),)
    kept = f.Facts({**facts.symbols, noise.name: info}, tuple(g for g in facts.givens if g is not given))
    return kept.with_(*new)


def _mentions(given: f.Given, name: str) -> bool:
    match given:
        case f.Equation():
            return name in names_in(given.lhs, given.rhs)
        case f.Independent():
            return any(m.name == name for group in given.groups for m in group)
        case f.Uncorrelated():
            return any(m.name == name for m in given.members)
        case f.Distributed():
            return given.symbol.name == name
        case f.Property():
            return name in names_in(given.term)
    return False


def _unconditional(facts: f.Facts, given: f.Equation) -> f.Facts:
    """`E[h(u) | X] = r` with r fixed: `E[h(u)] = r`, with u independent of X, which is one way to satisfy it."""
    condition = _condition(given)
    inside = {n for n in names_in(given.lhs.arg) if facts.role(n) == "random"}
    known = {n for n in names_in(*condition) if facts.role(n) == "random"}
    target = {n for n in names_in(given.rhs) if facts.role(n) == "random"}
    if target or inside & known or not inside or not known:
        raise Abstain(f"no distribution was found that satisfies {quoted(given.source)}")
    own = tuple(f.Member(n if not _noise(facts, n) else n + "°") for n in sorted(inside))
    new = (
        replace(given, lhs=replace(given.lhs, given=())),
        f.Independent((own, tuple(f.Member(n) for n in sorted(known))), given.source),
    )
    return f.Facts(facts.symbols, tuple(g for g in facts.givens if g is not given)).with_(*new)


def _noise(facts: f.Facts, name: str) -> bool:
    return name + "°" in facts.symbols


def uncorrelated_equations(given: f.Uncorrelated, facts: f.Facts) -> list[f.Equation]:
    """`Cov = 0` for each two of the members."""
    equations = []
    symbols = [(m, _as_term(m, facts, "u")) for m in given.members]
    for k, (member, left) in enumerate(symbols):
        for _, right in symbols[k + 1 :]:
            equations.append(_zero_covariance(left, right, given, ()))
        if member.each and isinstance(left, t.Symbol) and left.indices:
            other = _as_term(member, facts, "v")
            pair = (left.indices[0], other.indices[0])
            equations.append(_zero_covariance(left, other, given, (pair,) if len(left.indices) == 1 else ()))
    return equations


def _as_term(member: f.Member, facts: f.Facts, letter: str) -> t.Term:
    if member.term is not None:
        return member.term
    info = facts.symbols[member.name]
    indices = member.indices or tuple(t.Index(f"{letter}{k} of {member.name}") for k in range(len(info.families)))
    return t.Symbol(member.name, indices, info.shape)


def _zero_covariance(left: t.Term, right: t.Term, given: f.Uncorrelated, distinct) -> f.Equation:
    shape = (left.shape[0], right.shape[0])
    zero = t.number(0) if shape == t.SCALAR else t.Constant(Fraction(0), shape)
    return f.Equation(t.Covariance(left, right), zero, "moment", given.source, distinct)
