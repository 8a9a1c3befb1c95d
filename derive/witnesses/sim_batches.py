"""Means over the draws of groups: plain, pooled, and among the draws on which something known is equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.witnesses.arrays import SAMPLE, Abstain, Labelled, add, contract, entrywise, over_groups


def pooled(covariance: Labelled, mean_x: Labelled, mean_y: Labelled) -> Labelled:
    """Covariance over all groups together, from those of the groups and their means."""
    between_x = entrywise(np.subtract, mean_x, over_groups(mean_x))
    between_y = entrywise(np.subtract, mean_y, over_groups(mean_y))
    return add([over_groups(covariance), over_groups(contract([between_x, between_y]))])


def cells_of(knowns: list[Labelled], groups: int) -> tuple[np.ndarray, int]:
    """Number the combinations of a group and the values of the known quantities."""
    rng = np.random.default_rng(20)
    key: Any = 0.0
    for known in knowns:
        data = np.moveaxis(known.data, known.axes.index(SAMPLE), 0)
        flat = data.reshape(data.shape[0], -1)
        key = key + flat @ rng.uniform(0.5, 1.5, flat.shape[1])
    values, cells = np.unique(np.round(key, 9), return_inverse=True)
    samples = key.shape[0]
    if len(values) * 20 > samples // groups and len(values) > 8:
        raise Abstain("conditioning on something that takes too many values")
    group = np.repeat(np.arange(groups), samples // groups)
    return cells.reshape(-1) + len(values) * group, len(values) * groups


def mean_in_cells(value: Labelled, cells: np.ndarray, count: int) -> Labelled:
    """For each draw the mean over the draws of the same cell; `cells` numbers the `count` cells."""
    data = np.moveaxis(value.data, value.axes.index(SAMPLE), 0)
    rest = tuple(a for a in value.axes if a != SAMPLE)
    flat = data.reshape(data.shape[0], -1)
    sizes = np.bincount(cells, minlength=count)
    sums = [np.bincount(cells, weights=flat[:, k], minlength=count) for k in range(flat.shape[1])]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    return Labelled(means[cells].reshape(data.shape), (SAMPLE, *rest))
