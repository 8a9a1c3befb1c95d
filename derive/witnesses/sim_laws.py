"""Drawing random numbers: the declared distributions, and laws for what has none.

Every draw has the samples last in memory, `(…, n)`, where NumPy is fastest; the model hands them out with the
samples first, as views.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derive.witnesses.arrays import Abstain

Rng = np.random.Generator
Parameters = list[np.ndarray]  # each with the families in front, then its own rows and columns
Sizes = tuple[int, ...]


def _spread(parameter: np.ndarray, families: int, shape: Sizes) -> np.ndarray:
    """A parameter with axes for the components where it has none, and one for the samples."""
    missing = len(shape) - (parameter.ndim - families)
    return parameter.reshape(*parameter.shape[:families], *(1,) * missing, *parameter.shape[families:], 1)


def _entrywise(draw: Callable[..., np.ndarray]) -> Callable[[Rng, Parameters, Sizes, Sizes, int], np.ndarray]:
    def law(rng: Rng, parameters: Parameters, families: Sizes, shape: Sizes, n: int) -> np.ndarray:
        spread = [_spread(p, len(families), shape) for p in parameters]
        return draw(rng, *spread, size=(*families, *shape, n))

    return law


def root(covariance: np.ndarray) -> np.ndarray:
    """A factor L with L Lᵀ = covariance; raises `Abstain` where there is none."""
    values, vectors = np.linalg.eigh((covariance + np.swapaxes(covariance, -1, -2)) / 2)
    if np.any(values < -1e-9 * np.max(np.abs(values), initial=1.0)):
        raise Abstain("a covariance matrix is not positive semidefinite")
    return vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]


def _normal(rng: Rng, parameters: Parameters, families: Sizes, shape: Sizes, n: int) -> np.ndarray:
    mean, spread = parameters
    k = len(families)
    z = rng.standard_normal((*families, *shape, n))
    location = _spread(mean, k, shape)
    if not shape:
        return _affine(z, np.sqrt(spread)[..., None], location)
    if spread.ndim - k != 2 or len(shape) != 1:
        raise Abstain("a normal vector needs a covariance matrix")
    diagonal = np.diagonal(spread, axis1=-2, axis2=-1)
    if np.array_equal(spread, diagonal[..., None, :] * np.eye(shape[0])):
        return _affine(z, np.sqrt(diagonal)[..., None], location)
    x = root(spread) @ z
    x += location
    return x


def _affine(z: np.ndarray, scale: np.ndarray, location: np.ndarray) -> np.ndarray:
    """`location + scale · z` in place, leaving out what does nothing."""
    if np.any(scale != 1.0):
        z *= scale
    if np.any(location != 0.0):
        z += location
    return z


def _matrix_normal(rng: Rng, parameters: Parameters, families: Sizes, shape: Sizes, n: int) -> np.ndarray:
    mean, rows, columns = parameters
    z = rng.standard_normal((*families, n, *shape))
    x = root(rows)[..., None, :, :] @ z @ np.swapaxes(root(columns), -1, -2)[..., None, :, :]
    return _spread(mean, len(families), shape) + np.moveaxis(x, len(families), -1)


def _categories(rng: Rng, parameters: Parameters, families: Sizes, shape: Sizes, n: int) -> np.ndarray:
    """One-hot vectors where the symbol is a vector, numbers 1..k where it is a scalar."""
    edges = np.cumsum(parameters[0], axis=-1)
    if not np.allclose(edges[..., -1], 1.0):
        raise Abstain("the probabilities of a categorical distribution do not add up to 1")
    u = rng.random((*families, n))
    number = sum((u >= edges[..., k, None]).astype(float) for k in range(edges.shape[-1] - 1))
    if not shape:
        return number + 1.0
    return np.moveaxis((np.asarray(number)[..., None] == np.arange(shape[0])).astype(float), -1, len(families))


def _multinomial(rng: Rng, parameters: Parameters, families: Sizes, shape: Sizes, n: int) -> np.ndarray:
    trials, probabilities = parameters
    if not np.allclose(probabilities.sum(axis=-1), 1.0):
        raise Abstain("the probabilities of a multinomial distribution do not add up to 1")
    counts = rng.multinomial(trials.astype(int)[..., None], probabilities[..., None, :], size=(*families, n))
    return np.moveaxis(counts.astype(float), -1, len(families))


def _whole(parameter: np.ndarray) -> np.ndarray:
    return np.asarray(parameter).astype(np.int64)


LAWS: dict[str, Callable[[Rng, Parameters, Sizes, Sizes, int], np.ndarray]] = {
    "Normal": _normal,
    "MatrixNormal": _matrix_normal,
    "Bernoulli": _entrywise(lambda rng, p, size: (rng.random(size) < p).astype(float)),
    "Uniform": _entrywise(lambda rng, a, b, size: a + (b - a) * rng.random(size)),
    "Exponential": _entrywise(lambda rng, rate, size: rng.standard_exponential(size) / rate),
    "Poisson": _entrywise(lambda rng, rate, size: rng.poisson(rate, size).astype(float)),
    "Binomial": _entrywise(lambda rng, n, p, size: rng.binomial(_whole(n), p, size).astype(float)),
    "Gamma": _entrywise(lambda rng, shape, rate, size: rng.standard_gamma(shape, size) / rate),
    "Beta": _entrywise(lambda rng, a, b, size: rng.beta(a, b, size)),
    "Laplace": _entrywise(lambda rng, location, scale, size: rng.laplace(location, scale, size)),
    "Rademacher": _entrywise(lambda rng, size: 2.0 * rng.integers(0, 2, size) - 1.0),
    "Categorical": _categories,
    "Multinomial": _multinomial,
}


COUNTS = {
    "Normal": 2, "MatrixNormal": 3, "Bernoulli": 1, "Uniform": 2, "Exponential": 1, "Poisson": 1, "Binomial": 2,
    "Gamma": 2, "Beta": 2, "Laplace": 2, "Rademacher": 0, "Categorical": 1, "Multinomial": 2,
}  # fmt: skip


def fits(family: str, parameters: list[Sizes], shape: Sizes) -> bool:
    """Whether parameters of these sizes are those of the family, for a symbol of this shape (without dimensions of 1).

    >>> fits("Normal", [(3,), (3, 3)], (3,)), fits("Normal", [(3,), ()], (3,)), fits("Poisson", [()], ())
    (True, False, True)
    """
    if len(parameters) != COUNTS.get(family, -1):
        return False
    match family:
        case "Normal":
            return parameters == [shape, shape + shape] and len(shape) < 2
        case "MatrixNormal":
            return len(shape) == 2 and parameters == [shape, (shape[0],) * 2, (shape[1],) * 2]
        case "Categorical":
            return len(parameters[0]) == 1 and shape in ((), parameters[0])
        case "Multinomial":
            return len(shape) == 1 and parameters == [(), shape]
    return all(p in ((), shape) for p in parameters)


# ---------------------------------------------------------------------------------------------
# Where no distribution is declared


@dataclass(slots=True)
class FreeLaw:
    """`mean + factor · z` for a vector z of dependent, uncorrelated, asymmetric and bounded variables of unit variance.

    z mixes a few atoms, which are shared by all components and so make them depend on each other, with powers of
    uniform variables.  `members` > 1 makes z of that many independent copies of one part, which keeps the members of a
    family exchangeable.  With `discrete` there are atoms only, so that one can condition on the values.
    """

    seed: tuple[int, ...]
    mean: np.ndarray
    factor: np.ndarray
    discrete: bool = False
    members: int = 1
    atoms: np.ndarray | None = None
    powers: np.ndarray | None = None

    def __post_init__(self) -> None:
        size = self.mean.size // self.members
        rng = np.random.default_rng(self.seed)
        self.atoms = white_atoms(size, size + 2 if self.discrete else 2 * size + 5, rng)
        self.powers = rng.permuted(np.resize([2, 1, 3], size))

    def draw(self, rng: Rng, copies: int, n: int) -> np.ndarray:
        """`(copies, d, n)`: independent copies."""
        size = self.mean.size // self.members
        atoms = self.atoms
        z = np.take(atoms, rng.integers(0, atoms.shape[1], (copies * self.members, n), dtype=np.uint8), axis=1)
        z = np.moveaxis(z, 0, 1)
        if not self.discrete:
            z = z * np.sqrt(0.5)
            u = rng.random((copies * self.members, size, n))
            for k, power in enumerate(self.powers):
                variance = 1.0 / (2 * power + 1) - 1.0 / (power + 1) ** 2
                part = u[:, k] if power == 1 else np.square(u[:, k]) if power == 2 else u[:, k] ** 3
                z[:, k] += (part - 1.0 / (power + 1)) * np.sqrt(0.5 / variance)
        z = z.reshape(copies, self.mean.size, n)
        if np.count_nonzero(self.factor - np.diag(np.diagonal(self.factor))):
            z = self.factor @ z
        else:
            z = z * np.diagonal(self.factor)[:, None]
        return z + self.mean[:, None]


def white_atoms(size: int, count: int, rng: Rng) -> np.ndarray:
    """`(size, count)` values, equally probable, with mean zero, identity covariance and skew joint moments."""
    raw = rng.exponential(1.0, (size, count)) + 0.3 * rng.standard_normal((size, count))
    raw = np.minimum(raw, 3.0)
    raw -= raw.mean(axis=1, keepdims=True)
    return np.linalg.solve(np.linalg.cholesky(raw @ raw.T / count), raw)


@dataclass(slots=True)
class ListedLaw:
    """Equally probable points: for {0,1} and integers, where nothing more is declared."""

    points: np.ndarray  # (d, count)

    @classmethod
    def of(cls, supports: list[str], seed: tuple[int, ...]) -> ListedLaw:
        rng = np.random.default_rng(seed)
        count = 7
        rows = []
        for support in supports:
            row = rng.permutation(np.array([0, 0, 0, 1, 1, 0, 1])) if support == "binary" else rng.integers(0, 5, count)
            rows.append(row - 2 if support == "integer" else row)
        return cls(np.array(rows, dtype=float))

    def draw(self, rng: Rng, copies: int, n: int) -> np.ndarray:
        index = rng.integers(0, self.points.shape[1], (copies, n), dtype=np.uint8)
        return np.moveaxis(np.take(self.points, index, axis=1), 0, 1)
