r"""Raw tokens to clean ones: spacing, sizes, colours, fonts and remarks are settled here, mathematics is not.

Clean kinds: 'name' (a symbol in canonical LaTeX), 'word' (a roman word), 'text' (a remark; `extra` holds its raw tokens), 'number',
'plus', 'minus', 'times', 'slash', 'caret', 'sub', 'prime', 'open', 'close' (text is the bracket as typed, `<` for \langle, `eval` for
`\left. … \right|`), 'bar', 'dbar' (text '|', 'l', 'r', 'm'), 'comma', 'semi', 'colon', 'amp', 'row', 'quad', 'lbrace', 'rbrace',
'rel' (`extra` is the reason that stands over it), 'dots', 'begin', 'end', 'command', 'punct'.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.source import notation as nt
from derive.source.fonts import Fonts
from derive.source.places import Places
from derive.source.tokens import Token, closing_brace, source, tokenize

MAX_DEPTH = 40
SYMBOLS = {
    "+": "plus", "-": "minus", "/": "slash", "^": "caret", "_": "sub", "'": "prime", ",": "comma", ";": "semi", ":": "colon",
    "&": "amp", "{": "lbrace", "}": "rbrace",
}  # fmt: skip


def clean(tokens: list[Token], places: Places) -> list[Token]:
    """The tokens of one piece of mathematics without typography.  Raises `ReadError` for what cannot be undone."""
    cleaner = Cleaner(places)
    return cleaner.settle(cleaner.run(tokens, 0))


@dataclass
class Cleaner(Fonts):
    lefts: list[Token] = field(default_factory=list)

    def run(self, tokens: list[Token], depth: int) -> list[Token]:
        if depth > MAX_DEPTH:
            raise self.fail(
                "this is nested too deeply to be read", tokens[0], hint="write it with fewer nested commands"
            )
        out: list[Token] = []
        k = 0
        while k < len(tokens):
            token = tokens[k]
            if token.kind == "command":
                k = self.command(tokens, k, out, depth)
            elif token.kind == "letter":
                k = self.letters(tokens, k, out)
            elif token.kind == "number":
                out.append(token)
                k += 1
            else:
                k = self.symbol(tokens, k, out, depth)
        return out

    # -- characters -------------------------------------------------------------------------

    def symbol(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        token = tokens[k]
        text = token.text
        following = tokens[k + 1].text if k + 1 < len(tokens) and not tokens[k + 1].spaced else ""
        pair = {":=": ":=", "<=": r"\le", ">=": r"\ge", "==": "=", "=:": "=", "!=": r"\neq"}.get(text + following)
        if pair:
            out.append(Token("rel", pair, token.start, tokens[k + 1].end, token.spaced))
            return k + 2
        if text in "~$":
            return k + 1
        if text == "{" and k + 1 < len(tokens) and tokens[k + 1].text in nt.SWITCHES:
            end = self.brace(tokens, k)
            style = nt.SWITCHES[tokens[k + 1].text]
            out.append(Token("lbrace", "{", token.start, token.end, token.spaced))
            out.extend(self.styled(style, tokens[k + 2 : end], token, depth))
            out.append(Token("rbrace", "}", tokens[end].start, tokens[end].end))
            return end + 1
        if text == "{" and (over := self.over(tokens, k)) is not None:
            return self.quotient(tokens, k, over, out, depth)
        if text in nt.DELIMITERS:
            out.append(self.delimiter(token, token))
        elif text in nt.MULTIPLICATIONS:
            out.append(Token("times", "*", token.start, token.end, token.spaced))
        elif text in nt.RELATIONS:
            out.append(Token("rel", nt.RELATIONS[text], token.start, token.end, token.spaced))
        elif text == "`":
            return k + 1
        else:
            out.append(Token(SYMBOLS.get(text, "punct"), text, token.start, token.end, token.spaced))
        if text == "." and following == "." and k + 2 < len(tokens) and tokens[k + 2].text == ".":
            out[-1] = Token("dots", r"\dots", token.start, tokens[k + 2].end, token.spaced)
            return k + 3
        return k + 1

    def over(self, tokens: list[Token], k: int) -> int | None:
        r"""The place of `\over` in the group at k."""
        level = 0
        for j in range(k, min(len(tokens), k + 400)):
            level += (tokens[j].text == "{") - (tokens[j].text == "}")
            if level == 0:
                return None
            if level == 1 and tokens[j].text == r"\over":
                return j
        return None

    def quotient(self, tokens: list[Token], k: int, over: int, out: list[Token], depth: int) -> int:
        r"""`{a \over b}` is `\frac{a}{b}`."""
        end = self.brace(tokens, k)
        bar = tokens[over]
        out.append(Token("command", r"\frac", tokens[k].start, tokens[k].end, tokens[k].spaced))
        for start, stop in ((k + 1, over), (over + 1, end)):
            out.append(Token("lbrace", "{", bar.start, bar.start))
            out.extend(self.run(tokens[start:stop], depth + 1))
            out.append(Token("rbrace", "}", tokens[stop].start, tokens[stop].start))
        return end + 1

    def letters(self, tokens: list[Token], k: int, out: list[Token]) -> int:
        """Plain letters are symbols one by one, but `Var(`, `tr(` and the like are words."""
        end = k
        while end < len(tokens) and tokens[end].kind == "letter" and (end == k or not tokens[end].spaced):
            end += 1
        run = "".join(t.text for t in tokens[k:end])
        split = len(run)
        if len(run) > 1 and self.applies(tokens, end):
            split = next(
                (c for c in range(len(run) - 1) if run[c:] in nt.PLAIN_WORDS and (c == 0 or len(run) - c > 2)), len(run)
            )
        for token in tokens[k : k + split]:
            out.append(Token("name", token.text, token.start, token.end, token.spaced))
        if split < len(run):
            first, last = tokens[k + split], tokens[end - 1]
            out.append(Token("word", run[split:], first.start, last.end, first.spaced))
        return end

    def applies(self, tokens: list[Token], k: int) -> bool:
        """Whether a bracket, or a script and then a bracket, stands at k."""
        if k < len(tokens) and tokens[k].text in ("_", "^"):
            k += 1
            if k < len(tokens) and tokens[k].text == "{":
                k = closing_brace(tokens, k)
                if k < 0:
                    return False
            k += 1
        while k < len(tokens) and (
            tokens[k].text in nt.IGNORED or tokens[k].text in nt.SIZES or tokens[k].text == r"\left"
        ):
            k += 1
        return k < len(tokens) and tokens[k].text in ("(", "[", r"\{", r"\lbrace", r"\lbrack")

    def delimiter(self, token: Token, first: Token, side: str = "") -> Token:
        kind, text = nt.DELIMITERS[token.text]
        if kind in ("bar", "dbar") and side:
            text = side
        return Token(kind, text, first.start, token.end, first.spaced, extra=side)

    # -- commands ---------------------------------------------------------------------------

    def command(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        token = tokens[k]
        text = token.text
        if text in nt.IGNORED:
            return k + 1
        if text in nt.QUADS:
            out.append(Token("quad", text, token.start, token.end))
            return k + 1
        if text in nt.GREEK:
            out.append(Token("name", text, token.start, token.end, token.spaced))
            return k + 1
        if text in nt.RELATIONS:
            out.append(Token("rel", nt.RELATIONS[text], token.start, token.end, token.spaced))
            return self.merge_perp(tokens, k, out)
        if text in nt.MULTIPLICATIONS:
            out.append(Token("times", "*", token.start, token.end, token.spaced))
            return k + 1
        if text in nt.DOTS:
            out.append(Token("dots", text, token.start, token.end, token.spaced))
            return k + 1
        if text[1:] in nt.COMMAND_WORDS:
            out.append(Token("word", text[1:], token.start, token.end, token.spaced))
            return k + 1
        if text in nt.CUSTOMARY:
            inner = [t.at(token.start, token.end) for t in tokenize(nt.CUSTOMARY[text])]
            out.extend(self.run(inner, depth + 1))
            return k + 1
        if text in nt.DELIMITERS:
            out.append(self.delimiter(token, token))
            return k + 1
        return self.structure(tokens, k, out, depth)

    def structure(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        """Commands with arguments."""
        token = tokens[k]
        text = token.text
        if text in (r"\left", r"\right", r"\middle") or text in nt.SIZES:
            return self.sized(tokens, k, out)
        if text in nt.STYLES or text in nt.ROMAN:
            return self.style(tokens, k, out, depth)
        if text in nt.TEXTS:
            inside, after = self.argument(tokens, k + 1, token)
            if any(t.text == "$" for t in inside):
                out.extend(self.words_and_formulas(inside, token, depth))
            else:
                out.append(self.remark(inside, token, tokens[after - 1]))
            self.settle_script(out)
            return after
        if text in nt.IGNORED_WITH_ARGUMENT:
            return self.skip(tokens, k, nt.IGNORED_WITH_ARGUMENT[text])
        if text in nt.WRAPPERS or text in nt.BARE_WRAPPERS:
            return self.unwrap(tokens, k, out, depth)
        if text in nt.REFERENCES:
            inside, after = self.argument(tokens, k + 1, token)
            out.append(
                Token("text", "(" + source(inside) + ")", token.start, tokens[after - 1].end, token.spaced, inside)
            )
            return after
        if text in (r"\overset", r"\stackrel", r"\underset", r"\overunderset"):
            return self.stacked(tokens, k, out, depth)
        if text in (r"\xrightarrow", r"\xlongrightarrow", r"\xleftarrow", r"\xrightharpoonup"):
            inside, after = self.argument(tokens, self.skip_optional(tokens, k + 1), token)
            out.append(Token("rel", r"\to", token.start, tokens[after - 1].end, token.spaced, source(inside)))
            return after
        if text in (r"\begin", r"\end"):
            return self.environment(tokens, k, out)
        return self.rest(tokens, k, out)

    def rest(self, tokens: list[Token], k: int, out: list[Token]) -> int:
        token = tokens[k]
        text = token.text
        if text in ("\\\\", r"\cr", r"\newline", r"\tabularnewline"):
            out.append(Token("row", text, token.start, token.end))
            k += 1
            if k < len(tokens) and tokens[k].text == "*" and not tokens[k].spaced:
                k += 1
            return self.skip_length(tokens, k)
        if text == r"\not":
            out.append(
                Token(
                    "rel",
                    r"\not" + (tokens[k + 1].text if k + 1 < len(tokens) else ""),
                    token.start,
                    token.end,
                    token.spaced,
                )
            )
            if out[-1].text == r"\not=":
                out[-1].text = r"\neq"
            return k + 2 if k + 1 < len(tokens) else k + 1
        if text == r"\prime":
            out.append(Token("prime", "'", token.start, token.end, token.spaced))
            return k + 1
        if text in (r"\&", r"\%", r"\#", r"\$", r"\_"):
            out.append(Token("punct", text, token.start, token.end, token.spaced))
            return k + 1
        out.append(Token("command", text, token.start, token.end, token.spaced))
        return k + 1

    def merge_perp(self, tokens: list[Token], k: int, out: list[Token]) -> int:
        r"""`\perp\!\!\!\perp` is one sign."""
        if out[-1].text != r"\perp":
            return k + 1
        after = k + 1
        while after < len(tokens) and (tokens[after].text == r"\!" or tokens[after].text in nt.IGNORED):
            after += 1
        if after < len(tokens) and tokens[after].text in (r"\perp", r"\bot") and after > k + 1:
            out[-1].end = tokens[after].end
            return after + 1
        return k + 1

    def sized(self, tokens: list[Token], k: int, out: list[Token]) -> int:
        token = tokens[k]
        if k + 1 >= len(tokens):
            return k + 1
        delimiter = tokens[k + 1]
        side = {r"\left": "l", r"\right": "r", r"\middle": "m"}.get(
            token.text, token.text[-1] if token.text[-1] in "lrm" else ""
        )
        opened = self.lefts.pop() if token.text == r"\right" and self.lefts else None
        if delimiter.text == ".":
            mark = Token("open", "eval", token.start, delimiter.end, token.spaced)
            mark.extra = "dead"
            if token.text == r"\left":
                self.lefts.append(mark)
                out.append(mark)
            return k + 2
        if delimiter.text in ("<", ">"):
            closed = delimiter.text == ">"
            out.append(
                Token("close" if closed else "open", delimiter.text, token.start, delimiter.end, token.spaced, side)
            )
        elif delimiter.text in nt.DELIMITERS:
            out.append(self.delimiter(delimiter, token, side))
        elif delimiter.text in ("/", r"\backslash"):
            out.append(Token("slash", "/", token.start, delimiter.end, token.spaced))
        else:
            return k + 1
        if token.text == r"\left":
            self.lefts.append(out[-1])
        elif opened is not None and opened.text == "eval" and out[-1].kind == "bar":
            opened.extra = None
            out[-1].kind, out[-1].text = "close", "eval"
        return k + 2

    def settle(self, out: list[Token]) -> list[Token]:
        """Without the `\\left.` that stand for nothing, and with `\\mathbb{C}\\mathrm{ov}` in one."""
        result: list[Token] = []
        for token in out:
            if token.kind == "open" and token.text == "eval" and token.extra == "dead":
                continue
            before = result[-1] if result else None
            if token.kind == "word" and before is not None and before.kind == "name" and not token.spaced:
                joined = before.text[-2:-1] + token.text
                if before.text.startswith(r"\mathbb{") and joined in nt.OPERATORS:
                    result[-1] = Token("word", joined, before.start, token.end, before.spaced)
                    continue
            result.append(token)
            self.blackboard(result)
        return result

    def blackboard(self, result: list[Token]) -> None:
        r"""`\mathbb{V}ar` and `\mathbb{C}ov` at the end of the tokens."""
        if len(result) < 3 or [t.kind for t in result[-3:]] != ["name"] * 3:
            return
        first, second, third = result[-3:]
        word = first.text[-2:-1] + second.text + third.text
        if first.text.startswith(r"\mathbb{") and word in ("Var", "Cov") and not second.spaced and not third.spaced:
            result[-3:] = [Token("word", word, first.start, third.end, first.spaced)]

    # -- arguments --------------------------------------------------------------------------

    def unwrap(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        token = tokens[k]
        after = k + 1
        for _ in range(nt.WRAPPERS.get(token.text, 0)):
            _, after = self.argument(tokens, after, token)
        inside, after = self.argument(tokens, after, token)
        inner = self.run(inside, depth + 1)
        if token.text in nt.BRACES and after < len(tokens) and tokens[after].text in ("_", "^"):
            _, after = self.argument(tokens, after + 1, token)
        bare = token.text in nt.BARE_WRAPPERS or any(t.kind in ("rel", "amp", "row") for t in inner)
        if not bare and len(inner) > 1:
            inner = [Token("lbrace", "{", token.start, token.end, token.spaced), *inner]
            last = tokens[after - 1]
            inner.append(Token("rbrace", "}", last.start, last.end))
        out.extend(inner)
        return after

    def environment(self, tokens: list[Token], k: int, out: list[Token]) -> int:
        token = tokens[k]
        inside, after = self.argument(tokens, k + 1, token)
        name = "".join(t.text for t in inside)
        out.append(Token(token.text[1:], name, token.start, tokens[after - 1].end, token.spaced))
        if token.text == r"\begin":
            after = (
                self.skip_optional(tokens, after)
                if name.rstrip("*") not in ("cases",) and self.placed(tokens, after)
                else after
            )
            if name.rstrip("*") in ("array", "tabular", "alignat", "alignedat", "xalignat", "subarray", "darray"):
                _, after = self.argument(tokens, after, token)
        return after

    def placed(self, tokens: list[Token], k: int) -> bool:
        """Whether `[t]` or `[rr]` stands at k: the only options that environments take."""
        return (
            k + 2 < len(tokens)
            and tokens[k].text == "["
            and tokens[k + 1].text in tuple("tbclr")
            and tokens[k + 2].text == "]"
        )

    def stacked(self, tokens: list[Token], k: int, out: list[Token], depth: int) -> int:
        token = tokens[k]
        over, after = self.argument(tokens, k + 1, token)
        under, after = self.argument(tokens, after, token)
        inner = self.run(under, depth + 1)
        if len(inner) == 1 and inner[0].kind == "rel":
            relation = inner[0]
            reason = self.reason(over, depth)
            symbol = relation.text
            if symbol == "=" and reason in nt.DEFINING:
                symbol = ":="
            elif symbol == "=" and reason in nt.DISTRIBUTIONAL:
                symbol = rf"\overset{{{reason}}}{{=}}"
            out.append(Token("rel", symbol, token.start, tokens[after - 1].end, token.spaced, reason))
        elif token.text == r"\underset":
            last = tokens[after - 1]
            out.extend(inner)
            out.append(Token("sub", "_", last.start, last.end))
            out.append(Token("lbrace", "{", last.start, last.end))
            out.extend(self.run(over, depth + 1))
            out.append(Token("rbrace", "}", last.start, last.end))
        else:
            raise self.fail(f"`{token.text}` over something that is no relation", token, "a relation such as `=`")
        return after

    def reason(self, tokens: list[Token], depth: int) -> str:
        """What stands over a relation, as plain words where it is text."""
        cleaned = self.run(tokens, depth + 1)
        if cleaned and all(t.kind in ("text", "word", "name", "punct", "quad") for t in cleaned):
            return "".join((" " if t.spaced and k else "") + t.text for k, t in enumerate(cleaned)).strip()
        return source(tokens)
