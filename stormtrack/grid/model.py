"""Working grids: what detection, filters and writers need to know about the rows and columns they see.

References
----------
Specification 01, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ..arrays import F32
from .reorder import Reorder


class GridKind(IntEnum):
    """What the longitudes of a grid amount to (TRACK's grid type)."""

    GLOBAL_CLOSED = 0
    """All round, the last column being the first one again."""
    GLOBAL_OPEN = 1
    """All round, without the closing column."""
    LIMITED = 2
    """Evenly spaced, not all round."""
    UNEVEN = 3
    """Not evenly spaced."""
    MAPPED = 4
    """Axes named x and y: no longitudes and latitudes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """A working grid: rows south to north, columns west to east.

    Attributes
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        Coordinates in degrees (as in the file for `GridKind.MAPPED`).
    kind : GridKind
        As classified before a closing column was added.
    wraps : bool
        The last column is a copy of the first.
    uneven_latitudes : bool
        Rows are not evenly spaced (a Gaussian grid).
    label_shift : float32
        Subtracted from all longitudes because the origin was translated.
    label_correction : float32
        Added to all longitudes to bring them into 0 to 360 (``correct_longitudes`` 2).
    translated_columns : int
        Columns by which the field was shifted (0 when the translation was cancelled).
    rotated_columns : int
        Columns with negative longitudes that were moved to the end (``correct_longitudes`` 1).
    reorder : Reorder
        Which value of the file's frame each value of the working frame is.
    notes : tuple of str
        What a caller should tell the user.
    disorder : str
        Where rows or columns do not increase, and what to do; empty in an orderly grid.
    """

    lon: F32
    lat: F32
    kind: GridKind
    wraps: bool
    uneven_latitudes: bool
    label_shift: float
    label_correction: float
    translated_columns: int
    rotated_columns: int
    reorder: Reorder
    notes: tuple[str, ...] = ()
    disorder: str = ""

    @property
    def nx(self) -> int:
        """Number of columns, a closing column included."""
        return len(self.lon)

    @property
    def ny(self) -> int:
        """Number of rows."""
        return len(self.lat)

    @property
    def source_coordinates(self) -> tuple[F32, F32]:
        """Coordinates of the columns and rows of the source's frames in this grid; NaN where they are not used."""
        plan = self.reorder
        lon, lat = (np.full(n, np.nan, np.float32) for n in reversed(plan.source_shape))
        kept = np.arange(self.nx) != plan.wrap_to
        lon[plan.columns[kept]], lat[plan.rows] = self.lon[kept], self.lat
        return lon, lat

    @property
    def remembered_shift(self) -> float:
        """The part of `label_shift` that TRACK remembers: none once a closing column was added."""
        return 0.0 if self.wraps and self.kind is GridKind.GLOBAL_OPEN else self.label_shift

    @property
    def period(self) -> float:
        """Length of the circle in units of `lon`."""
        return 360.0
