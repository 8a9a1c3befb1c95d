r"""What an expression may contain before it is handed to TeX or to a browser.

The lists are closed: a command that is in none of them (and that no user macro defines) never reaches TeX, so
`\input`, `\write18`, `\catcode`, `\csname` and their kin need no list of their own.
"""

from __future__ import annotations

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
    "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "varGamma varDelta varTheta varLambda varXi varPi varSigma varUpsilon varPhi varPsi varOmega digamma".split()
)
BINARY = frozenset(
    "cdot times div pm mp ast star circ bullet oplus ominus otimes oslash odot cap cup uplus sqcap sqcup vee wedge "
    "setminus wr amalg dagger ddagger land lor diamond ltimes rtimes bmod".split()
)
RELATIONS = frozenset(
    "le leq ge geq ne neq equiv sim simeq approx cong propto ll gg lesssim gtrsim leqslant geqslant in notin ni subset "
    "supset subseteq supseteq subsetneq supsetneq mid nmid parallel perp models vdash dashv to gets mapsto leftarrow "
    "rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow longrightarrow longleftarrow longmapsto "
    "Longrightarrow Longleftarrow Longleftrightarrow iff implies impliedby uparrow downarrow hookrightarrow prec succ "
    "preceq succeq asymp doteq triangleq coloneqq eqqcolon coloneq vcentcolon dblcolon colon therefore because "
    "rightsquigarrow leadsto rightharpoonup leqq geqq lessgtr sqsubseteq trianglelefteq Vdash vDash".split()
)
LARGE = frozenset(
    "sum prod coprod int iint iiint oint bigcup bigcap bigoplus bigotimes bigodot bigvee bigwedge biguplus "
    "bigsqcup".split()
)
NAMED = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf "
    "argmax argmin det dim ker hom gcd deg arg Pr injlim projlim varlimsup varliminf".split()
)
PLAIN = frozenset(
    "infty partial nabla top bot intercal prime hbar ell Re Im aleph wp emptyset varnothing forall exists nexists neg "
    "lnot angle triangle square blacksquare Box Diamond surd imath jmath dots ldots cdots vdots ddots dotsc dotsb "
    "dotsm dotsi dotso quad qquad displaystyle textstyle scriptstyle scriptscriptstyle bf rm it sf tt cal mathstrut "
    "strut degree checkmark complement eth hslash clubsuit spadesuit heartsuit diamondsuit sharp flat natural "
    "backslash over thinspace negthinspace medspace thickspace enspace nobreakspace limits nolimits lbrack rbrack "
    "lbrace rbrace".split()
)
SYMBOLS = GREEK | BINARY | RELATIONS | LARGE | NAMED | PLAIN
PUNCTUATION = frozenset(r"\, \; \: \! \> \  \{ \} \| \# \% \& \_ \$ \/".replace(r"\  ", "").split()) | {"\\ "}

FONTS = frozenset(
    "mathbf mathrm mathsf mathtt mathit mathnormal mathcal mathbb mathfrak mathscr boldsymbol pmb operatorname".split()
)
ACCENTS = frozenset(
    "hat widehat tilde widetilde bar overline underline vec dot ddot dddot check breve acute grave mathring "
    "overrightarrow overleftarrow overleftrightarrow".split()
)
ARITY = (
    dict.fromkeys(FONTS | ACCENTS, 1)
    | dict.fromkeys("overbrace underbrace boxed phantom hphantom vphantom smash substack".split(), 1)
    | dict.fromkeys("mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner".split(), 1)
    | dict.fromkeys("sqrt xrightarrow xleftarrow pmod not".split(), 1)
    | dict.fromkeys("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel".split(), 2)
)
TEXTS = frozenset("text textrm textnormal textup textit textbf textsf texttt textsl textsc emph mbox hbox".split())

ABBREVIATIONS = {  # names that readers know without a definition, and what they stand for
    "bm": (0, r"\boldsymbol"),
    "symbf": (0, r"\boldsymbol"),
    "mathbbm": (0, r"\mathbb"),
    "mathds": (0, r"\mathbb"),
    "bold": (0, r"\mathbf"),
    "Bbb": (0, r"\mathbb"),
    "tp": (0, r"\top"),
    "T": (0, r"\top"),
    "tr": (0, r"\operatorname{tr}"),
    "Tr": (0, r"\operatorname{Tr}"),
    "Var": (0, r"\operatorname{Var}"),
    "Cov": (0, r"\operatorname{Cov}"),
    "var": (0, r"\operatorname{Var}"),
    "cov": (0, r"\operatorname{Cov}"),
    "diag": (0, r"\operatorname{diag}"),
    "indep": (0, r"\perp\!\!\!\perp"),
    "independent": (0, r"\perp\!\!\!\perp"),
}
DROPPED = {  # command: how many arguments go with it
    "nonumber": 0,
    "notag": 0,
    "hfill": 0,
    "allowbreak": 0,
    "nobreak": 0,
    "break": 0,
    "relax": 0,
    "hline": 0,
    "noindent": 0,
    "smallskip": 0,
    "label": 1,
    "eqref": 1,
    "ref": 1,
    "cite": 1,
    "tag": 1,
    "color": 1,
    "hspace": 1,
    "vspace": 1,
    "textcolor": 1,
    "mathcolor": 1,
}
SIZES = frozenset(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
OPENING = frozenset(["(", "[", r"\{", r"\langle", r"\lfloor", r"\lceil", r"\lvert", r"\lVert", r"\lbrack", r"\lbrace"])
CLOSING = frozenset([")", "]", r"\}", r"\rangle", r"\rfloor", r"\rceil", r"\rvert", r"\rVert", r"\rbrack", r"\rbrace"])
DELIMITERS = OPENING | CLOSING | {"|", r"\|", ".", "/", r"\vert", r"\Vert", "<", ">", r"\backslash"}
GRIDS = frozenset(
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array cases dcases aligned split gathered".split()
)
AMSSYMB = frozenset(
    "mathbb mathfrak intercal varnothing nexists square blacksquare Box Diamond lesssim gtrsim leqslant geqslant nmid "
    "therefore because triangleq digamma ltimes rtimes checkmark complement eth hslash leqq geqq lessgtr leadsto "
    "rightsquigarrow subsetneq supsetneq trianglelefteq Vdash vDash".split()
)

UNICODE = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", (
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi "
        "chi psi omega"
    ).split(), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(), strict=True)),
    **dict(zip("·×÷±∓∘⊕⊗⊙≤≥≠≡∼≈∝∈∉⊂⊆⊥→←⇒⇔↦∞∂∇∑∏∫∀∃…⋯⊤∥√µϵ", (
        "cdot times div pm mp circ oplus otimes odot le ge ne equiv sim approx propto in notin subset subseteq perp to "
        "gets Rightarrow Leftrightarrow mapsto infty partial nabla sum prod int forall exists ldots cdots top parallel "
        "surd mu epsilon"
    ).split(), strict=True)),
}  # fmt: skip
