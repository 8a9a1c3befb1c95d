"""Brackets and what stands in them: arguments of macros, lists, relations, conditioning bars."""

from __future__ import annotations

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source.cursor import Cursor, Group
from derive.source.places import ReadError
from derive.source.tokens import Token


class Brackets(Cursor):
    """The part of the grammar that reads lists; sums and products are in `derive.source.grammar`."""

    def unexpected(self, token: Token) -> ReadError:
        raise NotImplementedError

    def atom(self) -> Syntax:
        raise NotImplementedError

    def argument(self) -> Syntax:
        """A macro's argument: `{…}`, or the next single token."""
        token = self.peek()
        if token is None:
            raise self.fail("an argument is missing", expected="an argument in braces")
        if token.kind == "lbrace":
            self.next()
            with self.nested(token):
                found = self.relation()
            if not self.at("rbrace"):
                raise self.unclosed(token, "}") if self.peek() is None else self.unexpected(self.peek() or token)
            self.next()
            return found
        if token.kind == "number" and len(token.text) > 1:
            digit = token.text[0]
            self.tokens = [*self.tokens]
            self.tokens[self.k] = Token("number", token.text[1:], token.start + 1, token.end)
            return sx.Numeral(Fraction(int(digit)), span=self.places.span(token.start, token.start + 1))
        with self.nested(token):
            return self.atom()

    def relation(self) -> Syntax:
        """An expression, or one with relations: the event of a probability."""
        first = self.peek()
        if first is None:
            raise self.fail("the expression ends too early", expected="an expression")
        members, signs = [self.expression()], []
        while self.at("rel"):
            signs.append(self.next().text)
            members.append(self.expression())
        if not signs:
            return members[0]
        span = self.span(first)
        pairs = tuple(
            sx.Relation(sign, a, b, span=span) for sign, a, b in zip(signs, members, members[1:], strict=False)
        )
        return pairs[0] if len(pairs) == 1 else sx.Tuple_(pairs, span=span)

    def item(self) -> Syntax:
        """An item of a list: an expression, a relation or an ellipsis."""
        if self.at("dots") and (self.kind(1) in ("comma", "semi", "close", "rbrace") or self.peek(1) is None):
            token = self.next()
            return sx.Dots(span=self.span(token))
        return self.relation()

    def group(self, opened: Token, closing: str) -> Group:
        """The inside of a bracket up to and with its closing sign."""
        found = Group([], [])
        with self.nested(opened):
            current = found.items
            while True:
                if self.at("row") and not current:
                    self.next()
                current.append(self.item())
                token = self.peek()
                if token is None:
                    raise self.unclosed(opened, closing)
                if token.kind in ("comma", "semi"):
                    found.separators.append(self.next().text)
                    if self.at("close", closing):
                        break
                elif token.kind in ("bar", "dbar") or (token.kind == "command" and token.text == r"\backslash"):
                    current = self.bar(found, opened, closing)
                    if found.divided is not None:
                        break
                elif token.kind == "colon" and found.given is None and closing == "}":
                    self.next()
                    found.given = current = []
                elif token.kind == "row":
                    self.next()
                else:
                    break
            if not self.at("close", closing):
                raise self.mismatch(opened, closing)
            self.next()
        return found

    def mismatch(self, opened: Token, closing: str) -> ReadError:
        token = self.peek()
        if token is not None and token.kind not in ("close", "rbrace", "rel", "amp", "row", "end"):
            return self.unexpected(token)
        return self.unclosed(opened, closing)

    def bar(self, found: Group, opened: Token, closing: str) -> list[Syntax]:
        """A conditioning bar, or the double bar of a divergence."""
        token = self.next()
        following = self.peek()
        double = token.kind == "dbar" or (
            token.kind == "bar"
            and following is not None
            and following.kind == "bar"
            and not following.spaced
            and token.extra != "m"
        )
        if double and token.kind == "bar":
            self.next()
        if found.given is not None and not double:
            raise self.fail("a second bar in one bracket", token, f"`{closing}`")
        if double:
            found.divided = self.relation()
            if self.at("bar") and found.given is None:
                self.next()
                found.divided = sx.Relation(r"\mid", found.divided, self.relation(), span=found.divided.span)
            return found.items
        found.given = []
        return found.given
