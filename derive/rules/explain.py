"""What the book says of a rule, as text for a terminal and as Markdown for the documentation.

>>> explain("independence").splitlines()[0]
'independence: Independent factors split'
"""

from __future__ import annotations

from textwrap import wrap

from derive.rules.book import CHAPTERS, chapter, lookup
from derive.rules.rule import Rule

WIDTH = 88


def explain(name: str) -> str:
    """The rule's entry as plain text.

    Raises:
        KeyError: no such rule; the message names the nearest ones.
    """
    rule = lookup(name)
    conditions = [f"- {c.text}" + (f": {c.given}" if c.given else "") for c in rule.conditions]
    wrong = _claim(rule.misuse.given, rule.misuse.lhs, rule.misuse.rhs, r"\neq")
    parts = [
        f"{rule.name}: {rule.title}",
        f"    {rule.statement}",
        _section("What it does", _wrapped(rule.summary)),
        _section("Why", _wrapped(rule.reason)),
        _section("Conditions", [line for c in conditions for line in _wrapped(c)]),
        _section("Example", _claim(rule.example.given, rule.example.lhs, rule.example.rhs, "=")),
        _section("Wrong use", [*wrong, *_wrapped(f"Wrong, because {rule.misuse.why}.")]),
        _section("Source", _wrapped(rule.source)),
    ]
    return "\n\n".join(p for p in parts if p) + "\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)]) if lines else ""


def _wrapped(text: str) -> list[str]:
    return [line for paragraph in text.split("\n\n") for line in wrap(" ".join(paragraph.split()), WIDTH)]


def _claim(given: tuple[str, ...], lhs: str, rhs: str, relation: str) -> list[str]:
    return [*(f"given  {line}" for line in given), f"{lhs} {relation} {rhs}"]


def overview() -> str:
    """All rules by chapter, one line each."""
    lines: list[str] = []
    for name, title in CHAPTERS.items():
        rules = chapter(name)
        widest = max(len(r.name) for r in rules)
        lines += [title, *(f"  {r.name:<{widest}}  {r.title}" for r in rules), ""]
    return "\n".join(lines)


def page() -> str:
    """The whole book as one Markdown page."""
    parts = ["# The book of rules", "Every step that `derive` proves names the rules it used. These are all of them."]
    for name, title in CHAPTERS.items():
        parts.append(f"## {title}")
        parts += [entry(rule) for rule in chapter(name)]
    return "\n\n".join(parts) + "\n"


def entry(rule: Rule) -> str:
    """The rule's entry as Markdown."""
    conditions = "\n".join(f"- {c.text}" + (f": ${c.given}$" if c.given else "") for c in rule.conditions)
    parts = [
        f"### {rule.name}",
        f"**{rule.title}**",
        f"$$\n{rule.statement}\n$$",
        rule.summary,
        f"*Why.* {rule.reason}",
        f"*Conditions.*\n\n{conditions}" if rule.conditions else "",
        "*Example.*",
        _document(rule.example.given, rule.example.lhs, rule.example.rhs, "="),
        f"*Wrong use:* {rule.misuse.why}.",
        _document(rule.misuse.given, rule.misuse.lhs, rule.misuse.rhs, r"\neq"),
        f"*Source.* {rule.source}",
    ]
    return "\n\n".join(p for p in parts if p)


def _document(given: tuple[str, ...], lhs: str, rhs: str, relation: str) -> str:
    block = "```text\n" + "\n".join(given) + "\n```\n\n" if given else ""
    return f"{block}$$\n{lhs} {relation} {rhs}\n$$"
