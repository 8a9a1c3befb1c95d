r"""What is said about a document, the same in every format: numbered assumptions, lines with their reasons, findings,
trust.  Words and formulas come as phrases, lists of ("text" | "math" | "strong", content); each renderer dresses them.

In messages a formula stands between dollars; a word with a backslash in it is taken for one as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, isfinite, log10

from derive.render.parsing import parse
from derive.report import WORST_FIRST, Derivation, DocumentReport, Exact, GivenLine, Simulation, Step

Phrase = list[tuple[str, str]]
VERDICT_WORDS = {
    "proved": "proved",
    "defines": "definition",
    "assumed": "given",
    "needs": "needs an assumption",
    "wrong": "wrong",
    "unproved": "not proved",
    "unread": "could not be read",
    "skipped": "not an equality",
}
SEVERAL = {"needs": "need an assumption", "defines": "definitions", "skipped": "not equalities"}
ALL = {1: "the step", 2: "both steps"}
FALLS_SHORT = {
    "needs": "needs an assumption",
    "wrong": "is wrong",
    "unproved": "is not proved",
    "unread": "could not be read",
}
MOST_TOLD = 4
DECLARATIONS = frozenset({"shape", "kind"})  # always used, in reading the document
MOST_RULES = 3  # beside a line
ROUTINE = ("square", "collect", "cancel", "factor", "group", "expand", "component", "identity", "transpose")
OVERSET = re.compile(r"\\(?:overset|stackrel)\s*\{.*\}\s*\{(=|\\equiv)\}", re.DOTALL)


@dataclass(frozen=True)
class Assumption:
    """A given with the mark under which the lines cite it."""

    mark: str
    given: GivenLine


@dataclass(frozen=True)
class Line:
    """One line of a chain; the first has no step.  `number` counts the steps of the document from 1."""

    latex: str
    relation: str = ""
    step: Step | None = None
    number: int = 0


def squeeze(latex: str) -> str:
    """LaTeX without its blanks, to recognise what is the same."""
    return re.sub(r"\s+|\\[,;:!]|[.,;]\s*$", "", latex)


def phrase(text: str) -> Phrase:
    """Split a message into words and formulas."""
    out: Phrase = []
    parts = re.split(r"\$([^$]+)\$", text)
    for i, part in enumerate(parts):
        if i % 2:
            out.append(("math", part))
        elif "\\" in part:
            for word in re.findall(r"\S+|\s+", part):
                bare = word.rstrip(".,;:")
                is_math = "\\" in bare and parse(bare) is not None
                out += [("math", bare), ("text", word[len(bare) :])] if is_math else [("text", word)]
        else:
            out.append(("text", part))
    return [(kind, content) for kind, content in out if content]


def sentence(text: str) -> str:
    """
    >>> sentence("line 3 is wrong")
    'Line 3 is wrong.'
    """
    return text[:1].upper() + text[1:].rstrip(".") + "."


def reading(text: str) -> Phrase:
    """How a given was read, with its subscripts.

    >>> reading("x_1 and y")
    [('text', 'x'), ('sub', '1'), ('text', ' and y')]
    """
    out: Phrase = []
    for kind, content in phrase(text):
        parts = re.split(r"(?<=[^\W_])_([A-Za-z0-9]+)(?![\w{(])", content) if kind == "text" else [content]
        out += [("sub" if i % 2 else kind, part) for i, part in enumerate(parts) if part]
    return out


def used_in(document: DocumentReport, assumption: Assumption) -> list[int] | None:
    """The numbers of the steps that use a given; None where there is nothing to say, as of a declaration."""
    steps = steps_using(document).get(assumption.mark, [])
    declares = assumption.given.kind in DECLARATIONS or assumption.given.used
    return steps if steps or not declares else None


def merged(words: Phrase) -> Phrase:
    """Neighbouring bits of plain text, marks included, as one."""
    out: Phrase = []
    for kind, content in words:
        kind = "text" if kind == "mark" else kind
        if out and out[-1][0] == kind == "text":
            content = out.pop()[1] + content
        out.append((kind, content))
    return out


NOUN_ONLY = re.compile(r"[^;]* (?:is a|are) (?:vectors?|matrix|matrices)")  # “the same matrix W is used”: no assumption


def assumptions(document: DocumentReport) -> list[Assumption]:
    """The givens with their marks; a statement that says several things is one."""
    statements: dict[tuple[int, str], GivenLine] = {}
    for number, given in enumerate(document.givens):
        key = (given.line or -number, given.latex)
        one = statements.setdefault(key, given)
        if one is not given:
            kind = given.kind if one.kind in DECLARATIONS else one.kind
            statements[key] = replace(
                one, kind=kind, reading=f"{one.reading}; {given.reading}", used=one.used + given.used
            )
    told = [g for g in statements.values() if not (g.origin == "prose" and NOUN_ONLY.fullmatch(g.reading))]
    return [Assumption(f"A{i}", given) for i, given in enumerate(told, 1)]


def marks_of(document: DocumentReport) -> dict[str, str]:
    """From what a step says that it used to the mark of that given, or to the step that defined or found it."""
    marks: dict[str, str] = {}
    for a in assumptions(document):
        for name in (a.given.latex, *a.given.reading.split("; ")):
            marks.setdefault(squeeze(name), a.mark)
    numbers = numbered(document)
    for step in (s for d in document.derivations for s in d.steps):
        found = [f"{step.lhs}{sign}{step.rhs}" for sign in ("=", ":=") if step.verdict == "defines"]
        found += [m for p in solutions(step) for kind, m in p if kind == "math"]
        for name in found:
            marks.setdefault(squeeze(name), f"step {numbers[id(step)]}")
    return marks


def numbered(document: DocumentReport) -> dict[int, int]:
    """id of a step -> its number in the document."""
    steps = [s for d in document.derivations for s in d.steps]
    return {id(s): i for i, s in enumerate(steps, 1)}


def steps_using(document: DocumentReport) -> dict[str, list[int]]:
    """For each mark the numbers of the steps that use that given."""
    marks, numbers = marks_of(document), numbered(document)
    out: dict[str, list[int]] = {}
    for derivation in document.derivations:
        for step in derivation.steps:
            for used in dict.fromkeys(marks[squeeze(u)] for u in step.uses if squeeze(u) in marks):
                out.setdefault(used, []).append(numbers[id(step)])
    return out


def chains(derivation: Derivation, numbers: Mapping[int, int]) -> list[list[Line]]:
    """The derivation as chains of lines; a step that does not go on from the line before starts a new chain."""
    out: list[list[Line]] = []
    for step in derivation.steps:
        if not out or squeeze(out[-1][-1].latex) != squeeze(step.lhs):
            out.append([Line(step.lhs)])
        relation = OVERSET.sub(r"\1", step.relation) if step.reason or step.rules else step.relation
        out[-1].append(Line(step.rhs, relation or "=", step, numbers.get(id(step), 0)))
    return out


def title_of(rule: str, titles: Mapping[str, str]) -> str:
    title = titles.get(rule, rule.replace("-", " ").replace("_", " "))
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def reason(step: Step, titles: Mapping[str, str], marks: Mapping[str, str]) -> Phrase:
    """What stands beside a line: its rules (or the verdict, where there is more to say) and the assumptions used."""
    if step.verdict in ("wrong", "unproved", "unread"):
        return [("strong", VERDICT_WORDS[step.verdict])]
    out: Phrase = []
    if step.verdict == "needs":
        out = [("strong", "needs ")]
        for i, missing in enumerate(step.missing):
            out += [("text", " and ")] * (i > 0) + missing_phrase(missing)
        return out if step.missing else [("strong", VERDICT_WORDS["needs"])]
    if step.verdict in ("defines", "assumed", "skipped"):
        out = [("text", VERDICT_WORDS[step.verdict])]
    elif step.rules or any(line.rule not in ROUTINE for line in step.detail):
        out = [("text", ", ".join(_telling(step, titles)))]
    elif step.reason:
        out = phrase(step.reason)
    elif step.verdict == "proved" and not step.uses:
        out = [("text", "algebra")]
    used = uses(step, marks)
    return out + ([("text", " ")] if out and used else []) + used


def _telling(step: Step, titles: Mapping[str, str]) -> list[str]:
    """The rules worth a reader's time first; what every reader does in passing stands behind them, or not at all."""
    rules = telling_rules(step)
    if all(r in ROUTINE for r in rules) and _letters(step.lhs) == _letters(step.rhs):
        return ["rearranging"]
    more = sum(r not in ROUTINE for r in rules) > MOST_RULES
    return [title_of(r, titles) for r in rules[:MOST_RULES]] + (["…"] if more else [])


def telling_rules(step: Step) -> list[str]:
    """The rules of a step, as unfolded where it is, in the order in which they are told."""
    unfolded = tuple(dict.fromkeys(line.rule for line in step.detail))
    telling = [r for r in unfolded or step.rules if r not in ROUTINE]
    routine = sorted({r for r in (telling and unfolded) or (*unfolded, *step.rules) if r in ROUTINE}, key=ROUTINE.index)
    if len(telling + routine) > 1 and step.lhs.count(r"\top") == step.rhs.count(r"\top"):
        routine = [r for r in routine if r != "transpose"]
    return telling + routine


def _letters(latex: str) -> list[str]:
    """What an expression is made of, whatever the order and the brackets."""
    return sorted(re.sub(r"\\(?:left|right|[bB]igg?[lr]?)\b|[()\[\]{}&]", "", squeeze(latex)))


def missing_phrase(missing: str) -> Phrase:
    """A missing assumption: LaTeX where it looks like it, else words."""
    return [("math", missing)] if "$" not in missing and _formula(missing) else phrase(missing)


def _formula(text: str) -> bool:
    words = re.findall(r"(?<![\\A-Za-z{])[A-Za-z]{3,}", re.sub(r"\\[A-Za-z]+\s*\{[^{}]*\}", "", text))
    return not words and re.search(r"[\\^_=<>]", text) is not None and parse(text) is not None


def uses(step: Step, marks: Mapping[str, str]) -> Phrase:
    """(A1, A3) for what a step used; a given without a mark is written out."""
    cited = list(dict.fromkeys(marks.get(squeeze(u), u) for u in step.uses))
    known = sorted((c for c in cited if c in marks.values()), key=lambda m: (m[0] != "A", int(re.sub(r"\D", "", m))))
    out: Phrase = [("mark", m) for m in known]
    for other in (c for c in cited if c not in known):
        out += missing_phrase(other)
    joined: Phrase = []
    for i, item in enumerate(out):
        joined += [("text", ", ")] * (i > 0) + [item]
    return [("text", "("), *joined, ("text", ")")] if joined else []


def findings(step: Step) -> list[Phrase]:
    """What is to be said about a step that does not stand, one phrase a paragraph; the counterexample comes apart."""
    out: list[Phrase] = []
    said = step.message
    if said:
        out.append(phrase(said))
    if step.missing and not all(m in said for m in step.missing):
        out.append([("text", "Missing: "), *_listed([missing_phrase(m) for m in step.missing]), ("text", ".")])
    if step.difference is not None and step.difference not in said:
        out.append([("text", "Left side minus right side: "), ("math", step.difference), ("text", ".")])
    if step.misconception is not None and step.misconception.message.rstrip(".") not in said:
        out.append([("text", step.misconception.title.rstrip(".") + ". "), *phrase(step.misconception.message)])
    if step.correction is not None and step.correction not in said:
        out.append([("text", "The right-hand side should read "), ("math", step.correction), ("text", ".")])
    return out


def solutions(step: Step) -> list[Phrase]:
    """What was found for the unknowns of a step, which its message tells."""
    return [phrase(step.message)] if step.verdict == "proved" and step.message.startswith("Holds ") else []


def _listed(items: list[Phrase]) -> Phrase:
    out: Phrase = []
    for i, item in enumerate(items):
        out += [("text", ", ")] * (i > 0) + item
    return out


def remarks(document: DocumentReport) -> list[Phrase]:
    """Findings that change no verdict: shape slips, doubtful readings."""
    steps = [s for d in document.derivations for s in d.steps]
    out = []
    for remark in [*document.remarks, *(r for s in steps for r in s.remarks)]:
        hint = f" {sentence(_advice(remark.hint))}" if remark.hint else ""
        said = [("text", f"Line {remark.line}: "), *phrase(remark.message.rstrip(".") + "." + hint)]
        if said not in out:
            out.append(said)
    return out


def _advice(hint: str) -> str:
    """A hint that is a formula, to be written in the stead of what stands there, as words."""
    return hint if re.search(r"[a-z]{3}", hint) or "$" in hint else f"write {hint}"


def counted(verdict: str, number: int) -> str:
    """
    >>> counted("needs", 1), counted("needs", 2), counted("wrong", 2)
    ('1 needs an assumption', '2 need an assumption', '2 wrong')
    """
    words = VERDICT_WORDS[verdict] if number == 1 else SEVERAL.get(verdict, VERDICT_WORDS[verdict])
    return f"{number} {words}"


def counts(document: DocumentReport) -> dict[str, int]:
    """How many steps have each verdict, worst first; verdicts that do not occur are left out."""
    steps = [s.verdict for d in document.derivations for s in d.steps]
    return {v: steps.count(v) for v in WORST_FIRST if v in steps}


def trust(document: DocumentReport, titles: Mapping[str, str]) -> list[Phrase]:
    """What the result rests on: one phrase a sentence."""
    steps = [s for d in document.derivations for s in d.steps]
    out = [_verdicts(document)]
    rules = document.trust.rules or tuple(dict.fromkeys(r for s in steps for r in s.rules))
    if rules:
        out.append([("text", "Rules: " + ", ".join(title_of(r, titles) for r in rules) + ".")])
    marks = marks_of(document)
    told = document.trust
    used = tuple(g for g in told.given_used if g not in told.definitions)
    for label, given in (("Used", used), ("Defined", told.definitions), ("Never needed", told.given_unused)):
        if given:
            cited: list[Phrase] = [
                [("mark", marks[squeeze(g)])] if squeeze(g) in marks else missing_phrase(g) for g in given
            ]
            out.append([("text", f"{label}: "), *_listed(cited), ("text", ".")])
    if document.trust.presupposed:
        out.append([("text", "Presupposed: "), *_listed(list(map(missing_phrase, document.trust.presupposed)))])
        out[-1].append(("text", "."))
    said = {f"${g}$ is never used" for g in document.trust.given_unused}
    out += [phrase(sentence(note)) for note in document.trust.notes if note not in said]
    return out + _witnessed(document)


def _verdicts(document: DocumentReport) -> Phrase:
    """How many steps are proved, and what is to be said of the others."""
    numbers = numbered(document)
    claims = [s for d in document.derivations for s in d.steps if s.verdict not in ("defines", "assumed", "skipped")]
    others = [s for s in claims if s.verdict != "proved"]
    proved, total = len(claims) - len(others), len(claims)
    if not total:
        return [("text", "Checked by derive: there is no step to prove.")]
    if not others:
        are = "is" if total == 1 else "are"
        return [("text", f"Checked by derive: {ALL.get(total, f'all {total} steps')} {are} proved.")]
    told = [f"step ({numbers[id(s)]}) {FALLS_SHORT.get(s.verdict, s.verdict)}" for s in others[:MOST_TOLD]]
    more = len(others) - MOST_TOLD
    told += [f"{more} more {'step is' if more == 1 else 'steps are'} not proved"] * (more > 0)
    if total == 1:
        return [("text", f"Checked by derive: {told[0]}.")]
    are = "is" if proved == 1 else "are"
    return [("text", f"Checked by derive: {proved} of {total} steps {are} proved; {', '.join(told)}.")]


def _witnessed(document: DocumentReport) -> list[Phrase]:
    """What the two witnesses besides the rules said."""
    exact = [s.exact for d in document.derivations for s in d.steps if s.exact is not None and s.exact.models]
    runs = [run for _, run in simulated(document)]
    said = []
    if exact:
        said.append(f"Exact finite models {_agreeing([bool(e.agree) for e in exact], 'refute')}.")
    if runs:
        samples = max(run.samples for run in runs)
        said.append(f"A simulation of {samples:,} samples {_agreeing([r.agree for r in runs], 'contradicts')}.")
    return [[("text", " ".join(said))]] if said else []


def models(exact: Exact) -> str:
    """What the finite models say of a step, with the bound on what they may have missed."""
    if exact.abstained:
        return f"Finite models: {exact.abstained}."
    verb = ("agree" if exact.agree else "disagree") + "s"[: exact.models == 1]
    bound = f" (a false claim passes with probability at most {exact.bound})" if exact.bound and exact.agree else ""
    if exact.agree and not exact.bound:
        bound = " (no bound is known for what a false claim passes with)"
    return f"{exact.models} exact finite model{'s'[: exact.models != 1]} {verb}{bound}."


def _agreeing(agree: Sequence[bool], against: str) -> str:
    """'agree with all 3 steps' or 'agree with 2 steps and refute 1'."""
    agrees = "agree" if against == "refute" else "agrees"
    good, bad = sum(agree), len(agree) - sum(agree)
    if not bad:
        return f"{agrees} with {ALL.get(good, f'all {good} steps')}"
    if not good:
        return f"{against} {ALL.get(bad, f'all {bad} steps')}"
    return f"{agrees} with {good} step{'s' * (good > 1)} and {against} {bad}"


def estimate(value: float, error: float) -> str:
    """A Monte-Carlo estimate with its standard error, both to the error's second digit.

    >>> estimate(0.99871, 0.00121)
    '0.9987 ± 0.0012'
    """
    if not (isfinite(value) and isfinite(error)):
        return "not finite"
    if not error > 1e-9 * max(1.0, abs(value)):
        return f"{value if abs(value) > 1e-12 else 0:.5g}"
    digits = max(0, min(8, 1 - floor(log10(error))))
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def score(z: float) -> str:
    """
    >>> score(1.234), score(float("inf"))
    ('1.23', '∞')
    """
    return f"{round(z, 2) + 0.0:.2f}" if isfinite(z) else "∞" if z > 0 else "−∞" if z < 0 else "–"


def simulated(document: DocumentReport) -> list[tuple[int, Simulation]]:
    """The steps (by number) that were simulated, those without any randomness left out."""
    numbers = numbered(document)
    steps = [s for d in document.derivations for s in d.steps]
    runs = [(numbers[id(s)], s.simulation) for s in steps if s.simulation is not None]
    return [(n, run) for n, run in runs if not run.agree or max(run.lhs_error, run.rhs_error) > 1e-12]


def title_for(document: DocumentReport) -> str:
    """The document's title, else its file's name in words."""
    stem = re.sub(r"\.[A-Za-z]+$", "", document.path.replace("\\", "/").rsplit("/", 1)[-1])
    words = re.sub(r"[-_]+", " ", stem).strip()
    return document.title or words[:1].upper() + words[1:] or "Derivation"


def figure_for(document: DocumentReport, figures: Mapping[str, str]) -> str | None:
    """The figure of a document: under its path, or under "" where there is but one."""
    return figures.get(document.path, figures.get(""))
