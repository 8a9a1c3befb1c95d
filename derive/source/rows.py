"""A display's tokens to logical rows: environments, `\\\\`, `&` and expressions that go on in the next row."""

from __future__ import annotations

from derive.source import clauses as cl
from derive.source.tokens import Token

ALIGNING = frozenset(
    "aligned split gathered align alignat alignedat gather flalign multline multlined eqnarray equation displaymath math "
    "lgathered rgathered "
    "empheq subequations dmath IEEEeqnarray dcases* proof".split()
)
PAIRED = frozenset("aligned split align alignat alignedat flalign".split())
OPERATORS = ("plus", "minus", "times")


def logical_rows(tokens: list[Token], environment: str = "") -> list[list[Token]]:
    """Rows without alignment marks, each with one or more whole clauses."""
    tokens, wrapped = unwrap(tokens)
    cells = [split_cells(row) for row in split_rows(tokens)]
    kind = wrapped or environment
    columns = by_columns(cells) if paired(kind, cells) else [cells]
    rows: list[list[Token]] = []
    for column in columns:
        rows.extend(join(column, kind))
    return rows


def unwrap(tokens: list[Token]) -> tuple[list[Token], str]:
    """Without the environments that only lay out rows; the name of the first of them."""
    name = ""
    array = whole_array(tokens)
    if array:
        tokens, name = array, "array"
    depth = 0
    found: list[Token] = []
    for token in tokens:
        if token.kind in ("begin", "end") and depth == 0 and token.text.rstrip("*") in ALIGNING:
            name = name or token.text.rstrip("*")
            continue
        depth += (token.kind in ("lbrace", "begin")) - (token.kind in ("rbrace", "end"))
        depth = max(depth, 0)
        found.append(token)
    return found, name


def whole_array(tokens: list[Token]) -> list[Token] | None:
    """The inside of an array, or of cases, that is the whole display and holds equations."""
    inner = cl.strip(tokens)
    if len(inner) < 3 or inner[0].kind != "begin" or inner[-1].kind != "end" or inner[0].text != inner[-1].text:
        return None
    if inner[0].text.rstrip("*") not in ("array", "cases", "dcases", "matrix") or min(cl.levels(inner)) < 1:
        return None
    content = inner[1:-1]
    depth = 0
    for token in content:
        depth += (token.kind in ("lbrace", "begin", "open")) - (token.kind in ("rbrace", "end", "close"))
        if depth == 0 and token.kind == "rel":
            return content
    return None


def split_rows(tokens: list[Token]) -> list[list[Token]]:
    return [r for r in cut(tokens, "row") if any(t.kind not in ("amp", "quad") for t in r)]


def split_cells(row: list[Token]) -> list[list[Token]]:
    return cut(row, "amp")


def cut(tokens: list[Token], kind: str) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth = max(0, depth + (token.kind in ("lbrace", "begin")) - (token.kind in ("rbrace", "end")))
        if depth == 0 and token.kind == kind:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def paired(kind: str, cells: list[list[list[Token]]]) -> bool:
    """Whether columns of equations stand side by side: `a &= b & c &= d`."""
    if kind not in PAIRED:
        return False
    return any(
        len(row) >= 4 and content(row[2]) and content(row[2])[0].kind not in (*OPERATORS, "rel", "text") and content(row[3])[:1]
        and content(row[3])[0].kind == "rel"
        for row in cells
    )  # fmt: skip


def content(cell: list[Token]) -> list[Token]:
    return [t for t in cell if t.kind != "quad"]


def by_columns(cells: list[list[list[Token]]]) -> list[list[list[list[Token]]]]:
    width = max((len(row) + 1) // 2 for row in cells)
    columns = []
    for k in range(width):
        columns.append([row[2 * k : 2 * k + 2] for row in cells if any(content(c) for c in row[2 * k : 2 * k + 2])])
    return columns


def join(cells: list[list[list[Token]]], kind: str) -> list[list[Token]]:
    """Put rows together that are parts of one expression."""
    rows: list[list[Token]] = []
    for row in cells:
        tokens = flat(row)
        if rows and goes_on(rows[-1], tokens, row, kind):
            rows[-1] = [*rows[-1], *tokens]
        else:
            rows.append(tokens)
    return rows


def flat(row: list[list[Token]]) -> list[Token]:
    """The cells side by side; a wide gap stands between an equation and a remark column."""
    tokens: list[Token] = []
    for cell in row:
        inner = content(cell)
        if tokens and inner and inner[0].kind == "text":
            tokens.append(Token("quad", r"\quad", inner[0].start, inner[0].start))
        tokens.extend(cell)
    return tokens


def goes_on(before: list[Token], tokens: list[Token], row: list[list[Token]], kind: str) -> bool:
    """Whether the row continues the expression of the rows before it."""
    inner, last = content(tokens), [t for t in before if t.kind not in ("quad", "text")]
    if not inner or not last or inner[0].kind == "rel":
        return False
    if last[-1].kind in (*OPERATORS, "rel", "slash"):
        return True
    if inner[0].kind in OPERATORS:
        return not (inner[0].kind != "times" and own_equation(row))
    if kind.startswith("multline"):
        return True
    if cl.unclosed(before):
        return inner[0].kind in ("close", *OPERATORS) or not has_relation(inner) or not own_equation(row)
    return inner[0].kind == "close"


def own_equation(row: list[list[Token]]) -> bool:
    """`-c &= d`: something stands in front of the aligned relation."""
    return len(row) > 1 and bool(content(row[0])) and bool(content(row[1])) and content(row[1])[0].kind == "rel"


def has_relation(tokens: list[Token]) -> bool:
    return any(t.kind == "rel" for t in tokens)
