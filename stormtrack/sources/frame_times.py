"""Times of frames as a file gives them, and what is odd about them. TRACK itself takes no notice of them.

References
----------
Specification 01, sections 7.1 and 7.4. Parity: not applicable.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask

_TOLERANCE = 1.0e-3
"""Share of the usual step by which steps may differ."""
_REMEDY = (
    "TRACK links frames by their number alone. Its remedies: fill the gap, use TRACK binary input with times and "
    "missing_frames?, or missing_frame_search? with a table of frame times"
)
_MOST_MISSING = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameTimes:
    """Times of the frames of a file.

    Attributes
    ----------
    values : float64, shape (n_frames,)
    unit : str
        Of the values, for messages: ``hours``, ...
    show : callable
        Text of one value.
    accuracy : float
        Differences below this are rounding of the type in which the values are stored.
    """

    values: F64
    unit: str
    show: Callable[[float], str]
    accuracy: float = 0.0

    def _place(self, number: int) -> str:
        return f"frame {number} ({self.show(float(self.values[number - 1]))})"

    def oddities(self, numbers: Sequence[int]) -> list[str]:
        """One sentence for each kind of oddity among the frames `numbers` (1-based, in the order of use)."""
        used = np.array([n for n in numbers if n <= len(self.values)], np.int64)
        steps = np.diff(self.values[used - 1])
        if not len(steps) or not np.isfinite(steps).all():
            return []
        found = []
        same, back = np.abs(steps) <= self.accuracy, steps < -self.accuracy
        if back.any():
            k = int(np.flatnonzero(back)[0])
            found.append(
                f"times are not in order: {self._place(used[k + 1])} comes after {self._place(used[k])}"
                f"{_more(back)}; sort the frames"
            )
        if same.any():
            k = int(np.flatnonzero(same)[0])
            found.append(
                f"duplicate times: {self._place(used[k])} and {self._place(used[k + 1])} are the same time"
                f"{_more(same)}; remove one"
            )
        uneven = self._uneven(used, steps, ~back & ~same)
        return [*found, uneven] if uneven else found

    def _uneven(self, used: I64, steps: F64, forward: Mask) -> str:
        """About steps that differ from the usual one; empty if there are none."""
        if not forward.any():
            return ""
        usual = float(np.median(steps[forward]))
        wrong = forward & (np.abs(steps - usual) > max(_TOLERANCE * usual, 2.0 * self.accuracy))
        if not wrong.any():
            return ""
        k = int(np.flatnonzero(wrong)[0])
        step, missing = float(steps[k]), float(steps[k]) / usual - 1.0
        gap = ""
        if 0.5 < missing < _MOST_MISSING and abs(missing - round(missing)) < _TOLERANCE * (missing + 1.0):
            gap = f", a gap of {round(missing)} missing frame{'s' if round(missing) > 1 else ''}"
        return (
            f"the time steps are uneven: {usual:g} {self.unit} is usual, but from {self._place(used[k])} to "
            f"{self._place(used[k + 1])} it is {step:g} {self.unit}{gap}{_more(wrong)}. {_REMEDY}"
        )


def _more(places: Mask) -> str:
    further = int(np.count_nonzero(places)) - 1
    return f" (and {further} more such place{'s' if further > 1 else ''})" if further else ""


def of_dates(dates: Sequence[Sequence[int]], *, days_of_360: bool) -> FrameTimes | None:
    """Times from year, month, day, hour and minute; None if there are none, or they are no dates.

    Parameters
    ----------
    dates : sequence of (year, month, day, hour, minute)
    days_of_360 : bool
        Months have 30 days.
    """
    try:
        hours = [_hours(date, days_of_360) for date in dates]
    except ValueError:
        return None
    if not hours:
        return None
    shown = {h: "{:04d}-{:02d}-{:02d} {:02d}:{:02d}".format(*date) for h, date in zip(hours, dates, strict=True)}
    return FrameTimes(values=np.array(hours), unit="hours", show=lambda value: shown[value])


def _hours(date: Sequence[int], days_of_360: bool) -> float:
    year, month, day, hour, minute = date
    if days_of_360:
        days = 360 * year + 30 * (month - 1) + day
    else:
        days = datetime.date(year, month, day).toordinal()
    return 24.0 * days + hour + minute / 60.0
