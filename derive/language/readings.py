"""Plain English for givens: what the user is told was understood."""

from __future__ import annotations

import re

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
    "nabla": "∇", "top": "ᵀ", "intercal": "ᵀ", "cdot": "·", "infty": "∞", "star": "*", "ast": "*", "le": "≤", "leq": "≤",
    "ge": "≥", "geq": "≥", "neq": "≠", "ne": "≠", "in": "∈", "mid": "|", "times": "×", "odot": "⊙", "otimes": "⊗",
    "sum": "Σ", "prod": "Π", "partial": "∂", "dots": "…", "ldots": "…", "cdots": "…", "bullet": "•", "circ": "°",
    "perp": "⊥", "to": "→", "quad": " ", "qquad": " ",
}  # fmt: skip
ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
}
FONTS = "mathbf|boldsymbol|bm|mathrm|mathit|mathcal|mathbb|mathsf|operatorname|text|textrm|textbf|vec|mathfrak|pmb|underline"


def plain(latex: str) -> str:
    r"""A short Unicode rendering of simple LaTeX.

    >>> plain(r"\tilde{\mathbf{x}}_{i}"), plain(r"\sigma^{2}"), plain(r"\frac{a}{b}")
    ('x̃_i', 'σ²', 'a/b')
    """
    text = re.sub(r"\\(?:left|right|big|Big|bigg|Bigg|,|;|!|:| )", "", latex)
    text = text.replace(r"_{\bullet}", "").replace(r"\{", "{").replace(r"\}", "}") if r"\{" not in text else text
    for _ in range(6):
        shorter = re.sub(rf"\\(?:{FONTS})\s*\{{([^{{}}]*)\}}", r"\1", text)
        shorter = re.sub(rf"\\(?:{FONTS})\s+(\\?[A-Za-z]+)", r"\1", shorter)
        shorter = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", _fraction, shorter)
        shorter = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", shorter)
        shorter = re.sub(rf"\\({'|'.join(ACCENTS)})\s*\{{([^{{}}\\]|\\[A-Za-z]+)\}}", _accent, shorter)
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"\\([A-Za-z]+)\s*", lambda m: GREEK.get(m.group(1), m.group(1)), text)
    text = re.sub(r"\^\{?2\}?", "²", text)
    text = re.sub(r"\^\{?ᵀ\}?", "ᵀ", text)
    text = re.sub(r"([_^])\{(.)\}", r"\1\2", text)
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "")).strip()


def _fraction(found: re.Match[str]) -> str:
    top, bottom = (part if re.fullmatch(r"\\?\w+", part) else f"({part})" for part in found.groups())
    return f"{top}/{bottom}"


def _accent(found: re.Match[str]) -> str:
    inner = found.group(2)
    inner = GREEK.get(inner[1:], inner) if inner.startswith("\\") else inner
    return inner + ACCENTS[found.group(1)]


def listed(items: list[str]) -> str:
    """`x`, `x and y`, `x, y and z`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""


def group(items: list[str]) -> str:
    """A group that is meant jointly."""
    return items[0] if len(items) == 1 else "(" + ", ".join(items) + ")"


def independent(groups: list[list[str]], each: list[bool], pairwise: bool, schematic: bool) -> str:
    """One sentence for an independence statement."""
    if len(groups) == 1:
        how = "pairwise independent" if pairwise else "independent"
        return f"the members of {groups[0][0]} are {how}"
    if len(groups) == 2 and not any(each):
        return f"{group(groups[0])} is independent of {group(groups[1])}" + (", for every index" if schematic else "")
    names = [("every " if e else "") + group(g) for g, e in zip(groups, each)]
    return f"{listed(names)} are {'pairwise' if pairwise else 'mutually'} independent"


DISTRIBUTIONS = {
    "Normal": "normally distributed", "Bernoulli": "Bernoulli", "Uniform": "uniformly distributed", "Exponential": "exponentially distributed",
    "Poisson": "Poisson distributed", "Binomial": "binomially distributed", "Gamma": "Gamma distributed", "Beta": "Beta distributed",
    "Laplace": "Laplace distributed", "Rademacher": "a random sign (Rademacher)", "Categorical": "categorically distributed",
    "Multinomial": "multinomially distributed", "MatrixNormal": "matrix-normally distributed",
}  # fmt: skip
PARAMETERS = {
    "Normal": ("mean", "variance"), "Bernoulli": ("probability",), "Uniform": ("lower end", "upper end"), "Exponential": ("rate",),
    "Poisson": ("rate",), "Binomial": ("number of trials", "probability"), "Gamma": ("shape", "rate"), "Beta": ("first parameter", "second parameter"),
    "Laplace": ("location", "scale"), "Categorical": ("probabilities",), "Multinomial": ("number of trials", "probabilities"),
    "MatrixNormal": ("mean", "row covariance", "column covariance"), "Moments": ("mean", "covariance"),
}  # fmt: skip


def distributed(subject: str, family: str, parameters: list[str], vector: bool) -> str:
    names = PARAMETERS.get(family, ())
    names = tuple("covariance" if n == "variance" and vector else n for n in names)
    given = listed([f"{n} {p}" for n, p in zip(names, parameters)])
    if family == "Moments":
        return f"{subject} has {given}"
    what = DISTRIBUTIONS.get(family, family + " distributed")
    return f"{subject} is {what}" + (f" with {given}" if given else "")


def shaped(subject: str, dims: list[str], kind: str = "") -> str:
    if not dims:
        return f"{subject} is {kind or 'a real number'}"
    if len(dims) == 1:
        return f"{subject} is a vector with {dims[0]} components"
    return f"{subject} is a {dims[0]}×{dims[1]} matrix"
