"""The pictures of the gallery and its page, from the files in output/: `make gallery` (poppler and Chromium needed).

A picture of each derivation as an article, and one of each other form.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from derive import library
from derive.source import read_document

HERE = Path(__file__).parent
OUTPUT = HERE.parent.parent / "output"
COLOURS = 48
FORMS = {
    "slide": ("Slides", "One line a click; what changed is highlighted in both lines."),
    "network": ("A drawing", "Dropped neurons, drawn from the head of the document."),
    "page": ("A web page", "One file, without scripts; folds open into lines of one rule each."),
    "dark": ("The same page in the dark", "and on a telephone."),
}
HEAD = """# The library in pictures

The derivations of `proofs/`, as `make demo` writes them into `output/`; each picture is the top of an article.
`derive show NAME` prints one in the terminal.
This page is made by `make gallery`.
"""


def page_of(pdf: Path, number: int, dpi: int) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page"
        command = ["pdftoppm", "-png", "-singlefile", "-r", str(dpi), "-f", str(number), "-l", str(number)]
        subprocess.run([*command, str(pdf), str(target)], check=True)
        return Image.open(target.with_suffix(".png")).convert("RGB").copy()


def screen_of(page: Path, width: int, height: int, *options: str) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "screen.png"
        command = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={width},{height}"]
        address = page.resolve().as_uri()
        subprocess.run([*command, *options, f"--screenshot={target}", address], check=True, capture_output=True)
        return Image.open(target).convert("RGB").copy()


def cropped(picture: Image.Image, most: int) -> Image.Image:
    """Without the white margin, and no higher than `most`."""
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    picture = picture.crop(box) if box else picture
    return picture.crop((0, 0, picture.width, min(most, picture.height)))


def keep(picture: Image.Image, name: str) -> None:
    picture.quantize(COLOURS).save(HERE / f"{name}.png", optimize=True)


def slide_with(words: str) -> int:
    """The number of the first page of the deck, behind the table of contents, that has the words."""
    text = subprocess.run(["pdftotext", "-layout", str(OUTPUT / "slides.pdf"), "-"], check=True, capture_output=True)
    pages = text.stdout.decode().split("\f")
    return next(n for n, page in enumerate(pages, 1) if n > 1 and words in page)


def draw() -> None:
    for name in library.names():
        keep(cropped(page_of(OUTPUT / f"{name}.pdf", 1, 90), 520), name)
    keep(page_of(OUTPUT / "slides.pdf", slide_with("squares") + 1, 100), "slide")
    keep(page_of(OUTPUT / "slides.pdf", slide_with("Dropout in the forward pass"), 100), "network")
    keep(screen_of(OUTPUT / "l2-noise.html", 1000, 760), "page")
    keep(screen_of(OUTPUT / "l2-noise.html", 500, 900, "--blink-settings=preferredColorScheme=0"), "dark")


def index() -> str:
    """The page: every derivation of the library in the order of the lecture, then the other forms."""
    parts = [HEAD]
    heads = {name: read_document(f"{name}.md", library.text(name)) for name in library.names()}
    for name in sorted(heads, key=lambda n: int(heads[n].metadata.get("order", "0"))):
        title, source = heads[name].title, heads[name].metadata.get("source", "").strip('"')
        parts.append(f"## {title}\n\n`{name}`" + (f" — {source}" if source else "") + f"\n\n![{title}]({name}.png)\n")
    parts += [f"## {title}\n\n{words}\n\n![{title}]({name}.png)\n" for name, (title, words) in FORMS.items()]
    return "\n".join(parts)


if __name__ == "__main__":
    draw()
    (HERE / "index.md").write_text(index(), encoding="utf-8")
