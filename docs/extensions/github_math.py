"""Pages are written for GitHub, too: its `math` fences and dollar-backtick formulas are mathematics on the site."""

from __future__ import annotations

import re
from typing import Any


def translate(text: str) -> str:
    """
    >>> translate("$`x^2`$")
    '$x^2$'
    """
    text = re.sub(r"(?m)^```math$", "```{math}", text)
    return re.sub(r"\$`([^`]+)`\$", lambda m: f"${m[1].strip()}$", text)


def on_source_read(_app: Any, name: str, source: list[str]) -> None:
    if name != "notebook":
        source[0] = translate(source[0])


def setup(app: Any) -> dict[str, Any]:
    app.connect("source-read", on_source_read)
    return {"parallel_read_safe": True}
