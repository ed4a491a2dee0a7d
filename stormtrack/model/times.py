"""Times of frames and points: whole numbers, their units and their calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import I64, Mask

DATE_CODE = "YYYYMMDDHH"
"""Units of times that are written as digits of the date, as TRACK's files have them."""
NO_TIME = np.iinfo(np.int64).min
"""Value of a time that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """Times of frames or points.

    Attributes
    ----------
    values : int64, shape (n,)
        `NO_TIME` where a time is not known.
    units : str
        CF units (``hours since 1900-01-01 00:00:00``), or `DATE_CODE`.
    calendar : str or None
        CF name; None: not stated (CF then means the standard calendar).

    Notes
    -----
    Never a frame number: frames are counted in attributes of their own.
    """

    values: I64
    units: str = DATE_CODE
    calendar: str | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def known(self) -> Mask:
        """Which times are known."""
        known: Mask = self.values != NO_TIME
        return known

    @property
    def is_coded(self) -> bool:
        """Whether the values are digits of dates (YYYYMMDDHH)."""
        return self.units == DATE_CODE

    def take(self, which: I64 | Mask | slice) -> Times:
        """The times of some frames or points."""
        return replace(self, values=self.values[which])


def concatenated(parts: Sequence[Times | None], lengths: Sequence[int]) -> Times | None:
    """Times of several parts one after another; None if no part has any.

    Parameters
    ----------
    parts : sequence of Times or None
        None: the part's times are not known.
    lengths : sequence of int
        Number of times of each part.

    Raises
    ------
    ValueError
        If units or calendars differ: times of two axes are no longer comparable as numbers.
    """
    known = [part for part in parts if part is not None]
    if not known:
        return None
    first = known[0]
    if any((part.units, part.calendar) != (first.units, first.calendar) for part in known):
        kinds = sorted({f"{part.units} ({part.calendar or 'no calendar'})" for part in known})
        raise ValueError(f"times of different units or calendars cannot be put together: {', '.join(kinds)}")
    pieces = [
        np.full(n, NO_TIME, np.int64) if part is None else part.values for part, n in zip(parts, lengths, strict=True)
    ]
    return replace(first, values=np.concatenate([np.zeros(0, np.int64), *pieces]))
