"""Why a certificate is refused, and how much work it may ask for."""

from __future__ import annotations


class Refused(Exception):
    """A certificate, or a part of it, that proves nothing.  `where`: the place in it, `steps[2].moves[0]`."""

    def __init__(self, reason: str, where: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.where = where

    def at(self, where: str) -> Refused:
        return self if self.where else Refused(self.reason, where)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


class Work:
    """A bound on the monomials that may be made: past it the certificate is refused."""

    def __init__(self, limit: int = 150_000):
        self.left = limit

    def spend(self, amount: int = 1) -> None:
        self.left -= amount
        if self.left < 0:
            raise Refused("replaying this takes more work than is allowed")
