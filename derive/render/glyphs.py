"""What a LaTeX command looks like as one character of text, and its spelling where only ASCII is available."""

from __future__ import annotations

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

# Each is (Unicode, ASCII).
RELATIONS = {
    "=": ("=", "="), "<": ("<", "<"), ">": (">", ">"), ":=": (":=", ":="), "le": ("≤", "<="), "leq": ("≤", "<="),
    "leqslant": ("≤", "<="), "ge": ("≥", ">="), "geq": ("≥", ">="), "geqslant": ("≥", ">="), "ne": ("≠", "!="),
    "neq": ("≠", "!="), "equiv": ("≡", "=="), "approx": ("≈", "~~"), "sim": ("∼", "~"), "simeq": ("≃", "~="),
    "cong": ("≅", "~="), "propto": ("∝", "propto"), "in": ("∈", "in"), "notin": ("∉", "not in"), "ni": ("∋", "ni"),
    "subset": ("⊂", "subset"), "subseteq": ("⊆", "subseteq"), "supset": ("⊃", "supset"), "to": ("→", "->"),
    "rightarrow": ("→", "->"), "longrightarrow": ("→", "->"), "leftarrow": ("←", "<-"), "mapsto": ("↦", "|->"),
    "Rightarrow": ("⇒", "=>"), "implies": ("⇒", "=>"), "Leftarrow": ("⇐", "<="), "iff": ("⇔", "<=>"),
    "Leftrightarrow": ("⇔", "<=>"), "perp": ("⟂", "_|_"), "indep": ("⫫", "_||_"), "mid": ("|", "|"), "ll": ("≪", "<<"),
    "gg": ("≫", ">>"), "coloneqq": (":=", ":="), "triangleq": ("≜", ":="), "doteq": ("≐", ":="), "colon": (":", ":"),
    "parallel": ("∥", "||"), "succ": ("≻", ">"), "succeq": ("⪰", ">="), "prec": ("≺", "<"), "preceq": ("⪯", "<="),
}  # fmt: skip
BINARY = {
    "+": ("+", "+"), "-": ("−", "-"), "pm": ("±", "+-"), "mp": ("∓", "-+"), "cdot": ("·", "*"), "times": ("×", "x"),
    "div": ("÷", "/"), "odot": ("⊙", "(.)"), "otimes": ("⊗", "(x)"), "oplus": ("⊕", "(+)"), "ast": ("*", "*"),
    "star": ("⋆", "*"), "circ": ("∘", "o"), "cup": ("∪", "u"), "cap": ("∩", "n"), "setminus": ("∖", "\\"),
    "wedge": ("∧", "and"), "land": ("∧", "and"), "vee": ("∨", "or"), "lor": ("∨", "or"), "bullet": ("•", "*"),
}  # fmt: skip
LARGE = {
    "sum": ("Σ", "sum"), "prod": ("Π", "prod"), "int": ("∫", "int"), "iint": ("∬", "iint"), "oint": ("∮", "oint"),
    "bigcup": ("⋃", "union"), "bigcap": ("⋂", "intersection"), "bigoplus": ("⨁", "(+)"), "bigotimes": ("⨂", "(x)"),
    "coprod": ("∐", "coprod"),
}  # fmt: skip
PLAIN = {
    "infty": ("∞", "oo"), "partial": ("∂", "d"), "nabla": ("∇", "grad"), "top": ("⊤", "T"), "intercal": ("⊤", "T"),
    "bot": ("⊥", "_|_"), "prime": ("′", "'"), "ell": ("ℓ", "l"), "hbar": ("ℏ", "hbar"), "imath": ("ı", "i"),
    "jmath": ("ȷ", "j"), "emptyset": ("∅", "{}"), "varnothing": ("∅", "{}"), "forall": ("∀", "for all "),
    "exists": ("∃", "exists "), "neg": ("¬", "not "), "dagger": ("†", "+"), "ddagger": ("‡", "++"), "dots": ("…", "..."),
    "ldots": ("…", "..."), "cdots": ("…", "..."), "dotsc": ("…", "..."), "dotsb": ("…", "..."), "vdots": ("⋮", "..."),
    "ddots": ("⋱", "..."), "Re": ("Re", "Re"), "Im": ("Im", "Im"), "aleph": ("ℵ", "aleph"), "degree": ("°", "deg"),
    "backslash": ("\\", "\\"), "square": ("□", "[]"), "blacksquare": ("■", "[]"), "checkmark": ("✓", "ok"),
    "lbrack": ("[", "["), "rbrack": ("]", "]"), "lbrace": ("{", "{"), "rbrace": ("}", "}"), "langle": ("⟨", "<"),
    "rangle": ("⟩", ">"), "lVert": ("‖", "||"), "rVert": ("‖", "||"), "Vert": ("‖", "||"), "lvert": ("|", "|"),
    "rvert": ("|", "|"), "vert": ("|", "|"), "lfloor": ("⌊", "floor("), "rfloor": ("⌋", ")"), "lceil": ("⌈", "ceil("),
    "rceil": ("⌉", ")"), "lbrace ": ("{", "{"), "|": ("‖", "||"), "{": ("{", "{"), "}": ("}", "}"), "%": ("%", "%"),
    "#": ("#", "#"), "&": ("&", "&"), "_": ("_", "_"), "$": ("$", "$"),
}  # fmt: skip
OPENING = frozenset({"(", "[", "\\{", "\\lbrack", "\\lbrace", "\\langle", "\\lVert", "\\lvert", "\\lfloor", "\\lceil"})
CLOSING = frozenset({")", "]", "\\}", "\\rbrack", "\\rbrace", "\\rangle", "\\rVert", "\\rvert", "\\rfloor", "\\rceil"})

FUNCTIONS = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf "
    "argmax argmin det dim ker gcd deg arg Pr tr Tr diag rank".split()
)
BLACKBOARD = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "1": "𝟙"}
SCRIPT = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True))
BOLD = {chr(65 + k): chr(0x1D400 + k) for k in range(26)} | {chr(97 + k): chr(0x1D41A + k) for k in range(26)}

# Combining characters over (or under) one letter, and the suffix that stands for them in ASCII.
ACCENTS = {
    "hat": ("\u0302", "_hat"), "widehat": ("\u0302", "_hat"), "tilde": ("\u0303", "_tilde"),
    "widetilde": ("\u0303", "_tilde"), "bar": ("\u0304", "_bar"), "overline": ("\u0304", "_bar"), "vec": ("\u20d7", "_vec"),
    "dot": ("\u0307", "_dot"), "ddot": ("\u0308", "_ddot"), "check": ("\u030c", "_check"), "breve": ("\u0306", "_breve"),
    "acute": ("\u0301", "_acute"), "grave": ("\u0300", "_grave"), "mathring": ("\u030a", "_ring"),
    "underline": ("\u0332", "_under"), "overrightarrow": ("\u20d7", "_vec"),
}  # fmt: skip
FONTS = frozenset(
    "mathbf mathrm mathsf mathtt mathit mathnormal mathcal mathbb mathfrak mathscr boldsymbol bm pmb operatorname mathop "
    "mathbin mathrel mathord mathopen mathclose mathpunct mathinner boxed textcolor color phantom hphantom vphantom smash "
    "substack ensuremath underbrace overbrace".split()
)
TEXTS = frozenset(
    "text textrm textnormal textup textit textbf textsf texttt textsl textsc emph mbox hbox intertext".split()
)
SIZES = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm Biggm displaystyle "
    "textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hfill strut mathstrut bf rm it sf tt cal "
    "smallskip medskip bigskip relax".split()
)
DROPPED_WITH_ARGUMENT = frozenset(
    "label tag hspace vspace color qedhere ref eqref cite phantom hphantom vphantom".split()
)

SUPERSCRIPTS = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ⊤′*†",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡᵀ′*†",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
FRACTIONS = {
    ("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "5"): "⅕", ("2", "5"): "⅖",
    ("3", "5"): "⅗", ("4", "5"): "⅘", ("1", "6"): "⅙", ("5", "6"): "⅚", ("1", "8"): "⅛", ("3", "8"): "⅜", ("5", "8"): "⅝",
    ("7", "8"): "⅞",
}  # fmt: skip

# What is left of other characters when only ASCII may be printed: report marks, rules of tables, and what users type.
ASCII = {
    "−": "-", "–": "-", "—": "-", "…": "...", "·": "*", "×": "x", "′": "'", "’": "'", "‘": "'", "“": '"', "”": '"',
    "│": "|", "─": "-", "┼": "+", "✓": "ok", "✗": "X", "⟂": "_|_", "⫫": "_||_", "≠": "!=", "≤": "<=", "≥": ">=", "∈": "in",
    "→": "->", "²": "^2", "³": "^3", "½": "1/2", "⊤": "^T", "ᵀ": "^T", "Σ": "sum", "√": "sqrt", "∼": "~",
} | {glyph: name for name, glyph in GREEK.items() if glyph != "Σ"}  # fmt: skip
