"""Times of frames as xarray holds them, their calendar, and what is odd about a series of them.

References
----------
CF conventions 1.11, section 4.4. Parity: not applicable.
"""

from __future__ import annotations

import datetime
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from ..arrays import F64, Array, Mask
from ..errors import FieldError
from .coordinates import attribute

CALENDARS = (
    "standard",
    "gregorian",
    "proleptic_gregorian",
    "julian",
    "noleap",
    "365_day",
    "all_leap",
    "366_day",
    "360_day",
)
DAY_CODE = "day as %Y%m%d.%f"
_DAY_CODE = re.compile(r"day as %Y%m%d(\.%f)?", re.IGNORECASE)
_PER_HOUR = {"day": 24.0, "hour": 1.0, "hr": 1.0, "h": 1.0, "minute": 1 / 60, "min": 1 / 60, "second": 1 / 3600}
_PER_HOUR |= {"s": 1 / 3600, "sec": 1 / 3600, "d": 24.0, "nanosecond": 1 / 3.6e12, "ns": 1 / 3.6e12}
_TOLERANCE = 1.0e-3
"""Share of the usual step by which steps may differ."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeAxis:
    """Times of the frames of a field.

    Attributes
    ----------
    values : ndarray, shape (n,)
        datetime64, cftime objects, or numbers where the file gives no dates.
    calendar : str
        CF name; empty for numbers.
    units : str
        As stored.
    because : str
        Where the times come from.
    notes : tuple of str
        What is to be said about them.
    warnings : tuple of str
        What the user should look at.
    """

    values: Array
    calendar: str = ""
    units: str = ""
    because: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether the times are dates."""
        return bool(self.calendar)


def check_calendar(calendar: str | None) -> None:
    """Refuse a calendar that CF does not know."""
    if calendar is not None and calendar not in CALENDARS:
        raise FieldError(f"calendar {calendar!r} is not known; allowed: {', '.join(CALENDARS)}")


def hours_of(values: Array) -> F64:
    """Hours from the first time, shape (n,); numbers are taken as they are."""
    if values.dtype.kind == "M":
        return np.asarray((values - values[0]) / np.timedelta64(1, "us"), np.float64) / 3.6e9
    if values.dtype.kind == "O":
        return np.array([(v - values[0]).total_seconds() / 3600.0 for v in values])
    return values.astype(np.float64)


def shown(value: Any) -> str:
    """A time for messages, as short as it can be."""
    if isinstance(value, np.datetime64):
        text = str(value.astype("datetime64[s]")).replace("T", " ")
    elif hasattr(value, "strftime"):
        text = str(value).partition(".")[0]
    else:
        return f"{float(value):g}"
    return text.removesuffix(":00")


def decode(variable: Any, name: str, calendar: str | None = None) -> TimeAxis:
    """Times of a coordinate.

    Parameters
    ----------
    variable : xarray.Variable, shape (n,)
        Numbers with CF units, dates, or anything else that counts frames.
    name : str
    calendar : str, optional
        Used in place of what the file says.

    Raises
    ------
    FieldError
        If the units are dates that cannot be, or times are missing.
    """
    values = np.atleast_1d(np.asarray(variable.values))
    if values.dtype.kind in "MO" and not isinstance(values.flat[0], (str, bytes)):
        return _of_dates(values, name, calendar)
    if values.dtype.kind in "SUO":
        return _of_texts(values, name)
    units = attribute(variable, "units").strip()
    stated = attribute(variable, "calendar").strip().lower()
    if not np.isfinite(values.astype(np.float64)).all():
        raise FieldError(f"time coordinate '{name}' holds missing or NaN times; the frames cannot be put in order")
    if _DAY_CODE.fullmatch(units):
        values, units = _of_day_code(values, calendar or stated or "proleptic_gregorian")
    if "since" not in units.lower():
        what = f"its units are '{units}'" if units else "it has no units"
        return TimeAxis(
            values=values.astype(np.float64),
            units=units,
            because=f"numbers of '{name}'",
            warnings=(f"'{name}' gives no dates ({what}): frames have numbers for times",),
        )
    return _decoded(
        values.astype(np.float64 if values.dtype.kind == "f" else values.dtype), name, units, (calendar, stated)
    )


def _decoded(values: Array, name: str, units: str, calendars: tuple[str | None, str]) -> TimeAxis:
    wanted, stated = calendars
    calendar = wanted or stated or "standard"
    if calendar not in CALENDARS:
        raise FieldError(
            f"time coordinate '{name}': its calendar is '{calendar}', which is none of CF's ({', '.join(CALENDARS)}); "
            "say which it is by calendar=NAME (--calendar NAME)"
        )
    whole = xr.Dataset({"t": ("t", values, {"units": units, "calendar": calendar})})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dates = xr.decode_cf(whole)["t"].values
    except (ValueError, OverflowError, KeyError, TypeError) as problem:
        if re.match(r"(months?|years?)\b", units, re.IGNORECASE):
            return TimeAxis(
                values=np.asarray(values, np.float64),
                units=units,
                because=f"numbers of '{name}'",
                warnings=(
                    f"'{name}' counts in '{units}', which are of no fixed length in the calendar '{calendar}': no "
                    "dates are made of them, frames have numbers for times",
                ),
            )
        raise FieldError(
            f"time coordinate '{name}' cannot be read as dates (units '{units}', calendar '{calendar}'): {problem}"
        ) from problem
    notes: tuple[str, ...] = ()
    if not stated and wanted is None:
        notes = (f"'{name}' names no calendar: CF then means the standard one; calendar=NAME says otherwise",)
    if stated and wanted and stated != wanted:
        notes = (f"the calendar of '{name}' is taken for '{wanted}' instead of '{stated}'",)
    return TimeAxis(values=dates, calendar=_usual_name(calendar), units=units, because=f"'{name}'", notes=notes)


def _usual_name(calendar: str) -> str:
    return {"gregorian": "standard", "365_day": "noleap", "366_day": "all_leap"}.get(calendar, calendar)


def _of_dates(values: Array, name: str, calendar: str | None) -> TimeAxis:
    if values.dtype.kind == "M":
        if np.isnat(values).any():
            raise FieldError(f"time coordinate '{name}' holds missing times; the frames cannot be put in order")
        own = "proleptic_gregorian"
    else:
        own = _usual_name(str(getattr(values.flat[0], "calendar", "standard")))
    if calendar is not None and _usual_name(calendar) != own:
        raise FieldError(
            f"time coordinate '{name}' already holds dates of the calendar '{own}'; calendar='{calendar}' can be said "
            "when the file is opened by its name (or open it with decode_times=False)"
        )
    return TimeAxis(values=values, calendar=own, because=f"'{name}'")


def _of_texts(values: Array, name: str) -> TimeAxis:
    texts = [v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in values.flat]
    try:
        dates = np.array([np.datetime64(text.strip().replace(" ", "T"), "ns") for text in texts])
    except ValueError:
        raise FieldError(
            f"time coordinate '{name}' holds texts that are no dates (the first is {texts[0]!r}); allowed: "
            "YYYY-MM-DD HH:MM:SS"
        ) from None
    return TimeAxis(values=dates, calendar="proleptic_gregorian", because=f"texts of '{name}'")


def _of_day_code(values: Array, calendar: str) -> tuple[Array, str]:
    """Seconds of times YYYYMMDD.FRACTION, and their units."""
    import cftime

    numbers = values.astype(np.float64)
    days = np.floor(numbers)
    try:
        dates = [cftime.datetime(int(d) // 10000, int(d) // 100 % 100, int(d) % 100, calendar=calendar) for d in days]
    except ValueError as problem:
        raise FieldError(
            f"times YYYYMMDD hold a date that the calendar '{calendar}' does not have ({problem}); say which "
            "calendar it is by calendar=NAME (--calendar NAME)"
        ) from problem
    count = np.asarray(cftime.date2num(dates, "days since 1850-01-01", calendar), np.int64)
    return 86400 * count + np.round(86400.0 * (numbers - days)).astype(np.int64), "seconds since 1850-01-01"


def period_in_hours(variable: Any, name: str) -> F64:
    """Forecast periods in hours, from numbers with units or from xarray's timedelta."""
    values = np.asarray(variable.values)
    if values.dtype.kind == "m":
        return np.asarray(values / np.timedelta64(1, "s"), np.float64) / 3600.0
    units = attribute(variable, "units").strip().lower().rstrip("s") or "hour"
    units = "s" if attribute(variable, "units").strip().lower() == "s" else units
    if units not in _PER_HOUR:
        raise FieldError(f"forecast step '{name}': its units '{attribute(variable, 'units')}' are no unit of time")
    return values.astype(np.float64) * _PER_HOUR[units]


def after(start: Any, periods: F64) -> Array:
    """Times so many hours after a start (datetime64 or cftime)."""
    if isinstance(start, np.datetime64):
        dates: Array = start.astype("datetime64[ns]") + np.round(periods * 3.6e12).astype("timedelta64[ns]")
        return dates
    return np.array([start + datetime.timedelta(hours=float(p)) for p in periods], dtype=object)


def usual_step(hours: F64) -> float:
    """The usual step of times in order; 0 of fewer than two."""
    steps = np.diff(hours)
    forward = steps[steps > 0]
    return float(np.sort(forward)[(len(forward) - 1) // 2]) if len(forward) else 0.0


def oddities(values: Array, names: Array | None = None, unit: str = "h") -> list[str]:
    """A sentence for each: times that go back, stand twice, or follow one another unevenly.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Times.
    names : ndarray of str, shape (n,), optional
        File of every frame.
    unit : str
        Of the steps, for messages.
    """
    hours = hours_of(values)
    steps = np.diff(hours)
    if not len(steps):
        return []

    def place(k: int) -> str:
        return f"frame {k + 1} ({shown(values[k])}{f', {names[k]}' if names is not None else ''})"

    back, same = steps < 0, steps == 0
    usual = usual_step(hours)
    uneven = (steps > 0) & (np.abs(steps - usual) > _TOLERANCE * usual)
    found = []
    if back.any():
        k = int(np.flatnonzero(back)[0])
        found.append(f"times are not in order: {place(k + 1)} comes after {place(k)}{_more(back)}")
    if same.any():
        k = int(np.flatnonzero(same)[0])
        found.append(f"times stand twice: {place(k)} and {place(k + 1)}{_more(same)}")
    if uneven.any():
        found.append(_gaps(steps, uneven, (usual, unit), place))
    return found


def _gaps(steps: F64, uneven: Mask, usually: tuple[float, str], place: Any) -> str:
    usual, unit = usually
    k = int(np.flatnonzero(uneven)[0])
    missing = steps[k] / usual - 1.0
    gap = ""
    if missing > 0.5 and abs(missing - round(missing)) < _TOLERANCE * (missing + 1.0):
        gap = f", {round(missing)} frame{'s' if round(missing) > 1 else ''} missing"
    return (
        f"time steps are uneven: {usual:g} {unit} is usual, but from {place(k)} to {place(k + 1)} it is {steps[k]:g} "
        f"{unit}{gap}{_more(uneven)}"
    )


def _more(places: Mask) -> str:
    further = int(np.count_nonzero(places)) - 1
    return f" (and {further} more such place{'s' if further > 1 else ''})" if further else ""
