"""NaN, infinite and missing values in frames: refused where they are used, or counted.

References
----------
Specification 01, section 7.6. Parity: not applicable (the original passes them on).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..arrays import F32, I64, Mask
from ..errors import FieldError
from ..settings.series import MissingTest
from .finite import find_unusable
from .missing_test import missing_mask
from .model import Grid

if TYPE_CHECKING:  # not imported by runs without a spatial filter
    from ..settings.restriction import Restriction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedValues:
    """Which values of a frame are used, so that missing ones elsewhere do no harm.

    Attributes
    ----------
    rows, columns : int64
        Rows and columns of the source's frames, 0-based; the values where they cross are used.
    unused : MissingTest or Restriction, optional
        Values (packing factors applied) that are left out or replaced before they are used.
    spread : bool
        Every result depends on every value, so that one NaN makes all of them NaN.
    """

    rows: I64
    columns: I64
    unused: MissingTest | Restriction | None = None
    spread: bool = False

    @classmethod
    def of(cls, grid: Grid, rows: slice = slice(None), columns: slice = slice(None)) -> UsedValues:
        """Rows and columns of a working grid as they lie in the source's frames; by default all that the grid keeps."""
        plan = grid.reorder
        return cls(rows=plan.rows[rows], columns=plan.source_columns[columns])

    @classmethod
    def whole(cls, shape: tuple[int, int], unused: MissingTest | None = None) -> UsedValues:
        """All values of the source's frames (rows, columns) but those left `unused`."""
        return cls(rows=np.arange(shape[0]), columns=np.arange(shape[1]), unused=unused)

    def mask(self, shape: tuple[int, ...]) -> Mask:
        """The same as a mask of a frame of this shape."""
        used = np.zeros(shape, np.bool_)
        used[np.ix_(self.rows, self.columns)] = True
        return used


def beyond(values: F32, restriction: Restriction) -> Mask:
    """Which values (float32) lie at or beyond the limits (float32); NaN does not."""
    lower, upper = np.float32(restriction.lower), np.float32(restriction.upper)
    return (values <= lower) | (values >= upper)


def _holds(unused: MissingTest | Restriction, values: F32) -> Mask:
    """Which values are left out or replaced."""
    return missing_mask(values, unused) if isinstance(unused, MissingTest) else beyond(values, unused)


class Raw(Protocol):
    """What has to be known about the frames: name, coordinates, raw values that stand for missing data, packing."""

    name: str
    lon: F32
    lat: F32
    marks: F32

    def unpack(self, frame: F32) -> None:
        """Apply packing factors in place."""


@dataclass(slots=True, kw_only=True, eq=False)
class Described:
    """What messages say of frames that come as arrays (`Raw`)."""

    name: str
    lon: F32
    lat: F32
    marks: F32 = field(default_factory=lambda: np.zeros(0, np.float32))

    def unpack(self, frame: F32) -> None:
        """Nothing is packed."""


class MissingValues:
    """Looks for values that cannot be used in the frames of a source.

    Parameters
    ----------
    source : Source
        Or what else tells as much about its frames.
    used : UsedValues, optional
        Which values are looked at; by default all.
    keep : bool
        Pass such values on, as the original does, and only count them.

    Attributes
    ----------
    frames : dict of int to int
        How many such values frames that were passed on hold where they are used.
    """

    def __init__(self, source: Raw, used: UsedValues | None = None, *, keep: bool = False) -> None:
        self._source, self._used, self._keep = source, used, keep
        self.frames: dict[int, int] = {}

    def check(self, frame: F32, number: int) -> None:
        """Look at the raw values of a frame.

        Raises
        ------
        FieldError
            If values that are used are NaN, infinite or missing, and are not kept; or if one would spoil all results.
        """
        if not find_unusable(frame, self._source.marks)[0]:
            return
        used = np.ones(frame.shape, np.bool_) if self._used is None else self._used.mask(frame.shape)
        wrong = used & self._wrong(frame)
        count = int(np.count_nonzero(wrong))
        if not count:
            return
        spoilt = self._used is not None and self._used.spread and not np.isfinite(frame[wrong]).all()
        if self._keep and not spoilt:
            self.frames[number] = count
            return
        raise FieldError(self._problem(frame, number, wrong, int(np.count_nonzero(used)), spoilt=spoilt))

    def _wrong(self, frame: F32) -> Mask:
        """Where values are NaN, infinite or missing, and are not left out or replaced before they are used."""
        wrong: Mask = ~np.isfinite(frame) | np.isin(frame, self._source.marks)
        if self._used is not None and self._used.unused is not None:
            values = frame.copy()
            self._source.unpack(values)
            wrong &= ~_holds(self._used.unused, values)
        return wrong

    def _problem(self, frame: F32, number: int, wrong: Mask, total: int, *, spoilt: bool) -> str:
        source, count = self._source, int(np.count_nonzero(wrong))
        row, column = (int(n) for n in np.argwhere(wrong)[0])
        value = frame[row, column]
        kind = "NaN or infinite" if not np.isfinite(value) else f"missing ({value:g})"
        remedy = "Fill the gaps, cut the area or the frames that hold them, or run on with them as TRACK does by "
        remedy += "--keep-missing"
        if spoilt:
            remedy = "One NaN would make every value of the result NaN, as in TRACK: fill the gaps"
        if count == total:
            remedy += ". The whole frame is missing"
            remedy += "" if number == 1 else f": the run can end at frame {number - 1}"
        return (
            f"'{source.name}', frame {number}: {count} of {total} values that are used are NaN, infinite or missing; "
            f"the first ({kind}) is in row {row + 1}, column {column + 1}, longitude {source.lon[column]:g}, latitude "
            f"{source.lat[row]:g}. {remedy}"
        )
