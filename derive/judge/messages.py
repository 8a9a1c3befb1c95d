"""One plain sentence for each verdict, as it is said to a student."""

from __future__ import annotations

from collections.abc import Sequence

from derive.language.facts import Source
from derive.report import Exact, Misconception, Simulation

SHOWN = 4  # rules named in a message; the report has them all


def listed(items: Sequence[str], last: str = "and") -> str:
    """
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def words(rule: str) -> str:
    return rule.replace("-", " ")


def proved(rules: Sequence[str], uses: Sequence[str]) -> str:
    if not rules and not uses:
        return "Both sides are the same expression."
    names = [words(r) for r in rules[:SHOWN]] + (["other rules"] if len(rules) > SHOWN else [])
    by = f"Follows by {listed(names)}" if names else "Follows"
    return f"{by}, using {listed([f'${u}$' for u in uses])}." if uses else f"{by}."


def needs(missing: Sequence[str], shown: bool) -> str:
    """`shown`: there is a counterexample."""
    what = listed([f"${m}$" for m in missing])
    why = (
        "the counterexample satisfies everything that is given, and the two sides differ"
        if shown
        else "no finite model could be built to show that it is needed"
    )
    return f"Does not follow from what is given, but would with {what}; {why}."


def wrong(misconception: Misconception | None, difference: str | None, correction: str | None) -> str:
    parts = ["The two sides differ"]
    if difference:
        parts[0] += f" by ${difference}$"
    if misconception is not None:
        parts.append(misconception.message.rstrip("."))
    if correction:
        parts.append(f"The right side should be ${correction}$")
    return ". ".join(parts) + "."


def as_meant(meant: Sequence[str], message: str) -> str:
    """A message on a step with the definitions that an earlier step was found to lack."""
    return f"With {listed([f'${m}$' for m in meant])}, as before: {message[:1].lower()}{message[1:]}"


def unproved(reason: str, exact: Exact | None, simulation: Simulation | None) -> str:
    if simulation is not None and not simulation.agree:
        seen = f"the simulation finds a difference (z = {simulation.z:.1f})"
    elif exact is not None and exact.agree:
        seen = f"{exact.models} exact finite models find no difference"
        seen += " and neither does the simulation" if simulation is not None else ""
    elif simulation is not None:
        seen = "the simulation finds no difference"
    else:
        seen = f"it could not be tested ({exact.abstained})" if exact is not None else "it was not tested"
    because = {"": "no rule derives it", "budget": "the expression is too large to be normalised in time"}
    return f"Not proved: {because.get(reason, reason)}; {seen}."


def unread_givens(count: int) -> str:
    which = "A given was" if count == 1 else f"{count} givens were"
    return f"{which} not understood, which may be the reason."


def skipped(symbol: str) -> str:
    return f"Not checked: ${symbol}$ is not an equality."


def defines(name: str) -> str:
    return f"Introduces ${name}$." if name else "A definition."


def assumed() -> str:
    return "Restates what is given."


def summary(wrong_lines: Sequence[int], ends_meet: bool | None) -> str:
    """What a derivation with wrong steps still comes to; `ends_meet`: whether the last expression equals the first."""
    if not wrong_lines or ends_meet is None:
        return ""
    lines = (
        f"line {wrong_lines[0]} is" if len(wrong_lines) == 1 else f"lines {listed([str(n) for n in wrong_lines])} are"
    )
    if ends_meet:
        return f"{lines} wrong, yet the last expression equals the first"
    return f"{lines} wrong, and the last expression does not equal the first"


def quoted(source: Source) -> str:
    """A given among words: a formula between dollars, or what was read of the sentence that it stands in."""
    return source.reading if "$" in source.latex else f"${source.latex}$"
