"""Which variable, level, member and so on: what was asked for, or the only one there is; else what may be chosen.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import FieldError
from .coordinates import (
    LAT,
    LEVEL,
    LON,
    MEMBER,
    OTHER,
    START,
    STEP,
    TIME,
    Axis,
    attribute,
    axes_of,
    helpers_of,
    role_of,
    scalar,
)
from .horizontal import Horizontal, horizontal_of
from .levels import find_level, shown
from .opened import Opened
from .times import decode
from .times import shown as shown_time

ALL = "all"
"""Keeps an axis, to be looped over."""
_OPTIONS = {LEVEL: "level", MEMBER: "member", START: "start"}
"""Role of an axis, and the option that chooses from it; the others are chosen by `select`."""
_MOST_LISTED = 12
BY_NAME = "variable=NAME (--variable NAME)"
"""How one of several fields is chosen, in Python and on the command line."""
_POSITIONS = (LAT, LON, TIME, START, STEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a user asks of a file.

    Attributes
    ----------
    variable : str, optional
        Name, standard name or long name.
    level, member, start : optional
        Value wanted, or `ALL`.
    select : mapping
        Any other axis (or one of these, by its name) to a value or `ALL`.
    axes : mapping
        ``lat``, ``lon``, ``time``, ``level``, ``member`` to names, where a file does not tell them.
    calendar : str, optional
        In place of the file's.
    keep : bool
        Keep axes of which nothing is asked, instead of refusing.
    """

    variable: str | None = None
    level: float | str | None = None
    member: Any = None
    start: Any = None
    select: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    calendar: str | None = None
    keep: bool = False

    @property
    def by_role(self) -> dict[str, Any]:
        """What is asked of levels, members and starts."""
        return {LEVEL: self.level, MEMBER: self.member, START: self.start}

    def wanted(self, axis: Axis) -> Any:
        """What is asked of an axis; None for nothing."""
        for name in (axis.dim, axis.coordinate):
            if name is not None and name in self.select:
                return self.select[name]
        return self.by_role.get(axis.role)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A variable that may be the field.

    Attributes
    ----------
    dataset : xarray.Dataset
    name : str
    variable : xarray.Variable
    axes : list of Axis
    horizontal : Horizontal
    """

    dataset: Any
    name: str
    variable: Any
    axes: list[Axis]
    horizontal: Horizontal

    @property
    def others(self) -> list[Axis]:
        """Axes that are not horizontal."""
        return [axis for axis in self.axes if axis.dim not in self.horizontal.dims]

    def __str__(self) -> str:
        about = attribute(self.variable, "long_name") or attribute(self.variable, "standard_name")
        sizes = ", ".join(f"{dim} {self.dataset.sizes[dim]}" for dim in self.variable.dims)
        return f"{self.name}({sizes}){f' {about!r}' if about else ''}"


def candidates_of(opened: Opened, choice: Choice) -> list[Candidate]:
    """All variables that have a horizontal grid, whatever it is; of a name that is asked for and there, only these."""
    found = []
    for dataset in opened.datasets:
        helpers = helpers_of(dataset)
        wanted = choice.variable
        for name in [wanted] if wanted is not None and wanted in dataset.variables else map(str, dataset.variables):
            variable = dataset.variables[name]
            if name in helpers or variable.ndim == 0 or variable.dtype.kind not in "iuf" or name in dataset.dims:
                continue
            if variable.ndim < 3 and _is_coordinate(dataset, name):
                continue
            where = f"'{opened.name}', variable '{name}'"
            axes = axes_of(dataset, variable, choice.axes)
            horizontal = horizontal_of(dataset, variable, axes, where)
            if horizontal is not None and set(horizontal.dims) <= set(variable.dims):
                found.append(Candidate(dataset=dataset, name=name, variable=variable, axes=axes, horizontal=horizontal))
    return found


def _is_coordinate(dataset: Any, name: str) -> bool:
    """Whether a variable with one or two axes is listed as a coordinate, or gives positions or times."""
    listed = {word for v in dataset.variables.values() for word in attribute(v, "coordinates").split()}
    variable = dataset.variables[name]
    role, because = role_of(variable, name)
    by_name = because.startswith("the name")
    if by_name and (attribute(variable, "standard_name") or (variable.ndim > 1 and role not in (LAT, LON))):
        role = ""  # 't' may be a temperature
    return name in listed or name in dataset.coords or role in _POSITIONS


def choose_variable(opened: Opened, choice: Choice) -> Candidate:
    """The variable asked for, or the only one.

    Raises
    ------
    FieldError
        If there is none, or several.
    """
    candidates = candidates_of(opened, choice)
    if not candidates:
        raise FieldError(no_field(opened))
    wanted = choice.variable
    if wanted is not None:
        named = [c for c in candidates if c.name == wanted]
        for attr in ("standard_name", "long_name"):
            named = named or [c for c in candidates if attribute(c.variable, attr) == wanted]
        if not named:
            raise FieldError(f"'{opened.name}' has no field '{wanted}'; it holds: {_listing(candidates)}")
        candidates = named
    candidates = _with_levels(candidates, choice)
    if len(candidates) > 1 and len({c.name for c in candidates}) == 1:
        raise FieldError(_several_kinds(opened, candidates))
    if len(candidates) > 1:
        raise FieldError(
            f"'{opened.name}' holds several fields; choose one by {BY_NAME}: "
            f"{_listing(candidates)}{_odd_grids(candidates)}"
        )
    return candidates[0]


def _odd_grids(candidates: Sequence[Candidate]) -> str:
    """What is to be said of grids that no choice of a variable makes usable."""
    if any(c.horizontal.plain for c in candidates):
        return ""
    return f". Their grid is not one of longitudes and latitudes: {candidates[0].horizontal.facts}"


def _with_levels(candidates: list[Candidate], choice: Choice) -> list[Candidate]:
    """Of one variable on several kinds of levels: those that fit what is selected, or have the level."""
    fitting = [c for c in candidates if set(choice.select) <= {*c.dataset.variables, *c.dataset.dims}]
    candidates = fitting or candidates
    if len(candidates) < 2 or len({c.name for c in candidates}) > 1 or choice.level in (None, ALL):
        return candidates
    having = []
    for candidate in candidates:
        name = next((a.coordinate for a in candidate.others if a.role == LEVEL), None)
        name = name or scalar(candidate.dataset, LEVEL)
        if name is not None:
            held = candidate.dataset.variables[name]
            try:
                find_level(np.atleast_1d(held.values), attribute(held, "units"), choice.level, "")
            except FieldError:
                continue
            having.append(candidate)
    return having or candidates


def _several_kinds(opened: Opened, candidates: list[Candidate]) -> str:
    kinds = []
    for candidate in candidates:
        name = next((a.coordinate or a.dim for a in candidate.others if a.role == LEVEL), None)
        name = name or scalar(candidate.dataset, LEVEL) or "no level"
        if name in candidate.dataset.variables:
            held = candidate.dataset.variables[name]
            values = ", ".join(shown(float(v), attribute(held, "units")) for v in np.atleast_1d(held.values)[:8])
            kinds.append(f"{name} ({values})")
        else:
            kinds.append(name)
    return (
        f"'{opened.name}' holds '{candidates[0].name}' on several kinds of levels: {'; '.join(kinds)}. Choose by "
        f"level=VALUE (--level VALUE) or select={{'{kinds[0].split(' ')[0]}': VALUE}}"
    )


def _listing(candidates: Sequence[Candidate]) -> str:
    texts = [str(c) for c in candidates[:_MOST_LISTED]]
    return ", ".join(texts) + (f" and {len(candidates) - _MOST_LISTED} more" if len(candidates) > _MOST_LISTED else "")


def no_field(opened: Opened) -> str:
    """What to say of a file without any field."""
    held = [
        f"{name}({', '.join(map(str, dataset.variables[name].dims))})"
        for dataset in opened.datasets
        for name in dataset.variables
    ]
    if not held:
        groups = f"; it has groups ({', '.join(opened.groups[:8])}): name one by group=NAME (--group NAME)"
        return f"'{opened.name}' holds no variable at all{groups if opened.groups else ''}"
    shown_ = ", ".join(held[:_MOST_LISTED]) + (", ..." if len(held) > _MOST_LISTED else "")
    return (
        f"'{opened.name}' holds no field with latitudes and longitudes (variables: {shown_}). Looked for standard_name "
        "'latitude', units 'degrees_north', names lat, latitude and the like. Say which coordinates they are: "
        "axes={'lat': NAME, 'lon': NAME} (--axis lat=NAME --axis lon=NAME)"
    )


def labels_of(dataset: Any, axis: Axis, calendar: str | None = None) -> list[str]:
    """Values of an axis for messages."""
    if axis.coordinate is None:
        return [str(k) for k in range(int(dataset.sizes[axis.dim]))]
    held = dataset.variables[axis.coordinate]
    if axis.role == LEVEL and held.dtype.kind in "iuf":
        return [shown(float(v), attribute(held, "units")) for v in held.values]
    if axis.role in (START, TIME):
        return [shown_time(v) for v in decode(held, axis.coordinate, calendar).values]
    return [v.decode() if isinstance(v, bytes) else str(v) for v in held.values]


def index_of(dataset: Any, axis: Axis, wanted: Any, where: str, calendar: str | None = None) -> int:
    """Index of the entry wanted along an axis.

    Raises
    ------
    FieldError
        If there is none; the message lists what there is.
    """
    if axis.coordinate is not None and axis.role == LEVEL and dataset.variables[axis.coordinate].dtype.kind in "iuf":
        held = dataset.variables[axis.coordinate]
        return find_level(held.values, attribute(held, "units"), wanted, where)
    labels = labels_of(dataset, axis, calendar)
    if axis.role in (START, TIME):
        return _index_of_time(axis, wanted, where, labels)
    text = str(wanted)
    for k, label in enumerate(labels):
        if label == text or _equal_numbers(label, text):
            return k
    raise FieldError(f"{where} has no {axis.role} {wanted!r} along '{axis.dim}'; it has: {_few(labels)}")


def _index_of_time(axis: Axis, wanted: Any, where: str, labels: list[str]) -> int:
    asked = "".join(c for c in str(wanted) if c.isdigit())[:14]
    for k, label in enumerate(labels):
        digits = "".join(c for c in label if c.isdigit())
        if asked and digits.ljust(14, "0") == asked.ljust(14, "0"):
            return k
    raise FieldError(f"{where} has no {axis.role} {wanted!r} along '{axis.dim}'; it has: {_few(labels)}")


def _equal_numbers(a: str, b: str) -> bool:
    try:
        return float(a) == float(b)
    except ValueError:
        return False


def _few(labels: Sequence[str]) -> str:
    if len(labels) <= _MOST_LISTED:
        return ", ".join(labels)
    return f"{', '.join(labels[:6])}, ..., {labels[-1]} ({len(labels)} in all)"


def option_of(axis: Axis) -> str:
    """How an axis is chosen, for messages."""
    name = _OPTIONS.get(axis.role, "")
    if name:
        return f"{name}=VALUE or {name}='{ALL}' (--{name})"
    counted = f", or axes={{'time': '{axis.dim}'}} (--axis time={axis.dim}) if it counts frames"
    return f"select={{'{axis.dim}': VALUE}} (--select {axis.dim}=VALUE){counted if axis.role == OTHER else ''}"


def unresolved(dataset: Any, axes: Sequence[Axis], where: str) -> FieldError:
    """The error for axes of which nothing was chosen."""
    lines = [
        f"{axis.role if axis.role != OTHER else 'axis'} '{axis.dim}' ({_few(labels_of(dataset, axis))}): "
        f"{option_of(axis)}"
        for axis in axes
    ]
    several = " and ".join(axis.role if axis.role != OTHER else f"'{axis.dim}'" for axis in axes)
    return FieldError(f"{where} has more than one {several}; choose: {'; '.join(lines)}")
