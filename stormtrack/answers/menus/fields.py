"""Prompts about the fields that a menu function takes, from the input or from other files, and their frames.

References
----------
Specification 05, sections 5.1 and 6.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...settings.fields import FieldSeries
from ...settings.menus import MenuFrames
from ...settings.plan import FieldFile
from ...settings.startup import FieldSelection
from ..build_startup import selection
from ..rows import Answers, Condition, Row, Scene, Section, always, at_least, both, negate

_CHOICES = {"variable": "field", "level": "level", "additional": "add_value"}


def file_row(prefix: str, meaning: str, when: Condition = always) -> Row:
    """The name of a file; where it is not asked the field is one of the input."""
    return Row(f"{prefix}.file", "s", meaning, when)


def choice_rows(prefix: str, when: Condition = always) -> Section:
    """Which field of a NetCDF file with several; level and additional value if the input has such axes."""
    field = f"{prefix}.field"

    def several(a: Answers) -> bool:
        if not (when(a) and selection(a).format == 4):
            return False
        path = a.given.get(f"{prefix}.file")
        if path is None:
            return a.facts.candidate_fields(selection(a)) > 1
        return a.facts.candidate_fields_of(str(path), selection(a)) > 1

    def axis(number: int) -> Condition:
        return lambda a: when(a) and selection(a).format == 4 and a.facts.added_axes(selection(a))[number]

    rows = [
        Row(field, "s", "name of its variable", both(several, _by_name), default=""),
        Row(field, "d", "number of its variable (0-based)", both(several, negate(_by_name))),
    ]
    for number, (key, name) in enumerate((("level", "level"), ("add_value", "additional value"))):
        rows += [
            Row(f"{prefix}.{key}", "f", f"value of its {name}", both(axis(number), _by_name)),
            Row(f"{prefix}.{key}", "d", f"number of its {name} (0-based)", both(axis(number), negate(_by_name))),
        ]
    return tuple(rows)


def frames_rows(prefix: str, when: Condition = always) -> Section:
    """First frame, step and last frame of a field."""
    return (
        Row(f"{prefix}.fs", "d", "first frame (1-based)", when, allowed="1 or more", usable=at_least(1)),
        Row(f"{prefix}.fr", "d", "step between frames", when, "1 or more", at_least(1), joined=True),
        Row(f"{prefix}.fe", "d", "last frame (may lie beyond the data)", when, joined=True),
    )


def _by_name(a: Answers) -> bool:
    return selection(a).by_name


def _selection(a: Answers, prefix: str) -> FieldSelection:
    """How a field's file is read: as the input, with a variable and entries of its own."""
    chosen = {name: a.given.get(f"{prefix}.{key}") for name, key in _CHOICES.items()}
    own: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    return replace(selection(a), **own)


def field_file(a: Answers, prefix: str) -> FieldFile:
    """A field of another file."""
    return FieldFile(path=a.text(f"{prefix}.file"), selection=_selection(a, prefix))


def field_series(a: Answers, prefix: str, frames: str | None = None) -> FieldSeries:
    """A field, as far as it has been answered; `frames` is the prefix of its frames, if it is another."""
    path = a.given.get(f"{prefix}.file")
    numbers = (a.integer(f"{frames or prefix}.{key}") for key in ("fs", "fr", "fe"))
    first, step, last = numbers
    return FieldSeries(
        path=None if path is None else str(path),
        selection=_selection(a, prefix),
        frames=MenuFrames(first=first, step=step, last=last),
    )


def marks_missing(a: Answers, *prefixes: str) -> bool:
    """Whether one of the fields is of a NetCDF file and has a missing value."""
    if selection(a).format != 4:
        return False
    series = [field_series(a, prefix) for prefix in prefixes]
    return any(a.facts.field_has_missing_value(each.selection, each.path) for each in series)


def first_frames_exist(a: Answers, *prefixes: str) -> bool:
    """Whether the first frame of every field is there; what is asked at the first frame is not asked without it."""
    series = [field_series(a, prefix) for prefix in prefixes]
    return all(a.facts.has_frame(each.selection, each.frames.first, each.path) for each in series)


def tell_series(prefix: str, series: FieldSeries) -> Scene:
    """What a field and its frames answer."""
    frames = series.frames
    numbers = {f"{prefix}.fs": frames.first, f"{prefix}.fr": frames.step, f"{prefix}.fe": frames.last}
    return {**tell_choice(prefix, series.path, series.selection), **numbers}


def tell_choice(prefix: str, path: str | None, selection: FieldSelection) -> Scene:
    """What the choice of a field answers."""
    chosen = {f"{prefix}.{key}": getattr(selection, name) for name, key in _CHOICES.items()}
    return {
        **({} if path is None else {f"{prefix}.file": path}),
        **{key: value for key, value in chosen.items() if value is not None},
    }
