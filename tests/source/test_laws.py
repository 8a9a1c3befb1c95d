r"""Laws written value by value: in probabilities of events, in words, in cases."""

import pytest

from derive.source import read_document
from derive.source.values import CHANCE, EQUAL
from tests.source.shown import shown

# given lines: (word, subjects, parameters); None where nothing is known but that the variable is random or less
LAWS = {
    r"P(X=1)=p,\ P(X=0)=1-p": ("Bernoulli", "X", "p"),
    r"P(X=1)=p=1-P(X=0)": ("Bernoulli", "X", "p"),
    r"\Pr(X_i=0)=q, \Pr(X_i=1)=1-q": ("Bernoulli", "X_{i}", "(1 + -q)"),
    r"P(s=1)=P(s=-1)=\tfrac12": ("Rademacher", "s", ""),
    r"P(s=\pm 1)=\frac{1}{2}": ("Rademacher", "s", ""),
    r"P(X=0)=\frac14, P(X=1)=\frac12, P(X=2)=\frac14": ("Finite", "X", "0, 1, 2, [1 / 4], [1 / 2], [1 / 4]"),
    r"P(X=a)=p, P(X=b)=1-p": ("Finite", "X", "a, b, p, (1 + -p)"),
    r"P(X=1)=p, P(X=0)=q": None,
    r"P(X=1)=p": None,
    r"P(X=1)=p, P(X=0)=1-p, P(X=2)=r": None,
    r"P(X=1)=\frac12, P(X=2)=\frac13": None,
    r"P(X>1)=\frac12, P(X=0)=\frac12": None,
    r"P(X=1)=p, P(Y=0)=1-p": None,
    r"s = \pm 1 \text{ with probability } 1/2": ("Rademacher", "s", ""),
    r"s = \pm 1 \text{ with equal probability}": ("Rademacher", "s", ""),
    r"X = 1 \text{ with probability } p \text{ and } 0 \text{ otherwise}": ("Bernoulli", "X", "p"),
    r"X = 1 \text{ w.p. } p,\ X = 0 \text{ w.p. } 1-p": ("Bernoulli", "X", "p"),
    r"X = c \text{ w.p. } p,\ 0 \text{ w.p. } 1-p": ("Finite", "X", "c, 0, p, (1 + -p)"),
    r"X = 1 \text{ with probability } p": None,
    r"X = 1 \text{ with probability } p \text{ and } 0 \text{ with probability } q": None,
    r"X \text{ takes the values } -1, 0, 1 \text{ with probabilities } q, 1-2q, q": ("Finite", "X", "-1, 0, 1, q, (1 + -2*q), q"),
    r"s \in \{-1,1\} \text{ uniformly at random}": ("Rademacher", "s", ""),
    r"s \text{ uniform on } \{-1,+1\}": ("Rademacher", "s", ""),
    r"U \text{ uniform on } [0,1]": ("Uniform", "U", "0, 1"),
    r"X = \begin{cases} 1 & \text{with probability } p \\ 0 & \text{otherwise} \end{cases}": ("Bernoulli", "X", "p"),
    r"X = \begin{cases} a & \text{w.p. } p \\ b & \text{w.p. } 1-p \end{cases}": ("Finite", "X", "a, b, p, (1 + -p)"),
    r"X = \begin{cases} a & \text{w.p. } p \\ b & \text{w.p. } p \end{cases}": None,
}  # fmt: skip


@pytest.mark.parametrize("line", LAWS)
def test_a_law_value_by_value(line: str) -> None:
    items = read_document("x.md", f"```given\n{line}\n```\n").items
    laws = [s for s in items if s.kind == "distribution"]
    found = [(s.word, *(", ".join(shown(p) for p in part) for part in s.parts)) for s in laws]
    wanted = LAWS[line]
    assert [(w, s, p.replace("{", "").replace("}", "")) for w, s, p in found] == ([wanted] if wanted else [])


PROSE = {
    r"Let $m$ be a random variable that takes the value $1$ with probability $p$ and $0$ with probability $1-p$.": "Bernoulli",
    r"The signs $s_i \in \{-1, 1\}$ are drawn uniformly at random.": "Rademacher",
    r"Here $s = \pm 1$ with equal probability, independent of $X$.": "Rademacher",
    r"Each $m_i$ equals $1/q$ with probability $q$ and $0$ otherwise.": "Finite",
    r"With probability $1-\delta$ the bound $X = 1$ holds.": None,
    r"Then $s$ is not uniform on $\{-1, 1\}$.": None,
    r"If $s$ is uniform on $\{-1, 1\}$, we know more.": None,
    r"We have $X = 1$ with probability at least $p$.": None,
}


@pytest.mark.parametrize("sentence", PROSE)
def test_a_law_in_prose(sentence: str) -> None:
    words = [s.word for s in read_document("x.md", sentence).items if s.kind == "distribution"]
    assert words == ([PROSE[sentence]] if PROSE[sentence] else [])


@pytest.mark.parametrize("words", ["with probability", "w.p.", "with prob.", "with probability of"])
def test_words_of_chance(words: str) -> None:
    assert CHANCE.fullmatch(words.rstrip(".") if words == "with prob." else words)
    assert not EQUAL.search(words)


def test_of_a_variable_with_few_values_probabilities_and_means_agree() -> None:
    from tests.judge.test_check import display, steps_of

    given = "```given\nP(X=0)=p, P(X=1)=q, P(X=2)=1-p-q\n```\n"
    claims = {r"2P(X=2)+P(X=1)": "proved", r"2-2p-q": "proved", r"2-p-2q": "wrong"}
    for right, verdict in claims.items():
        assert [s.verdict for s in steps_of(display(r"\mathbb{E}[X]", right, given=given))] == [verdict]
