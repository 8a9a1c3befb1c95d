"""Chapter: algebra, second part: definitions, premises, functions and indicators."""

from __future__ import annotations

from typing import get_args

from derive.language.terms import Add, Entry, Expectation, Function, Indicator, Mul, Number, Pow, Sum, Symbol, Term
from derive.rules.compare import same
from derive.rules.construct import ONE, ZERO, factors_of, integer_power, minus, plus, times
from derive.rules.context import Context
from derive.rules.rule import Condition, Example, Misuse, chapter_rules, rule


@rule(
    "definition",
    title="Inserting a definition",
    statement=(
        r"\tilde{\mathbf{x}} = \mathbf{x} + \mathbf{n} \;\Rightarrow\; f(\tilde{\mathbf{x}}) = f(\mathbf{x} + "
        r"\mathbf{n})"
    ),
    reason="A defined symbol is a name for its definition and may be replaced by it anywhere, or put in its place.",
    conditions=(Condition("the definition is given", r"Z = X + c"),),
    example=Example(
        (r"X \text{ random}", r"c \text{ constant}", r"Z = X + c"), r"\mathbb{E}[Z^2]", r"\mathbb{E}[(X + c)^2]"
    ),
    misuse=Misuse(
        (r"X \text{ random}", r"c \text{ constant}", r"Z = X + c"),
        r"\mathbb{E}[Z^2]",
        r"\mathbb{E}[X^2 + c]",
        "the whole definition takes the place of Z; a bracket is needed",
    ),
    heads=(Symbol, Function, Entry, Add, Mul, Pow, Expectation, Sum),
    source="substitution of equals",
)
def definition(term: Term, context: Context):
    """Replaces a defined symbol by its definition, and an expression by the symbol that it defines."""
    if isinstance(term, Symbol | Function | Entry):
        yield from ((value, (use,)) for value, use in context.definitions(term))
    for value, use in context.abbreviations(term):
        yield value, (use,)


@rule(
    "premise",
    title="Using a premise",
    statement=r"\text{given } B X = \mathbf{0}: \quad A B X = \mathbf{0}",
    reason="What is given to be equal may be put in each other's place.",
    conditions=(Condition("the equation is given", r"A B = B A"),),
    example=Example(
        (r"A, B \in \mathbb{R}^{m \times m}", r"\mathbf{x} \in \mathbb{R}^m", r"A B = B A"),
        r"A B \mathbf{x}",
        r"B A \mathbf{x}",
    ),
    misuse=Misuse(
        (r"A, B, C \in \mathbb{R}^{m \times m}", r"A B = B A"),
        r"A C B",
        r"B C A",
        "C stands between A and B, so the premise does not apply",
    ),
    heads=get_args(Term),
    source="substitution of equals",
)
def premise(term: Term, context: Context):
    """Replaces a term, or a run of factors in a product, by the other side of a premise."""
    for value, use in context.premises(term):
        yield value, (use,)
    if isinstance(term, Mul):
        factors = factors_of(term)
        for start in range(len(factors)):
            for stop in range(start + 2, len(factors) + 1):
                if stop - start < len(factors):
                    for value, use in context.premises(times(*factors[start:stop])):
                        yield times(*factors[:start], value, *factors[stop:]), (use,)


@rule(
    "function",
    title="Elementary functions",
    statement=r"\log(ab) = \log a + \log b, \qquad \exp(a + b) = \exp(a)\exp(b), \qquad \log(\exp(a)) = a",
    reason=(
        "These laws define the logarithm and the exponential; of an unknown function only what is declared is known."
    ),
    conditions=(Condition("the arguments of a logarithm are positive"),),
    example=Example((r"a, b \in \mathbb{R}",), r"\exp(a + b)", r"\exp(a)\exp(b)"),
    misuse=Misuse(
        (r"X \text{ random}",),
        r"\mathbb{E}[\exp(X)]",
        r"\exp(\mathbb{E}[X])",
        "an expectation does not pass through a function that is not linear (Jensen)",
    ),
    heads=(Function,),
    source="Rudin, Principles of Mathematical Analysis, 3rd ed., Chapter 8",
)
def function(term: Term, context: Context):
    """Applies the laws of log, exp and abs."""
    if not (isinstance(term, Function) and len(term.args) == 1 and not term.entrywise and term.order == 0):
        return
    (arg,) = term.args
    match term.name, arg:
        case ("log", Function("exp", (inner,))) | ("exp", Function("log", (inner,))):
            yield inner, ()
        case ("log", Number(value)) if value == 1:
            yield ZERO, ()
        case ("exp", Number(value)) if value == 0:
            yield ONE, ()
        case ("log", Pow(base, exponent)):
            if integer_power(arg)[1] % 2 or integer_power(arg)[1] == 1:
                yield times(exponent, Function("log", (base,))), ()
        case ("log", Mul(factors)) if not any(isinstance(f, Number) and f.value < 0 for f in factors):
            yield plus(*(Function("log", (f,)) for f in factors)), ()
        case ("exp", Add()):
            yield times(*(Function("exp", (t,)) for t in arg.args)), ()


OPPOSITE = {"<": r"\ge", r"\le": ">", ">": r"\le", r"\ge": "<", "=": r"\neq", r"\neq": "="}


@rule(
    "indicator",
    title="Indicators",
    statement=r"\mathbf{1}\{A\}^2 = \mathbf{1}\{A\}, \qquad \mathbf{1}\{A^c\} = 1 - \mathbf{1}\{A\}",
    reason="An indicator is 0 or 1, and exactly one of an event and its complement occurs.",
    conditions=(Condition("the complement is the exact opposite of the event"),),
    example=Example(
        (r"X \text{ random}", r"c \text{ constant}"),
        r"\mathbb{E}[\mathbf{1}\{X \le c\}^2]",
        r"\mathbb{E}[\mathbf{1}\{X \le c\}]",
    ),
    misuse=Misuse(
        (r"X \text{ random}", r"c \text{ constant}"),
        r"\mathbb{E}[\mathbf{1}\{X \le c\}]^2",
        r"\mathbb{E}[\mathbf{1}\{X \le c\}]",
        "the square of the indicator is the indicator, the square of a probability is not the probability",
    ),
    heads=(Pow, Indicator, Mul),
    source="Williams, Probability with Martingales, Section 5.1",
)
def indicator(term: Term, context: Context):
    """Reduces powers and repeated factors of an indicator, and writes the complement's indicator as one minus it."""
    match term:
        case Pow(Indicator() as base, _) if integer_power(term)[1] > 1:
            yield base, ()
        case Indicator(relation, left, right) if relation in OPPOSITE:
            yield minus(ONE, Indicator(OPPOSITE[relation], left, right)), ()
        case Mul():
            factors = factors_of(term)
            for k, later in enumerate(factors):
                if isinstance(later, Indicator) and any(same(later, f) for f in factors[:k]):
                    yield times(*factors[:k], *factors[k + 1 :]), ()
                    return


RULES = chapter_rules(globals())
