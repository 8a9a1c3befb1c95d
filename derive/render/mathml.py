r"""LaTeX to MathML Core through the library math-core, for pages that need neither scripts nor network.

Only what `parsing.parse` has vetted is converted, and what comes back is let through only when it consists of known
MathML; everything else is shown as code.  Never raises.

>>> convert(r"\input{x}")
'<code>\\input{x}</code>'
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.parser import HTMLParser

from derive.render.layout import Labels
from derive.render.macros import NO_MACROS, Macros
from derive.render.nodes import write
from derive.render.parsing import parse
from derive.render.unicode import to_unicode

MACROS = (
    {"boxed": "#1", "smash": "#1", "mathnormal": "#1", "pmb": r"\boldsymbol{#1}", "strut": ""}
    | {"substack": r"\begin{subarray}{c} #1 \end{subarray}", "varliminf": r"\liminf", "varlimsup": r"\limsup"}
    | {"dots": r"\ldots", "dotsc": r"\ldots", "dotso": r"\ldots"}
    | {"dotsb": r"\cdots", "dotsm": r"\cdots", "dotsi": r"\cdots"}
)
ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd "
    "mstyle mpadded mphantom menclose merror mmultiscripts mprescripts none semantics span b i".split()
)
ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel stretchy fence form lspace rspace minsize maxsize symmetric accent accentunder "
    "mathvariant movablelimits largeop separator width height depth linethickness notation columnalign rowspan "
    "columnspan style class alttext".split()
)
PROPERTIES = "color|margin-left|padding(-[a-z]+)?|width|text-align|justify-items|vertical-align|border[-a-z]*"
STYLE = re.compile(rf"(\s*({PROPERTIES})\s*:\s*[#\w.%-]+( [#\w.%-]+)*;?)*\s*")
CLASSES = re.compile(r"(menclose|math-core|change)[-\w ]*")
# Colours that stand for classes until math-core has done its work; "again": the next step will change it too.
MARKERS = {"change-1": "#0072B2", "change-2": "#C24E00", "change-1 again": "#0072B3", "change-2 again": "#C24E01"}


@lru_cache(maxsize=1)
def _converter():
    """The library's converter, or None where it is not installed."""
    try:
        from math_core import LatexToMathML
    except ImportError:
        return None
    return LatexToMathML(macros=MACROS, fancy_error=False, max_expansions=500, allow_unreliable_rendering=True)


def convert(latex: str, macros: Macros = NO_MACROS) -> str:
    """MathML of an expression, or the LaTeX as code."""
    nodes = parse(latex, macros)
    return markup(write(nodes), latex) if nodes is not None else as_code(latex)


def as_code(latex: str) -> str:
    return f"<code>{html.escape(latex.strip(), quote=False)}</code>" if latex.strip() else ""


def markup(vetted: str, latex: str, display: bool = False) -> str:
    """MathML of LaTeX that has been vetted and perhaps painted by `colour`; `latex` is shown where that fails.

    `display`: fractions and sums in full size.  Marked places come out with the classes of `MARKERS`.
    """
    converter = _converter()
    if converter is None or not vetted.strip():
        return as_code(latex)
    from math_core import LatexError

    source = re.sub(r"\\text\{((?:\\[{}]|\{\}|[^{}])*)\}", _words, vetted)
    source = re.sub(r"(\\math(?:op|rel|bin)\{.*?\})\\(?:no)?limits", r"\1", source)
    source = re.sub(r":\s*=", r"\\coloneqq ", source)  # one sign, not two
    try:
        result = converter.convert_with_local_state(source, displaystyle=False)
    except LatexError:
        return as_code(latex)
    spoken = html.escape(to_unicode(uncoloured(vetted)))
    style = ' displaystyle="true"' if display else ""
    result = result.replace("<math>", f'<math alttext="{spoken}"{style}>', 1)
    for name, value in MARKERS.items():
        result = result.replace(f'style="color:{value};"', f'class="{name}"')
    return result if safe(result) else as_code(latex)


def _words(match: re.Match[str]) -> str:
    """The words of a \\text{…} as the library takes them: formulas outside, blanks at the ends that count."""
    text = re.sub(r"\$([^$]*)\$", r"}\1\\text{", match[1])
    text = r"\text{" + text + "}"
    return re.sub(r"(\\text\{[^{}]*) \}", r"\1~}", re.sub(r"\\text\{ ", r"\\text{~", text))


def colour(latex: str, labels: Labels) -> str:
    """A marked run, in the colour that is afterwards taken for a class."""
    value = MARKERS[f"change-{(min(labels) - 1) % 2 + 1}" + (" again" if len(labels) > 1 else "")]
    red, green, blue = (int(value[i : i + 2], 16) for i in (1, 3, 5))
    return rf"{{\color[RGB]{{{red},{green},{blue}}} {latex}}}"


def uncoloured(latex: str) -> str:
    r"""Without the marks of `colour`.

    >>> uncoloured(colour("x", frozenset({1})) + " + y")
    '{ x} + y'
    """
    return re.sub(r"\\color\[RGB\]\{[\d,]+\}", "", latex)


class _Sieve(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.clean = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.clean = self.clean and tag in ELEMENTS and all(_allowed(name, value or "") for name, value in attrs)

    def handle_comment(self, data: str) -> None:
        self.clean = False

    def handle_decl(self, decl: str) -> None:
        self.clean = False


def _allowed(name: str, value: str) -> bool:
    if name == "style":
        return STYLE.fullmatch(value) is not None
    if name == "class":
        return CLASSES.fullmatch(value) is not None
    return name in ATTRIBUTES


def safe(markup: str) -> bool:
    """Is this nothing but MathML, without links, handlers or foreign styles?"""
    sieve = _Sieve()
    sieve.feed(markup)
    sieve.close()
    return sieve.clean
