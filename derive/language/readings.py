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
    "sum": "Σ", "prod": "Π", "partial": "∂", "dots": "…", "vdots": "…", "ddots": "…", "ldots": "…", "cdots": "…",
    "bullet": "•", "circ": "°",
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

    >>> plain(r"\tilde{\mathbf{x}}_{i}"), plain(r"\sigma^{2}"), plain(r"\frac{a+b}{c_{i}}")
    ('x̃_i', 'σ²', '(a+b)/c_i')
    >>> plain(r"\frac{1}{\sigma_{f}^2} \operatorname{Cov}(f(x), g_{ij})")
    '1/(σ_f²) Cov(f(x), g_ij)'
    """
    text = re.sub(r"\\begin\{[a-z]*matrix\}(.*?)\\end\{[a-z]*matrix\}", _matrix, latex)
    text = re.sub(r"\\(?:left|right|big|Big|bigg|Bigg)(?![A-Za-z])|\\[,;!: ]", "", text)
    text = (
        text.replace(r"_{\bullet}", "")
        .replace(r"^{(\bullet)}", "")
        .replace(r"\{", "⟨")
        .replace(r"\}", "⟩")
        .replace(r"\|", "‖")
    )
    text = _commands(text, 0)
    text = re.sub(r"\\([A-Za-z]+)\s*", lambda m: GREEK.get(m.group(1), m.group(1)), text)
    text = re.sub(r"\^\{?2\}?(?!\d)", "²", text)
    text = re.sub(r"\^\{?ᵀ\}?", "ᵀ ", text)
    text = re.sub(r"\^\{-1\}", "⁻¹", text)
    text = re.sub(r"([_^])\{([^{}=,+−-]+)\}", r"\1\2", text)
    text = re.sub(r"\^\{(\([^{}()]*\))\}", r"^\1", text)
    text = re.sub(r"([_^])\{([^{}]*)\}", r"\1(\2)", text)
    text = text.replace("{", "").replace("}", "").replace("⟨", "{").replace("⟩", "}")
    text = re.sub(r"ᵀ +([\)\],;²])", r"ᵀ\1", text)
    return re.sub(r"\s+", " ", text).strip()


def _matrix(found: re.Match[str]) -> str:
    rows = [", ".join(cell.strip() for cell in row.split("&")) for row in found.group(1).split(r"\\")]
    return "[" + "; ".join(rows) + "]"


def _commands(text: str, depth: int) -> str:
    """Fractions, fonts and accents with their arguments, innermost last."""
    found = re.search(rf"\\(?:[dt]?frac|sqrt|{FONTS}|{'|'.join(ACCENTS)})(?![A-Za-z])\s*", text)
    if found is None or depth > 50:
        return text
    name = found.group(0).strip().lstrip("\\")
    first, after = _argument(text, found.end())
    first = _commands(first, depth + 1)
    if name.endswith("frac"):
        second, after = _argument(text, after)
        made = f"{_simple(first)}/{_simple(_commands(second, depth + 1))}"
    elif name == "sqrt":
        made = f"√({first})"
    elif name in ACCENTS:
        inner = GREEK.get(first[1:], first) if first.startswith("\\") else first
        made = inner + ACCENTS[name] if len(inner) == 1 else inner
    else:
        made = first
    return text[: found.start()] + made + _commands(text[after:], depth + 1)


def _argument(text: str, start: int) -> tuple[str, int]:
    """(argument, place behind it): a group in braces, a command, or one sign."""
    if start >= len(text):
        return "", start
    if text[start] != "{":
        found = re.match(r"\\[A-Za-z]+|.", text[start:])
        return (found.group(0), start + found.end()) if found else ("", start)
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return text[start + 1 : place], place + 1
    return text[start + 1 :], len(text)


def _simple(part: str) -> str:
    return part if re.fullmatch(r"\\?\w+|\\?\w+_\{?\w+\}?", part) else f"({part})"


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
        dotted = "…" in groups[0][0]
        return f"{groups[0][0]} are {how}" if dotted else f"the {groups[0][0]} are {how}"
    if len(groups) == 2 and not any(each):
        return f"{group(groups[0])} is independent of {group(groups[1])}" + (", for every index" if schematic else "")
    names = [("every " if e and "…" not in g[0] else "") + group(g) for g, e in zip(groups, each, strict=False)]
    return f"{listed(names)} are {'pairwise' if pairwise else 'mutually'} independent"


DISTRIBUTIONS = {
    "Normal": "normally distributed", "Bernoulli": "Bernoulli", "Uniform": "uniformly distributed",
    "Exponential": "exponentially distributed",
    "Poisson": "Poisson distributed", "Binomial": "binomially distributed", "Gamma": "Gamma distributed", "Beta": "Beta distributed",
    "Laplace": "Laplace distributed", "Rademacher": "a random sign (Rademacher)", "Categorical": "categorically distributed",
    "Multinomial": "multinomially distributed", "MatrixNormal": "matrix-normally distributed",
    "Dirichlet": "Dirichlet distributed", "Wishart": "Wishart distributed",
    "LogNormal": "log-normally distributed", "InverseGamma": "inverse-Gamma distributed",
    "DiscreteUniform": "uniformly distributed on whole numbers", "Unknown": "distributed by a law that is not known here",
}  # fmt: skip
PARAMETERS = {
    "Normal": ("mean", "variance"), "Bernoulli": ("probability",), "Uniform": ("lower end", "upper end"), "Exponential": ("rate",),
    "Poisson": ("rate",), "Binomial": ("number of trials", "probability"), "Gamma": ("shape", "rate"),
    "Beta": ("first parameter", "second parameter"),
    "Laplace": ("location", "scale"), "Categorical": ("probabilities",), "Multinomial": ("number of trials", "probabilities"),
    "MatrixNormal": ("mean", "row covariance", "column covariance"), "Moments": ("mean", "covariance"),
    "Dirichlet": ("concentration",), "Wishart": ("degrees of freedom", "scale"),
    "LogNormal": ("mean of the logarithm", "variance of the logarithm"), "InverseGamma": ("shape", "scale"),
    "DiscreteUniform": ("lower end", "upper end"),
}  # fmt: skip


def distributed(subject: str, family: str, parameters: list[str], vector: bool) -> str:
    names = PARAMETERS.get(family, ())
    names = tuple("covariance" if n == "variance" and vector else n for n in names)
    given = listed([f"{n} {p}" for n, p in zip(names, parameters, strict=False)])
    many = "…" in subject or " and " in subject
    if family == "Finite":
        half = len(parameters) // 2
        return f"{subject} {'are' if many else 'is'} " + listed(
            [f"{v} with probability {p}" for v, p in zip(parameters[:half], parameters[half:], strict=True)]
        )
    if family == "Moments":
        return f"{subject} {'have' if many else 'has'} {given}"
    what = DISTRIBUTIONS.get(family, family + " distributed")
    return f"{subject} {'are' if many else 'is'} {what}" + (f" with {given}" if given else "")


KINDS = {
    "natural": "natural number",
    "integer": "integer",
    "binary": "0 or 1",
    "sign": "1 or -1",
    "positive": "positive number",
    "unit": "number in [0, 1]",
}


def shaped(subjects: list[str], dims: list[str], word: str = "") -> str:
    """One sentence on the shape of one or more symbols."""
    many = len(subjects) > 1 or "…" in subjects[0]
    verb, article = (
        ("are", "")
        if many
        else ("is", "an " if word == "integer" or (len(dims) == 2 and dims[0][:1] in "aefhilmnorsx8") else "a ")
    )
    ending = "s" if many else ""
    if not dims and word in ("binary", "sign"):
        return f"{listed(subjects)} {verb} {KINDS[word]}"
    if not dims:
        noun = (
            KINDS.get(word, "real number")
            .replace("number", "number" + ending, 1)
            .replace("integer", "integer" + ending)
        )
        return f"{listed(subjects)} {verb} {article}{noun}"
    if len(dims) == 1:
        return f"{listed(subjects)} {verb} {article}vector{ending} with {dims[0]} components"
    return f"{listed(subjects)} {verb} {article}{dims[0]}×{dims[1]} matri{'ces' if many else 'x'}"
