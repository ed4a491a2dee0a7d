"""The times for which the frames of a field are: by their own coordinate, or by starts and steps of forecasts.

Parity: not applicable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import FieldError
from .coordinates import START, STEP, TIME, Axis, attribute, role_of, scalar
from .times import TimeAxis, after, decode, period_in_hours

AFTER_START = "hours after the forecast's start"
"""Units of the times of a field that keeps several starts."""


def times_of(dataset: Any, axis: Axis | None, calendar: str | None, *, starts_kept: bool = False) -> TimeAxis | None:
    """Times of the frames; of a field without a time axis that of its one frame. None if the file tells nothing.

    Parameters
    ----------
    dataset : xarray.Dataset
        Entries of other axes are chosen.
    axis : Axis or None
        Along which frames follow one another.
    calendar : str or None
        In place of the file's.
    starts_kept : bool
        Forecasts of several starts are kept.

    Raises
    ------
    FieldError
        If times cannot be what they say they are.
    """
    if axis is None:
        return _of_one_frame(dataset, calendar)
    name = _valid_time(dataset, axis.dim)
    if name is not None:
        return decode(dataset.variables[name], name, calendar)
    if axis.coordinate is None:
        if starts_kept:
            raise FieldError(f"the forecast steps '{axis.dim}' have no coordinate: choose one start (start=VALUE)")
        said = f"the axis '{axis.dim}' has no coordinate: frames have numbers for times"
        return TimeAxis(
            values=np.arange(1.0, dataset.sizes[axis.dim] + 1), because="numbers of frames", warnings=(said,)
        )
    if axis.role == STEP:
        return _by_steps(dataset, axis.coordinate, calendar, starts_kept)
    if axis.role == START:
        return _by_starts(dataset, axis.coordinate, calendar)
    return decode(dataset.variables[axis.coordinate], axis.coordinate, calendar)


def _valid_time(dataset: Any, dim: str) -> str | None:
    """A coordinate along a dimension that gives the times of validity."""
    variables = dataset.variables
    named = [str(n) for n in variables if variables[n].dims == (dim,) and role_of(variables[n], str(n))[0] == TIME]
    named.sort(key=lambda n: (attribute(variables[n], "standard_name") != "time", n != "valid_time", n != dim))
    return named[0] if named else None


def _by_steps(dataset: Any, name: str, calendar: str | None, starts_kept: bool) -> TimeAxis:
    periods = period_in_hours(dataset.variables[name], name)
    if starts_kept:
        return TimeAxis(values=periods, units=AFTER_START, because=f"'{name}'")
    start = scalar(dataset, START) or scalar(dataset, TIME)
    if start is None:
        said = f"'{name}' counts from a start that the file does not tell: frames have numbers (hours) for times"
        return TimeAxis(values=periods, units="hours", because=f"'{name}'", warnings=(said,))
    begin = decode(dataset.variables[start], start, calendar)
    return TimeAxis(values=after(begin.values[0], periods), calendar=begin.calendar, because=f"'{start}' + '{name}'")


def _by_starts(dataset: Any, name: str, calendar: str | None) -> TimeAxis:
    begin, step = decode(dataset.variables[name], name, calendar), scalar(dataset, STEP)
    if step is None:
        said = f"'{name}' tells when forecasts start; without a step these are taken for the times of the frames"
        return TimeAxis(values=begin.values, calendar=begin.calendar, because=f"'{name}'", warnings=(said,))
    period = period_in_hours(dataset.variables[step], step).reshape(1)
    values = np.array([after(start, period)[0] for start in begin.values])
    return TimeAxis(values=values, calendar=begin.calendar, because=f"'{name}' + '{step}'")


def _of_one_frame(dataset: Any, calendar: str | None) -> TimeAxis | None:
    name, start, step = (scalar(dataset, role) for role in (TIME, START, STEP))
    if name is not None:
        return decode(dataset.variables[name], name, calendar)
    if start is None:
        return None
    begin = decode(dataset.variables[start], start, calendar)
    if step is None:
        return begin
    period = period_in_hours(dataset.variables[step], step).reshape(1)
    return TimeAxis(values=after(begin.values[0], period), calendar=begin.calendar, because=f"'{start}' + '{step}'")
