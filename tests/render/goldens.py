"""The pages that are kept word for word in golden/.  After a wanted change: `python -m tests.render.goldens`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from derive.render import beamer, latex, markdown
from tests.render.examples import TITLES, ensemble, l2_noise, mean_of_square, variance_of_sum

FOLDER = Path(__file__).with_name("golden")
PAGES: dict[str, Callable[[], str]] = {
    "l2-noise.tex": lambda: latex.article(l2_noise(), titles=TITLES),
    "l2-noise-fragment.tex": lambda: latex.article(l2_noise(), fragment=True, titles=TITLES),
    "ensemble-calculation.tex": lambda: latex.article(ensemble(), style="calculation", titles=TITLES),
    "square.tex": lambda: latex.article(mean_of_square(), titles=TITLES),
    "sum.tex": lambda: latex.article(variance_of_sum(), titles=TITLES),
    "ensemble-slides.tex": lambda: beamer.slides([ensemble()], titles=TITLES),
    "l2-noise.md": lambda: markdown.page(l2_noise(), titles=TITLES),
    "square.md": lambda: markdown.page(mean_of_square(), titles=TITLES),
}


def golden(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
        print("wrote", FOLDER / name)
