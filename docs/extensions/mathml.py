"""Mathematics of the site as MathML, by the library that makes it for pages: nothing is loaded when it is read."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from math_core import LatexToMathML

from derive.render.mathml import MACROS

CONVERTER = LatexToMathML(macros=MACROS, allow_unreliable_rendering=True)


def mathml(latex: str, display: bool) -> str:
    """MathML of a formula of our own pages; raises LatexError for one that cannot be shown."""
    source = re.sub(r"\\(?:label|nonumber|notag)\b(?:\{[^}]*\})?", "", latex.strip()).strip().strip("$")
    shown = CONVERTER.convert_with_local_state(source, displaystyle=display)
    return shown.replace("<math", f'<math alttext="{escape(source)}"', 1)


def visit_inline(self: Any, node: nodes.Element) -> None:
    self.body.append(mathml(node.astext(), display=False))
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.Element) -> None:
    self.body.append(f'<div class="math" tabindex="0">{mathml(node.astext(), display=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
