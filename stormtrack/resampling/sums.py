"""What each unit adds to sums at points, and these sums over chosen units.

References
----------
Hodges (2008), Mon. Wea. Rev. 136, 1758. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import F64, F64_2D, F64_3D, I64_1D, U8, U8_2D
from ..kernels.declare import kernel


class UnitSums(NamedTuple):
    """What units add at points, point after point; only units that add something.

    Attributes
    ----------
    start : int64, shape (n_points + 1,)
        Offsets of the points.
    unit : int64, shape (n_entries,)
    values : float64, shape (n_entries, n_sums)
    """

    start: I64_1D
    unit: I64_1D
    values: F64_2D


SumsAt = Callable[[slice], Mapping[str, UnitSums]]
"""Sums of each set of data at some of the points."""


class Contributions(Protocol):
    """What units add, computed for some points at a time. Backends with workers in other processes pickle it.

    Attributes
    ----------
    numbers : mapping
        Set of data -> float64, shape (n_units, 2): number of data of each unit, and the sum of their weights.
    """

    @property
    def numbers(self) -> Mapping[str, F64]:
        """Number of data of each unit and sum of their weights, for each set of data."""

    def chunks(self, most: int) -> Iterator[slice]:
        """All points, a few at a time: at most so many, or the fewest possible."""

    def worker(self) -> SumsAt:
        """The function that computes; it may keep work arrays, so that each worker has its own."""


@kernel
def add_units(sums: UnitSums, times: U8_2D, offset: float, sign: float, out: F64_3D) -> None:
    """Add what the units do, ``offset + sign * times`` times for each sample, to `out` (points, sums, samples)."""
    for k in range(len(sums.start) - 1):
        for e in range(sums.start[k], sums.start[k + 1]):
            unit = sums.unit[e]
            for j in range(sums.values.shape[1]):
                value = sums.values[e, j]
                for p in range(times.shape[1]):
                    out[k, j, p] += value * (offset + sign * times[unit, p])


def resampled(sums: UnitSums, times: U8, *, others: bool = False) -> F64:
    """Sums of samples of the units.

    Parameters
    ----------
    sums : UnitSums
    times : uint8, shape (n_units, n_samples)
        How often each unit is in each sample.
    others : bool
        Of the units that are not in the sample instead (`times` is 0 or 1).

    Returns
    -------
    float64, shape (n_points, n_sums, n_samples)
        Units are added in the order of the entries, so that equal samples have equal bits.
    """
    out = np.zeros((len(sums.start) - 1, sums.values.shape[1], times.shape[1]))
    add_units(sums, np.ascontiguousarray(times), 1.0 if others else 0.0, -1.0 if others else 1.0, out)
    return out
