"""Certificates for the tests."""

from derive.judge.certificate import certificate_of
from derive.judge.check import Checker
from derive.judge.reading import read
from derive.judge.verdict import Bench, Effort


def page(chain: str, *givens: str) -> str:
    return "```given\n" + "\n".join(givens) + f"\n```\n\n$$\n{chain}\n$$\n"


def certificate(text: str, name: str = "page.md") -> dict:
    """The certificate of a document."""
    return certificate_of(read(text, name), Checker(Bench(Effort()), samples=0))
