"""Values at targets as weighted sums of values at a few source points.

Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import F64, I64, Array, Mask

Means = tuple[tuple[I64, I64], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """A linear map from source points to targets; it can be called with values, and pickled.

    Attributes
    ----------
    index : int64, shape (k, n)
        Source points of every target.
    weight : float64, shape (k, n)
        NaN where a target lies outside of the source.
    means : tuple of (targets, sources)
        Targets whose value is the mean of source points.
    shape : (int, int)
        Rows and columns of the targets.
    source_axes : int
        Horizontal axes of the source values: 1 or 2.
    permutation : int64, optional
        Place of every source point in the values (nested HEALPix).
    """

    index: I64
    weight: F64
    means: Means = ()
    shape: tuple[int, int] = (0, 0)
    source_axes: int = 1
    permutation: I64 | None = None

    def on(self, shape: tuple[int, int], source_axes: int) -> Weights:
        """The same for targets in rows and columns."""
        return replace(self, shape=shape, source_axes=source_axes)

    def __call__(self, values: Array) -> Array:
        """Values on the target grid.

        Parameters
        ----------
        values : ndarray, shape (..., source) or (..., rows, columns)

        Returns
        -------
        float32 or float64, shape (..., rows, columns)
        """
        lead = values.shape[: values.ndim - self.source_axes]
        flat = values.reshape(*lead, -1)
        kind = np.result_type(values.dtype, np.float32)
        out = np.zeros((*lead, self.index.shape[1]), np.float64)
        for index, weight in zip(self.index, self.weight, strict=True):
            out += weight * flat[..., self._places(index)]
        for targets, sources in self.means:
            out[..., targets] = flat[..., self._places(sources)].mean(axis=-1, dtype=np.float64)[..., np.newaxis]
        return out.astype(kind).reshape(*lead, *self.shape)

    def _places(self, index: I64) -> I64:
        return index if self.permutation is None else self.permutation[index]


def pointing_at_what_counts(index: I64, weight: F64) -> I64:
    """Indices with those of weight 0 turned to the heaviest point, so that a missing value there does no harm."""
    heaviest = np.take_along_axis(index, np.argmax(weight, axis=0)[np.newaxis], axis=0)
    return np.where(weight == 0.0, heaviest, index)


def one_each(index: I64, inside: Mask | None = None) -> Weights:
    """The value of one point for every target; NaN outside."""
    weight = np.ones((1, len(index))) if inside is None else np.where(inside, 1.0, np.nan)[np.newaxis]
    return Weights(index=index[np.newaxis], weight=weight)


def between_axes(rows: F64, columns: F64, lat: F64, lon: F64, *, nearest: bool) -> Weights:
    """Weights on a limited grid of even or uneven rows and columns; NaN outside.

    Parameters
    ----------
    rows, columns : float64, shapes (ny,), (nx,)
        Coordinates of the source, increasing or decreasing rows, increasing columns.
    lat, lon : float64, shape (n,)
        Targets in the coordinates of the source.
    nearest : bool
    """
    lon = columns[0] + (lon - columns[0] + 1.0e-7) % 360.0 - 1.0e-7
    (top, bottom), down, inside_rows = _around(rows, lat)
    (left, right), across, inside_columns = _around(columns, lon)
    inside = inside_rows & inside_columns
    width = len(columns)
    if nearest:
        return one_each(np.where(down < 0.5, top, bottom) * width + np.where(across < 0.5, left, right), inside)
    index = np.stack([top * width + left, top * width + right, bottom * width + left, bottom * width + right])
    weight = np.stack([(1 - down) * (1 - across), (1 - down) * across, down * (1 - across), down * across])
    index = pointing_at_what_counts(index, weight)
    return Weights(index=index, weight=np.where(inside, weight, np.nan))


def _around(axis: F64, targets: F64) -> tuple[tuple[I64, I64], F64, Mask]:
    """Entries of an axis on both sides of targets, the share of the second, and whether there are such entries."""
    order = np.argsort(axis)
    ascending = axis[order]
    room = 1.0e-6
    place = np.clip(np.searchsorted(ascending, targets, side="right") - 1, 0, len(axis) - 2)
    share = (targets - ascending[place]) / (ascending[place + 1] - ascending[place])
    inside = (targets >= ascending[0] - room) & (targets <= ascending[-1] + room)
    return (order[place], order[place + 1]), np.clip(share, 0.0, 1.0), inside
