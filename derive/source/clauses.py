"""Rows of clean tokens, cut at their top level: what is inside brackets and what is not, and the clauses of a row.

A missing or surplus bracket must not swallow the rest of a row, so brackets are matched with tolerance here;
the grammar reports them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.source import notation as nt
from derive.source.tokens import Token

COMPARING = frozenset({"<", ">", r"\le", r"\ge", r"\neq"})
STATING = frozenset({r"\sim", r"\in", r"\perp", r"\notin", r"\subset"})
CLAUSE_ENDS = ("comma", "semi", "punct", "quad", "row", "amp")


def levels(tokens: list[Token]) -> list[int]:
    """The depth of each token in brackets that have a partner; the brackets themselves count as inside."""
    depth = [0] * len(tokens)
    stack: list[int] = []
    for k, token in enumerate(tokens):
        if token.kind in ("open", "lbrace", "begin"):
            stack.append(k)
        elif token.kind in ("close", "rbrace", "end"):
            want = partner(token)
            for place in range(len(stack) - 1, max(-1, len(stack) - 40), -1):
                if matches(tokens[stack[place]], want):
                    start = stack[place]
                    del stack[place:]
                    depth[start] += 1
                    if k + 1 < len(depth):
                        depth[k + 1] -= 1
                    break
                if tokens[stack[place]].kind in ("lbrace", "begin"):
                    break
    total = 0
    for k in range(len(tokens)):
        total += depth[k]
        depth[k] = total
    return depth


def partner(token: Token) -> tuple[str, str]:
    if token.kind == "close":
        opening = {")": "(", "]": "[", "}": "{", ">": "<", "eval": "eval"}[token.text]
        return ("open", opening)
    return ("lbrace", "{") if token.kind == "rbrace" else ("begin", token.text)


def matches(token: Token, want: tuple[str, str]) -> bool:
    return token.kind == want[0] and token.text == want[1]


def unclosed(tokens: list[Token]) -> bool:
    """Whether a bracket is still open at the end."""
    stack: list[Token] = []
    for token in tokens:
        if token.kind in ("open", "lbrace"):
            stack.append(token)
        elif token.kind in ("close", "rbrace"):
            if stack and matches(stack[-1], partner(token)):
                stack.pop()
            elif token.kind == "close" and any(matches(t, partner(token)) for t in stack):
                while stack and not matches(stack.pop(), partner(token)):
                    pass
    return bool(stack)


def strip(tokens: list[Token]) -> list[Token]:
    """Without punctuation and space at both ends."""
    start, end = 0, len(tokens)
    while (
        end > start
        and tokens[end - 1].text != "!"
        and (tokens[end - 1].kind in CLAUSE_ENDS or tokens[end - 1].text in (r"\square", r"\Box"))
    ):
        end -= 1
    while start < end and tokens[start].kind in CLAUSE_ENDS:
        start += 1
    return tokens[start:end]


def of_finite(tokens: list[Token]) -> list[Token]:
    r"""Without `< \infty` at the end: what is written is finite anyway."""
    if len(tokens) > 2 and tokens[-1].text == r"\infty" and tokens[-2].text in ("<", r"\neq"):
        return strip(tokens[:-2])
    return tokens


def split(tokens: list[Token], kinds: tuple[str, ...]) -> list[list[Token]]:
    """Cut at top-level tokens of these kinds, which are dropped."""
    pieces: list[list[Token]] = [[]]
    for token, level in zip(tokens, levels(tokens), strict=False):
        if level == 0 and token.kind in kinds:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


@dataclass
class Clause:
    """A part of a row.  `kind`: 'chain' (has an equality or another checked relation), 'statement', 'condition', 'remark',
    'expression', 'arrow'.  `lead` is the word that introduces it ('for', 'where', …)."""

    kind: str
    tokens: list[Token]
    lead: str = ""
    text: str = ""
    extra: list[Token] = field(default_factory=list)


def main_relations(tokens: list[Token]) -> list[str]:
    return [t.text for t, level in zip(tokens, levels(tokens), strict=False) if level == 0 and t.kind == "rel"]


CONDITIONAL = frozenset(
    "for if when whenever provided forall with where given assuming unless all any each every".split()
)
ANDS = frozenset(
    {
        "and",
        "or",
        "while",
        "as",
        "where",
        "with",
        "so",
        "hence",
        "thus",
        "then",
        "therefore",
        "also",
        "respectively",
        "but",
    }
)


def clauses(tokens: list[Token]) -> list[Clause]:
    """The clauses of one row, in order."""
    found: list[Clause] = []
    lead = ""
    piece: list[Token] = []
    depth = levels(tokens)

    def flush() -> None:
        nonlocal piece, lead
        for clause in pieces(strip(piece), lead, found):
            found.append(clause)
            lead = clause.lead if clause.lead in ("condition",) else ""
        piece = []

    for k, (token, level) in enumerate(zip(tokens, depth, strict=False)):
        if level or token.kind not in ("text", "quad", "rel", "command", "colon"):
            piece.append(token)
        elif token.kind == "quad":
            if strip(piece) and not open_ended(piece) and not going_on(tokens, k):
                flush()
        elif token.kind == "text":
            flush()
            lead = leading_word(token.text)
            if not lead:
                found.append(Clause("remark", [token], text=token.text))
        elif token.kind == "rel" and token.text in nt.ARROWS:
            flush()
            found.append(Clause("arrow", [token], text=token.text))
            lead = ""
        elif token.kind == "colon" and lead == "condition" and strip(piece):  # “for all i: …”
            flush()
            lead = ""
        elif token.kind == "command" and token.text in (r"\forall", r"\exists"):
            flush()
            lead = "condition"
        else:
            piece.append(token)
    flush()
    return merged([part for clause in found for part in limited(clause)])


def limited(clause: Clause) -> list[Clause]:
    r"""`\dots = 0 (i \neq j)` is an equation and its condition, also where no space is put between them."""
    tokens = clause.tokens
    if clause.kind != "chain" or len(tokens) < 6 or tokens[-1].text != ")":
        return [clause]
    start = next((k for k in range(len(tokens) - 1, -1, -1) if tokens[k].kind == "open"), 0)
    inside = tokens[start + 1 : -1]
    apart = [t.text for t in inside if t.kind == "rel"] == [r"\neq"]
    plain = {t.kind for t in inside} <= {"name", "rel", "comma", "number"}
    if not start or tokens[start].text != "(" or not apart or not plain or tokens[start - 1].kind == "rel":
        return [clause]
    return [Clause("chain", strip(tokens[:start]), clause.lead), Clause("condition", inside, "condition")]


def going_on(tokens: list[Token], k: int) -> bool:
    """Whether what follows the quad at k continues the formula in front of it."""
    following = next((t for t in tokens[k : k + 20] if t.kind != "quad"), None)
    arrow = following is not None and following.text in nt.ARROWS
    return following is not None and not arrow and following.kind in ("plus", "minus", "times", "rel", "close", "slash")


def open_ended(piece: list[Token]) -> bool:
    """Whether a quad stands inside a formula, as in `= \\quad x`."""
    last = strip(piece)[-1]
    return piece[-1].kind not in ("comma", "semi") and last.kind in ("rel", "plus", "minus", "times", "sub", "caret")


def leading_word(text: str) -> str:
    """'condition' for words that introduce one, 'and' for those that join, '' for a remark."""
    words = text.lower().replace(",", " ").strip(" .:;()").split()
    if not words:
        return "and"
    if words[0] in CONDITIONAL and words[0] not in ("with", "where", "given") and len(words) <= 3:
        return "condition"
    if words[0] in ("where", "with") and len(words) == 1:
        return "and"
    if len(words) <= 2 and all(w in ANDS for w in words):
        return "and"
    return ""


def pieces(tokens: list[Token], lead: str, before: list[Clause]) -> list[Clause]:
    """Cut one phrase at its commas, then put lists of subjects and index ranges together again."""
    found: list[Clause] = []
    waiting: list[Token] = []
    parts = split_commas(tokens)
    for n, (part, comma) in enumerate(parts):
        relations = main_relations(part)
        if not relations:
            last = found[-1] if found and found[-1].kind != "remark" else None
            if last and (trailing_list(last, part) or goes_on(last, part, parts[n + 1 :])):
                extend(found[-1], comma, part)
            else:
                waiting.extend(([comma] if comma and waiting else []) + part)
            continue
        if waiting and STATING & set(relations):
            part = [*waiting, *([comma] if comma else []), *part]
            waiting = []
        elif waiting and lead != "condition" and (listed := compared_alike(waiting, part)):
            found += [classify(one, lead, before, found, parts[n + 1 :]) for one in [*listed, part]]
            waiting = []
            continue
        elif waiting:
            found.append(leftover(waiting, lead, before, found))
            waiting = []
        found.append(classify(part, lead, before, found, parts[n + 1 :]))
    if waiting:
        found.append(leftover(waiting, lead, before, found))
    return found


def compared_alike(waiting: list[Token], part: list[Token]) -> list[list[Token]]:
    """The comparisons of the names in front of the first: `a, b > 0` says the same of a."""
    place = next((k for k, t in enumerate(part) if t.kind == "rel"), len(part))
    alike = [p for p, _ in split_commas(waiting)]
    named = all(p[0].kind == "name" and not main_relations(p) and len(p) <= 5 for p in [*alike, part[:1] or waiting])
    compares = place < len(part) and part[place].text in COMPARING and len(main_relations(part)) == 1
    return [[*p, *part[place:]] for p in alike] if named and compares else []


def split_commas(tokens: list[Token]) -> list[tuple[list[Token], Token | None]]:
    parts: list[tuple[list[Token], Token | None]] = [([], None)]
    for token, level in zip(tokens, levels(tokens), strict=False):
        if level == 0 and token.kind in ("comma", "semi", "quad"):
            parts.append(([], token))
        else:
            parts[-1][0].append(token)
    return [(strip(p), c) for p, c in parts if strip(p)]


def trailing_list(clause: Clause, part: list[Token]) -> bool:
    r"""`i = 1` before `\dots` and `n`; a set or a distribution takes nothing more in."""
    return part[0].kind == "dots" or any(t.kind == "dots" for t in clause.tokens[-2:])


def goes_on(clause: Clause, part: list[Token], later: list[tuple[list[Token], Token | None]]) -> bool:
    r"""`Y \perp X, Z` and `Y \perp Z \mid X, W`: the last list of an independence, where no other one begins."""
    depth = levels(clause.tokens)
    stated = any(t.text == r"\perp" for t, level in zip(clause.tokens, depth, strict=False) if level == 0)
    plain = all(t.kind not in ("text", "rel") for t in part)
    return stated and plain and not any(STATING & set(main_relations(p)) for p, _ in later)


def extend(clause: Clause, comma: Token | None, part: list[Token]) -> None:
    clause.tokens = [*clause.tokens, *([comma] if comma else []), *part]
    if part[0].kind == "dots" and not any(t.text == r"\perp" for t in clause.tokens):
        clause.kind = "condition"


def leftover(waiting: list[Token], lead: str, before: list[Clause], found: list[Clause]) -> Clause:
    inside = waiting[0].kind == "open" and waiting[0].text in "([" and waiting[-1].kind == "close"
    earlier = any(c.kind in ("chain", "statement") for c in (*before, *found))
    if lead == "condition" or (inside and earlier and any(t.kind == "rel" for t in waiting)):
        return Clause("condition", waiting[1:-1] if inside else waiting, lead)
    if inside and earlier and any(t.kind == "text" for t in waiting):
        return Clause("remark", waiting, text=" ".join(t.text for t in waiting if t.kind == "text"))
    return Clause("expression", waiting, lead)


def classify(part: list[Token], lead: str, before: list[Clause], found: list[Clause], later: list) -> Clause:
    relations = main_relations(part)
    if lead == "condition":
        return Clause("condition", part, lead)
    if STATING & set(relations):
        return Clause("statement", part, lead)
    earlier = any(c.kind in ("chain", "statement") for c in (*before, *found))
    if earlier and part[0].kind != "rel" and not ({"=", ":="} & set(relations)):
        return Clause("condition", part, lead)
    if later and later[0][0][0].kind == "dots" and relations == ["="]:
        return Clause("condition", part, lead)
    return Clause("chain", part, lead)


def merged(found: list[Clause]) -> list[Clause]:
    """An expression in front of a remark that states something keeps its place; nothing else changes."""
    return [c for c in found if c.tokens]


def cut(tokens: list[Token]) -> tuple[list[list[Token]], list[Token]]:
    """Members and relations of a chain at the top level."""
    members: list[list[Token]] = [[]]
    signs: list[Token] = []
    for token, level in zip(tokens, levels(tokens), strict=False):
        if level == 0 and token.kind == "rel":
            signs.append(token)
            members.append([])
        else:
            members[-1].append(token)
    return [strip(m) for m in members], signs
