r"""Distributions that stand below an expectation: `\mathbb{E}_{x \sim \mathcal{N}(0, 1)}`, `\mathbb{E}_{q(z \mid x)}`.

A known distribution becomes a given.  One variable under two distributions is two variables: under the second one, q,
x becomes `x^{[q]}`.  What stands behind a bar below the operator becomes a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from derive.language import syntax as sx
from derive.language.masses import LAW, weights
from derive.language.symbols import key_of, roots
from derive.language.traverse import descend, parts

ABOUT_SHAPE = frozenset({"shape", "kind"})
PARAMETERS = frozenset({r"\theta"})  # by convention of statistics


def with_measures(document: sx.Document) -> sx.Document:
    """The document with what its subscripts say of distributions taken into givens, conditions and names."""
    operators = [n for root in roots(document) for n in descend(root) if isinstance(n, sx.Operator)]
    if not any(n.laws or anonymous(n) for n in operators):
        return document
    return _Measures(document).run()


def anonymous(node: sx.Operator) -> str:
    r"""The distribution of `\mathbb{E}_q[f(x)]`, which names no variable; '' for any other subscript.

    A parameter may stand inside too: `\mathbb{E}_\theta[X - \theta]` is a mean under θ.
    """
    if len(node.over) != 1 or node.laws or not isinstance(node.over[0], sx.Name):
        return ""
    name = node.over[0]
    if name.letter in PARAMETERS and any(
        isinstance(n, sx.Name) and n.letter != name.letter for a in node.arguments for n in descend(a)
    ):
        return key_of(name)
    operands = (*node.arguments, *node.given)
    inside = [n for a in operands for n in descend(a) if isinstance(n, sx.Name) and n.letter == name.letter]
    if LAW.fullmatch(name.letter):  # q(x) under E_q is its density
        functions = [m for a in operands for n in descend(a) for m in applied(n) if m == key_of(name)]
        return key_of(name) if len(functions) == len(inside) else ""
    return "" if inside else key_of(name)


@dataclass
class _Measures:
    document: sx.Document
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # of distributions, by variable
    known: dict[str, list[tuple]] = field(default_factory=lambda: defaultdict(list))  # (word, parameters), by variable
    outside: set[str] = field(default_factory=set)  # letters that stand outside of expectations
    fixed: set[str] = field(default_factory=set)  # said to be constant, or used outside of every expectation
    renamed: dict[str, sx.Name] = field(default_factory=dict)
    around: list[sx.Operator] = field(default_factory=list)
    found: list[sx.Statement] = field(default_factory=list)
    stated: set[tuple] = field(default_factory=set)

    def run(self) -> sx.Document:
        self.note_givens()
        for root in roots(self.document):
            self.note_outside(root)
        self.nested = any(self.nests(root, False) for root in roots(self.document))
        for root in roots(self.document):
            self.note(root)
        items: list[Any] = []
        for item in self.document.items:
            changed = self.change(item)
            items.extend(self.found)
            self.found = []
            items.append(changed)
        return replace(self.document, items=(*self.copies(), *items))

    # -- what the document says -------------------------------------------------------------------

    def note_givens(self) -> None:
        for item in self.document.items:
            if not isinstance(item, sx.Statement) or not item.parts:
                continue
            for subject in item.parts[0]:
                if not isinstance(subject, sx.Name):
                    continue
                if item.kind == "distribution" and len(item.parts) == 2:
                    self.known[key_of(subject)].append((item.word, item.parts[1]))
                    self.stated.add((key_of(subject), item.word, item.parts[1], ()))
                elif item.word == "constant":
                    self.fixed.add(key_of(subject))

    def note_outside(self, node: sx.Node) -> None:
        """Letters outside of all expectations, and functions, keep their names under any distribution."""
        if isinstance(node, sx.Operator):
            for inner in descend(node):
                self.fixed.update(applied(inner))
            return
        self.fixed.update(applied(node))
        if isinstance(node, sx.Name):
            self.fixed.add(key_of(node))
            self.outside.add(key_of(node))
            return
        for part in parts(node):
            self.note_outside(part)

    def nests(self, node: sx.Node, inside: bool) -> bool:
        """Whether an expectation without variables stands around or inside of another with a subscript."""
        if isinstance(node, sx.Operator) and (node.over or node.laws):
            if inside:
                return True
            inside = bool(anonymous(node))
        return any(self.nests(p, inside) for p in parts(node))

    def measure(self, node: sx.Operator, key: str) -> tuple[str, tuple | None]:
        """(name, known distribution) that a variable has below this operator; ('', None) when nothing is said."""
        for law in node.laws:
            if any(isinstance(s, sx.Name) and key_of(s) == key for s in law.subjects):
                return written(law.name), ((law.word, law.parameters) if law.word else None)
        if key in self.fixed or self.nested:
            return "", None
        return anonymous(node), None

    def note(self, root: sx.Node) -> None:
        for node in descend(root):
            if isinstance(node, sx.Operator):
                for key in variables_in(node):
                    name, law = self.measure(node, key)
                    if name and name not in self.names[key]:
                        self.names[key].append(name)
                    if law and law not in self.known[key]:
                        self.known[key].append(law)

    def label(self, node: sx.Operator, key: str) -> str:
        """The mark of a variable that has another distribution elsewhere; '' for the first."""
        name, law = self.measure(node, key)
        names, laws = self.names.get(key, []), self.known.get(key, [])
        if law is not None:
            place = laws.index(law) + (1 if len(names) > 1 else 0)
            return f"({place + 1})" if place else ""
        return f"[{name}]" if name and name in names[1:] else ""

    # -- the changed document -----------------------------------------------------------------------

    def change(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self.change(v) for v in value)
        if isinstance(value, sx.Operator):
            return self.operator(value)
        if not is_dataclass(value) or isinstance(value, (sx.Span, sx.Diagnostic, type)):
            return value
        if isinstance(value, sx.Name) and key_of(value) in self.renamed:
            return self.renamed[key_of(value)]
        made = {f.name: self.change(old) for f in fields(value) if f.name != "span" and (old := getattr(value, f.name))}
        return replace(value, **made) if made else value

    def operator(self, node: sx.Operator) -> sx.Operator:
        before = dict(self.renamed)
        for key, name in variables_in(node).items():
            if mark := self.label(node, key):
                self.renamed[key] = marked(name, mark)
            elif self.measure(node, key) != ("", None):
                self.renamed.pop(key, None)
        given = self.conditions(node)
        self.around.append(node)
        changed = replace(
            node,
            arguments=self.change(node.arguments),
            over=() if anonymous(node) else self.change(node.over),
            given=(*self.change(node.given), *(g for g in self.change(given) if g not in node.given)),
        )
        self.around.pop()
        for law in node.laws:
            self.state(law, self.dependent(law))
        self.depend(node)
        self.renamed = before
        return changed

    def conditions(self, node: sx.Operator) -> tuple[sx.Syntax, ...]:
        """What the variables are conditioned on: behind the bar below, or variables around that the parameters name."""
        found = [g for law in node.laws for g in law.given if not (isinstance(g, sx.Name) and key_of(g) in self.told())]
        found += [g for law in node.laws for g in self.dependent(law)]
        return tuple(dict.fromkeys(found))

    def told(self) -> set[str]:
        return {
            key_of(s)
            for item in self.document.items
            if isinstance(item, sx.Statement) and item.word == "constant"
            for s in item.parts[0]
            if isinstance(s, sx.Name)
        }

    def dependent(self, law: sx.Law) -> tuple[sx.Syntax, ...]:
        """The variables of expectations around this one that stand in the law's parameters."""
        named = {key_of(n) for p in law.parameters for n in descend(p) if isinstance(n, sx.Name)}
        outer = [s for node in self.around for s in node.over if isinstance(s, sx.Name)]
        return tuple(s for s in outer if key_of(s) in named)

    def depend(self, node: sx.Operator) -> None:
        """The distribution of a variable depends on what is in its name: on θ below `\\mathbb{E}_{x \\sim p_\\theta}`."""
        for law in node.laws:
            if not law.word and law.subjects:
                self.say("law", law.subjects, (*in_scripts(law.name), *law.parameters), law.span)
        if anonymous(node):
            name = node.over[0]
            letter = (name,) if isinstance(name, sx.Name) and key_of(name) in self.outside else ()
            inside = tuple(n for key, n in variables_in(node).items() if key not in self.fixed and n is not name)
            self.say("law", inside, (*letter, *in_scripts(name)), node.span)

    def say(self, kind: str, subjects: tuple[sx.Syntax, ...], parameters: tuple[sx.Syntax, ...], span: sx.Span) -> None:
        if subjects and parameters:
            subjects = self.change(subjects)
            key = (kind, subjects, parameters)
            if key not in self.stated:
                self.stated.add(key)
                latex = self.document.text[span.start : span.end]
                self.found.append(sx.Statement(kind, (subjects, parameters), latex, span, "display"))

    def state(self, law: sx.Law, given: tuple[sx.Syntax, ...]) -> None:
        if not law.word or not law.subjects:
            return
        subjects, parameters = self.change(law.subjects), self.change(law.parameters)
        key = (tuple(map(repr, subjects)), law.word, parameters, given)
        plain = {(key_of(s), law.word, parameters, ()) for s in subjects if isinstance(s, sx.Name)}
        if key in self.stated or (plain <= self.stated and not given):
            return
        self.stated.add(key)
        latex = self.document.text[law.span.start : law.span.end]
        given = self.change(given)
        content = (subjects, parameters, given) if given else (subjects, parameters)
        self.found.append(sx.Statement("distribution", content, latex, law.span, "display", law.word))

    def copies(self) -> Iterator[sx.Statement]:
        """What is said of the shape of a variable holds for it under every distribution."""
        marks = {
            (key, self.label(node, key)): name
            for root in roots(self.document)
            for node in descend(root)
            if isinstance(node, sx.Operator)
            for key, name in variables_in(node).items()
        }
        for item in self.document.items:
            if isinstance(item, sx.Statement) and item.kind in ABOUT_SHAPE and item.word != "constant":
                subjects = tuple(
                    marked(s, mark)
                    for s in item.parts[0]
                    if isinstance(s, sx.Name)
                    for key, mark in marks
                    if mark and key == key_of(s)
                )
                if subjects:
                    yield replace(item, parts=(subjects, *item.parts[1:]))


def densities(document: sx.Document) -> frozenset[str]:
    """Functions that are taken for densities: names of distributions below operators, and what weighs values in sums."""
    nodes = [n for root in roots(document) for n in descend(root) if isinstance(n, sx.Operator)]
    named = {written(law.name) for n in nodes for law in n.laws} | {anonymous(n) for n in nodes}
    functions = {name for root in roots(document) for n in descend(root) for name in applied(n)}
    return frozenset((named & functions) | weights(document))


def written(name: sx.Node | None) -> str:
    match name:
        case sx.Name():
            return key_of(name)
        case sx.Opaque(latex):
            return latex
    return ""


def variables_in(node: sx.Operator) -> dict[str, sx.Name]:
    """The names under an operator and below it, by key; not those in scripts."""
    found: dict[str, sx.Name] = {}
    stack: list[sx.Node] = [*node.arguments, *node.over]
    while stack:
        top = stack.pop()
        if isinstance(top, sx.Name):
            found.setdefault(key_of(top), top)
        else:
            stack.extend(reversed(parts(top)))
    return found


def in_scripts(name: sx.Node | None) -> tuple[sx.Name, ...]:
    """The letters below the name of a distribution."""
    scripts = name.subscripts if isinstance(name, sx.Name) else ()
    return tuple(s for s in scripts if isinstance(s, sx.Name))


def applied(node: sx.Node) -> set[str]:
    """The functions that stand in front of a bracket in a product."""
    if not isinstance(node, sx.Juxtaposition):
        return set()
    pairs = zip(node.items, node.items[1:], node.tight, strict=False)
    return {key_of(a) for a, b, tight in pairs if tight and isinstance(a, sx.Name) and isinstance(b, sx.Bracketed)}


def marked(name: sx.Name, mark: str) -> sx.Name:
    return replace(name, superscripts=(*name.superscripts, sx.Label(mark)))
