"""NaN, infinite and missing values in frames: refused where they are used, or counted.

References
----------
Specification 01, section 7.6. Parity: not applicable (the original passes them on).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..arrays import F32, Mask
from ..errors import FieldError
from .finite import find_unusable
from .model import Grid


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedValues:
    """Which values of a frame are used, so that missing ones elsewhere do no harm.

    Attributes
    ----------
    mask : bool, shape of the source's frames
    replaced_above : float32, optional
        Values (packing factors applied) above this are replaced before they are used.
    spread : bool
        Every result depends on every value, so that one NaN makes all of them NaN.
    """

    mask: Mask
    replaced_above: np.float32 | None = None
    spread: bool = False

    @classmethod
    def of(cls, grid: Grid, used: Mask | None = None) -> UsedValues:
        """Values of a working grid (bool, shape (ny, nx)) as they lie in the source's frames; None: all of them.

        Rows of the source that the grid drops are not used.
        """
        plan = grid.reorder
        used = np.ones((grid.ny, grid.nx), np.bool_) if used is None else used.copy()
        if plan.wrap_to >= 0:
            used[:, plan.wrap_from] |= used[:, plan.wrap_to]
            used[:, plan.wrap_to] = False
        rows, columns = np.nonzero(used)
        mask = np.zeros(plan.source_shape, np.bool_)
        mask[plan.rows[rows], plan.columns[columns]] = True
        return cls(mask=mask)


class Raw(Protocol):
    """What has to be known about the frames: name, coordinates, raw values that stand for missing data, packing."""

    name: str
    lon: F32
    lat: F32
    marks: F32

    def unpack(self, frame: F32) -> None:
        """Apply packing factors in place."""


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
        wrong = self._wrong(frame)
        count = int(np.count_nonzero(wrong))
        if not count:
            return
        spoilt = self._used is not None and self._used.spread and not np.isfinite(frame[wrong]).all()
        if self._keep and not spoilt:
            self.frames[number] = count
            return
        raise FieldError(self._problem(frame, number, wrong, spoilt=spoilt))

    def _wrong(self, frame: F32) -> Mask:
        """Where values are NaN, infinite or missing, and used."""
        wrong = ~np.isfinite(frame) | np.isin(frame, self._source.marks)
        if self._used is not None:
            wrong &= self._used.mask
            if self._used.replaced_above is not None:
                values = frame.copy()
                self._source.unpack(values)
                wrong &= ~(values > self._used.replaced_above)
        return wrong

    def _problem(self, frame: F32, number: int, wrong: Mask, *, spoilt: bool) -> str:
        source, count = self._source, int(np.count_nonzero(wrong))
        total = frame.size if self._used is None else int(np.count_nonzero(self._used.mask))
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
