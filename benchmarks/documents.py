"""Documents that the benchmarks check, made to a size, and the claims in them."""

from __future__ import annotations

from derive.language.facts import Claim


def document(given: list[str], chain: list[str]) -> str:
    body = f"{chain[0]} &= " + " \\\\\n&= ".join(chain[1:])
    return "```given\n" + "\n".join(given) + f"\n```\n\n$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"


def claims(text: str) -> list[Claim]:
    """The claims of a document's steps, read and elaborated."""
    from derive.judge.reading import read
    from derive.language.elaborate import elaborate

    steps = [step for chain in elaborate(read(text, "claims.md", (), "")).chains for step in chain.steps]
    found = [step.claim for step in steps if step.claim is not None]
    if len(found) != len(steps):
        raise AssertionError(f"not every step is a claim: {[p.message for s in steps for p in s.problems]}")
    return found
