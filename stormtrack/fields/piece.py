"""One variable of one file, all choices made: a lazy array, its times, its grid, and what is kept besides.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr

from ..arrays import Array
from ..errors import FieldError
from .choosing import ALL, Candidate, Choice, choose_variable, index_of, unresolved
from .coordinates import LEVEL, MEMBER, START, STEP, TIME, VERSION, Axis, role_of, scalar
from .horizontal import Horizontal
from .opened import Opened
from .times import TimeAxis, decode, shown
from .valid_times import times_of

PRESENT = "stormtrack_present"
"""Variable of datasets made of messages: which of them are there (absent if all are)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A field of one file.

    Attributes
    ----------
    opened : Opened
    name : str
        Of the variable.
    variable : xarray.Variable
        Lazy; its time axis is called ``time``.
    kept : dict of str to xarray.Variable
        Axes to be looped over, with their coordinates.
    scalars : dict of str to xarray.Variable
        Coordinates of the entries chosen.
    times : TimeAxis or None
    horizontal : Horizontal
    merged : str or None
        Axis of versions of the same values.
    notes : tuple of str
    time_chunk : int
        Frames that the file stores, and so decodes, together.
    """

    opened: Opened
    name: str
    variable: Any
    kept: dict[str, Any]
    scalars: dict[str, Any]
    times: TimeAxis | None
    horizontal: Horizontal
    merged: str | None = None
    notes: tuple[str, ...] = ()
    time_chunk: int = 1

    @property
    def where(self) -> str:
        """For messages."""
        return f"'{self.opened.name}', variable '{self.name}'"


@dataclass(slots=True, kw_only=True)
class _Taking:
    """Entries taken while axes are gone through."""

    indices: dict[str, int] = field(default_factory=dict)
    kept: list[Axis] = field(default_factory=list)
    open: list[Axis] = field(default_factory=list)
    time: Axis | None = None
    merged: str | None = None


def piece_of(opened: Opened, choice: Choice) -> Piece:
    """The field that is asked for.

    Raises
    ------
    FieldError
        If something is not there, or there is more than one of it and nothing is chosen.
    """
    choice, numbering = _without_numbering(choice)
    return taken(opened, choose_variable(opened, choice), choice, numbering)


def taken(opened: Opened, candidate: Candidate, choice: Choice, numbering: bool | None = None) -> Piece:
    """The part of a variable that is asked for; errors as in `piece_of`."""
    where = f"'{opened.name}', variable '{candidate.name}'"
    taking = _take(candidate, choice, where)
    if taking.open:
        raise unresolved(candidate.dataset, taking.open, where)
    _check_scalars(candidate, choice, where)
    dataset = candidate.dataset.isel(taking.indices)
    starts_kept = any(axis.role == START for axis in taking.kept)
    times = times_of(dataset, taking.time, choice.calendar, starts_kept=starts_kept)
    _check_present(dataset, taking, times, where)
    names = _new_names(taking)
    variable = dataset.variables[candidate.name].copy(deep=False)
    variable.dims = tuple(names.get(dim, dim) for dim in variable.dims)
    return Piece(
        opened=opened,
        name=candidate.name,
        variable=variable,
        kept=dict(_coordinate_of_axis(dataset, axis, names) for axis in taking.kept),
        scalars=_scalars(candidate, dataset),
        times=times,
        horizontal=candidate.horizontal if numbering is None else replace(candidate.horizontal, nested=numbering),
        merged=taking.merged,
        time_chunk=_chunk(candidate.variable, taking.time),
        notes=tuple(f"versions along '{dim}' are merged: the first that is known" for dim in [taking.merged] if dim),
    )


def _without_numbering(choice: Choice) -> tuple[Choice, bool | None]:
    """What is said about the numbering of HEALPix pixels, and the rest of the choice."""
    if "healpix_order" not in choice.select:
        return choice, None
    said = str(choice.select["healpix_order"]).lower()
    if said not in ("ring", "nested", "nest"):
        raise FieldError(f"healpix_order {said!r}: allowed are 'ring' and 'nested'")
    rest = {name: value for name, value in choice.select.items() if name != "healpix_order"}
    return replace(choice, select=rest), said != "ring"


def _check_selected(candidate: Candidate, choice: Choice, where: str) -> None:
    """Refuse axes that the field does not have."""
    names = {name for axis in candidate.others for name in (axis.dim, axis.coordinate)}
    known = names | set(candidate.dataset.variables)
    for name in choice.select:
        if name not in known:
            there = ", ".join(f"'{axis.dim}'" for axis in candidate.others) or "none"
            raise FieldError(f"{where} has no axis '{name}' to select from; axes besides rows and columns: {there}")


def _chunk(variable: Any, time: Axis | None) -> int:
    """Frames in one chunk of the file (or of dask)."""
    if time is None:
        return 1
    if variable.chunks is not None:
        return int(variable.chunks[variable.dims.index(time.dim)][0])
    preferred = variable.encoding.get("preferred_chunks", {}).get(time.dim, 1)
    return max(1, int(preferred if isinstance(preferred, int) else preferred[0]))


def _new_names(taking: _Taking) -> dict[str, str]:
    """The axis of the frames is called ``time``, and another one that has this name ``start``."""
    if taking.time is None:
        return {}
    others = {axis.dim: "start" for axis in taking.kept if axis.dim == "time"}
    return {**others, taking.time.dim: "time"}


def _take(candidate: Candidate, choice: Choice, where: str) -> _Taking:
    out = _Taking()
    dataset = candidate.dataset
    others = _others(candidate)
    for role, wanted in choice.by_role.items():
        there = any(axis.role == role for axis in others) or scalar(dataset, role) is not None
        if wanted not in (None, ALL) and not there:
            option = role.rpartition(" ")[2]
            raise FieldError(f"{where} has no {role}s, but {option} {wanted} is asked for; leave {option} away")
    _check_selected(candidate, choice, where)
    out.time = _time_axis(others, choice, dataset.sizes)
    for axis in others:
        if out.time is not None and axis.dim == out.time.dim:
            continue
        wanted = choice.wanted(axis)
        if isinstance(wanted, str) and wanted == ALL:
            out.kept.append(axis)
        elif wanted is not None:
            out.indices[axis.dim] = index_of(dataset, axis, wanted, where, choice.calendar)
        elif int(dataset.sizes[axis.dim]) == 1:
            out.indices[axis.dim] = 0
        elif axis.role == VERSION:
            out.merged = axis.dim
        else:
            (out.kept if choice.keep else out.open).append(axis)
    return out


def _others(candidate: Candidate) -> list[Axis]:
    """Axes besides the horizontal ones; where there are forecast steps, an axis of times tells when forecasts start."""
    sizes = candidate.dataset.sizes
    if any(axis.role == STEP and int(sizes[axis.dim]) > 1 for axis in candidate.others):
        return [
            replace(axis, role=START) if axis.role == TIME and axis.coordinate != "valid_time" else axis
            for axis in candidate.others
        ]
    return candidate.others


def _time_axis(others: Sequence[Axis], choice: Choice, sizes: Mapping[Any, int]) -> Axis | None:
    """The axis along which frames follow one another."""
    free = [axis for axis in others if choice.wanted(axis) is None]
    times = [axis for axis in free if axis.role == TIME]
    if times:
        return max(times, key=lambda axis: int(sizes[axis.dim]))
    steps = [axis for axis in free if axis.role == STEP]
    starts = [axis for axis in free if axis.role == START]
    long_steps = [axis for axis in steps if int(sizes[axis.dim]) > 1]
    if long_steps:
        return long_steps[0]
    return next(iter([*starts, *steps]), None)


def _check_scalars(candidate: Candidate, choice: Choice, where: str) -> None:
    """Refuse entries that are asked for of coordinates of which the file has one other."""
    dataset, others = candidate.dataset, _others(candidate)
    asked = {name: wanted for name, wanted in choice.select.items() if name in dataset.variables}
    for role, wanted in choice.by_role.items():
        name = scalar(dataset, role)
        if wanted is not None and name is not None and not any(axis.role == role for axis in others):
            asked[name] = wanted
    for name, wanted in asked.items():
        held = dataset.variables[name]
        if held.ndim or wanted == ALL:
            continue
        axis = Axis(dim=name, role=role_of(held, name)[0], coordinate=name)
        alone = xr.Dataset({name: xr.Variable((name,), np.atleast_1d(held.values), held.attrs)})
        index_of(alone, axis, wanted, where, choice.calendar)


def _check_present(dataset: Any, taking: _Taking, times: TimeAxis | None, where: str) -> None:
    """Refuse frames whose message the file does not hold."""
    if PRESENT not in dataset.variables:
        return
    present = dataset.variables[PRESENT]
    there = np.asarray(present.values)
    if there.all():
        return
    dims = list(present.dims)
    first = dict(zip(dims, np.argwhere(~there)[0], strict=True))
    named = []
    for axis in taking.kept:
        if axis.dim in first and axis.coordinate is not None:
            named.append(f"{axis.dim} {dataset.variables[axis.coordinate].values[first[axis.dim]]}")
    if times is not None and taking.time is not None and taking.time.dim in first:
        named.append(f"time {shown(times.values[first[taking.time.dim]])}")
    raise FieldError(
        f"{where}: {np.count_nonzero(~there)} of {there.size} fields are not in the file, the first is that of "
        f"{', '.join(named) or 'the entries chosen'}; get the whole file, or choose other entries"
    )


def _coordinate_of_axis(dataset: Any, axis: Axis, names: Mapping[str, str]) -> tuple[str, Any]:
    """New name of an axis that is kept, and the values along it."""
    name = names.get(axis.dim, axis.dim)
    if axis.coordinate is None:
        return name, xr.Variable((name,), np.arange(dataset.sizes[axis.dim]))
    held = dataset.variables[axis.coordinate]
    if axis.role == START:
        times: Array = decode(held, axis.coordinate).values
        return name, xr.Variable((name,), times, {"standard_name": "forecast_reference_time"})
    return name, xr.Variable((name,), held.values, held.attrs)


def _scalars(candidate: Candidate, dataset: Any) -> dict[str, Any]:
    """Coordinates that have no axis any more: level, member, start, step."""
    out = {}
    for name in map(str, dataset.variables):
        variable = dataset.variables[name]
        if variable.ndim or name in (candidate.name, PRESENT) or name == "time":
            continue
        role, _ = role_of(variable, name)
        if role in (LEVEL, MEMBER, VERSION) or (not role and name in candidate.dataset.dims):
            out[name] = variable
    return out
