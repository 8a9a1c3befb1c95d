"""Clean tokens to syntax: sums, products, factors.  A recursive descent with explicit bounds.

`read(tokens, places, usage)` is the entrance; everything that cannot be read is a `ReadError` with its place.
"""

from __future__ import annotations

from derive.language import syntax as sx
from derive.language.syntax import Syntax
from derive.source import notation as nt
from derive.source.atoms import FACTOR_COMMANDS, atom
from derive.source.brackets import Brackets
from derive.source.cursor import MAX_FACTORS, MAX_STACK, Usage
from derive.source.hints import is_known, unknown_command
from derive.source.places import Places, ReadError
from derive.source.scripts import scripts
from derive.source.tokens import Token

MAX_BARS = 60  # at one level, behind the place that is read
SIDES = ("comma", "semi", "rel", "close", "rbrace", "amp", "row", "end")


def read(tokens: list[Token], places: Places, usage: Usage, free: frozenset[str] | None = None) -> Syntax:
    """One expression from all the tokens.  `free`: the indices that the left side leaves free, when they are known."""
    parser = Parser(tokens, places, usage, free=free)
    if parser.peek() is None:
        raise parser.fail("nothing stands here", expected="an expression")
    found = parser.expression()
    parser.finish()
    return found


def read_items(tokens: list[Token], places: Places, usage: Usage) -> list[Syntax]:
    """Comma-separated expressions, with `Dots` where an ellipsis stands: the subjects of a statement."""
    parser = Parser(tokens, places, usage)
    items: list[Syntax] = []
    while True:
        items.append(parser.item())
        if parser.peek() is None:
            return items
        if not parser.at("comma") and not parser.at("semi"):
            parser.finish()
        parser.next()
        if parser.peek() is None:
            return items


class Parser(Brackets):
    def finish(self) -> None:
        """Nothing may be left."""
        token = self.peek()
        if token is None:
            return
        if token.kind in ("close", "rbrace"):
            raise self.fail(
                f"`{self.written(token)}` closes nothing",
                token,
                hint="count the brackets of this expression: one is missing or too many",
            )
        if token.kind in ("bar", "dbar"):
            raise self.fail(f"`{self.written(token)}` has no partner", token, "a second bar that closes it")
        raise self.unexpected(token)

    def unexpected(self, token: Token) -> ReadError:
        hint = ""
        if token.text in (r"\pm", r"\mp"):
            return self.fail(
                f"`{token.text}` stands for two expressions", token, hint="write the two cases as two equations"
            )
        if token.kind == "command" and not is_known(token.text):
            return self.fail(f"`{token.text}` is not known", token, hint=unknown_command(token.text))
        if token.kind == "text":
            hint = r"put remarks behind a `\quad`"
        return self.fail(
            f"`{self.written(token)}` does not fit here", token, "an operator or the end of the expression", hint
        )

    # -- sums -------------------------------------------------------------------------------

    def expression(self) -> Syntax:
        first = self.peek()
        if first is None:
            raise self.fail("the expression ends too early", expected="an expression")
        items: list[Syntax] = [self.signed()]
        while self.kind() in ("plus", "minus"):
            if self.kind(1) in SIDES or self.peek(1) is None:
                raise self.fail(f"nothing stands behind `{self.peek().text}`", expected="a summand")  # type: ignore[union-attr]
            items.append(self.signed())
        self.check_braced(items)
        return items[0] if len(items) == 1 else sx.Plus(tuple(items), span=self.span(first))

    def signed(self) -> Syntax:
        """One summand with its signs; `Dots` may be one."""
        first = self.peek()
        assert first is not None
        negative, count = False, 0
        while self.kind() in ("plus", "minus"):
            negative ^= self.next().kind == "minus"
            count += 1
            if count > MAX_STACK:
                raise self.fail("too many signs in a row", first)
        if self.at("dots") and not self.starts_factor(1) and self.kind(1) != "times":
            token = self.next()
            found: Syntax = sx.Dots(span=self.span(token))
        else:
            found = self.product()
        return sx.Negate(found, span=self.span(first)) if negative else found

    def check_braced(self, items: list[Syntax]) -> None:
        """Invisible braces around a sum behind a minus sign would be read in two ways."""
        for item in items:
            if isinstance(item, sx.Negate) and isinstance(item.item, sx.Plus):
                raise self.braced(item.item)

    def braced(self, found: Syntax) -> ReadError:
        return ReadError(
            sx.Diagnostic(
                "the braces around this sum cannot be seen",
                found.span,
                "brackets",
                "write ( ) around the sum, or nothing",
            )
        )

    # -- products ---------------------------------------------------------------------------

    def starts_factor(self, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        if token is None:
            return False
        match token.kind:
            case "name" | "word" | "number" | "open" | "lbrace" | "begin" | "dots":
                return True
            case "command":
                return token.text in FACTOR_COMMANDS
            case "bar" | "dbar":
                return ahead == 0 and self.opens_bar(token)
        return False

    def opening_bar(self, token: Token) -> bool:
        """Whether a bar stands where an operand is expected: then it opens |…|."""
        return token.kind in ("bar", "dbar") and token.text in ("|", "l")

    def opens_bar(self, token: Token) -> bool:
        """Whether a bar behind a factor opens |…|: it does not close one, and has a partner."""
        if token.text in ("m", "r") or self.bars or token.extra == "m":
            return False
        if token.text == "l":
            return True
        count = self.partners(token.kind)
        following = self.peek(1)
        double = token.kind == "bar" and following is not None and following.kind == "bar" and not following.spaced
        return count % 2 == 1 and not (double and count == 1)

    def partners(self, kind: str) -> int:
        """How many more plain bars stand behind the cursor at this level."""
        count = depth = 0
        skipped = False
        for k in range(self.k, self.end):
            token = self.tokens[k]
            if token.kind in ("open", "lbrace", "begin"):
                depth += 1
            elif token.kind in ("close", "rbrace", "end"):
                depth -= 1
                if depth < 0:
                    break
            elif token.kind == kind and depth == 0 and token.text in ("|", "m"):
                if skipped:
                    count += 1
                    if count > MAX_BARS:
                        raise self.fail("too many bars in one expression")
                skipped = True
        return count

    def product(self, single: bool = False, prod: bool = False) -> Syntax:
        """Factors side by side.  `prod`: the body of a `\\prod`, which ends before the next one."""
        first = self.peek()
        if first is None:
            raise self.fail("the expression ends too early", expected="an expression")
        items: list[Syntax] = []
        tight: list[bool] = []
        dotted: list[int] = []
        joined = True  # an operator stands in front of the next factor
        quotients = 0
        while True:
            token = self.peek()
            if token is None:
                break
            if token.kind == "times" and items:
                if prod and not self.times_in_prod():
                    break
                self.next()
                joined = True
                self.need_factor(token)
                if self.written(token) in nt.DOTS_BETWEEN:
                    dotted.append(len(items))
                if self.kind() in ("plus", "minus"):
                    items.append(self.signed_factor())
                    tight.append(False)
                    joined = False
            elif token.kind == "slash" and items:
                quotients += 1
                if quotients > MAX_STACK:
                    raise self.fail("too many quotients in a row", token)
                items, tight, dotted = [self.quotient(items, tight, token)], [], []
                joined = False
            elif token.kind == "command" and token.text in nt.HADAMARD and items:
                quotients += 1
                if quotients > MAX_STACK:
                    raise self.fail("too many products of this kind in a row", token)
                items, tight = self.binary(items, tight, token)
                joined = False
            elif (self.starts_factor() or (joined and self.opening_bar(token))) and not (
                prod and items and token.text == r"\prod"
            ):
                is_bracket = token.kind == "open" and token.text in "([{"
                if items:
                    tight.append(is_bracket and not joined)
                items.append(self.factor())
                joined = False
            else:
                break
        if not items:
            raise self.strange(self.peek() or first)
        for item in items if len(items) > 1 else ():
            if isinstance(item, sx.Plus):
                raise self.braced(item)
        if len(items) == 1:
            return items[0]
        return sx.Juxtaposition(tuple(items), tuple(tight), tuple(dotted), span=self.span(first))

    def strange(self, token: Token) -> ReadError:
        """What cannot begin an expression."""
        if token.kind == "command" and not is_known(token.text):
            return self.fail(f"`{token.text}` is not known", token, hint=unknown_command(token.text))
        return self.fail(f"`{self.written(token)}` cannot stand here", token, "an expression")

    def suggest(self) -> str:
        token = self.peek()
        if token is not None and token.kind == "command":
            return unknown_command(token.text)
        return ""

    def times_in_prod(self) -> bool:
        token = self.peek(1)
        if token is not None and token.text == r"\prod":
            return False
        raise self.fail(
            "it is not clear whether this factor belongs to the product over the index", expected="brackets"
        )

    def need_factor(self, token: Token) -> None:
        if not self.starts_factor() and self.kind() not in ("plus", "minus", "bar", "dbar"):
            raise self.fail("a factor is missing behind the multiplication sign", token, "a factor", self.suggest())

    def signed_factor(self) -> Syntax:
        first = self.next()
        found = self.factor()
        return sx.Negate(found, span=self.span(first)) if first.kind == "minus" else found

    def quotient(self, items: list[Syntax], tight: list[bool], slash: Token) -> Syntax:
        self.next()
        below = self.factor()
        plain = isinstance(below, (sx.Numeral, sx.Name, sx.Power))
        token = self.peek()
        if (
            plain
            and isinstance(below, sx.Name)
            and below.letter in self.usage.functions
            and self.at("open")
            and token is not None
        ):
            bracket = self.factor()
            below = sx.Juxtaposition((below, bracket), (True,), span=below.span)
        elif (
            plain
            and token is not None
            and not token.spaced
            and (
                token.kind in ("name", "number")
                or (token.kind == "open" and token.text != "<" and not isinstance(below, sx.Numeral))
            )
        ):
            raise self.fail(
                "it is not clear what this is divided by",
                slash,
                "brackets around the denominator",
                r"write \frac{…}{…}",
            )
        above = items[0] if len(items) == 1 else sx.Juxtaposition(tuple(items), tuple(tight), span=items[0].span)
        return sx.Fraction_(above, below, span=items[0].span)

    def binary(self, items: list[Syntax], tight: list[bool], sign: Token) -> tuple[list[Syntax], list[bool]]:
        """Hadamard and Kronecker products of single factors; longer operands need brackets."""
        self.next()
        if not nt.HADAMARD[sign.text]:
            raise self.fail(f"`{sign.text}` is not read", sign)
        start = len(items) - 1
        while start > 0 and tight[start - 1]:
            start -= 1
        before = items[:start]
        right = self.factor()
        bracket = self.peek()
        if bracket is not None and bracket.kind == "open" and bracket.text == "(" and isinstance(right, sx.Name):
            right = sx.Juxtaposition((right, self.factor()), (True,), span=right.span)
        scalars = all(isinstance(b, (sx.Numeral, sx.Fraction_)) for b in before)
        if not scalars or self.starts_factor():
            raise self.fail(f"it is not clear what `{sign.text}` takes in", sign, "brackets around its operands")
        unit = items[start:]
        left = unit[0] if len(unit) == 1 else sx.Juxtaposition(tuple(unit), tuple(tight[start:]), span=unit[0].span)
        found = sx.Binary(nt.HADAMARD[sign.text], left, right, span=left.span)
        return [*before, found], [False] * len(before)

    # -- factors ----------------------------------------------------------------------------

    def atom(self) -> Syntax:
        return atom(self)

    def factor(self) -> Syntax:
        """An atom with its scripts."""
        self.factors += 1
        if self.factors > MAX_FACTORS:
            raise self.fail("this is nested too deeply to be read", hint="name a part of it and use the name")
        try:
            return scripts(self, atom(self))
        finally:
            self.factors -= 1
