"""Characters to raw tokens: TeX's view of the text, before macros and typography."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

RAW = re.compile(
    r"""(?P<space>(?:\s|%[^\n]*(?:\n|\Z))+)
       |(?P<command>\\(?:[A-Za-z]+|.|\Z))
       |(?P<number>\d+(?:\.\d+)?|\.\d+)
       |(?P<letter>[^\W\d_])
       |(?P<symbol>.)""",
    re.VERBOSE | re.DOTALL,
)

UNICODE = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ϵ": r"\epsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "µ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi",
    "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi",
    "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "ℓ": r"\ell", "∑": r"\sum", "∏": r"\prod",
    "≤": r"\le", "≥": r"\ge", "≠": r"\neq", "≈": r"\approx", "∼": r"\sim", "∈": r"\in", "≡": r"\equiv", "⊥": r"\perp",
    "⟂": r"\perp", "→": r"\to", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "∞": r"\infty", "∇": r"\nabla",
    "∂": r"\partial", "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "−": "-", "⊤": r"\top", "ᵀ": r"^\top", "′": "'",
    "⟨": r"\langle", "⟩": r"\rangle", "‖": r"\|", "…": r"\dots", "⋯": r"\cdots", "∀": r"\forall", "≔": ":=", "≜": r"\triangleq",
    "⊙": r"\odot", "⊗": r"\otimes", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "𝔼": r"\mathbb{E}",
    "²": "^2", "³": "^3", "½": r"\tfrac{1}{2}", "𝟏": r"\mathbf{1}", "𝟙": r"\mathbb{1}", "±": r"\pm", "√": r"\sqrt",
}  # fmt: skip


@dataclass(slots=True)
class Token:
    """One token.  `start`, `end` are offsets of the text that is read.

    Raw kinds: 'command', 'number', 'letter', 'symbol'.  `spaced`: white space stood in front of it.
    `extra` is set by later passes (`derive.source.typography`).
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    extra: object = None

    def at(self, start: int, end: int) -> Token:
        """The same token at another place."""
        return replace(self, start=start, end=end)


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    r"""Raw tokens of text[start:end]; white space and comments only leave their mark in `spaced`.

    >>> [t.text for t in tokenize(r"\alpha x_{12} % twelve")]
    ['\\alpha', 'x', '_', '{', '12', '}']
    """
    tokens: list[Token] = []
    spaced = False
    for found in RAW.finditer(text, start, len(text) if end is None else end):
        kind, piece = found.lastgroup, found.group()
        if kind == "space":
            spaced = True
            continue
        assert kind is not None
        if piece in UNICODE:
            for inner in tokenize(UNICODE[piece]):
                tokens.append(Token(inner.kind, inner.text, found.start(), found.end(), spaced))
                spaced = False
            continue
        tokens.append(Token(kind, piece, found.start(), found.end(), spaced))
        spaced = False
    return tokens


def source(tokens: list[Token]) -> str:
    """The tokens written out again, for messages and reasons."""
    return "".join((" " if t.spaced and k else "") + t.text for k, t in enumerate(tokens))


def closing_brace(tokens: list[Token], index: int) -> int:
    """Index of the `}` that closes the `{` at `index`, or -1."""
    depth = 0
    for k in range(index, len(tokens)):
        text = tokens[k].text
        if text == "{":
            depth += 1
        elif text == "}":
            depth -= 1
            if depth == 0:
                return k
    return -1
