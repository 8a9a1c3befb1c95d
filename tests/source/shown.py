"""A short notation for syntax, so that expected readings fit on one line of a table."""

from __future__ import annotations

from derive.language import syntax as sx


def shown(node: object) -> str:
    """`x_{i}`, `(a + -b)`, `E[X | Y]`, `tr(A)`, `a*b`, `f@(x)` for a tight bracket."""
    match node:
        case None:
            return "none"
        case tuple():
            return ", ".join(shown(n) for n in node)
        case sx.Numeral(value):
            return str(value)
        case sx.Name(letter, below, above):
            return letter + ("_{" + shown(below) + "}" if below else "") + ("^{" + shown(above) + "}" if above else "")
        case sx.Label(text):
            return f"'{text}'"
        case sx.Plus(items):
            return "(" + " + ".join(map(shown, items)) + ")"
        case sx.Negate(item):
            return "-" + shown(item)
        case sx.Juxtaposition(items, tight):
            text = shown(items[0])
            for item, close in zip(items[1:], tight, strict=False):
                text += ("@" if close else "*") + shown(item)
            return "{" + text + "}"
        case sx.Fraction_(above, below):
            return f"[{shown(above)} / {shown(below)}]"
        case sx.Power(base, exponent):
            return f"{shown(base)}^{shown(exponent)}"
        case sx.Transposed(item):
            return f"{shown(item)}.T"
        case sx.Inverted(item, kind):
            return f"{shown(item)}.{'inv' if kind == 'inverse' else 'pinv'}"
        case sx.Bracketed(item, opening):
            return f"br{opening}{shown(item)})"
        case sx.Tuple_(items):
            return f"<{shown(items)}>"
        case sx.Dots():
            return "..."
        case sx.Subscripted(item, below):
            return f"sub({shown(item)}; {shown(below)})"
        case sx.Operator(kind, arguments, over, given):
            text = kind + ("_{" + shown(over) + "}" if over else "")
            return f"{text}[{shown(arguments)}{' | ' + shown(given) if given else ''}]"
        case sx.Call(name, arguments):
            return f"{name}({shown(arguments)})"
        case sx.Binary(operator, left, right):
            return f"{operator}({shown(left)}, {shown(right)})"
        case sx.Big(kind, ranges, body):
            return f"{kind}<{'; '.join(map(shown, ranges))}>{shown(body)}"
        case sx.IndexRange(index, lower, upper, excluded, below, within):
            text = shown(index)
            if lower is not None or upper is not None:
                text += f"={shown(lower)}..{shown(upper)}"
            text += "".join(f"!={shown(e)}" for e in excluded) + "".join(f"<{shown(b)}" for b in below)
            return text + (f" in {shown(within)}" if within is not None else "")
        case sx.MatrixLiteral(rows, dotted):
            return "[" + "; ".join(", ".join(map(shown, row)) for row in rows) + ("]..." if dotted else "]")
        case sx.Gradient(item, wrt, order):
            return f"grad{order if order != 1 else ''}_{{{shown(wrt)}}}({shown(item)})"
        case sx.Relation(symbol, left, right):
            return f"{shown(left)} {symbol} {shown(right)}"
        case sx.Indicator(event):
            return f"1{{{shown(event)}}}"
        case sx.Evaluated(item, places):
            return f"at({shown(item)}; {shown(places)})"
        case sx.Cases(branches):
            return "cases(" + "; ".join(f"{shown(v)} if {shown(c)}" for v, c in branches) + ")"
        case sx.Opaque(latex):
            return f"opaque({latex})"
    raise TypeError(type(node))
