"""One pass over a document that notes how its names are used, before anything is decided."""

from __future__ import annotations

import itertools

from derive.language import syntax as sx
from derive.language.digits import is_numbered, numbers_component
from derive.language.lags import is_lag
from derive.language.patterns import run_of
from derive.language.recursions import recursions
from derive.language.sizes import note_members, note_panels, note_sizes
from derive.language.symbols import (
    ARRAY_CALLS,
    BOLD,
    Lexicon,
    bold_letter,
    key_of,
    roots,
    script_index,
    script_text,
    statements,
)
from derive.language.traverse import descend, visible

DISTRIBUTED_ARRAYS = frozenset({"Normal", "Moments", "Multinomial", "Categorical", "Dirichlet"})


def survey(document: sx.Document) -> Lexicon:
    """Everything that can be known of the names without shapes."""
    lexicon = Lexicon()
    for root in roots(document):
        _note_uses(lexicon, root)
    for item in statements(document):
        _note_statement(lexicon, item)
    lexicon.lagged -= lexicon.alike
    _note_deltas(lexicon, document)
    note_panels(lexicon)
    _note_variants(lexicon)
    lexicon.recursive |= recursions(document).keys() - lexicon.bound
    lexicon.functions |= {lexicon.split(name)[0] for name in lexicon.applied_names}
    variances = [name for name in lexicon.squared if name.letter not in lexicon.plainly_applied]
    lexicon.bare = {lexicon.split(name)[0] for name in (*lexicon.alone, *variances)}
    for item in statements(document):
        _note_shapes(lexicon, item)
    note_members(lexicon, document)
    lexicon.primes_transpose = _are_transposes(lexicon) or _inverts_primed(lexicon, document)
    for item in document.items:
        if isinstance(item, sx.Chain):
            _note_chain(lexicon, item)
    lexicon.functions |= {lexicon.split(name)[0] for name in lexicon.applied_names}
    note_sizes(lexicon)
    _note_arities(lexicon, document)
    _note_aliases(lexicon)
    return lexicon


def _are_transposes(lexicon: Lexicon) -> bool:
    """Whether a prime stands on a matrix: then the author writes transposes so."""
    return any(
        lexicon.ranks.get(letter, {}).get(0) == 2
        and name.superscripts == (sx.Label("'"),)
        and lexicon.transposing(name)
        for letter, names in lexicon.names.items()
        for name in names
    )


def _inverts_primed(lexicon: Lexicon, document: sx.Document) -> bool:
    """Whether `(X'X)^{-1}` stands somewhere: only matrices are inverted so, and the prime transposes them."""
    return any(
        isinstance(part, sx.Name) and part.letter in lexicon.adjacent_primes and lexicon.transposing(part)
        for root in roots(document)
        for node in descend(root)
        if isinstance(node, sx.Inverted)
        for part in descend(node)
    )


def _note_uses(lexicon: Lexicon, root: sx.Node) -> None:
    for node in visible(root):
        match node:
            case sx.Name():
                lexicon.names[node.letter].append(node)
                for part in (*node.subscripts, *node.superscripts):
                    _note_script(lexicon, part)
            case sx.Subscripted(item, subscripts):
                for part in subscripts:
                    _note_script(lexicon, part)
                if isinstance(item, sx.Name):
                    lexicon.arrays.add(item.letter)
            case sx.Big(_, ranges):
                for r in ranges:
                    _note_range(lexicon, r)
            case sx.Juxtaposition(items, tight):
                _note_product(lexicon, items, tight)
            case sx.Transposed(sx.Name() as name):
                lexicon.arrays.add(name.letter)
            case sx.Call(name, arguments) if name in ARRAY_CALLS:
                lexicon.arrays.update(a.letter for a in arguments if isinstance(a, sx.Name))
            case sx.Gradient():
                lexicon.differentiates = True
            case sx.Tuple_(items):
                _note_dotted(lexicon, items)
            case sx.MatrixLiteral(rows):
                for row in (*rows, *(zip(*rows, strict=False) if len({len(r) for r in rows}) == 1 else ())):
                    _note_dotted(lexicon, tuple(row))
            case sx.Operator(_, arguments, _, given):
                _note_dotted(lexicon, arguments)
                _note_dotted(lexicon, given)
    _note_bare(lexicon, root)


def _note_script(lexicon: Lexicon, part: sx.Node) -> None:
    index = script_index(part)
    if index is not None and index.base is not None and index.offset:
        lexicon.offsets.add(index.base)
    if is_lag(part) and isinstance(part, sx.Plus) and isinstance(part.items[0], sx.Name):
        lexicon.offsets.add(key_of(part.items[0]))


def _note_range(lexicon: Lexicon, r: sx.IndexRange) -> None:
    lexicon.bound.add(key_of(r.index))
    if isinstance(r.within, sx.Name):
        lexicon.sets.add(r.within.letter)
    if r.upper is not None and (index := script_index(r.upper)) is not None and index.base is not None:
        lexicon.dimensions.add(index.base)


def _note_dotted(lexicon: Lexicon, items: tuple[sx.Node, ...], subjects: bool = False) -> None:
    """`x_1, \\dots, x_n`: the script that changes ends in a dimension."""
    for before, dots, after in zip(items, items[1:], items[2:], strict=False):
        run = run_of(before, after, "i") if isinstance(dots, sx.Dots) else None
        if run is None or (index := script_index(run[2])) is None:
            continue
        if index.base is not None:
            lexicon.dimensions.add(index.base)
        run_letters = {n.letter for n in visible(after) if isinstance(n, sx.Name) and (n.subscripts or n.superscripts)}
        lexicon.runs |= run_letters
        if subjects:
            lexicon.separate |= run_letters


def _note_pair(lexicon: Lexicon, statement: sx.Statement) -> None:
    r"""Both letters of `j \neq k` are indices where one of them is."""
    letters = [
        s.letter for s in statement.parts[0] if isinstance(s, sx.Name) and not s.subscripts and not s.superscripts
    ]
    if statement.word in (r"\neq", r"\ne") and len(letters) == 2 and any(map(lexicon.is_index, letters)):
        lexicon.bound.update(letters)


def _note_endless(lexicon: Lexicon, subjects: tuple[sx.Node, ...]) -> None:
    r"""`Y_1, Y_2, \dots` are of one family."""
    match subjects:
        case (sx.Bracketed(sx.Tuple_(inner)),):
            _note_endless(lexicon, inner)
        case (*_, sx.Name(a, (_,)), sx.Name(b, (_,)), sx.Dots()) if a == b:
            lexicon.separate.add(a)
            lexicon.runs.add(a)
            if subjects[-3] == subjects[-2]:  # “all h_k”: then k is an index
                lexicon.bound.update(key_of(s) for s in subjects[-2].subscripts if isinstance(s, sx.Name))


def _note_product(lexicon: Lexicon, items: tuple[sx.Node, ...], tight: tuple[bool, ...]) -> None:
    for place, (left, right) in enumerate(itertools.pairwise(items)):
        if isinstance(left, sx.Name) and isinstance(right, sx.Name) and left.letter == right.letter:
            primed = any(isinstance(s, sx.Label) and s.text == "'" for s in left.superscripts)
            lexicon.adjacent_primes.update({left.letter} if primed and not right.superscripts else ())
        if place < len(tight) and tight[place] and (bracket := bracket_of(right)) is not None:
            head_ = left.base if isinstance(left, sx.Power) else left
            if isinstance(head_, sx.Name):
                lexicon.applied[head_.letter].append(bracket)
                if head_ is not left and head_.letter == r"\sigma":  # σ² is a variance: `\sigma^2 (1 - \rho)`
                    lexicon.squared.append(head_)
                elif not head_.superscripts:
                    lexicon.plainly_applied.add(head_.letter)


def bracket_of(node: sx.Node) -> sx.Bracketed | None:
    """The bracket of `(x)`, `(x)^2`, `(x)^\\top`, …"""
    while isinstance(node, (sx.Power, sx.Transposed, sx.Inverted)):
        node = node.base if isinstance(node, sx.Power) else node.item
    return node if isinstance(node, sx.Bracketed) else None


def _note_bare(lexicon: Lexicon, root: sx.Node) -> None:
    """Names that stand somewhere without a bracket directly behind them."""
    heads = set()
    for node in descend(root):
        if isinstance(node, sx.Juxtaposition):
            for place, item in enumerate(node.items[:-1]):
                if place < len(node.tight) and node.tight[place] and bracket_of(node.items[place + 1]) is not None:
                    heads.add(id(item.base if isinstance(item, sx.Power) else item))
    for node in visible(root):
        if isinstance(node, sx.Name) and id(node) not in heads:
            lexicon.alone.append(node)


def _note_statement(lexicon: Lexicon, statement: sx.Statement) -> None:
    names = [n for part in statement.parts for s in part for n in descend(s) if isinstance(n, sx.Name)]
    if statement.kind == "iid":
        lexicon.alike |= {n.letter for n in names}
    lexicon.lagged |= {n.letter for n in names if any(map(is_lag, (*n.subscripts, *n.superscripts)))}
    subjects = statement.parts[0] if statement.parts else ()
    match statement.kind:
        case "kind" if statement.word == "function":
            lexicon.applied_names.extend(n for s in subjects if (n := head(s)) is not None)
        case "shape" if statement.word == "indexset":
            lexicon.bound.update(key_of(s) for s in subjects if isinstance(s, sx.Name) and s.letter not in lexicon.sets)
        case "kind" if statement.word == "index":
            lexicon.bound.update(key_of(s) for s in subjects if isinstance(s, sx.Name))
        case (
            "shape"
            | "kind"
            | "array"
            | "distribution"
            | "iid"
            | "independent"
            | "uncorrelated"
            | "property"
            | "conditionally"
        ):
            groups = statement.parts if statement.kind in ("independent", "conditionally") else (subjects,)
            _note_dotted(lexicon, tuple(node for group in groups for node in group), True)
            for group in groups:
                _note_endless(lexicon, group)
                for s in group:
                    _note_subject(lexicon, s)
            if statement.kind == "array":
                found = lexicon.arrays if statement.word == "vector" else lexicon.matrices
                found.update(s.letter for s in subjects if isinstance(s, sx.Name) and not s.superscripts)
            if statement.word in ("MatrixNormal", "Multinomial", "Dirichlet", "Wishart"):
                lexicon.arrays.update(s.letter for s in subjects if isinstance(s, sx.Name) and not s.subscripts)
            if statement.word in ("Multinomial", "Dirichlet") and len(statement.parts) > 1:
                for s in (*subjects, *statement.parts[1][-1:]):
                    if isinstance(s, sx.Name) and not s.subscripts and not s.superscripts:
                        lexicon.ranks[s.letter].setdefault(0, 1)
            if statement.kind == "distribution" and statement.word in DISTRIBUTED_ARRAYS:
                _note_parameters(lexicon, subjects, statement.parts[1] if len(statement.parts) > 1 else ())
        case "comparison":
            _note_pair(lexicon, statement)
        case "equation":
            _note_definition(lexicon, statement.parts[0])
            _note_distinct(lexicon, statement.parts[1] if len(statement.parts) > 1 else ())
    if statement.kind == "shape" and statement.word == "natural":
        lexicon.dimensions.update(key_of(s) for s in subjects if isinstance(s, sx.Name))
    for dim in statement.dims:
        if (index := script_index(dim)) is not None and index.base is not None:
            lexicon.dimensions.add(index.base)


def head(node: sx.Node) -> sx.Name | None:
    """The name that is applied in `f(x)`, or the name itself."""
    match node:
        case sx.Name():
            return node
        case sx.Juxtaposition((sx.Name() as name, sx.Bracketed()), (True,)):
            return name
        case sx.Juxtaposition((sx.Power(sx.Name() as name), sx.Bracketed()), (True,)):
            return name
        case sx.Power(sx.Name() as name) | sx.Transposed(sx.Name() as name):
            return name
        case sx.Bracketed(item):
            return head(item)
    return None


def is_application(node: sx.Node) -> bool:
    return (
        isinstance(node, sx.Juxtaposition)
        and len(node.items) == 2
        and bool(node.tight)
        and node.tight[0]
        and head(node) is not None
    )


def _note_subject(lexicon: Lexicon, subject: sx.Node) -> None:
    match subject:
        case sx.Name():
            if not subject.subscripts and not subject.superscripts:
                lexicon.declared.add(subject.letter)
            lexicon.declared.add(key_of(subject))
        case sx.Power(sx.Name() as name, sx.Name()):
            lexicon.powers.add(name.letter)
        case sx.Bracketed(item):
            _note_subject(lexicon, item)
        case sx.Tuple_(items):
            for item in items:
                _note_subject(lexicon, item)
        case _ if is_application(subject):
            name = head(subject)
            assert name is not None
            lexicon.applied_names.append(name)


def _note_parameters(lexicon: Lexicon, subjects: tuple[sx.Node, ...], parameters: tuple[sx.Node, ...]) -> None:
    """A subject with a bold or matrix parameter is an array."""
    arrays = any(isinstance(strip_transposes(p), sx.Tuple_) for p in parameters)
    for parameter in parameters:
        for node in descend(parameter):
            arrays |= isinstance(node, sx.MatrixLiteral)
            if isinstance(node, sx.Name):
                arrays |= bold_letter(node.letter) is not None or node.letter in {
                    "I",
                    r"\Sigma",
                    r"\mathbf{0}",
                    r"\mathbf{I}",
                }
    if arrays:
        lexicon.arrays.update(s.letter for s in subjects if isinstance(s, sx.Name) and not s.subscripts)


def _note_definition(lexicon: Lexicon, sides: tuple[sx.Node, ...]) -> None:
    left, right = sides
    if isinstance(left, sx.Name) and not (isinstance(right, sx.Name) and right.letter == left.letter):
        lexicon.defined.add(key_of(left))
    if is_application(left):
        name = head(left)
        assert name is not None
        lexicon.applied_names.append(name)
    if isinstance(left, sx.Name) and is_application(right) and head(right) == left:  # f is short for f(x)
        lexicon.applied_names.append(left)
    for one, other in ((left, right), (right, left)):
        if (
            isinstance(one, sx.Name)
            and not one.subscripts
            and isinstance(strip_transposes(other), (sx.MatrixLiteral, sx.Tuple_))
        ):
            lexicon.arrays.add(one.letter)
            inside = [n for n in visible(other) if isinstance(n, sx.Name)]
            own = (one.letter, bold_letter(one.letter))
            if inside and all(n.letter in own and n.subscripts for n in inside):
                lexicon.listed.add(one.letter)


def _note_deltas(lexicon: Lexicon, document: sx.Document) -> None:
    r"""Whether `\\delta_{ij}` is Kronecker's: it stands in equations about moments, and never under an operator."""
    found: list[sx.Name] = []
    for item in document.items:
        nodes = [n for root in _sides(item) for n in descend(root)]
        operators = [n for n in nodes if isinstance(n, sx.Operator)]
        under = {id(n) for o in operators for n in descend(o)}
        deltas = [n for n in nodes if isinstance(n, sx.Name) and n.letter == r"\delta" and len(n.subscripts) == 2]
        if deltas and (not operators or any(id(n) in under for n in deltas)):
            return
        found += deltas
    if found and r"\delta" not in lexicon.declared and not lexicon.defined & {key_of(n) for n in found}:
        lexicon.kronecker = True
        lexicon.bound.update(key_of(s) for n in found for s in n.subscripts if isinstance(s, sx.Name))


def _sides(item: sx.Statement | sx.Chain) -> list[sx.Node]:
    if isinstance(item, sx.Chain):
        return [m.syntax for m in item.members if m.syntax is not None]
    return list(item.parts[0]) if item.kind == "equation" else []


def _note_distinct(lexicon: Lexicon, conditions: tuple[sx.Syntax, ...]) -> None:
    """Letters that are said to differ, `t \\neq s`, are indices where they are scripts."""
    for condition in conditions:
        if isinstance(condition, sx.Relation) and condition.symbol in (r"\neq", r"\ne"):
            sides = [key_of(s) for s in (condition.left, condition.right) if isinstance(s, sx.Name)]
            scripts = {script_text(p) for names in lexicon.names.values() for n in names for p in n.subscripts}
            lexicon.bound.update(sides if set(sides) <= scripts else ())


def strip_transposes(node: sx.Node) -> sx.Node:
    while isinstance(node, (sx.Transposed, sx.Bracketed)):
        node = node.item
    return node


def _note_chain(lexicon: Lexicon, chain: sx.Chain) -> None:
    """`f(x) = …` and `y = f(x) = …` say what a function is."""
    members = [m.syntax for m in chain.members]
    second = members[1] if len(members) > 2 and isinstance(members[0], sx.Name) else None
    place = (
        1 if isinstance(second, sx.Juxtaposition) and _of_names(second.items[-1]) else 0
    )  # `S = a(b + c)` is a product
    for first, link in list(zip(members, chain.links, strict=False))[: place + 1]:
        name = head(first) if first is not None else None
        if (
            name is not None
            and link.symbol in ("=", ":=")
            and is_application(first)
            and lexicon.split(name)[0] not in lexicon.bare
            and key_of(name) not in lexicon.declared
        ):
            lexicon.applied_names.append(name)


def _of_names(bracket: sx.Node) -> bool:
    inner = bracket.item if isinstance(bracket, sx.Bracketed) else bracket
    return all(isinstance(a, sx.Name) for a in (inner.items if isinstance(inner, sx.Tuple_) else (inner,)))


def _note_variants(lexicon: Lexicon) -> None:
    for letter, names in lexicon.names.items():
        for name in names:
            for place, part in enumerate(name.subscripts):
                lexicon._variants[letter, place].add(script_text(part))
            for place, part in enumerate(name.superscripts):
                lexicon._variants[letter, 100 + place].add(
                    script_text(part.item if isinstance(part, sx.Bracketed) else part)
                )


def _note_shapes(lexicon: Lexicon, statement: sx.Statement) -> None:
    if statement.kind != "shape" or statement.word == "indexset":
        return
    for subject in statement.parts[0]:
        if isinstance(subject, sx.Power) and isinstance(subject.base, sx.Name):
            subject = sx.Name(subject.base.letter, subject.base.subscripts, (subject.exponent,))
        if isinstance(subject, sx.Name):
            stem, indices, _ = lexicon.split(subject)
            lexicon.ranks[stem].setdefault(len(indices), len(statement.dims))


def _note_arities(lexicon: Lexicon, document: sx.Document) -> None:
    """How many indices each stem has.  A bare `a` that only dependence is said of is the family `a_i` as a whole."""
    spoken = {
        id(n)
        for item in statements(document)
        if item.kind in ("independent", "uncorrelated", "conditional", "conditionally", "kind")
        for group in item.parts
        for part in group
        for n in visible(part)
    }
    bare: set[str] = set()
    for names in lexicon.names.values():
        for name in names:
            stem, indices, _ = lexicon.split(name)
            if indices or id(name) not in spoken:
                lexicon._arity[stem].add(len(indices))
            else:
                bare.add(stem)
    for stem in bare:
        if not lexicon._arity[stem] or stem in lexicon.ranks:
            lexicon._arity[stem].add(0)


def _note_aliases(lexicon: Lexicon) -> None:
    """A plain letter with an index beside its bold version without: `v_i` is a component of `\\mathbf{v}`; `a_{ij}` of A."""
    for letter in list(lexicon.names):
        capital = letter.upper() if letter.isalpha() and len(letter) == 1 and letter.islower() else ""
        if (
            lexicon._arity.get(letter) == {2}
            and capital in lexicon.names
            and lexicon.ranks.get(capital, {}).get(0) == 2
        ) and (
            letter not in lexicon.ranks
            and letter not in lexicon.declared
            and 2 not in lexicon._arity.get(capital, set())
        ):
            lexicon.aliases[letter] = capital
        elif capital and letter not in lexicon.declared and all(is_numbered(n) for n in lexicon.names[letter]):
            wholes = [
                w for w in (capital, rf"\mathbf{{{capital}}}") if w in lexicon.names and 0 in lexicon._arity.get(w, ())
            ]
            if len(wholes) == 1 and all(numbers_component(n, 2) for n in lexicon.names[letter]):
                lexicon.aliases[letter] = wholes[0]  # once that turns out to be a matrix
    for letter in lexicon.names:
        plain = bold_letter(letter)
        if plain is None or plain == letter:
            continue
        lexicon.arrays.add(letter)
        if not BOLD.match(letter):  # `x_i` is no component of `\tilde{\mathbf{x}}`
            continue
        bare_plain = 0 in lexicon._arity.get(plain, set()) or plain in lexicon.declared
        if plain in lexicon.names and not bare_plain and 0 in lexicon._arity.get(letter, set()):
            lexicon.aliases[plain] = letter


__all__ = ["head", "is_application", "strip_transposes", "survey"]
