from __future__ import annotations

import re

from derive.render.nodes import write
from derive.render.parsing import parse
from derive.render.widths import height, width
from tests.render.examples import ALL
from tests.render.texrun import needs_tex, typeset


def test_tall_things_are_taller():
    assert height(parse("x^2 + y")) == 1.0
    assert height(parse(r"\frac{a}{b}")) > 2
    assert height(parse(r"\begin{pmatrix}a\\b\\c\end{pmatrix}")) == 3.0


@needs_tex
def test_widths_are_close_to_what_tex_says(tmp_path):
    steps = [s for make in ALL.values() for d in make().derivations for s in d.steps]
    lines = [parse(latex) for s in steps for latex in (s.lhs, s.rhs) if latex and parse(latex)]
    boxes = "\n".join(rf"\setbox0\hbox{{$\displaystyle {write(n)}$}}\typeout{{W \the\wd0}}" for n in lines)
    head = r"\documentclass[11pt]{article}\usepackage{amsmath,amssymb}\begin{document}"
    log = typeset(head + boxes + r" x\end{document}", tmp_path)
    measured = [float(w) / 10.95 for w in re.findall(r"W ([\d.]+)pt", log)]
    assert len(measured) == len(lines)
    for nodes, true in zip(lines, measured, strict=True):
        assert 0.9 * true - 0.3 < width(nodes) < 1.25 * true + 0.5, write(nodes)
