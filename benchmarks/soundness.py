"""A hunt for false steps that the kernel proves.

Takes the claims of the library and of the book of rules, changes one place of a side or takes a given away, and asks the
kernel for a proof. What it proves is handed to the finite models, which share no code with it. A refuted proof is a
defect: it is printed, and the exit status is 1.

    python benchmarks/soundness.py [--seconds 60] [--seed 0] [FILE…]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from time import monotonic

from derive import library
from derive.judge.reading import read
from derive.kernel.proof import Proof, prove
from derive.language.elaborate import elaborate
from derive.language.facts import Claim
from derive.language.latex import latex
from derive.language.terms import (
    SCALAR,
    Add,
    Covariance,
    Expectation,
    Hadamard,
    Inverse,
    Mul,
    Number,
    Pow,
    SquaredNorm,
    Sum,
    Symbol,
    Term,
    Transpose,
    Variance,
    children,
    walk,
)
from derive.rules.book import RULES
from derive.rules.traverse import rebuild
from derive.witnesses.finite import Refutation, examine

SEEDS = range(3)


def claims_of(text: str, name: str) -> Iterator[Claim]:
    """Every claim of a document whose sides have one shape."""
    for chain in elaborate(read(text, name)).chains:
        for step in chain.steps:
            if step.claim is not None and step.claim.lhs.shape == step.claim.rhs.shape:
                yield step.claim


def documents(files: list[str]) -> Iterator[tuple[str, str]]:
    if files:
        yield from ((f, Path(f).read_text(encoding="utf-8")) for f in files)
        return
    yield from ((f"{name}.md", library.text(name)) for name in library.names())
    for rule in RULES.values():
        given = "\n".join(rule.example.given)
        block = f"```given\n{given}\n```\n" if given else ""
        yield f"{rule.name}.md", f"{block}\n$$\n{rule.example.lhs} = {rule.example.rhs}\n$$\n"


def variants(term: Term) -> Iterator[Term]:
    """The term with one place changed, in a way that people get wrong."""
    yield from local_variants(term)
    parts = children(term)
    for place, part in enumerate(parts):
        for changed in variants(part):
            if changed.shape == part.shape:
                yield rebuild(term, (*parts[:place], changed, *parts[place + 1 :]))


def local_variants(term: Term) -> Iterator[Term]:
    match term:
        case Number(value):
            yield Number(value + 1)
            yield Number(-value)
        case Add(args):
            for k, arg in enumerate(args):
                rest = args[:k] + args[k + 1 :]
                yield rest[0] if len(rest) == 1 else Add(rest)
                yield Add((*args[:k], Mul((Number(Fraction(-1)), arg)), *args[k + 1 :]))
        case Mul(args):
            for k in range(len(args) - 1):
                if args[k].shape == args[k + 1].shape != SCALAR and args[k].shape[0] == args[k].shape[1]:
                    yield Mul((*args[:k], args[k + 1], args[k], *args[k + 2 :]))
            for k in range(len(args)):
                yield from _without(args, k)
        case Pow(base, Number(power)):
            yield Pow(base, Number(power + 1))
        case Transpose(arg) if arg.shape[0] == arg.shape[1]:
            yield arg
        case Inverse(arg) if arg.shape[0] == arg.shape[1]:
            yield arg
        case Variance(Add(args), given):
            yield Add(tuple(Variance(a, given) for a in args))
        case Variance(Mul((first, *rest)), given) if first.shape == SCALAR and rest:
            yield Mul((first, Variance(Mul(tuple(rest)) if len(rest) > 1 else rest[0], given)))
        case Covariance(left, _, (_, *_)) if left.shape == SCALAR:
            yield Number(0)
        case Sum(excluded=(_, *_)):
            yield replace(term, excluded=())
        case Sum(below=(_, *_)):
            yield replace(term, below=())
    yield from _conditions(term)
    match term:
        case Expectation(Mul(args), given) if all(a.shape == SCALAR for a in args):
            yield Mul(tuple(Expectation(a, given) for a in args))
        case Expectation(Pow(base, power), given):
            yield Pow(Expectation(base, given), power)
        case Expectation(Hadamard(args), given):
            yield Hadamard(tuple(Expectation(a, given) for a in args))


def _without(args: tuple[Term, ...], k: int) -> Iterator[Term]:
    """The product without one factor, where it keeps its shape."""
    rest = args[:k] + args[k + 1 :]
    if rest and args[k].shape == SCALAR:
        yield Mul(rest) if len(rest) > 1 else rest[0]


def _conditions(term: Term) -> Iterator[Term]:
    """A moment with less known, with more, or with nothing left to chance."""
    if not isinstance(term, Expectation | Variance | Covariance):
        return
    if term.given:
        yield replace(term, given=())
        yield (
            replace(term, given=term.given[1:])
            if len(term.given) > 1
            else replace(term, given=(_squared(term.given[0]),))
        )
        if isinstance(term, Expectation):
            yield term.arg
    elif isinstance(term, Expectation):
        found = [s for s in dict.fromkeys(walk(term.arg)) if isinstance(s, Symbol) and not s.indices]
        yield from (replace(term, given=(s,)) for s in found[:2])


def _squared(term: Term) -> Term:
    return Pow(term, Number(Fraction(2))) if term.shape == SCALAR else SquaredNorm(term)


def changed_claims(claim: Claim) -> Iterator[Claim]:
    for rhs in variants(claim.rhs):
        yield replace(claim, rhs=rhs)
    for lhs in variants(claim.lhs):
        yield replace(claim, lhs=lhs)
    for given in claim.facts.givens:
        yield replace(claim, facts=claim.facts.without(given))


def refuted(claim: Claim) -> bool:
    return any(isinstance(examine(claim, seed=seed, deadline=5.0), Refutation) for seed in SEEDS)


def hunt(claims: list[tuple[str, Claim]], until: float) -> tuple[int, int, list[str]]:
    """How many variants were tried, how many of them proved, and the proofs that a model refutes."""
    tried, proved, caught = 0, 0, []
    for name, claim in claims:
        if monotonic() > until:
            break
        tried += 1
        if isinstance(prove(claim), Proof):
            proved += 1
            if refuted(claim):
                givens = "; ".join(g.source.latex for g in claim.facts.givens)
                caught.append(f"{name}: {latex(claim.lhs)} = {latex(claim.rhs)}   given {givens or 'nothing'}")
    return tried, proved, caught


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", nargs="*", help="documents; the library and the book of rules when none are named")
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--seed", type=int, default=0)
    opts = ask.parse_args()
    claims = [(name, claim) for name, text in documents(opts.files) for claim in claims_of(text, name)]
    changed = [(name, variant) for name, claim in claims for variant in changed_claims(claim)]
    Random(opts.seed).shuffle(changed)
    tried, proved, caught = hunt(changed, monotonic() + opts.seconds)
    for line in caught:
        print("PROVED BUT FALSE  " + line)
    print(
        f"{tried} of {len(changed)} variants of {len(claims)} claims tried, {proved} proved, {len(caught)} of them false"
    )
    return 1 if caught else 0


if __name__ == "__main__":
    sys.exit(main())
