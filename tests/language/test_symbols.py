"""Names: letters, labels, indices."""

from fractions import Fraction

from derive.language import syntax as sx
from derive.language.survey import survey
from derive.language.symbols import bold_letter, is_capital, key_of, script_index, strip_accents
from derive.language.terms import Index
from derive.source import read_document


def test_letters_below_fonts_and_accents():
    assert strip_accents(r"\hat{\theta}") == r"\theta"
    assert bold_letter(r"\tilde{\mathbf{x}}_{i}") == "x"
    assert bold_letter(r"\epsilon_{\mathbf{W}}") is None
    assert is_capital(r"\mathbf{A}") and not is_capital(r"\mathbf{a}") and is_capital(r"\Sigma_{x}")


def test_keys():
    assert key_of(sx.Name("n", (sx.Label("in"),))) == r"n_{\mathrm{in}}"
    assert key_of(sx.Name("W", (), (sx.Name("l"),))) == "W^{(l)}"
    assert key_of(sx.Name("x", (), (sx.Label("'"),))) == "x'"


def test_scripts_that_can_be_indices():
    k = sx.Name("k")
    assert script_index(sx.Plus((k, sx.Negate(sx.Numeral(Fraction(1)))))) == Index("k", -1)
    assert script_index(sx.Numeral(Fraction(3))) == Index(None, 3)
    assert script_index(sx.Label("in")) is None


def lexicon(text):
    return survey(read_document("p.md", text))


def split(text, letter):
    found = lexicon(text)
    return [found.split(n)[:2] for n in found.names[letter]]


def test_bound_letters_are_indices_and_others_are_labels():
    assert split(r"$$ \sum_{r=1}^p z_r = z_r $$", "z") == [("z", (Index("r"),))] * 2
    assert split(r"$$ z_f = z_f + 1 $$", "z") == [("z_{f}", ())] * 2


def test_a_limit_as_a_subscript_is_a_label():
    assert split(r"$$ m_n = \frac{1}{n}\sum_{i=1}^n x_i $$", "m") == [("m_{n}", ())]


def test_the_end_of_a_dotted_list_is_an_index():
    text = "```given\nx_1, \\dots, x_n \\text{ iid}\n```\n$$ E[x_i] = E[x_n] $$"
    assert (("x", (Index("n"),)) in split(text, "x")) and (("x", (Index(None, 1),)) in split(text, "x"))


def test_a_recursion_makes_two_symbols():
    text = "```given\nx_k = A x_{k-1} + w_{k-1}\n```\n$$ E[x_k] = A E[x_{k-1}] $$"
    assert {stem for stem, _ in split(text, "x")} == {"x_{k}", "x_{k-1}"}


def test_applications():
    found = lexicon("```given\nf \\text{ function}\na \\in \\mathbb{R}\n```\n$$ f(x) + a(x) = g(x) + c(x + 1) $$")
    bracket = sx.Bracketed(sx.Name("x"))
    assert found.applied_as_function(sx.Name("f"), bracket)
    assert not found.applied_as_function(sx.Name("a"), bracket)
    assert found.applied_as_function(sx.Name("g"), bracket)
    assert not found.applied_as_function(sx.Name("c"), sx.Bracketed(sx.Plus((sx.Name("x"), sx.Name("y")))))
