"""Literal matrices: entries, dotted ones, and columns or rows beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.language import syntax as sx
from derive.language import terms as tm
from derive.language.dimensions import Listed
from derive.language.patterns import dotted_matrix
from derive.language.symbols import Lexicon, bold_letter
from derive.language.unreadable import Unreadable, fail

if TYPE_CHECKING:
    from derive.language.building import Builder


def matrix(builder: Builder, node: sx.MatrixLiteral) -> Any:
    if node.dotted or any(isinstance(e, sx.Dots) for row in node.rows for e in row):
        if (alike := repeated(builder, node)) is not None:
            return alike
        found = dotted_matrix(node.rows)
        if found is None:
            raise Unreadable("the pattern of this dotted matrix is not clear", node.span)
        if (side_by_side := stacked(builder, *found)) is not None:
            return side_by_side
        made = entries(builder, *found)
        return Listed(made, builder.dims.pair()) if found[0] is None else made
    rows = tuple(tuple(builder.build(e) for e in row) for row in node.rows)
    if len({len(r) for r in rows}) > 1:
        raise Unreadable("the rows of this matrix have different lengths", node.span)
    made = builder.mark(tm.Matrix(rows), node.span)
    return Listed(made, builder.dims.pair()) if len(rows) == 1 and len(rows[0]) > 1 else made


def repeated(builder: Builder, node: sx.MatrixLiteral) -> Any:
    r"""`(0, \dots, 0)^\top`: one number in all places, as many as fit; None for other matrices."""
    entries = {
        e.value if isinstance(e, sx.Numeral) else None for r in node.rows for e in r if not isinstance(e, sx.Dots)
    }
    value = entries.pop() if len(entries) == 1 else None
    if value is None:
        return None
    if all(len(row) == 1 for row in node.rows):
        return builder.repeated(value)
    if len(node.rows) == 1:
        return tm.Transpose(builder.repeated(value))
    return tm.Constant(value, (builder.large(), builder.large()))


def stacked(
    builder: Builder, row: tuple[str, sx.Node] | None, column: tuple[str, sx.Node] | None, body: sx.Node, diagonal: bool
) -> Any:
    r"""`(x_1, \dots, x_n)` of columns is Σ x_j e_jᵀ, and rows x_iᵀ below each other are Σ e_i x_iᵀ; None for other matrices."""
    lying = isinstance(body, sx.Transposed)
    name = body.item if isinstance(body, sx.Transposed) else body
    if (
        diagonal
        or (row is None) == lying
        or (column is None) != lying
        or not (is_vector(builder.lexicon, name) or lying)
    ):
        return None
    index, end = row or column or fail("dots without an end", (body,))
    upper = builder.size(end) or fail("the end of these dots is not a number of vectors", (end,))
    builder.bound.append((index, tm.one_to(upper)))
    inside = builder.build(body)
    builder.bound.pop()
    here = tm.Indicator("=", tm.IndexValue(tm.Index("_row")), tm.IndexValue(tm.Index(index)))
    unit = tm.Entries("_row", "_column", here, (upper, 1))
    return tm.Sum(index, tm.one_to(upper), tm.Mul((unit, inside) if lying else (inside, tm.Transpose(unit))))


def is_vector(lexicon: Lexicon, node: sx.Node) -> bool:
    """Whether a name was declared as a vector for each value of its indices, or is bold and nothing else was said."""
    if not isinstance(node, sx.Name):
        return False
    stem, indices, _ = lexicon.split(node)
    rank = lexicon.ranks.get(stem, {}).get(len(indices))
    return rank == 1 or (rank is None and bold_letter(node.letter) is not None)


def entries(
    builder: Builder, row: tuple[str, sx.Node] | None, column: tuple[str, sx.Node] | None, body: sx.Node, diagonal: bool
) -> Any:
    """A dotted matrix; `row`/`column` are (fresh index, upper limit)."""
    dims: list[Any] = []
    before = len(builder.bound)
    for part in (row, column):
        if part is None:
            dims.append(1)
            continue
        upper = builder.size(part[1]) or fail("the end of these dots is not a number of rows", (part[1],))
        builder.bound.append((part[0], tm.one_to(upper)))
        dims.append(upper)
    inside = builder.build(body)
    del builder.bound[before:]
    names = [part[0] if part else spare for part, spare in ((row, "_row"), (column, "_column"))]
    made = tm.Entries(names[0], names[1], inside, (dims[0], dims[1]))
    builder.scalars.append((inside, body.span))
    return tm.Diagonal(made) if diagonal else made
