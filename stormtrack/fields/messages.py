"""Files of single fields (GRIB messages, PP fields) as datasets: one for each variable on one kind of level and grid.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from xarray.core import indexing

from ..arrays import I64, Array
from ..errors import FieldError
from .lazy import LazyArray
from .piece import PRESENT

Reader = Callable[[int], Array]
"""Values of a message by its number in the file, in the shape of the grid; it can be pickled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What has to be known about one field.

    Attributes
    ----------
    number : int
        In the file, from 0.
    name : str
        Of the variable.
    group : hashable
        Fields of one name and group are one variable.
    start, valid : datetime64 or cftime
        When the forecast began, and the time that the field is for.
    level : float or None
    member : int, str or None
    """

    number: int
    name: str
    group: Hashable
    start: Any
    valid: Any
    level: float | None = None
    member: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What the fields of one variable have in common.

    Attributes
    ----------
    attrs : mapping
    dims : tuple of str
        Horizontal axes.
    shape : tuple of int
        Of one field.
    coordinates : mapping
        Name to (axes, values, attributes) of horizontal coordinates and grid mapping.
    level : (str, dict)
        Name and attributes of the level.
    calendar : str
    """

    attrs: Mapping[str, Any]
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    coordinates: Mapping[str, Any] = field(default_factory=dict)
    level: tuple[str, Mapping[str, Any]] = ("level", {})
    calendar: str = "proleptic_gregorian"


class MessageArray(LazyArray):
    """Fields in a block of members, times and levels.

    Parameters
    ----------
    numbers : int64
        Number of the message at each place; -1 where there is none.
    shape : tuple of int
        Of one field.
    read : Reader
    name : str
        For messages of errors.
    """

    def __init__(self, numbers: I64, shape: tuple[int, ...], read: Reader, name: str) -> None:
        self._numbers, self._read, self._name = numbers, read, name
        self.shape = (*numbers.shape, *shape)
        self.dtype = np.dtype(np.float32)

    def _values(self, at: tuple[I64, ...]) -> Array:
        numbers = self._numbers[np.ix_(*at[: self._numbers.ndim])]
        within = np.ix_(*at[self._numbers.ndim :])
        out = np.empty([len(k) for k in at], np.float32)
        for place in np.ndindex(numbers.shape):
            if numbers[place] < 0:
                raise FieldError(f"'{self._name}': a field is asked for that the file does not hold")
            out[place] = self._read(int(numbers[place]))[within]
        return out


def datasets_of(
    messages: Sequence[Message], describe: Callable[[Message], Variable], read: Reader, name: str
) -> list[Any]:
    """Datasets of all variables, in the order of the file.

    Parameters
    ----------
    messages : sequence of Message
    describe : callable
        What the fields of a group have in common, from its first.
    read : Reader
    name : str
        Of the file.

    Raises
    ------
    FieldError
        If two fields are the same in everything that tells them apart.
    """
    groups: dict[Hashable, list[Message]] = {}
    for message in messages:
        groups.setdefault((message.name, message.group), []).append(message)
    return [_dataset(group, describe(group[0]), read, name) for group in groups.values()]


def _dataset(group: Sequence[Message], variable: Variable, read: Reader, name: str) -> Any:
    axes = _axes(group, variable)
    numbers = np.full([len(values) for _, values, _, _ in axes], -1, np.int64)
    places = [{key: k for k, key in enumerate(keys)} for _, _, keys, _ in axes]
    for message in group:
        at = tuple(place[_key(message, axis)] for place, (axis, _, _, _) in zip(places, axes, strict=True))
        if numbers[at] >= 0:
            raise FieldError(
                f"'{name}': messages {numbers[at] + 1} and {message.number + 1} both hold '{message.name}' for "
                f"{message.valid}, level {message.level}, member {message.member}: they differ in nothing that is "
                "known here; put them into different files (grib_copy)"
            )
        numbers[at] = message.number
    array = indexing.LazilyIndexedArray(MessageArray(numbers, variable.shape, read, name))
    dims = (*(_dim(axis, variable) for axis, _, _, _ in axes), *variable.dims)
    data = xr.Variable(dims, array, dict(variable.attrs))
    out = xr.Dataset({group[0].name: data})
    out = out.assign_coords({n: xr.Variable(*parts) for n, parts in variable.coordinates.items()})
    for axis, values, _, attrs in axes:
        dim = _dim(axis, variable)
        coordinate = xr.Variable((dim,), values, dict(attrs))
        if axis in ("time", "start"):
            coordinate.encoding["calendar"] = variable.calendar
        out = out.assign_coords({dim: coordinate})
    one = {_dim(axis, variable): 0 for axis, values, _, _ in axes if len(values) == 1 and axis != "time"}
    if (numbers < 0).any():
        out[PRESENT] = xr.Variable(dims[: numbers.ndim], numbers >= 0)
    return _with_starts(out.isel(one), group)


def _with_starts(dataset: Any, group: Sequence[Message]) -> Any:
    """Start of the forecast as a scalar, where there is one and times are another thing."""
    starts = list(dict.fromkeys(message.start for message in group))
    if len(starts) == 1 and any(message.valid != message.start for message in group) and "step" not in dataset.dims:
        attrs = {"standard_name": "forecast_reference_time"}
        return dataset.assign_coords(forecast_reference_time=xr.Variable((), _array(starts)[0], attrs))
    return dataset


def _dim(axis: str, variable: Variable) -> str:
    return {"member": "number", "start": "forecast_reference_time", "level": variable.level[0]}.get(axis, axis)


def _key(message: Message, axis: str) -> Any:
    if axis == "step":
        return message.valid - message.start
    return {"member": message.member, "time": message.valid, "start": message.start, "level": message.level}[axis]


def _axes(group: Sequence[Message], variable: Variable) -> list[tuple[str, Any, list[Any], Mapping[str, Any]]]:
    """Axes of a variable: what they are, values, keys in the order of the values, attributes."""
    out: list[tuple[str, Any, list[Any], Mapping[str, Any]]] = []
    members = sorted({m.member for m in group if m.member is not None}, key=str)
    if members:
        members = sorted(members) if all(isinstance(m, int) for m in members) else members
        out.append(("member", np.array(members), members, {"standard_name": "realization", "units": "1"}))
    out += _time_axes(group)
    levels = list(dict.fromkeys(m.level for m in group if m.level is not None))
    if levels:
        if all(m.level is not None for m in group):
            levels = sorted(levels, reverse=variable.level[1].get("positive") == "down")
        out.append(("level", np.array(levels, np.float64), levels, variable.level[1]))
    return out


def _time_axes(group: Sequence[Message]) -> list[tuple[str, Any, list[Any], Mapping[str, Any]]]:
    """One axis of times of validity where they tell fields apart, else starts and steps of forecasts."""
    pairs = {(m.start, m.valid) for m in group}
    valid = sorted({m.valid for m in group})
    if len(valid) == len(pairs):
        return [("time", _array(valid), valid, {"standard_name": "time"})]
    starts, steps = sorted({m.start for m in group}), sorted({m.valid - m.start for m in group})
    hours = np.array([_hours(step) for step in steps])
    return [
        ("start", _array(starts), starts, {"standard_name": "forecast_reference_time"}),
        ("step", hours, steps, {"standard_name": "forecast_period", "units": "hours"}),
    ]


def _array(times: Sequence[Any]) -> Array:
    if isinstance(times[0], np.datetime64):
        return np.array(times).astype("datetime64[ns]")
    out = np.empty(len(times), dtype=object)
    out[:] = list(times)
    return out


def _hours(step: Any) -> float:
    if isinstance(step, np.timedelta64):
        return float(step / np.timedelta64(1, "s")) / 3600.0
    return float(step.total_seconds()) / 3600.0
