"""Drawing random numbers: the declared distributions, and laws for what has none.

Every draw has the samples last in memory, `(…, n)`, where NumPy is fastest; the model hands them out with the
samples first, as views.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from derive.witnesses.arrays import Abstain

Rng = np.random.Generator
Parameters = list[np.ndarray]  # each with the families in front, then its own rows and columns
Sizes = tuple[int, ...]
Law = Callable[[Rng, Parameters, Sizes, np.ndarray], None]  # fills an array of (families, rows and columns, draws)


def _spread(parameter: np.ndarray, families: int, shape: Sizes) -> np.ndarray:
    """A parameter with axes for the components where it has none, and one for the samples."""
    missing = len(shape) - (parameter.ndim - families)
    return parameter.reshape(*parameter.shape[:families], *(1,) * missing, *parameter.shape[families:], 1)


def _entrywise(draw: Callable[..., np.ndarray]) -> Law:
    """A law from a function `draw(rng, *parameters, size=…)`."""

    def law(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
        shape = out.shape[len(families) : -1]
        out[...] = draw(rng, *(_spread(p, len(families), shape) for p in parameters), size=out.shape)

    return law


def root(covariance: np.ndarray) -> np.ndarray:
    """A factor L with L Lᵀ = covariance; raises `Abstain` where there is none."""
    values, vectors = np.linalg.eigh((covariance + np.swapaxes(covariance, -1, -2)) / 2)
    if np.any(values < -1e-9 * np.max(np.abs(values), initial=1.0)):
        raise Abstain("a covariance matrix is not positive semidefinite")
    return vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]


def mixed(factor: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """`factor @ rows` for few rows of many numbers, where starting the threads of BLAS costs more than the work."""
    return np.einsum("...ij,...jn->...in", factor, rows) if factor.shape[-1] <= 16 else factor @ rows


def _normal(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    mean, spread = parameters
    shape = out.shape[len(families) : -1]
    location = _spread(mean, len(families), shape)
    rng.standard_normal(out=out)
    if not shape:
        return _affine(out, np.sqrt(spread)[..., None], location)
    diagonal = np.diagonal(spread, axis1=-2, axis2=-1)
    if np.array_equal(spread, diagonal[..., None, :] * np.eye(shape[0])):
        return _affine(out, np.sqrt(diagonal)[..., None], location)
    np.add(mixed(root(spread), out), location, out=out)
    return None


def _affine(out: np.ndarray, scale: np.ndarray, location: np.ndarray) -> None:
    """`location + scale · out` in place, leaving out what does nothing."""
    if np.any(scale != 1.0):
        out *= scale
    if np.any(location != 0.0):
        out += location


def _bernoulli(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    chance = _spread(parameters[0], len(families), out.shape[len(families) : -1])
    np.less(rng.random(out.shape), chance, out=out)


def _uniform(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    low, high = (_spread(p, len(families), out.shape[len(families) : -1]) for p in parameters)
    rng.random(out=out)
    _affine(out, high - low, low)


def _matrix_normal(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    mean, rows, columns = parameters
    *_, m, k, n = out.shape
    z = rng.standard_normal((*families, n, m, k))
    x = root(rows)[..., None, :, :] @ z @ np.swapaxes(root(columns), -1, -2)[..., None, :, :]
    out[...] = _spread(mean, len(families), (m, k)) + np.moveaxis(x, len(families), -1)


def _categories(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    """One-hot vectors where the symbol is a vector, numbers 1..k where it is a scalar."""
    edges = np.cumsum(parameters[0], axis=-1)
    if not np.allclose(edges[..., -1], 1.0):
        raise Abstain("the probabilities of a categorical distribution do not add up to 1")
    u = rng.random((*families, out.shape[-1]))
    number = np.zeros(u.shape)
    for k in range(edges.shape[-1] - 1):
        number += u >= edges[..., k, None]
    if out.ndim == u.ndim:
        out[...] = number + 1.0
    else:
        out[...] = np.moveaxis(number[..., None] == np.arange(out.shape[-2]), -1, -2)


def _multinomial(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    trials, probabilities = parameters
    if not np.allclose(probabilities.sum(axis=-1), 1.0):
        raise Abstain("the probabilities of a multinomial distribution do not add up to 1")
    counts = rng.multinomial(_whole(trials)[..., None], probabilities[..., None, :], size=(*families, out.shape[-1]))
    out[...] = np.moveaxis(counts, -1, -2)


def _finite(rng: Rng, parameters: Parameters, families: Sizes, out: np.ndarray) -> None:
    half = len(parameters) // 2
    sizes = out.shape[len(families) : -1]
    values, chances = (
        [_spread(p, len(families), sizes) for p in part] for part in (parameters[:half], parameters[half:])
    )
    total = sum(chances)
    if not np.allclose(total, 1.0) or any(np.any(c < 0) for c in chances):
        raise Abstain("the probabilities of a finite distribution do not add up to 1")
    u = rng.random(out.shape)
    out[...] = values[-1]
    edge = total
    for value, chance in zip(values[-2::-1], chances[:0:-1], strict=True):
        edge = edge - chance
        np.copyto(out, np.broadcast_to(value, out.shape), where=u < edge)


def _whole(parameter: np.ndarray) -> np.ndarray:
    return np.asarray(parameter).astype(np.int64)


# the parameters are those of `facts.Distributed`
LAWS: dict[str, Law] = {
    "Normal": _normal,
    "MatrixNormal": _matrix_normal,
    "Bernoulli": _bernoulli,
    "Uniform": _uniform,
    "Exponential": _entrywise(lambda rng, rate, size: rng.standard_exponential(size) / rate),
    "Poisson": _entrywise(lambda rng, rate, size: rng.poisson(rate, size).astype(float)),
    "Binomial": _entrywise(lambda rng, n, p, size: rng.binomial(_whole(n), p, size).astype(float)),
    "Gamma": _entrywise(lambda rng, shape, rate, size: rng.standard_gamma(shape, size) / rate),
    "Beta": _entrywise(lambda rng, a, b, size: rng.beta(a, b, size)),
    "Laplace": _entrywise(lambda rng, location, scale, size: rng.laplace(location, scale, size)),
    "Rademacher": _entrywise(lambda rng, size: 2.0 * rng.integers(0, 2, size) - 1.0),
    "Finite": _finite,
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
    if family != "Finite" and len(parameters) != COUNTS.get(family, -1):
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
    atoms: np.ndarray = field(init=False)  # (d, atoms), everything that the choice of an atom decides
    weights: np.ndarray = field(init=False)  # (d, d), of the powers of uniform variables
    powers: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        size = self.mean.size // self.members
        rng = np.random.default_rng(self.seed)
        white = white_atoms(size, size + 2 if self.discrete else 2 * size + 5, rng)
        self.powers = rng.permuted(np.resize([2, 1, 3], size))
        level = 1.0 / (self.powers + 1)
        spread = np.sqrt(1.0 / (2 * self.powers + 1) - level**2)
        share = 0.0 if self.discrete else 0.3  # of the variance, from the uniform variables
        if self.members > 1:
            level, spread = np.tile(level, self.members), np.tile(spread, self.members)
        self.weights = self.factor * (np.sqrt(share) / spread)
        shift = self.mean - self.weights @ level
        if self.members == 1:
            self.atoms = np.sqrt(1.0 - share) * self.factor @ white + shift[:, None]
        else:
            self.atoms = np.sqrt(1.0 - share) * white
            self.mean = shift

    def draw(self, rng: Rng, out: np.ndarray) -> None:
        """Fill `out`, which is (d, draws)."""
        n = out.shape[1]
        if self.members == 1:
            np.take(self.atoms, rng.integers(0, self.atoms.shape[1], n, dtype=np.uint8), axis=1, out=out, mode="clip")
        else:
            index = rng.integers(0, self.atoms.shape[1], (self.members, n), dtype=np.uint8)
            parts = np.moveaxis(np.take(self.atoms, index, axis=1), 0, 1).reshape(out.shape)
            np.add(mixed(self.factor, parts), self.mean[:, None], out=out)
        if self.discrete:
            return
        u = rng.random(out.shape)
        for row, power in zip(u, np.resize(self.powers, out.shape[0]), strict=True):
            if power > 1:
                base = row.copy() if power == 3 else row
                np.square(row, out=row)
                if power == 3:
                    row *= base
        if np.count_nonzero(self.weights - np.diag(np.diagonal(self.weights))):
            out += mixed(self.weights, u)
        else:
            u *= np.diagonal(self.weights)[:, None]
            out += u


def white_atoms(size: int, count: int, rng: Rng) -> np.ndarray:
    """`(size, count)` values, equally probable, with mean zero and identity covariance.

    Of a dozen candidates the one whose components are furthest from a normal's third and fourth moments.
    """
    best, distance = np.zeros((size, count)), -1.0
    for _ in range(12):
        raw = np.minimum(rng.exponential(1.0, (size, count)) + 0.3 * rng.standard_normal((size, count)), 3.0)
        raw -= raw.mean(axis=1, keepdims=True)
        white = np.linalg.solve(np.linalg.cholesky(raw @ raw.T / count), raw)
        skew, excess = np.mean(white**3, axis=1), np.mean(white**4, axis=1) - 3.0
        here = float(np.min(np.minimum(np.abs(skew), np.abs(excess))))
        if here > distance:
            best, distance = white, here
    return best


@dataclass(slots=True)
class ListedLaw:
    """Equally probable points: for {0,1}, {-1,1} and integers, where nothing more is declared."""

    points: np.ndarray  # (d, count)

    @classmethod
    def of(cls, supports: list[str], seed: tuple[int, ...]) -> ListedLaw:
        rng = np.random.default_rng(seed)
        count = 7
        rows = []
        for support in supports:
            two = support in ("binary", "sign")
            row = rng.permutation(np.array([0, 0, 0, 1, 1, 0, 1])) if two else rng.integers(0, 5, count)
            rows.append(row - 2 if support == "integer" else 2 * row - 1 if support == "sign" else row)
        return cls(np.array(rows, dtype=float))

    def draw(self, rng: Rng, out: np.ndarray) -> None:
        """Fill `out`, which is (d, draws)."""
        index = rng.integers(0, self.points.shape[1], out.shape[1], dtype=np.uint8)
        np.take(self.points, index, axis=1, out=out, mode="clip")
