"""Sums of units (tracks, seasons, members) at sampling points, as kernels collect them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F64_2D, I64, I64_1D
from ..kernels.declare import helper


class Entries(NamedTuple):
    """What units add, point after point.

    Attributes
    ----------
    owner : int64, shape (n_data,) or (n_tracks,)
        Unit of each datum or track.
    place : int64, shape (n_units,)
        The latest entry of each unit; -1 at first.
    start : int64, shape (n_points + 1,)
        Offsets of the points into the entries.
    unit : int64, shape (n_most,)
    values : float64, shape (n_most, n_sums)
    """

    owner: I64_1D
    place: I64_1D
    start: I64_1D
    unit: I64_1D
    values: F64_2D


@helper
def entry_of(entries, unit, begin, count):
    """The entry of a unit at the point whose entries begin at `begin`, and the number of entries with it."""
    at = entries.place[unit]
    if at >= begin:
        return at, count
    entries.place[unit] = count
    entries.unit[count] = unit
    for j in range(entries.values.shape[1]):
        entries.values[count, j] = 0.0
    return count, count + 1


def no_entries(owner: I64, n_units: int, n_points: int, n_sums: int) -> Entries:
    """Room for every unit at every point."""
    most = max(n_units * n_points, 1)
    return Entries(
        np.ascontiguousarray(owner),
        np.full(n_units, -1, np.int64),
        np.zeros(n_points + 1, np.int64),
        np.empty(most, np.int64),
        np.empty((most, n_sums)),
    )
