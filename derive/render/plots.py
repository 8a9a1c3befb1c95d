"""Pictures of simulations, by matplotlib: how estimates settle, and curves with simulated points beside their formula.

Every function takes plain numbers and a `target`: None gives the SVG as text, a path writes PNG, PDF or SVG by its
suffix.  Equal data give equal bytes.  Colours are those of Okabe and Ito; lines differ also in their dashes, points in
their shapes.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, PURPLE, SKY, BLACK = "#E69F00", "#CC79A7", "#56B4E9", "#000000"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (2, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
QUIET = "#595959"

MISSING = "plots need matplotlib: pip install 'derive-proofs[plots]'"

STYLE: dict[str, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "mathtext.fontset": "cm",
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.edgecolor": QUIET,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.borderpad": 0.2,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "figure.constrained_layout.use": True,
}


PRINTED: dict[str, Any] = {  # beside TeX's text, in its letters
    "font.family": "cmr10",
    "font.size": 10,
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False,
}
DIRECT = 0.07  # of the picture's height, how far apart lines must end to have their labels there
MATHEMATICAL = re.compile(r"\\?[A-Za-z]+(?:_\{?[A-Za-z0-9]\}?)?")


class PlotsUnavailable(Exception):
    """matplotlib is not installed; the text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one row of points of a `curve`: `y` over `x`, with standard errors where `error` is given.

    `points`: markers with error bars (simulated) rather than a line (a formula).  Series of one `group` share a colour.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    error: Sequence[float] | None = None
    points: bool = False
    group: int | None = None


def convergence(
    trace: Sequence[Sequence[float]],
    target: str | Path | None = None,
    *,
    title: str = "",
    lhs: str = "left side",
    rhs: str = "right side",
    width: float = 1.96,
) -> str:
    """Running means of both sides, and below them their difference with its confidence band.

    `trace` holds (samples, lhs, its error, rhs, its error, difference, its error) per point, as a simulation gives it;
    the bands reach `width` standard errors to either side.  Raises `ValueError` for fewer than two points.
    """
    if len(trace) < 2:
        raise ValueError("a convergence plot needs at least two points")
    library = _library()
    columns = list(zip(*trace, strict=True))
    n = columns[0]
    with library.rc_context(STYLE):
        figure = library.figure.Figure(figsize=(6.2, 4.4))
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        for k, (label, mean, error) in enumerate(((lhs, *columns[1:3]), (rhs, *columns[3:5]))):
            _band(upper, n, mean, error, width, COLOURS[k])
            upper.plot(n, mean, color=COLOURS[k], linestyle=DASHES[k], label=label)
        lower.axhline(0.0, color=BLACK, linewidth=0.8)
        lower.plot(n, columns[5], color=COLOURS[2], label="difference")
        _band(lower, n, columns[5], columns[6], width, COLOURS[2], label=f"±{width:g} standard errors")
        upper.set_xscale("log")
        upper.set_ylabel("running mean")
        lower.set_ylabel("left − right")
        lower.set_xlabel("samples")
        _settle_limits(upper, columns[1], columns[2], columns[3], columns[4], width)
        upper.legend(loc="best")
        lower.legend(loc="best", ncols=2)
        if title:
            upper.set_title(title)
        return _finish(figure, target)


def curve(
    series: Sequence[Series],
    target: str | Path | None = None,
    *,
    band: tuple[Sequence[float], Sequence[float], Sequence[float]] | None = None,
    labels: Mapping[str, str] | None = None,
    width: float = 1.96,
) -> str:
    """Lines for formulas and points with error bars for simulations, in one picture.

    `band`: (x, low, high) of a shaded region.  `labels`: 'x', 'y', 'title', 'band', 'legend'; 'lines' and 'points', which
    say what these are, the single lines then being named at their ends; and, to make an axis logarithmic, 'xscale',
    'yscale'.  Error bars reach `width` standard errors to either side.
    """
    if not series:
        raise ValueError("a curve needs at least one series")
    labels = labels or {}
    library = _library()
    with library.rc_context(_style(target)):
        figure = library.figure.Figure(figsize=(6.2, 3.7))
        axes = figure.subplots()
        if band is not None:
            axes.fill_between(*band, color=SKY, alpha=0.3, linewidth=0, label=labels.get("band"))
        for k, one in enumerate(series):
            _draw(axes, one, k if one.group is None else one.group, width)
        axes.set_xlabel(labels.get("x", ""))
        axes.set_ylabel(labels.get("y", ""))
        axes.set_xscale(labels.get("xscale", "linear"))
        axes.set_yscale(labels.get("yscale", "linear"))
        if "title" in labels:
            axes.set_title(labels["title"])
        _whole_numbers(axes, series, labels)
        handles = _kinds(axes, series, labels) if _named_at_ends(axes, series, labels) else None
        if handles or any(one.label for one in series):
            axes.legend(handles=handles, title=labels.get("legend"), alignment="left", loc="best")
        return _finish(figure, target)


def gap(
    alpha: Sequence[float],
    difference: Sequence[float],
    error: Sequence[float],
    target: str | Path | None = None,
    *,
    title: str = "",
    x: str = r"$\alpha$",
    y: str = "left side $-$ right side",
    expected: Sequence[float] | None = None,
    expected_label: str = "linear model",
    label: str = "simulated",
) -> str:
    """The difference between two sides against a parameter; what is expected of it is a line, zero when not given."""
    line = Series(expected_label, alpha, expected or [0.0] * len(alpha), group=1)
    dots = Series(label, alpha, difference, error, points=True, group=0)
    return curve([line, dots], target, labels={"x": x, "y": y} | ({"title": title} if title else {}))


# ---------------------------------------------------------------------------------------------


def _library() -> Any:
    """matplotlib without any display or global state, or a one-line reason."""
    try:
        import matplotlib
        import matplotlib.figure
    except ImportError:
        raise PlotsUnavailable(MISSING) from None
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # the date of TeX's letters is no news
    return matplotlib


def _band(axes: Any, x: Any, mean: Any, error: Any, width: float, colour: str, label: str | None = None) -> None:
    low = [m - width * e for m, e in zip(mean, error, strict=True)]
    high = [m + width * e for m, e in zip(mean, error, strict=True)]
    axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, label=label)


def mathematical(latex: str, plain: str, target: str | Path | None) -> str:
    """A name for an axis: as a formula in a picture for print, where it is simple, else as plain text."""
    return f"${latex}$" if target is not None and MATHEMATICAL.fullmatch(latex) else plain


def _style(target: str | Path | None) -> dict[str, Any]:
    return STYLE | PRINTED if target is not None and str(target).endswith(".pdf") else STYLE


def _named_at_ends(axes: Any, series: Sequence[Series], labels: Mapping[str, str]) -> bool:
    """Writes the lines' names at their right ends, if 'lines' asks for it and they do not collide."""
    named = [(k, one) for k, one in enumerate(series) if one.label and not one.points]
    ends = sorted(one.y[-1] for _, one in named)
    low, high = axes.get_ylim()
    close = any(b - a < DIRECT * (high - low) for a, b in pairwise(ends))
    if "lines" not in labels or not named or close or labels.get("yscale", "linear") != "linear":
        return False
    for k, one in named:
        colour = COLOURS[(k if one.group is None else one.group) % len(COLOURS)]
        axes.annotate(
            one.label, (one.x[-1], one.y[-1]), xytext=(7, 0), textcoords="offset points", va="center", color=colour
        )
    return True


def _kinds(axes: Any, series: Sequence[Series], labels: Mapping[str, str]) -> list[Any]:
    """What lines and points are, for the legend."""
    from matplotlib.lines import Line2D

    kinds = [Line2D([], [], color=QUIET, label=labels["lines"])]
    if "points" in labels and any(one.points for one in series):
        kinds.append(Line2D([], [], color=QUIET, marker="o", markersize=5, linestyle="", label=labels["points"]))
    return kinds


def _settle_limits(axes: Any, lhs: Any, lhs_error: Any, rhs: Any, rhs_error: Any, width: float) -> None:
    """Leave the noise of the first points outside, when it would hide the rest."""
    start = len(lhs) // 8
    means, errors = [*lhs[start:], *rhs[start:]], [*lhs_error[start:], *rhs_error[start:]]
    spread = [(m, width * e) for m, e in zip(means, errors, strict=True)]
    low, high = min(m - e for m, e in spread), max(m + e for m, e in spread)
    margin = 0.06 * (high - low) or 0.05 * max(abs(high), 1e-12)
    axes.set_ylim(low - margin, high + margin)


def _draw(axes: Any, one: Series, place: int, width: float) -> None:
    colour = COLOURS[place % len(COLOURS)]
    if not one.points:
        axes.plot(one.x, one.y, color=colour, linestyle=DASHES[place % len(DASHES)], label=one.label or None)
        if one.error is not None:
            _band(axes, one.x, one.y, one.error, width, colour)
        return
    bars = None if one.error is None else [width * e for e in one.error]
    axes.errorbar(
        one.x, one.y, yerr=bars, fmt=MARKERS[place % len(MARKERS)], color=colour, markersize=5, markeredgecolor="white",
        markeredgewidth=0.7, elinewidth=1.1, capsize=2.5, label=one.label or None, zorder=3,
    )  # fmt: skip


def _whole_numbers(axes: Any, series: Sequence[Series], labels: Mapping[str, str]) -> None:
    """Ticks at whole numbers, where all positions are some."""
    if labels.get("xscale", "linear") == "linear" and all(float(x).is_integer() for one in series for x in one.x):
        from matplotlib.ticker import MaxNLocator

        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _finish(figure: Any, target: str | Path | None) -> str:
    """The SVG text, or the path that was written.  No dates go into the file."""
    metadata: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "derive"},
        "pdf": {"CreationDate": None, "ModDate": None, "Creator": "derive", "Producer": "derive"},
        "png": {"Software": "derive"},
    }
    if target is None:
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata=metadata["svg"])
        return buffer.getvalue()
    suffix = Path(target).suffix.lower().lstrip(".")
    if suffix not in metadata:
        raise ValueError(f"a plot is written as .svg, .png or .pdf, not as {Path(target).name!r}")
    figure.savefig(target, format=suffix, metadata=metadata[suffix])
    return str(target)
