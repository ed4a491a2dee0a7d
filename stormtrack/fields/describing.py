"""What was understood of files: their kind, fields, axes, times and grid, and what has to be chosen.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..errors import FieldError, GridError
from .choosing import Candidate, Choice, candidates_of, labels_of, no_field, option_of
from .coordinates import LEVEL, attribute
from .opened import Opened
from .opening import close_all, open_all
from .piece import piece_of, taken
from .regridding.plans import regridding
from .remote import Access, Patience
from .series import Series, SeriesRules, series_of
from .times import hours_of, shown, usual_step

_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisFacts:
    """An axis besides time, rows and columns.

    Attributes
    ----------
    name, role, because : str
        What it is, and what told it.
    values : list of str
    chosen_by : str
        How an entry is chosen.
    """

    name: str
    role: str
    because: str
    values: list[str]
    chosen_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFacts:
    """The times of the frames.

    Attributes
    ----------
    frames : int
    first, last : str
        Empty without times.
    step_hours : float or None
        The usual step; None of one frame, or without dates.
    calendar : str
        Empty without dates.
    because : str
        What they come from.
    """

    frames: int
    first: str = ""
    last: str = ""
    step_hours: float | None = None
    calendar: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    """A field.

    Attributes
    ----------
    name, long_name, standard_name, units, dtype : str
    grid : dict
        Kind, shape (rows, columns), and details.
    time : TimeFacts or None
        None if there is a problem with them.
    axes : list of AxisFacts
    notes, warnings : list of str
    problem : str
        Why it cannot be opened as it is, and what helps; empty if it can.
    """

    name: str
    long_name: str
    standard_name: str
    units: str
    dtype: str
    grid: dict[str, Any]
    time: TimeFacts | None
    axes: list[AxisFacts]
    notes: list[str]
    warnings: list[str]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What was understood of files.

    Attributes
    ----------
    files : list of (str, str)
        Name and kind.
    fields : list of FieldFacts
        Of the first file; times are those of all.
    warnings : list of str
        About the files.
    """

    files: list[tuple[str, str]]
    fields: list[FieldFacts]
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain lists and dictionaries, for JSON."""
        return asdict(self)


def describe(
    paths: Any,
    variable: str | None = None,
    *,
    axes: Mapping[str, str] | None = None,
    calendar: str | None = None,
    group: str | None = None,
    storage_options: Mapping[str, Any] | None = None,
    patience: Patience | None = None,
) -> Description:
    """What `open_field` understands of files, without choosing anything; parameters as there.

    Raises
    ------
    FieldError, GridError
        If the files cannot be opened, or hold no field.
    """
    access = Access(storage_options=storage_options or {}, patience=patience or Patience())
    opened, left_out = open_all(paths, access, group)
    choice = Choice(variable=variable, axes=axes or {}, calendar=calendar, keep=True)
    try:
        candidates = candidates_of(opened[0], choice)
        if not candidates:
            raise FieldError(no_field(opened[0]))
        return Description(
            files=[(one.name, one.kind.value) for one in opened],
            fields=[_field(opened, candidate, choice) for candidate in candidates],
            warnings=[*left_out, *(text for one in opened for text in one.warnings)],
        )
    finally:
        close_all(opened)


def _field(opened: list[Opened], candidate: Candidate, choice: Choice) -> FieldFacts:
    variable, facts = candidate.variable, candidate.horizontal.facts
    series, problem = None, ""
    try:
        first = taken(opened[0], candidate, choice)
        others = [piece_of(one, _of_name(choice, candidate.name)) for one in opened[1:]]
        series = series_of([first, *others], SeriesRules())
        regridding(candidate.horizontal, None, first.where)
    except (FieldError, GridError) as found:
        problem = str(found)
    return FieldFacts(
        name=candidate.name,
        **{name: attribute(variable, name) for name in ("long_name", "standard_name", "units")},
        dtype=str(variable.dtype),
        grid={"kind": facts.kind, "shape": list(facts.shape), **facts.details, "text": str(facts)},
        time=None if series is None else _times(series),
        axes=[] if series is None else _axes(candidate, series),
        notes=[] if series is None else list(series.notes),
        warnings=[] if series is None else list(series.warnings),
        problem=problem,
    )


def _of_name(choice: Choice, name: str) -> Choice:
    return Choice(variable=name, axes=choice.axes, calendar=choice.calendar, keep=True)


def _times(series: Series) -> TimeFacts:
    times, values = series.pieces[0].times, series.frames.values
    if times is None:
        return TimeFacts(frames=len(values))
    step = usual_step(hours_of(values)) if times.dated and len(values) > 1 else None
    return TimeFacts(
        frames=len(values),
        first=shown(values[0]),
        last=shown(values[-1]),
        step_hours=step,
        calendar=times.calendar,
        because=times.because,
    )


def _axes(candidate: Candidate, series: Series) -> list[AxisFacts]:
    """Axes of several entries, and levels and members of one."""
    scalars = series.pieces[0].scalars
    dims = {axis.dim for axis in candidate.others}
    kept = {name if name in dims else "time" for name in series.pieces[0].kept}  # 'start' may be called so in the file
    found = [
        AxisFacts(
            name=axis.dim,
            role=axis.role,
            because=axis.because,
            values=labels_of(candidate.dataset, axis),
            chosen_by=option_of(axis) if axis.dim in kept else "",
        )
        for axis in candidate.others
        if axis.dim in kept or axis.role == LEVEL
    ]
    named = {axis.name for axis in found}
    for name, held in scalars.items():
        if name not in named:
            value = f"{held.values[()]} {attribute(held, 'units').removeprefix('1')}".strip()
            found.append(AxisFacts(name=name, role="", because="", values=[value], chosen_by=""))
    return found


def as_text(description: Description) -> str:
    """The description for people."""
    files = description.files
    lines = [f"{name}: {kind}" for name, kind in files[:_MOST_SHOWN]]
    if len(files) > _MOST_SHOWN:
        lines.append(f"... {len(files)} files in all")
    lines += [f"  check  {text}" for text in description.warnings]
    for field in description.fields:
        lines += _lines(field)
    return "\n".join(lines)


def _lines(field: FieldFacts) -> list[str]:
    about = [field.standard_name, f"'{field.long_name}'" if field.long_name else ""]
    about += [f"[{field.units}]" if field.units else "(no units)", field.dtype]
    lines = [f"  {field.name}  {', '.join(filter(None, about))}", f"    grid   {field.grid['text']}"]
    if field.time is not None:
        lines.append(f"    time   {_time_text(field.time)}")
    for axis in field.axes:
        values = ", ".join(axis.values[:_MOST_SHOWN]) + (", ..." if len(axis.values) > _MOST_SHOWN else "")
        lines.append(
            f"    {axis.role or 'at':6} {axis.name}: {values}{f'  choose: {axis.chosen_by}' if axis.chosen_by else ''}"
        )
    lines += [f"    note   {text}" for text in field.notes]
    lines += [f"    check  {text}" for text in field.warnings]
    lines += [f"    no     {field.problem}"] if field.problem else []
    return lines


def _time_text(time: TimeFacts) -> str:
    count = f"{time.frames} frame{'s' if time.frames != 1 else ''}"
    if not time.first:
        return f"{count}, no time is told"
    span = f", {time.first}" if time.frames == 1 else f", {time.first} to {time.last}"
    step = f" by {np.round(time.step_hours, 4):g} h" if time.step_hours else ""
    return f"{count}{span}{step}{f', calendar {time.calendar}' if time.calendar else ''} ({time.because})"
