"""What the reader saw: one node per construct, each with its place in the user's text.

The reader (`derive.source`) makes these from LaTeX; `derive.language.elaborate`
turns them into typed terms.  Nothing here knows about shapes, randomness or givens:
`f(x)` is a `Juxtaposition` of `f` and a parenthesised `x` until elaboration knows
whether `f` is a function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Union


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters in the user's file: offsets and the place of the start.

    `line` and `column` count from 1 and are those of `start`.
    """

    start: int
    end: int
    line: int
    column: int


NOWHERE = Span(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all syntax nodes.  `span` never takes part in equality."""

    span: Span = field(compare=False, repr=False, kw_only=True, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Numeral(Node):
    """A literal number, `3` or `0.25`, kept exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A symbol with everything that is written on it.

    `letter` is the canonical LaTeX of the bare symbol without scripts, accents included:
    `x`, `\\mathbf{x}`, `\\hat{y}`, `\\tilde{\\mathbf{x}}`, `\\Sigma`, `\\text{bias}`.
    `subscripts` are the comma- or juxtaposition-separated parts: `w_{ij}` has (i, j) when both
    are single letters, `x_{k-1}` has one (k-1), `n_{\\mathrm{in}}` has one `Label('in')`.
    `superscripts` are parenthesised or label-like ones: `x^{(i)}`, `X^*`, `W^{(l)}`, `m^\\star`;
    powers, transposes and inverses are never here.
    """

    letter: str
    subscripts: tuple[Syntax, ...] = ()
    superscripts: tuple[Syntax, ...] = ()


@dataclass(frozen=True, slots=True)
class Label(Node):
    """Words in a script: `in`, `MLE`, `unb`, `*`."""

    text: str


@dataclass(frozen=True, slots=True)
class Plus(Node):
    """Sum of two or more; a subtracted item is wrapped in `Negate`."""

    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Negate(Node):
    item: Syntax


@dataclass(frozen=True, slots=True)
class Juxtaposition(Node):
    """Factors side by side, in order; explicit dots and `\\times` are the same thing, but between two vectors.

    `tight[k]` is true when item k+1 is a bracket that stands directly behind item k without
    an operator, so that `f(x)` may be an application.  Scripts stay with the bracket: `f(x)^2` is
    `(f, Power(Bracketed(x), 2))`, tight, and `f^2(x)` is `(Power(f, 2), Bracketed(x))`, tight.
    """

    items: tuple[Syntax, ...]
    tight: tuple[bool, ...] = ()
    dotted: tuple[int, ...] = field(default=(), compare=False)  # the items that have a `\\cdot` in front of them


@dataclass(frozen=True, slots=True)
class Fraction_(Node):
    """`\\frac{a}{b}`, `a / b`."""

    numerator: Syntax
    denominator: Syntax


@dataclass(frozen=True, slots=True)
class Power(Node):
    base: Syntax
    exponent: Syntax


@dataclass(frozen=True, slots=True)
class Transposed(Node):
    """`A^\\top` and its spellings."""

    item: Syntax


@dataclass(frozen=True, slots=True)
class Inverted(Node):
    """`A^{-1}`; `A^{-\\top}` is `Transposed(Inverted(A))`.  `kind`: 'inverse' or 'pseudo'."""

    item: Syntax
    kind: str = "inverse"


@dataclass(frozen=True, slots=True)
class Bracketed(Node):
    """Something in brackets; `opening` is one of ( [ \\{ or `|` (absolute value or determinant)."""

    item: Syntax
    opening: str = "("


@dataclass(frozen=True, slots=True)
class Tuple_(Node):
    """`a, b, c` inside brackets or as arguments; `dots` marks `x_1, \\dots, x_n`."""

    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """An ellipsis as an item of a sum, a product or a tuple."""


@dataclass(frozen=True, slots=True)
class Subscripted(Node):
    """Scripts on a compound: `(AX)_i`, `(\\Sigma a)_i`, `[A]_{ij}`, `{x_i}_a`."""

    item: Syntax
    subscripts: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Operator(Node):
    """An operator of the language on its operands.

    `kind`: 'E', 'Var', 'Cov', 'Corr', 'Bias', 'MSE', 'Std', 'P'.
    `over` is the subscript of `\\mathbb{E}_{x}` (with `x \\sim P` reduced to `x`), `given` what stands
    behind the bar, `laws` what the subscript says of the distributions.
    """

    kind: str
    arguments: tuple[Syntax, ...]
    over: tuple[Syntax, ...] = ()
    given: tuple[Syntax, ...] = ()
    laws: tuple[Law, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """What the subscript of an expectation says: `x \\sim \\mathcal{N}(m, v)`, `x \\sim q`, `q(z \\mid x)`, `z \\mid x`.

    `subjects`: the variables (none in `\\mathcal{N}(m, v)` alone).  `word` and `parameters`: a distribution that is
    known, as in a `Statement`.  `name`: another one, `q_{\\phi}`, whose parameters are in its scripts and behind a semicolon.
    `given`: behind the bar.
    No `Node`: the letter of a distribution is no symbol of the document.
    """

    subjects: tuple[Syntax, ...]
    word: str = ""
    parameters: tuple[Syntax, ...] = ()
    name: Syntax | None = None
    given: tuple[Syntax, ...] = ()
    span: Span = field(compare=False, repr=False, default=NOWHERE)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function that is known by its name in LaTeX.

    `name`: 'tr', 'det', 'diag', 'log', 'exp', 'sin', 'cos', 'tanh', 'sqrt', 'norm', 'norm2' (`\\|.\\|_2`), 'normF',
    'inner' (`\\langle a, b\\rangle`), 'abs', 'max', 'min', 'sign', 'rank', 'vec', 'binom', 'gamma', ….
    """

    name: str
    arguments: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`operator`: 'odot' or 'otimes'."""

    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class IndexRange(Node):
    """One index of a big operator.

    `lower`/`upper` are None when nothing is written (`\\sum_i`); `excluded` holds what it must differ from
    (`j \\neq i`); `below` what it must be smaller than (`i < j`); `within` a named index set (`i \\in B`).
    """

    index: Name
    lower: Syntax | None = None
    upper: Syntax | None = None
    excluded: tuple[Syntax, ...] = ()
    below: tuple[Syntax, ...] = ()
    within: Syntax | None = None


@dataclass(frozen=True, slots=True)
class Big(Node):
    """`\\sum` or `\\prod` (`kind`: 'sum', 'prod') over one or more indices, outermost first; none are written in `\\sum x_i`."""

    kind: str
    ranges: tuple[IndexRange, ...]
    body: Syntax


@dataclass(frozen=True, slots=True)
class MatrixLiteral(Node):
    """`pmatrix`, `bmatrix`, `[1,2,3]`: rows of entries.  `dotted` when an ellipsis stands in it."""

    rows: tuple[tuple[Syntax, ...], ...]
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Gradient(Node):
    """`\\nabla_{w} f`, `\\frac{\\partial f}{\\partial w}`, `\\frac{d}{dw} f`; `order` times.

    `wrt` is `Label('')` where no variable is written, as in `\\nabla f(w)`.
    """

    item: Syntax
    wrt: Syntax
    order: int = 1


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """A relation inside an expression: the event of an indicator or a probability, a condition.

    `symbol`: '=', '<', '>', '\\le', '\\ge', '\\neq', '\\in'; '\\mid' for `y | x` inside the bracket of an unknown function, '\\Vert'
    for `p || q`.
    """

    symbol: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Indicator(Node):
    """`\\mathbf{1}\\{…\\}`, `\\mathbb{1}[…]`, `\\mathbb{I}(…)` with a relation inside."""

    event: Syntax


@dataclass(frozen=True, slots=True)
class Evaluated(Node):
    """`\\left. … \\right|_{x = a}`: an expression at a place."""

    item: Syntax
    places: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """`\\begin{cases}`: (value, condition) pairs; the condition is None for “otherwise”."""

    branches: tuple[tuple[Syntax, Syntax | None], ...]


@dataclass(frozen=True, slots=True)
class Opaque(Node):
    """A deterministic scalar piece that the grammar does not cover (`\\int`, `\\lim`); its LaTeX."""

    latex: str


Syntax = Union[
    Numeral, Name, Label, Plus, Negate, Juxtaposition, Fraction_, Power, Transposed, Inverted, Bracketed,
    Tuple_, Dots, Subscripted, Operator, Call, Binary, Big, MatrixLiteral, Gradient, Relation, Indicator,
    Evaluated, Cases, Opaque, IndexRange,
]  # fmt: skip


# ---------------------------------------------------------------------------------------------
# What a document says, still untyped


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that could not be read, or was read with a doubt.

    `expected` says what would have fitted, `hint` what to try; both may be empty.
    """

    message: str
    span: Span
    expected: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """One member of a chain: its syntax (None when it could not be read), LaTeX and place."""

    syntax: Syntax | None
    latex: str
    span: Span
    problem: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The relation between two neighbours of a chain.

    `symbol`: '=' equality, ':=' definition, anything else ('\\le', '\\approx', '\\propto', '\\to', …) is not checked.
    `reason` is what stands over the relation or in a `\\text{…}` remark behind the row.
    """

    symbol: str
    span: Span
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Expressions e0 r1 e1 r2 e2 …: `len(links) == len(members) - 1`.

    `continues`: the display began with a relation, so its first member is the last one of the chain before
    (the reader has already put that member in front).
    `conditions`: side conditions written behind it, such as `i \\neq j` or `n > 1`.
    `hypotheses`: what stands before `\\Rightarrow` in the same row; known for this chain alone.
    `lower`: the chain in front of this one once more, with the lower signs of its `\\pm` and `\\mp`.
    """

    members: tuple[Expression, ...]
    links: tuple[ChainLink, ...]
    span: Span
    continues: bool = False
    conditions: tuple[Syntax, ...] = ()
    hypotheses: tuple[Statement, ...] = ()
    lower: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A given as the reader understood it.  `origin`: 'block', 'option', 'inline', 'display' or 'prose'.

    `kind` and `parts` (each a tuple of syntax):
      'shape'          parts = (subjects, (set,))        the set as `Opaque` LaTeX, with its dimensions in `dims`
      'kind'           parts = (subjects,)               word: 'random', 'constant', 'function', 'index'
      'distribution'   parts = (subjects, parameters[, given])  word: 'Normal', 'Bernoulli', …;
                       flags: 'iid', 'independent', 'concluded' (a result of the text, which says nothing of what is defined)
      'law'            parts = (subjects, parameters)    a distribution of which only the parameters are known: `x \\sim p_\\theta`
      'equation'       parts = ((lhs, rhs), conditions)  word: ':=' or '='  (moments, definitions, premises alike)
      'independent'    parts = (group, group, …)         mutually independent groups; flags may hold 'pairwise'
      'uncorrelated'   parts = (subjects,)
      'iid'            parts = (subjects,)               flags may hold 'identical' (identically distributed only)
      'conditional'    parts = (left, right, given)      Y \\perp Z | X
      'property'       parts = (subjects,)               word: 'symmetric', 'invertible', 'full column rank', …
      'comparison'     parts = ((lhs, rhs),)             word: '<', '>', '\\le', '\\ge', '\\neq'
      'unread'         parts = ()                        problem says why
    """

    kind: str
    parts: tuple[tuple[Syntax, ...], ...]
    latex: str
    span: Span
    origin: str = "block"
    word: str = ""
    flags: frozenset[str] = frozenset()
    dims: tuple[Syntax, ...] = ()
    problem: Diagnostic | None = None
    conditions: tuple[Syntax, ...] = ()  # of an independence: i ≠ j


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that was read from one file, in the order of the text.

    `items` holds `Statement` and `Chain` in reading order: a given applies to the chains behind it, and one
    from a given block or an option to all of them.
    """

    path: str
    text: str
    items: tuple[Statement | Chain, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict, compare=False)
