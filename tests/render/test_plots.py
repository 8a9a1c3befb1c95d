"""Pictures: what is in them, that equal data give equal bytes, and that errors are one line."""

from __future__ import annotations

import builtins
import math
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from derive.render import plots
from derive.render.plots import MISSING, PlotsUnavailable, Series, convergence, curve, gap

pytest.importorskip("matplotlib")

TRACE = [
    (n, 2 + 1 / n, 1 / math.sqrt(n), 2 - 1 / n, 0.5 / math.sqrt(n), 2 / n, 1 / math.sqrt(n))
    for n in range(100, 5000, 100)
]
SIZES = [1, 2, 3, 4, 5]
LINES = [
    Series("c = 0", SIZES, [1 / n for n in SIZES], group=0),
    Series("", SIZES, [1 / n + 0.01 for n in SIZES], [0.02] * 5, points=True, group=0),
    Series("c = 0.5", SIZES, [0.5 + 0.5 / n for n in SIZES], group=1),
]


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return " ".join("".join(node.itertext()) for node in root.iter() if node.tag.endswith("text"))


def test_convergence_says_what_it_shows():
    svg = convergence(TRACE, title="A title", lhs="here", rhs="there")
    shown = texts(svg)
    for word in ("A title", "here", "there", "difference", "samples", "running mean", "1.96 standard errors"):
        assert word in shown
    assert svg.count(plots.BLUE.lower()) and svg.count(plots.VERMILLION.lower())


def test_curves_have_labels_points_and_bars():
    svg = curve(LINES, labels={"x": "size", "y": "error", "title": "Ensembles", "legend": "v = 1"})
    shown = texts(svg)
    for word in ("size", "error", "Ensembles", "v = 1", "c = 0", "c = 0.5"):
        assert word in shown
    assert "stroke-dasharray" in svg


def test_a_band_is_named():
    assert "region" in texts(curve(LINES[:1], band=(SIZES, [0.0] * 5, [1.0] * 5), labels={"band": "region"}))


def test_gap_draws_what_is_expected():
    shown = texts(gap([0.0, 0.5, 1.0], [0.0, -0.1, -0.4], [0.01] * 3, title="Gap", expected_label="none expected"))
    for word in ("Gap", "none expected", "simulated"):
        assert word in shown


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png"])
def test_equal_data_give_equal_bytes(tmp_path, suffix):
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    assert convergence(TRACE, first) == str(first)
    convergence(TRACE, second)
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_bytes()) > 1000


def test_svg_has_no_date():
    svg = convergence(TRACE)
    assert svg == convergence(TRACE)
    assert "<dc:date>" not in svg


def test_colours_can_be_told_apart():
    """Neighbours in the palette differ in lightness or stand far apart in hue also without red and green."""

    def seen(colour: str) -> tuple[float, float]:
        red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return 0.3 * red + 0.59 * green + 0.11 * blue, blue - (red + green) / 2

    places = [seen(c) for c in plots.COLOURS]
    assert all(math.dist(p, q) > 0.1 for k, p in enumerate(places) for q in places[:k])
    assert len(set(plots.DASHES)) == len(plots.DASHES) >= len(plots.COLOURS)


def test_errors_are_plain(tmp_path):
    with pytest.raises(ValueError, match="two points"):
        convergence(TRACE[:1])
    with pytest.raises(ValueError, match="at least one"):
        curve([])
    with pytest.raises(ValueError, match=r"not as 'a\.bmp'"):
        convergence(TRACE, tmp_path / "a.bmp")


def test_without_matplotlib_there_is_one_line(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PlotsUnavailable) as caught:
        convergence(TRACE)
    assert str(caught.value) == MISSING and "\n" not in MISSING


def test_matplotlib_is_loaded_only_when_used():
    code = "import sys, derive.render.plots; sys.exit(any(m in sys.modules for m in ('matplotlib', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
