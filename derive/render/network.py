r"""Networks of neurons drawn in TikZ, with those that were dropped in grey.

A document asks for one in its front matter: `network: 3-3-2 dropped 1:2, 2:2` (layer:neuron, both from 1).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

MAX_LAYERS, MAX_NEURONS = 8, 12
ACROSS = 2.2  # cm from layer to layer
Size = tuple[float, float]


def network(layers: Sequence[int], dropped: Collection[tuple[int, int]] = (), scale: float = 1.0) -> str:
    """TikZ for a fully connected network.  `layers`: neurons in each; `dropped`: (layer, neuron), both from 1."""
    gone = set(dropped)
    tallest = max(layers)
    place = {
        (i, j): (ACROSS * (i - 1), 1.0 * (tallest - size) / 2 + (size - j))
        for i, size in enumerate(layers, 1)
        for j in range(1, size + 1)
    }
    lines = [
        r"\begin{tikzpicture}[" + (rf"scale={scale:.2f}, transform shape," if scale < 1 else ""),
        r"  neuron/.style={circle, draw, thick, minimum size=7mm, inner sep=0pt, font=\small},",
        r"  dropped/.style={neuron, draw=black!35, fill=black!8, dashed, text=black!40},",
        r"  weight/.style={-, black!70},",
        r"  cut/.style={-, black!18, dashed},",
        r"]",
    ]
    for (i, j), (x, y) in place.items():
        style = "dropped" if (i, j) in gone else "neuron"
        lines.append(rf"  \node[{style}] (n{i}x{j}) at ({x:.1f}, {y:.1f}) {{${label(i, j, layers)}$}};")
    for i, j in place:
        for k in range(1, layers[i] + 1 if i < len(layers) else 1):
            style = "cut" if gone & {(i, j), (i + 1, k)} else "weight"
            lines.append(rf"  \draw[{style}] (n{i}x{j}) -- (n{i + 1}x{k});")
    return "\n".join([*lines, r"\end{tikzpicture}"])


def label(layer: int, neuron: int, layers: Sequence[int]) -> str:
    r"""LaTeX of a neuron's name: inputs x, hidden units h, predictions ŷ, numbered where there are several.

    >>> label(1, 2, [3, 3, 1]), label(2, 1, [3, 3, 1]), label(3, 1, [3, 3, 1]), label(3, 2, [2, 2, 2, 2])
    ('x_{2}', 'h_{1}', '\\hat{y}', 'h^{(2)}_{2}')
    """
    last = layer == len(layers)
    name = "x" if layer == 1 else r"\hat{y}" if last else "h" if len(layers) < 4 else f"h^{{({layer - 1})}}"
    return name if layers[layer - 1] == 1 else f"{name}_{{{neuron}}}"


def network_svg(layers: Sequence[int], dropped: Collection[tuple[int, int]] = ()) -> str:
    """The same network as inline SVG, in the page's own colours."""
    gone = set(dropped)
    tallest = max(layers)
    place = {
        (i, j): (40 + 110 * (i - 1), 30 + 50 * ((tallest - size) / 2 + j - 1))
        for i, size in enumerate(layers, 1)
        for j in range(1, size + 1)
    }
    width, height = 80 + 110 * (len(layers) - 1), 60 + 50 * (tallest - 1)
    said = f"Network with layers of {', '.join(map(str, layers))} neurons, {len(gone) or 'none'} dropped"
    lines = [f'<svg class="network" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{said}">']
    for i, j in place:
        for k in range(1, layers[i] + 1 if i < len(layers) else 1):
            style = "cut" if gone & {(i, j), (i + 1, k)} else "weight"
            (x, y), (u, v) = place[i, j], place[i + 1, k]
            lines.append(f'<line class="{style}" x1="{x}" y1="{y:g}" x2="{u}" y2="{v:g}"/>')
    for neuron, (x, y) in place.items():
        lines.append(f'<circle class="{"dropped" if neuron in gone else "neuron"}" cx="{x}" cy="{y:g}" r="15"/>')
    return "\n".join([*lines, "</svg>"])


def read_network(text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """
    >>> read_network("3-3-2 dropped 1:2, 2:2")
    ([3, 3, 2], [(1, 2), (2, 2)])

    Raises ValueError when the text is no network or names a neuron that is not there.
    """
    match = re.fullmatch(r"\s*(\d+(?:\s*-\s*\d+)+)\s*(?:,?\s*dropped:?\s*((?:\d+:\d+[\s,]*)+))?", text)
    if match is None:
        raise ValueError(f"not a network: {text!r}; expected e.g. '3-3-2 dropped 1:2, 2:2'")
    layers = [int(n) for n in re.findall(r"\d+", match[1])]
    dropped = [(int(i), int(j)) for i, j in re.findall(r"(\d+):(\d+)", match[2] or "")]
    if len(layers) > MAX_LAYERS or not all(1 <= n <= MAX_NEURONS for n in layers):
        raise ValueError(f"a network has at most {MAX_LAYERS} layers of 1 to {MAX_NEURONS} neurons: {text!r}")
    for i, j in dropped:
        if not (1 <= i <= len(layers) and 1 <= j <= layers[i - 1]):
            raise ValueError(f"there is no neuron {i}:{j} in {text!r}")
    return layers, dropped


def network_of(metadata: Mapping[str, str], svg: bool = False, most: Size | None = None) -> str:
    """The picture that a document's front matter asks for (TikZ, or inline SVG), "" when it asks for none.

    `most`: width and height in cm into which TikZ has to fit.
    """
    if not metadata.get("network"):
        return ""
    layers, dropped = read_network(metadata["network"])
    return network_svg(layers, dropped) if svg else network(layers, dropped, _scale(layers, most))


def drawn_size(metadata: Mapping[str, str], most: Size) -> Size:
    """Width and height, in cm, of the TikZ picture that fits into `most`."""
    if not metadata.get("network"):
        return 0.0, 0.0
    layers, _ = read_network(metadata["network"])
    wide, tall = _size(layers)
    return wide * _scale(layers, most), tall * _scale(layers, most)


def _size(layers: Sequence[int]) -> Size:
    return ACROSS * (len(layers) - 1) + 0.8, max(layers) - 1 + 0.8


def _scale(layers: Sequence[int], most: Size | None) -> float:
    wide, tall = _size(layers)
    return min(1.0, most[0] / wide, most[1] / tall) if most is not None else 1.0
