"""Random documents over the whole language: givens of every kind, and an expression that they bear on.

`world(random)` is the text of a page that claims `expression = expression`; what others make of the right side, by
rules or by edits, are the claims that the witnesses are asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Page = tuple[list[str], str]  # givens, expression

DISTRIBUTIONS = (
    r"{} \sim \mathcal{{N}}(\mu, \sigma^2)",
    r"{} \sim \mathcal{{N}}(0, 1)",
    r"{} \sim \mathrm{{Bernoulli}}(p)",
    r"{} \sim \mathrm{{Uniform}}(0, 1)",
    r"{} \sim \mathrm{{Exponential}}(\lambda)",
    r"{} \sim \mathrm{{Poisson}}(\lambda)",
    r"{} \sim \mathrm{{Binomial}}(2, p)",
    r"{} \sim \mathrm{{Gamma}}(2, \lambda)",
    r"{} \sim \mathrm{{Beta}}(2, 3)",
    r"{} \sim \mathrm{{Laplace}}(0, 1)",
    r"{} \sim \mathrm{{Rademacher}}",
    r"{} \sim (\mu, \sigma^2)",
    r"\mathbb{{E}}[{}] = 0",
    r"\operatorname{{Var}}({}) = \sigma^2",
    r"{} \in \{{0, 1\}}",
)
DEPENDENCE = (
    (),
    (r"X \perp Y",),
    (r"X, Y, Z \text{ independent}",),
    (r"X, Y, Z \text{ pairwise independent}",),
    (r"X, Y, Z \text{ uncorrelated}",),
    (r"X \perp (Y, Z)",),
    (r"Y \perp Z \mid X",),
    (r"X, Y \text{ iid}",),
    (r"X, Y \text{ iid}", r"(X, Y) \perp Z"),
    (r"\mathbb{E}[Y \mid X] = a X + b",),
    (r"\mathbb{E}[Y \mid X] = 0",),
    (r"\mathbb{E}[X Y] = c",),
    (r"Z = X + Y", r"X \perp Y"),
    (r"f(X) \perp Y",),
    (r"\operatorname{Cov}(X, Y) = c",),
    (r"X \perp Y", r"X \perp Z"),
    (r"X \perp Y", r"X \perp Z", r"Y \perp Z"),
    (r"X \perp Z \mid Y", r"X \perp Y"),
    (r"X, Y, Z \text{ pairwise independent}", r"X, Y, Z \text{ identically distributed}"),
    (r"a \mathbb{E}[X] = a \mathbb{E}[Y]",),
    (r"\operatorname{Var}(Y \mid X) = X^2", r"\mathbb{E}[Y \mid X] = X"),
    (r"X \perp Y", r"\mathbb{E}[X] = \mathbb{E}[Y]"),
)
MATRICES = (
    r"{} = {}^\top",
    r"{} \text{{ symmetric}}",
    r"{} \text{{ idempotent}}",
    r"{} \text{{ invertible}}",
    r"{} \text{{ orthogonal}}",
    r"{} \text{{ diagonal}}",
    r"{} \text{{ positive definite}}",
)
VECTORS = (
    (r"\mathbf{x} \sim \mathcal{N}(\boldsymbol\mu, \Sigma)",),
    (r"\mathbf{x} \sim \mathcal{N}(\mathbf{0}, \alpha \mathbf{I})",),
    (r"\mathbf{x} \sim (\boldsymbol\mu, \Sigma)",),
    (r"\mathbf{x} \sim \mathrm{Categorical}(\mathbf{p})", r"\mathbf{p} \in \mathbb{R}^n"),
    (r"\mathbf{x} \sim \mathrm{Multinomial}(N, \mathbf{p})", r"\mathbf{p} \in \mathbb{R}^n"),
    (r"\mathbf{x} \sim \mathrm{Dirichlet}(\boldsymbol\alpha)", r"\boldsymbol\alpha \in \mathbb{R}^n"),
    (r"\mathbf{x} \in \{0, 1\}^n", r"\mathbb{E}[\mathbf{x}] = \mathbf{w}"),
    (r"\mathbf{x}, \mathbf{y} \text{ iid}", r"(\mathbf{x}, \mathbf{y}) \perp Z"),
    (r"\mathbb{E}[\mathbf{x}] = \mathbf{0}",),
    (r"\operatorname{Cov}(\mathbf{x}) = \alpha \mathbf{I}",),
    (r"\mathbf{x} \perp \mathbf{y}",),
    (r"\mathbf{x} \perp (\mathbf{y}, Z)", r"\mathbb{E}[\mathbf{x}] = \mathbf{0}"),
    (r"\mathbb{E}[\mathbf{x}\mathbf{x}^\top] = \mathbf{I}",),
    (r"\mathbb{E}[\mathbf{y} \mid \mathbf{x}] = A \mathbf{x}",),
    (),
)
FAMILIES = (
    (r"x_1, \dots, x_n \text{ iid}",),
    (r"x_1, \dots, x_n \overset{\text{iid}}{\sim} \mathcal{N}(\mu, \sigma^2)",),
    (r"x_1, \dots, x_n \overset{\text{iid}}{\sim} \mathrm{Bernoulli}(p)",),
    (r"x_1, \dots, x_n \overset{\text{iid}}{\sim} (\mu, \sigma^2)",),
    (r"x_1, \dots, x_n \text{ independent}",),
    (r"x_1, \dots, x_n \text{ pairwise independent}",),
    (r"x_1, \dots, x_n \text{ pairwise independent and identically distributed}",),
    (r"x_1, \dots, x_n \text{ iid}", r"\mathbb{E}[x_i] = 0"),
    (r"\mathbb{E}[x_i \mid x_j] = 0 \quad (i \neq j)",),
    (r"x_1, \dots, x_n \overset{\text{iid}}{\sim} \mathrm{Poisson}(\lambda)",),
    (r"x_1, \dots, x_n \text{ uncorrelated}", r"\operatorname{Var}(x_i) = \sigma^2"),
    (r"\mathbb{E}[x_i] = 0", r"\mathbb{E}[x_i^2] = v", r"\mathbb{E}[x_i x_j] = c \quad (i \neq j)"),
    (r"x_1, \dots, x_n \text{ iid}", r"y_1, \dots, y_n \text{ iid}", r"(x_1, \dots, x_n) \perp (y_1, \dots, y_n)"),
    (r"x_1, \dots, x_n \text{ iid}", r"\bar{x} = \frac{1}{n}\sum_{i=1}^n x_i"),
)


def polynomial(random: Random, letters: list[str]) -> str:
    """One to three terms in the letters."""
    return " + ".join(monomial(random, letters) for _ in range(random.choice((1, 1, 2, 2, 3))))


def monomial(random: Random, letters: list[str]) -> str:
    factors = random.choices(letters, k=random.choice((1, 1, 2, 2, 3)))
    powers = [f + random.choice(("", "", "", "^2")) if f[-1] not in ")}" else f for f in factors]
    return random.choice(("", "", "a ", "2 ", "b ")) + r" \, ".join(powers)


def moment(random: Random, letters: list[str], conditions: list[str]) -> str:
    """An expectation, variance or covariance, perhaps with a condition, perhaps the mean of one."""
    p, q = polynomial(random, letters), polynomial(random, letters)
    behind = r" \mid " + random.choice(conditions) if conditions and random.random() < 0.45 else ""
    inner = rf"\mathbb{{E}}[{p}{behind}]"
    return random.choice(
        (
            inner,
            inner,
            rf"\operatorname{{Var}}({p}{behind})",
            rf"\operatorname{{Cov}}({p}, {q}{behind})",
            rf"\mathbb{{E}}[{inner}]",
            rf"\mathbb{{E}}[({p})^2{behind}]",
            rf"\mathbb{{E}}[({p})({q}){behind}]",
            rf"\mathbb{{E}}[{random.choice(letters)} \, {inner}]",
            rf"\operatorname{{Var}}({inner})",
        )
    )


def scalars(random: Random) -> Page:
    givens = [r"X, Y, Z \text{ random}", r"a, b, c \text{ constant}", r"f \text{ function}"]
    givens += random.choice(DEPENDENCE)
    for letter in "XYZ":
        if random.random() < 0.3 and not any(g.startswith(f"{letter} =") for g in givens):
            givens.append(random.choice(DISTRIBUTIONS).format(letter))
    letters = ["X", "Y", "Z", "X", "Y", "(X - Y)", "f(X)", r"\mathbf{1}\{X = Y\}", r"\mathbb{E}[X]"]
    conditions = ["X", "Y", "X, Y", "X + Y", "X^2", "f(X)", "Z", "X - Y, Z", "X Y", "|X|"]
    return givens, combined(random, lambda: moment(random, letters[: random.choice((2, 3, 6, 9))], conditions))


def families(random: Random) -> Page:
    givens = [*random.choice(FAMILIES)]
    mean = r"\bar{x}" if len(givens) > 1 and "bar" in givens[1] else r"\frac{1}{n}\sum_{i=1}^n x_i"
    total, square = r"\sum_{i=1}^n x_i", r"\sum_{i=1}^n x_i^2"
    letters = [total, square, mean, "x_1", "x_2"]

    def one() -> str:
        p, q = random.choice(letters), random.choice(letters)
        return random.choice(
            (
                rf"\mathbb{{E}}[({p})({q})]",
                rf"\operatorname{{Var}}({p})",
                rf"\operatorname{{Cov}}({p}, {q})",
                r"\mathbb{E}\left[\sum_{i \neq j} x_i x_j\right]",
                r"\mathbb{E}\left[\sum_{i < j} x_i x_j\right]",
                r"\sum_{i=1}^n \sum_{j=1}^n \delta_{ij} \mathbb{E}[x_i x_j]",
                r"\sum_{i=1}^n \sum_{j=1}^n \operatorname{Cov}(x_i, x_j)",
                r"\sum_{i=1}^n \sum_{j=1}^n \mathbb{E}[x_i x_j^2]",
                rf"\mathbb{{E}}\left[\sum_{{i=1}}^n (x_i - {random.choice((mean, 'x_1', 'a'))})^2\right]".replace(
                    r"_{i=1}^n x_i", r"_{k=1}^n x_k"
                ),
                rf"\mathbb{{E}}[x_1 \mid {p}]",
                rf"\mathbb{{E}}[{p} \mid x_1]",
                r"\mathbb{E}\left[\prod_{i=1}^n x_i\right]",
                r"\mathbb{E}\left[\left(\sum_{i=1}^n a_i x_i\right)^2\right]",
                r"\mathbb{E}[x_1 x_2 x_3]",
                r"\sum_{i=1}^n \operatorname{Cov}(x_i, \sum_{j=1}^n x_j)",
                r"\mathbb{E}\left[\sum_{i=1}^n \mathbf{1}\{x_i = x_1\}\right]",
                r"\operatorname{Corr}(x_1, x_2)",
            )
        )

    return givens, combined(random, one)


def vectors(random: Random) -> Page:
    givens = [
        r"\mathbf{x}, \mathbf{y} \in \mathbb{R}^n",
        r"\mathbf{x}, \mathbf{y}, Z \text{ random}",
        r"\mathbf{w} \in \mathbb{R}^n",
        r"\mathbf{w} \text{ constant}",
        r"A \in \mathbb{R}^{n \times n}",
        r"A \text{ constant}",
        *random.choice(VECTORS),
    ]
    if random.random() < 0.4:
        givens.append(random.choice(MATRICES).format("A", "A"))
    forms = [
        r"\mathbf{w}^\top \mathbf{x}",
        r"\mathbf{x}^\top \mathbf{y}",
        r"\mathbf{x}^\top A \mathbf{x}",
        r"\mathbf{y}^\top A \mathbf{x}",
        r"\|\mathbf{x}\|^2",
        r"\|A\mathbf{x}\|^2",
        r"\|\mathbf{x} - \mathbf{y}\|^2",
        "Z",
        r"\operatorname{tr}(\mathbf{x}\mathbf{x}^\top A)",
        r"\mathbf{1}^\top \mathbf{x}",
        r"\mathbf{w}^\top (\mathbf{x} \odot \mathbf{y})",
        r"\mathbf{x}^\top \operatorname{diag}(\mathbf{w}) \mathbf{x}",
    ]
    columns = [
        r"\mathbf{x}",
        r"\mathbf{y}",
        r"A\mathbf{x}",
        r"\mathbf{x}\mathbf{x}^\top \mathbf{w}",
        r"Z \mathbf{x}",
        r"\mathbf{x} \odot \mathbf{y}",
    ]

    def one() -> str:
        f, g = random.choice(forms), random.choice(forms)
        return random.choice(
            (
                rf"\mathbb{{E}}[{f} + {g}]",
                rf"\mathbb{{E}}[({f})({g})]",
                rf"\operatorname{{Var}}({f})",
                rf"\mathbb{{E}}[{f} \mid \mathbf{{x}}]",
                rf"\mathbb{{E}}[{f} \mid {g}]",
                rf"\operatorname{{tr}}(\operatorname{{Cov}}({random.choice(columns)}))",
            )
        )

    def column() -> str:
        u, v = random.choice(columns), random.choice(columns)
        condition = random.choice(("", "", r" \mid \mathbf{x}", r" \mid Z", r" \mid A\mathbf{x}"))
        return random.choice((rf"\mathbb{{E}}[{u} + {v}{condition}]", rf"A \mathbb{{E}}[{u}{condition}]"))

    def square() -> str:
        u, v = random.choice(columns), random.choice(columns)
        return random.choice(
            (
                rf"\mathbb{{E}}[{u} ({v})^\top]",
                rf"\operatorname{{Cov}}({u})",
                rf"\operatorname{{Cov}}({u}, {v})",
                rf"A \operatorname{{Cov}}({u}) A^\top",
            )
        )

    kind = random.choice((one, one, column, square))
    gradient = r"\nabla_{\mathbf{w}} \mathbb{E}[(\mathbf{w}^\top \mathbf{x} - Z)^2]"
    return givens, gradient if random.random() < 0.06 else combined(random, kind)


def matrices(random: Random) -> Page:
    givens = [r"A, B, C \in \mathbb{R}^{n \times n}", r"\mathbf{u}, \mathbf{v} \in \mathbb{R}^n", r"a \in \mathbb{R}"]
    for letter in "ABC":
        if random.random() < 0.6:
            givens.append(random.choice(MATRICES).format(letter, letter))
    if random.random() < 0.2:
        givens.append(random.choice((r"A B = B A", r"A B = \mathbf{0}", r"A \mathbf{u} = a \mathbf{u}")))

    def word(depth: int = 2) -> str:
        if depth == 0 or random.random() < 0.35:
            return random.choice(("A", "B", "C", "A", "I"))
        inner, other = word(depth - 1), word(depth - 1)
        return random.choice(
            (
                f"{inner} {other}",
                f"{inner} {other}",
                f"({inner})^\\top",
                f"({inner} + {other})",
                f"({inner} {other})^\\top",
                f"({inner})^{{-1}}",
                f"({inner} {other})^{{-1}}",
                f"a {inner}",
                rf"{inner} \odot {other}",
                f"({inner})^{{+}}",
                f"({inner})^{{-\\top}}",
                rf"\operatorname{{diag}}({inner})",
            )
        )

    def one() -> str:
        w = word()
        return random.choice(
            (
                rf"\operatorname{{tr}}({w})",
                rf"\det({w})",
                rf"\|{w}\|_F^2",
                rf"\mathbf{{u}}^\top ({w}) \mathbf{{v}}",
                rf"\operatorname{{tr}}({w} \mathbf{{u}}\mathbf{{v}}^\top)",
                rf"\|({w}) \mathbf{{u}}\|^2",
                rf"\operatorname{{tr}}(({w}) \otimes {random.choice('ABC')})",
                rf"\|({w}) \otimes {random.choice('ABC')}\|_F^2",
                rf"\det(({w}) {random.choice('ABC')})",
            )
        )

    def kronecker() -> str:
        first, second = word(1), word(1)
        return random.choice(
            (
                rf"({first}) \otimes ({second})",
                rf"(({first}) \otimes ({second}))^\top",
                rf"(A \otimes B) (({first}) \otimes ({second}))",
                rf"(({first}) \otimes ({second}))^{{-1}}",
            )
        )

    def blocks() -> str:
        first, second = word(1), word(1)
        top, side = (
            rf"\begin{{pmatrix}} {x} & {y} \\ {z} & {w} \end{{pmatrix}}"
            for x, y, z, w in ((first, "B", "C", second), ("A", second, first, "I"))
        )
        return random.choice((top, f"{top}^\\top", f"{top} {side}"))

    def gradient() -> str:
        w = word(1)
        return random.choice(
            (
                rf"\nabla_{{\mathbf{{u}}}} \mathbf{{u}}^\top ({w}) \mathbf{{u}}",
                rf"\nabla_{{\mathbf{{u}}}} \|({w}) \mathbf{{u}} - \mathbf{{v}}\|^2",
                rf"({w}) \mathbf{{u}}",
            )
        )

    return givens, combined(random, random.choice((one, one, word, word, gradient, kronecker, blocks)))


def combined(random: Random, one: Callable[[], str]) -> str:
    """One or two of a kind, added."""
    first = one()
    return random.choice((first, first, f"{first} + {one()}", f"2 {first} - {one()}"))


KINDS = (scalars, scalars, families, vectors, matrices)


def world(random: Random) -> str:
    """A page whose one step claims an expression equal to itself."""
    givens, expression = random.choice(KINDS)(random)
    block = "\n".join(givens)
    return f"```given\n{block}\n```\n\n$$\n{expression} = {expression}\n$$\n"
