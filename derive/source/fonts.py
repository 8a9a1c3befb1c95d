r"""Fonts, words and remarks: `\mathbf{x}`, `\operatorname{Var}`, `\text{…}`; and how arguments of commands are taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.language.syntax import Diagnostic
from derive.source import notation as nt
from derive.source.places import Places, ReadError
from derive.source.tokens import Token, closing_brace, source

LENGTH = re.compile(r"-?[\d.]*(pt|em|ex|mm|cm|in|mu|\\baselineskip|\\jot|\\textwidth)", re.ASCII)


@dataclass
class Arguments:
    """Arguments of commands among raw tokens."""

    places: Places

    def fail(self, message: str, token: Token, expected: str = "", hint: str = "") -> ReadError:
        return ReadError(Diagnostic(message, self.places.span(token.start, token.end), expected, hint))

    def brace(self, tokens: list[Token], k: int) -> int:
        end = closing_brace(tokens, k)
        if end < 0:
            raise self.fail("`{` is not closed", tokens[k], "`}`")
        return end

    def argument(self, tokens: list[Token], k: int, command: Token) -> tuple[list[Token], int]:
        """The argument at k, and the index behind it."""
        if k < len(tokens) and tokens[k].text == "*":
            k += 1
        if k >= len(tokens) or tokens[k].text in ("}", "&", "\\\\"):
            raise self.fail(f"`{command.text}` has no argument", command, "an argument in braces")
        if tokens[k].text != "{":
            if tokens[k].kind == "number" and len(tokens[k].text) > 1:
                raise self.fail(f"`{command.text}` in front of several digits", command, "an argument in braces")
            return [tokens[k]], k + 1
        end = self.brace(tokens, k)
        return tokens[k + 1 : end], end + 1

    def skip_optional(self, tokens: list[Token], k: int) -> int:
        if k < len(tokens) and tokens[k].text == "[":
            while k < len(tokens) and tokens[k].text != "]":
                k += 1
            return min(k + 1, len(tokens))
        return k

    def skip_length(self, tokens: list[Token], k: int) -> int:
        if k < len(tokens) and tokens[k].text == "[":
            end = next((j for j in range(k, min(k + 10, len(tokens))) if tokens[j].text == "]"), -1)
            if end > 0 and LENGTH.fullmatch("".join(t.text for t in tokens[k + 1 : end])):
                return end + 1
        return k

    def skip(self, tokens: list[Token], k: int, count: int) -> int:
        after = self.skip_optional(tokens, k + 1) if count else k + 1
        for _ in range(count):
            _, after = self.argument(tokens, after, tokens[k])
        return after


class Fonts(Arguments):
    """Symbols and words in a font.  `run` cleans a run of raw tokens."""

    def run(self, tokens: list[Token], depth: int) -> list[Token]:
        raise NotImplementedError

    def style(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        token = tokens[k]
        inside, after = self.argument(tokens, k + 1, token)
        inner = self.styled(token.text, inside, token, depth)
        if inner:
            inner[-1].end = max(inner[-1].end, tokens[after - 1].end)
        out.extend(inner)
        self.settle_script(out)
        return after

    def words_and_formulas(self, inside: list[Token], call: Token, depth: int) -> list[Token]:
        r"""`\\text{for $i \\neq j$}`: remarks and mathematics in turn."""
        found: list[Token] = []
        run: list[Token] = []
        formula = False
        for token in [*inside, Token("symbol", "$", call.end, call.end)]:
            if token.text != "$":
                run.append(token)
                continue
            if run and formula:
                found.extend(self.run(run, depth + 1))
            elif run:
                found.append(Token("text", source(run), run[0].start, run[-1].end, True, run))
            run, formula = [], not formula
        return found

    def settle_script(self, out: list[Token]) -> None:
        r"""`x_\text{in}`: words in a script are no remark."""
        if len(out) > 1 and out[-1].kind == "text" and out[-2].kind in ("sub", "caret"):
            out[-1].kind = "word"

    def styled(self, style: str, inside: list[Token], call: Token, depth: int) -> list[Token]:
        end = inside[-1].end if inside else call.end
        letters = "".join(t.text for t in inside)
        if inside and all(t.kind == "letter" for t in inside) and len(inside) > 1:
            spaced = any(t.spaced for t in inside[1:])
            if style in nt.ROMAN or (letters in nt.OPERATORS and not spaced):
                if spaced:
                    return [self.remark(inside, call, inside[-1])]
                return [self.word(letters, inside, call, end)]
            if nt.STYLES.get(style) in (r"\mathcal", r"\mathscr", r"\mathit") and not spaced:
                return [Token("name", rf"{nt.STYLES[style]}{{{letters}}}", call.start, end, call.spaced)]
        if (
            style in nt.ROMAN
            and len(inside) > 1
            and all(t.kind in ("letter", "symbol") and t.text not in "{}()[]^_+=/|&" for t in inside)
        ):
            return [self.remark(inside, call, inside[-1])]
        inner = self.run(inside, depth + 1)
        wrap = self.roman if style in nt.ROMAN else nt.STYLES.get(style, style)
        for t in inner:
            if t.kind == "name" and callable(wrap):
                t.text = wrap(t.text, style)
            elif t.kind == "name" and wrap:
                t.text = self.wrapped(wrap, t.text)
            elif t.kind == "number" and t.text in ("0", "1") and wrap in (r"\mathbf", r"\boldsymbol", r"\mathbb"):
                font = r"\mathbb" if wrap == r"\mathbb" else r"\mathbf"
                t.kind, t.text = "name", rf"{font}{{{t.text}}}"
        if inner:
            inner[0].spaced = call.spaced
            if len(inner) == 1:
                inner[0].start = call.start
        return inner

    def roman(self, text: str, style: str) -> str:
        if text.startswith("\\"):
            return text
        return (
            rf"\mathsf{{{text}}}"
            if style == r"\mathsf"
            else rf"\mathtt{{{text}}}"
            if style == r"\mathtt"
            else rf"\mathrm{{{text}}}"
        )

    def wrapped(self, style: str, text: str) -> str:
        if text.startswith(style + "{"):
            return text
        if text.startswith(r"\mathrm{") and style != r"\mathit":
            text = text[8:-1]
        return rf"{style}{{{text}}}"

    def word(self, letters: str, inside: list[Token], call: Token, end: int) -> Token:
        if letters.lower() in nt.REMARKS and letters not in nt.OPERATORS:
            return Token("text", letters, call.start, end, call.spaced, inside)
        return Token("word", letters, call.start, end, call.spaced)

    def remark(self, inside: list[Token], call: Token, last: Token) -> Token:
        r"""`\text{…}`: a symbol when it is one word that is no remark."""
        letters = "".join(t.text for t in inside)
        solid = (
            bool(inside)
            and all(t.kind == "letter" for t in inside)
            and not any(t.spaced for t in inside)
            and not last.spaced
        )
        if solid and len(inside) == 1:
            return Token("name", rf"\mathrm{{{letters}}}", call.start, last.end, call.spaced)
        if solid:
            return self.word(letters, inside, call, last.end)
        return Token("text", source(inside), call.start, last.end, call.spaced, inside)
