"""The book of rules as a Markdown page: docs/rules.md."""

from __future__ import annotations

from derive.rules.book import CHAPTERS, chapter
from derive.rules.rule import Rule

HEAD = """# The book of rules

Every rule that a proved step can name. This page is made by `derive rules --markdown`; `derive explain NAME` shows one rule.
"""


def page() -> str:
    """All chapters, each rule with statement, conditions, reason, a right and a wrong use, and source."""
    parts = [HEAD]
    for name, title in CHAPTERS.items():
        parts.append(f"## {title}\n")
        parts += [entry(rule) for rule in chapter(name)]
    return "\n".join(parts)


def entry(rule: Rule) -> str:
    lines = [f"### {rule.title} (`{rule.name}`)", "", f"$${rule.statement}$$", "", rule.reason, ""]
    if rule.conditions:
        conditions = [c.text + (f" (`{c.given}`)" if c.given else "") for c in rule.conditions]
        lines += [f"**If** {'; '.join(conditions)}.", ""]
    lines += [f"**Example**{_under(rule.example.given)}: $`{rule.example.lhs} = {rule.example.rhs}`$.", ""]
    wrong = rf"$`{rule.misuse.lhs} \neq {rule.misuse.rhs}`$"
    lines += [f"**But not**{_under(rule.misuse.given)}: {wrong}; {rule.misuse.why}.", ""]
    lines += [f"**Source**: {rule.source}.", ""]
    return "\n".join(lines)


def _under(given: tuple[str, ...]) -> str:
    return f" given {', '.join(f'`{g}`' for g in given)}" if given else ""
