"""Tables of notation: what LaTeX's commands and words stand for.  Data only."""

from __future__ import annotations

GREEK = frozenset(
    "\\" + n
    for n in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi varpi rho "
        "varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
        "digamma varGamma varDelta varTheta varLambda varXi varPi varSigma varPhi varPsi varOmega "
        "ell hbar imath jmath wp aleph beth infty emptyset varnothing bullet star square Box diamond clubsuit"
    ).split()
)

# Accents and other marks over a letter; they stay part of the name.
ACCENTS = frozenset(
    "\\" + n
    for n in (
        "hat widehat tilde widetilde bar overline vec check breve dot ddot dddot acute grave mathring underline underbar "
        "overrightarrow undertilde utilde"
    ).split()
)

# Fonts that distinguish symbols, with their canonical spelling.
STYLES = {
    r"\mathbf": r"\mathbf", r"\boldsymbol": r"\boldsymbol", r"\bm": r"\boldsymbol", r"\pmb": r"\boldsymbol",
    r"\symbf": r"\mathbf", r"\mathbfit": r"\boldsymbol", r"\mathcal": r"\mathcal", r"\mathscr": r"\mathscr",
    r"\mathfrak": r"\mathfrak", r"\mathbb": r"\mathbb", r"\mathbbm": r"\mathbb", r"\mathds": r"\mathbb",
    r"\Bbb": r"\mathbb", r"\mathit": r"\mathit", r"\cal": r"\mathcal", r"\mathnormal": "", r"\vmathbb": r"\mathbb",
}  # fmt: skip

ROMAN = frozenset({r"\mathrm", r"\operatorname", r"\mathsf", r"\mathtt", r"\operatornamewithlimits", r"\symrm"})
TEXTS = frozenset(
    {r"\text", r"\textrm", r"\textit", r"\textbf", r"\textsf", r"\texttt", r"\mbox", r"\hbox", r"\textnormal", r"\emph",
     r"\intertext", r"\shortintertext", r"\textup", r"\textmd", r"\textsc", r"\fbox"}
)  # fmt: skip
SWITCHES = {
    r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\it": r"\mathit", r"\sf": r"\mathsf", r"\tt": r"\mathtt", r"\cal": r"\mathcal",
    r"\bfseries": r"\mathbf", r"\boldmath": r"\boldsymbol",
}  # fmt: skip

IGNORED = frozenset(
    "\\" + n
    for n in (
        ", : ; ! > / - displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hfill hfil "
        "allowbreak nobreak noindent centering small footnotesize scriptsize tiny large Large normalsize mathstrut strut "
        "thinspace medspace thickspace negthinspace negmedspace negthickspace relax null par hline protect qedhere break "
        "linebreak smallskip medskip bigskip allowdisplaybreaks displaybreak nopagebreak unskip ignorespaces enspace xspace "
        "qed blacksquare leavevmode hfilneg boldmath unboldmath"
    ).split()
) | {"\\ ", "\\\n", "\\\t", r"\[", r"\]", r"\(", r"\)"}
QUADS = frozenset({r"\quad", r"\qquad", r"\enskip"})
IGNORED_WITH_ARGUMENT = {
    r"\label": 1, r"\tag": 1, r"\color": 1, r"\vspace": 1, r"\hspace": 1, r"\phantom": 1, r"\hphantom": 1, r"\vphantom": 1,
    r"\cite": 1, r"\footnote": 1, r"\footnotemark": 0, r"\mspace": 1, r"\rule": 2, r"\pagebreak": 0, r"\numberthis": 0,
    r"\tagaligneq": 0, r"\addtocounter": 2, r"\setcounter": 2, r"\raisetag": 1, r"\intertextsep": 0, r"\usepackage": 1,
    r"\refstepcounter": 1, r"\theoremstyle": 1, r"\require": 1, r"\todo": 1, r"\marginnote": 1, r"\citep": 1, r"\citet": 1,
    r"\class": 1, r"\cssId": 1, r"\hypertarget": 1,
}  # fmt: skip
# `\textcolor{red}{x}` is x: the number of arguments in front of what counts.
WRAPPERS = {
    r"\boxed": 0, r"\cancel": 0, r"\bcancel": 0, r"\xcancel": 0, r"\ensuremath": 0, r"\smash": 0, r"\textcolor": 1,
    r"\colorbox": 1, r"\fcolorbox": 2, r"\mathclap": 0, r"\mathllap": 0, r"\mathrlap": 0, r"\hl": 0, r"\colorboxed": 1,
    r"\mathcolor": 1, r"\highlight": 0, r"\style": 1, r"\bbox": 0, r"\mathinner": 0, r"\mathord": 0, r"\htmlClass": 1,
    r"\underbrace": 0, r"\overbrace": 0, r"\underbracket": 0, r"\overbracket": 0, r"\underline*": 0, r"\nolinebreak": 0,
}  # fmt: skip
BRACES = frozenset({r"\underbrace", r"\overbrace", r"\underbracket", r"\overbracket"})
BARE_WRAPPERS = frozenset({r"\mathop", r"\mathbin", r"\mathrel", r"\mathopen", r"\mathclose", r"\mathpunct"})
REFERENCES = frozenset({r"\eqref", r"\ref", r"\cref", r"\Cref", r"\autoref", r"\href", r"\hyperref"})

RELATIONS = {
    "=": "=", "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": r"\le", r"\leq": r"\le", r"\leqslant": r"\le", r"\leqq": r"\le",
    r"\ge": r"\ge", r"\geq": r"\ge", r"\geqslant": r"\ge", r"\geqq": r"\ge", r"\ne": r"\neq", r"\neq": r"\neq",
    r"\equiv": "=", r"\triangleq": ":=", r"\coloneqq": ":=", r"\coloneq": ":=", r"\defeq": ":=", r"\eqdef": ":=",
    r"\eqqcolon": "=", r"\Coloneqq": ":=", r"\approx": r"\approx", r"\approxeq": r"\approx", r"\thickapprox": r"\approx",
    r"\simeq": r"\simeq", r"\cong": r"\cong", r"\propto": r"\propto", r"\varpropto": r"\propto", r"\sim": r"\sim",
    r"\to": r"\to", r"\rightarrow": r"\to", r"\longrightarrow": r"\to", r"\mapsto": r"\mapsto", r"\leftarrow": r"\leftarrow",
    r"\gets": r"\leftarrow", r"\in": r"\in", r"\notin": r"\notin", r"\ni": r"\ni", r"\subset": r"\subset",
    r"\subseteq": r"\subset", r"\supset": r"\supset", r"\supseteq": r"\supset", r"\perp": r"\perp", r"\bot": r"\perp",
    r"\indep": r"\perp", r"\Perp": r"\perp", r"\independent": r"\perp", r"\upmodels": r"\perp", r"\ll": r"\ll", r"\gg": r"\gg",
    r"\succ": r"\succ", r"\succeq": r"\succeq", r"\prec": r"\prec", r"\preceq": r"\preceq", r"\asymp": r"\asymp",
    r"\doteq": r"\doteq", r"\lesssim": r"\lesssim", r"\gtrsim": r"\gtrsim", r"\leadsto": r"\leadsto", r"\models": r"\models",
    r"\Rightarrow": r"\Rightarrow", r"\implies": r"\Rightarrow", r"\Longrightarrow": r"\Rightarrow", r"\therefore": r"\Rightarrow",
    r"\Leftarrow": r"\Leftarrow", r"\Longleftarrow": r"\Leftarrow", r"\impliedby": r"\Leftarrow", r"\because": r"\Leftarrow",
    r"\Leftrightarrow": r"\Leftrightarrow", r"\iff": r"\Leftrightarrow", r"\Longleftrightarrow": r"\Leftrightarrow",
    r"\leftrightarrow": r"\leftrightarrow", r"\rightsquigarrow": r"\leadsto", r"\succcurlyeq": r"\succeq",
    r"\preccurlyeq": r"\preceq", r"\vdash": r"\vdash", r"\xlongequal": "=", r"\xequal": "=", r"\lll": r"\ll", r"\ggg": r"\gg",
}  # fmt: skip
ARROWS = frozenset({r"\Rightarrow", r"\Leftarrow", r"\Leftrightarrow"})
# What over an equals sign makes it another relation.
DISTRIBUTIONAL = frozenset(
    {"d", "D", r"\mathcal{D}", "dist", "law", r"\mathrm{d}", r"\mathcal{L}", r"\mathrm{dist}", "?", "!"}
)
DEFINING = frozenset(
    {"def", "def.", "Def", "Def.", "DEF", r"\Delta", r"\triangle", "definition", "by definition", "by def.", "."}
)

DOTS_BETWEEN = frozenset({r"\cdot", r"\cdotp", r"\centerdot", "·", "⋅"})  # of two vectors: their inner product
MULTIPLICATIONS = frozenset({r"\cdot", r"\times", r"\ast", "*", r"\cdotp", r"\centerdot"})
HADAMARD = {
    r"\odot": "odot",
    r"\circ": "odot",
    r"\otimes": "otimes",
    r"\bigodot": "odot",
    r"\had": "odot",
    r"\circledast": "",
}
DOTS = frozenset(
    {
        r"\dots",
        r"\ldots",
        r"\cdots",
        r"\vdots",
        r"\ddots",
        r"\dotsc",
        r"\dotsb",
        r"\dotsm",
        r"\dotsi",
        r"\iddots",
        r"\dotso",
    }
)

SIZES = frozenset("\\" + s + t for s in ("big", "Big", "bigg", "Bigg") for t in ("", "l", "r", "m"))
DELIMITERS = {
    "(": ("open", "("), "[": ("open", "["), r"\{": ("open", "{"), r"\lbrace": ("open", "{"), r"\lbrack": ("open", "["),
    r"\langle": ("open", "<"), r"\lgroup": ("open", "("), ")": ("close", ")"), "]": ("close", "]"), r"\}": ("close", "}"),
    r"\rbrace": ("close", "}"), r"\rbrack": ("close", "]"), r"\rangle": ("close", ">"), r"\rgroup": ("close", ")"),
    "|": ("bar", "|"), r"\vert": ("bar", "|"), r"\lvert": ("bar", "l"), r"\rvert": ("bar", "r"), r"\mid": ("bar", "m"),
    r"\|": ("dbar", "|"), r"\Vert": ("dbar", "|"), r"\lVert": ("dbar", "l"), r"\rVert": ("dbar", "r"), r"\parallel": ("dbar", "m"),
}  # fmt: skip
CLOSES = {"(": ")", "[": "]", "{": "}", "<": ">"}

# Words (roman or behind a backslash) that are operators of the language, by `Operator.kind`.
OPERATORS = {
    "E": "E", "Var": "Var", "var": "Var", "VAR": "Var", "Cov": "Cov", "cov": "Cov", "COV": "Cov", "Corr": "Corr", "corr": "Corr",
    "Cor": "Corr", "cor": "Corr", "Bias": "Bias", "bias": "Bias", "MSE": "MSE", "mse": "MSE", "sd": "Std", "SD": "Std", "Sd": "Std",
    "Std": "Std", "std": "Std", "stdev": "Std", "StdDev": "Std", "Pr": "P", "Prob": "P", "prob": "P", "PR": "P",
    "Skew": "Skew", "skew": "Skew", "Kurt": "Kurt", "kurt": "Kurt",
    "Variance": "Var", "Covariance": "Cov", "variance": "Var", "covariance": "Cov",
}  # fmt: skip
# Symbols that are operators wherever something to operate on stands behind them.
OPERATOR_SYMBOLS = {
    r"\mathbb{E}": "E", r"\mathrm{E}": "E", r"\mathsf{E}": "E", r"\mathcal{E}": "E", r"\mathbb{V}": "Var", r"\mathrm{V}": "Var",
    r"\mathsf{V}": "Var", r"\mathbb{P}": "P", r"\mathrm{P}": "P", r"\mathsf{P}": "P", r"\mathtt{E}": "E",
}  # fmt: skip
BARE_OPERATORS = frozenset({r"\mathbb{E}", r"\mathrm{E}", r"\mathsf{E}", r"\mathbb{V}", r"\mathtt{E}"})
# Letters that are operators only when the document does not use them as symbols.
LETTER_OPERATORS = {
    "E": "E",
    r"\mathbf{E}": "E",
    "V": "Var",
    r"\mathbf{V}": "Var",
    "P": "P",
    r"\mathbf{P}": "P",
    "p": "P",
}

FUNCTIONS = {
    "tr": "tr", "Tr": "tr", "trace": "tr", "Trace": "tr", "TR": "tr", "det": "det", "Det": "det", "diag": "diag", "Diag": "diag",
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsin": "arcsin", "arccos": "arccos", "arctan": "arctan", "max": "max",
    "min": "min", "sup": "sup", "inf": "inf", "sign": "sign", "sgn": "sign", "rank": "rank", "Rank": "rank", "vec": "vec",
    "erf": "erf", "lg": "log10", "gcd": "gcd", "vech": "vech",
}  # fmt: skip
COMMAND_WORDS = frozenset(FUNCTIONS) - {"trace", "Trace", "vec"} | {"Pr", "arg"}
# Words that bind a variable and are no factors.
SEARCHES = frozenset({"argmin", "argmax", "arg", "plim", "esssup", "essinf"})
# Macros that many people define themselves; read as usual when the document does not define them.
CUSTOMARY = {
    r"\E": r"\mathbb{E}", r"\EE": r"\mathbb{E}", r"\Expect": r"\mathbb{E}", r"\expect": r"\mathbb{E}", r"\V": r"\mathbb{V}",
    r"\Var": r"\mathrm{Var}", r"\var": r"\mathrm{Var}", r"\Cov": r"\mathrm{Cov}", r"\cov": r"\mathrm{Cov}",
    r"\Corr": r"\mathrm{Corr}", r"\corr": r"\mathrm{Corr}", r"\MSE": r"\mathrm{MSE}", r"\Bias": r"\mathrm{Bias}",
    r"\tr": r"\mathrm{tr}", r"\Tr": r"\mathrm{tr}", r"\diag": r"\mathrm{diag}", r"\rank": r"\mathrm{rank}", r"\R": r"\mathbb{R}",
    r"\RR": r"\mathbb{R}", r"\reals": r"\mathbb{R}", r"\N": r"\mathbb{N}", r"\Z": r"\mathbb{Z}", r"\Reals": r"\mathbb{R}",
    r"\sgn": r"\mathrm{sign}", r"\sign": r"\mathrm{sign}", r"\trace": r"\mathrm{tr}", r"\iid": r"\text{iid}",
    r"\PP": r"\mathbb{P}", r"\transpose": r"\top", r"\1": r"\mathbb{1}", r"\indicator": r"\mathbb{1}", r"\I": r"\mathbb{I}",
    r"\argmax": r"\mathrm{argmax}", r"\argmin": r"\mathrm{argmin}", r"\T": r"\top",  r"\std": r"\mathrm{Std}",
}  # fmt: skip
PLAIN_WORDS = (
    frozenset(OPERATORS) - {"E"}
    | frozenset(FUNCTIONS)
    | {"KL", "Skew", "Kurt", "argmin", "argmax", "Acc", "Loss", "loss"}
)

TRANSPOSES = frozenset(
    {r"\top", "T", r"\mathrm{T}", r"\mathsf{T}", r"\intercal", r"\mathbf{T}", r"\mathtt{T}", r"\mathit{T}", r"\tran", r"\trans",
     r"\mathsf{H}", r"\mathrm{H}", r"\mathcal{T}", r"\mathrm{t}", r"\mathsf{t}", r"\mathit{t}", r"\mathrm{tr}"}
)  # fmt: skip

# Words in `\text{…}` that are remarks and never symbols.
REMARKS = frozenset(
    "and or if for where with when since because as by so then thus hence therefore otherwise else iid random constant "
    "constants fixed deterministic function functions index independent uncorrelated symmetric invertible diagonal orthogonal "
    "is are be of the a an all each every any some let given such that we have i.e e.g def const on in at to from but not "
    "provided whenever assuming suppose likewise similarly respectively scalar scalars vector vectors matrix matrices "
    "definition linearity independence nonrandom idempotent identical psd pd nonsingular centered centred copies known "
    "unknown positive nonnegative finite real integer mean zero via using plus minus is which note recall here also".split()
)
