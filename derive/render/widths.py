"""How wide and how tall an expression comes out, roughly and rather too much, in em of the text font.

Computer Modern's advance widths, rounded; enough to decide where a line must break without asking TeX.
"""

from __future__ import annotations

from derive.render.commands import ACCENTS, GREEK, LARGE, NAMED
from derive.render.nodes import Node, Nodes, classes

ITALIC = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        map(
            float,
            ".53 .43 .43 .52 .47 .6 .52 .58 .35 .45 .55 .3 .88 "
            ".6 .49 .5 .48 .48 .47 .36 .57 .52 .74 .57 .53 .51".split(),
        ),
        strict=True,
    )
)
CAPITALS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        map(
            float,
            ".75 .76 .73 .83 .76 .7 .79 .88 .47 .6 .87 .68 1.02 .85 .76 .71 .79 .76 .64 .64 .73 .72 1.0 .83 .72 .7".split(),
        ),
        strict=True,
    )
)
BOLD = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        map(
            float,
            ".56 .64 .52 .64 .53 .38 .58 .64 .32 .36 .61 .32 .96 .64 .58 .64 .61 .48 .46 .45 .64 .61 .83 .61 .61 .52 "
            ".87 .82 .83 .89 .76 .73 .91 .9 .44 .6 .91 .7 1.1 .9 .87 .79 .87 .87 .64 .8 .89 .87 1.19 .87 .87 .71".split(),
        ),
        strict=True,
    )
)
ROMAN = (
    dict.fromkeys("ijl.,;:'!|", 0.28)
    | dict.fromkeys("frst()[]I-/", 0.39)
    | dict.fromkeys("cezvagyxo ", 0.47)
    | dict.fromkeys("bdhnpquk", 0.56)
    | {"m": 0.84, "w": 0.73, " ": 0.34}
)
GREEK_WIDTHS = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega".split(),
        map(float, ".65 .6 .56 .47 .42 .47 .52 .49 .37 .59 .6 .61 .53 .46 .6 .53 .6 .52 .56 .61 .64 .68 .64".split()),
        strict=True,
    )
)
NARROW = frozenset(["cdot", "mid", "prime", "colon", "vert"])
SCRIPT = 0.73
SPACING = {"bin": 0.45, "rel": 0.56, "punct": 0.17, "op": 0.17}
BLANKS = {r"\,": 0.17, r"\:": 0.22, r"\;": 0.28, r"\!": -0.17, r"\ ": 0.33, r"\quad": 1.0, r"\qquad": 2.0, "~": 0.33}


def width(nodes: Nodes) -> float:
    """Width of the nodes in em."""
    return sum(node_width(n) + SPACING.get(c, 0.0) for n, c in zip(nodes, classes(nodes), strict=True))


def _script_width(nodes: Nodes | None) -> float:
    """Width of a script: smaller letters, and no space around operators."""
    return SCRIPT * sum(map(node_width, nodes)) if nodes is not None else 0.0


def node_width(node: Node) -> float:
    return nucleus_width(node) + scripts_width(node)


def scripts_width(node: Node) -> float:
    sup, sub = _script_width(node.sup), _script_width(node.sub)
    if node.head[1:] in LARGE or node.option == r"\limits":
        return max(0.0, max(sup, sub) - 1.3)
    return max(sup + 0.3 * node.primes, sub) + (0.1 if sup or sub else 0.0)


def nucleus_width(node: Node) -> float:
    if node.kind == "text":
        return text_width(node.head)
    if node.kind == "space":
        return BLANKS.get(node.head, 0.0)
    if node.kind == "group":
        return width(node.args[0])
    if node.kind == "fence":
        tall = node.head.startswith(r"\left") and any(height(a) > 1.2 for a in node.args)
        bracket = 0.78 if tall else bracket_width(node.head) + 0.1 * node.head.startswith(r"\left")
        around = 0.3 if node.head.startswith(r"\left") else 0.0
        return sum(map(width, node.args)) + 2 * bracket + around + 0.6 * len(node.option.split())
    if node.kind == "grid":
        return _grid_width(node)
    return _command_width(node) if node.kind == "command" else _symbol_width(node.head)


def text_width(text: str) -> float:
    """Width of upright words."""
    return sum(ROMAN.get(c, 0.76 if c.isupper() else 0.52) for c in text)


def bracket_width(head: str) -> float:
    """Width of a bracket of the size of its line."""
    return 0.51 if head.endswith(r"\|") else 0.3 if head[-1] in "[]|.r" else 0.52 if head[-1] in "{}" else 0.41


def _symbol_width(head: str) -> float:
    if not head.startswith("\\"):
        first = head[0]
        if first.islower():
            return ITALIC.get(first, 0.55)
        return (
            CAPITALS.get(first, 0.77)
            if first.isupper()
            else 0.5
            if first.isdigit()
            else 0.78
            if first in "+-=<>"
            else 0.3
        )
    name = head[1:]
    if name in GREEK:
        return GREEK_WIDTHS.get(name.removeprefix("var"), 0.62) if name[0].islower() else 0.8
    if name in NARROW:
        return 0.28
    if name in LARGE:
        return 1.45 if name not in ("int", "oint") else 0.9
    if name in NAMED:
        return 0.52 * len(name)
    if name.startswith(("long", "Long")):
        return 1.7
    return (
        0.5
        if not name[0].isalpha() or name in ("star", "ast", "ell")
        else 1.2
        if name[0] in "bB" and name[1:2] == "i"
        else 0.8
    )


def _command_width(node: Node) -> float:
    name = node.head.lstrip("\\").rstrip("*")
    parts = [width(a) for a in node.args]
    if "frac" in name or "binom" in name:
        return max(parts) * (SCRIPT if name[0] == "t" else 1.0) + (0.28 if "frac" in name else 1.5)
    if name in ("overset", "stackrel", "underset"):
        return max(_script_width(node.args[0]), parts[1])
    if name == "sqrt":
        return parts[0] + 0.95
    if name == "operatorname":
        return text_width("".join(n.head for n in node.args[0])) + 0.17
    if name == "mathbb":
        return 0.73 * len(node.args[0])
    if name in ("mathbf", "boldsymbol", "pmb"):
        return 0.02 + sum(BOLD.get(n.head, 1.17 * nucleus_width(n)) + scripts_width(n) for n in node.args[0])
    if name in ACCENTS:
        return parts[0]
    return max(parts, default=0.6) if not name.startswith("x") else SCRIPT * max(parts) + 1.2


def _grid_width(node: Node) -> float:
    columns = [0.0] * max(node.rows)
    cells = iter(node.args)
    for length in node.rows:
        for i in range(length):
            columns[i] = max(columns[i], width(next(cells)))
    tall = len(node.rows) > 1
    brackets = {"matrix": 0.0, "array": 0.95, "smallmatrix": 0.0}.get(node.head, 1.35 if tall else 0.85)
    return sum(columns) + (len(columns) - 1) * 0.93 + brackets


def height(nodes: Nodes) -> float:
    """Height in lines of text: 1 for what fits a line."""
    return max((_node_height(n) for n in nodes), default=1.0)


def _node_height(node: Node) -> float:
    inner = max((height(a) for a in node.args), default=1.0)
    if node.kind == "grid":
        cells = iter(node.args)
        return sum(max((height(next(cells)) for _ in range(length)), default=1.0) for length in node.rows)
    if node.head in (r"\frac", r"\dfrac", r"\cfrac", r"\binom", r"\dbinom"):
        return height(node.args[0]) + height(node.args[1]) + 0.1
    if node.head in (r"\overbrace", r"\underbrace"):
        return inner + (1.1 if node.sup is not None or node.sub is not None else 0.5)
    if node.head[1:] in LARGE:
        return 1.4 + 0.6 * (node.sup is not None) + 0.6 * (node.sub is not None)
    return inner
