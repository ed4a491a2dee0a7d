"""From the coordinates of a file to the working grid: corrections, translation, reversal, dropped rows, closing.

`grid_questions` tells which of the start-up questions the coordinates raise, `set_up_grid` applies the answers.

References
----------
Specification 01, section 8. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..arrays import F32, I64
from ..errors import GridError
from ..settings.startup import GridSettings
from .model import Grid, GridKind
from .reorder import Reorder

TOLERANCE = 0.0005
"""Degrees (float64) within which coordinates are taken as equal."""
POLE_TOLERANCE = 1.0e-4
_PERIOD = np.float32(360.0)
_HALF_CIRCLE = np.float32(90.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridQuestions:
    """Which questions about the grid are asked; `make_periodic` under the answers given so far."""

    translate: bool
    correct_longitudes: bool
    keep_equator: bool
    keep_south_pole: bool
    keep_north_pole: bool
    make_periodic: bool


@dataclass(slots=True)
class _Columns:
    """Longitudes while they are being set up."""

    x: F32
    kind: GridKind = GridKind.GLOBAL_CLOSED
    add: np.float32 = _PERIOD
    """What lies between a longitude and the same one a circle further, in the translation."""
    rotated: int = 0
    translated: int = 0
    shift: np.float32 = field(default_factory=lambda: np.float32(0.0))
    correction: np.float32 = field(default_factory=lambda: np.float32(0.0))
    closed: bool = False


def grid_questions(lon: F32, lat: F32, settings: GridSettings | None = None, *, mapped: bool = False) -> GridQuestions:
    """Which questions a file's coordinates raise.

    Parameters
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        Coordinates as in the file.
    settings : GridSettings, optional
        Answers so far: `make_periodic` depends on the translation and the correction of longitudes.
    mapped : bool
        The axes are named x and y (TRACK's "not lat/lon"): nothing is asked.

    Raises
    ------
    GridError
        If the coordinates, or the answers so far, cannot be used.
    """
    if mapped:
        return GridQuestions(**dict.fromkeys(GridQuestions.__dataclass_fields__, False))
    _check_axes(lon, lat)
    columns = _classified(lon, settings or GridSettings())
    y = lat if lat[0] <= lat[-1] else lat[::-1]
    rows = _rows_to_drop(y)
    return GridQuestions(
        translate=True,
        correct_longitudes=_outside_circle(_snapped(lon)),
        keep_equator=rows[0] is not None,
        keep_south_pole=rows[1] is not None,
        keep_north_pole=rows[2] is not None,
        make_periodic=columns.kind is GridKind.GLOBAL_OPEN,
    )


def set_up_grid(lon: F32, lat: F32, settings: GridSettings | None = None, *, mapped: bool = False) -> Grid:
    """Working grid of a file's coordinates.

    Parameters
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        Coordinates as in the file.
    settings : GridSettings, optional
        The answers; those to questions that are not raised are without effect.
    mapped : bool
        The axes are named x and y: coordinates are used as they are, rows are not reversed.

    Raises
    ------
    GridError
        If a coordinate is not finite, longitudes cannot be brought into 0 to 360, or a translation is too large.
    """
    wanted = settings or GridSettings()
    _check_axes(lon, lat)
    if mapped:
        return _mapped_grid(lon, lat)
    columns = _classified(lon, wanted)
    _translate(columns)
    if wanted.translate_columns is not None and columns.kind <= GridKind.GLOBAL_OPEN:
        columns.shift = columns.x[0]
        columns.x = columns.x - columns.shift
    _close(columns, wanted.make_periodic)
    y, rows = _kept_rows(lat, wanted)
    return Grid(
        lon=columns.x,
        lat=y,
        kind=columns.kind,
        wraps=columns.closed,
        uneven_latitudes=_uneven(lat),
        label_shift=float(columns.shift),
        label_correction=float(columns.correction),
        translated_columns=columns.translated,
        rotated_columns=columns.rotated,
        reorder=_reorder(columns, rows, (len(lat), len(lon))),
        notes=_notes(columns, y, wanted),
        disorder=_disorder("longitude", "column", columns.x, lon) or _disorder("latitude", "row", y, lat),
    )


def _check_axes(lon: F32, lat: F32) -> None:
    for name, axis in (("longitudes", lon), ("latitudes", lat)):
        if len(axis) < 2:
            raise GridError(f"the grid has {len(axis)} {name}; at least 2 are needed")
        if not np.isfinite(axis).all():
            raise GridError(f"the {name} of the grid hold NaN or infinite values; correct the file's coordinates")


def _mapped_grid(lon: F32, lat: F32) -> Grid:
    shape = (len(lat), len(lon))
    return Grid(
        lon=lon.copy(),
        lat=lat.copy(),
        kind=GridKind.MAPPED,
        wraps=False,
        uneven_latitudes=False,
        label_shift=0.0,
        label_correction=0.0,
        translated_columns=0,
        rotated_columns=0,
        reorder=Reorder(source_shape=shape, rows=np.arange(shape[0]), columns=np.arange(shape[1])),
    )


def _snapped(lon: F32) -> F32:
    """Longitudes with ends that nearly are 0 and 360 made so, and a negative eastern part moved up (steps 2, 3)."""
    x = lon.astype(np.float32)
    if abs(float(x[0])) < TOLERANCE:
        x[0] = 0.0
    if abs(float(x[-1] - _PERIOD)) < TOLERANCE:
        x[-1] = _PERIOD
    if x[0] > 0.0 and x[-1] < 0.0:
        x[x < 0.0] += _PERIOD
    return x


def _outside_circle(x: F32) -> bool:
    return bool(x[0] < 0.0 or x[-1] > _PERIOD)


def _corrected(columns: _Columns, how: int) -> None:
    """Bring longitudes into 0 to 360 (step 4)."""
    x = columns.x
    span = f"the longitudes run from {x[0]:g} to {x[-1]:g}"
    if (x[0] < 0.0 and x[-1] > _PERIOD) or (x[0] < -_PERIOD and x[-1] > 0.0):
        raise GridError(
            f"{span}: more than a circle, which cannot be corrected to 0 to 360; cut the file to one circle"
        )
    if how == 1 and x[-1] <= _PERIOD:
        columns.rotated = int(np.count_nonzero(x < 0.0))
        columns.x = np.concatenate([x[columns.rotated :], x[: columns.rotated] + _PERIOD])
    else:
        columns.correction = abs(x[0]) if x[0] < 0.0 else _PERIOD - x[-1]
        columns.x = x + columns.correction
    if _outside_circle(columns.x):
        raise GridError(
            f"{span}; corrected they still leave 0 to 360 ({columns.x[0]:g} to {columns.x[-1]:g}); "
            "cut the file to one circle"
        )


def _uneven(axis: F32) -> bool:
    """Whether a second difference exceeds the tolerance; one-sided, as in the original (step 5)."""
    wide = axis.astype(np.float64)
    return bool(((wide[2:] - 2.0 * wide[1:-1] + wide[:-2]) > TOLERANCE).any())


def _classified(lon: F32, settings: GridSettings) -> _Columns:
    """Steps 2 to 7: corrected longitudes and what they amount to."""
    columns = _Columns(_snapped(lon), translated=settings.translate_columns or 0)
    if settings.correct_longitudes and _outside_circle(columns.x):
        _corrected(columns, settings.correct_longitudes)
    x = columns.x
    if _uneven(x):
        columns.kind, columns.translated = GridKind.UNEVEN, 0
        return columns
    if abs(float(x[0])) > TOLERANCE or abs(float(x[-1] - _PERIOD)) > TOLERANCE:
        columns.kind = GridKind.GLOBAL_OPEN
    else:
        columns.add = _PERIOD + x[1] - x[0]
    if _leaves_gap(x):
        columns.kind, columns.translated = GridKind.LIMITED, 0
    return columns


def _leaves_gap(x: F32) -> bool:
    """Whether the ends are not one step apart round the circle (step 7)."""
    first = x[1] - x[0]
    if abs(0.5 * float(first) - float(x[0])) < TOLERANCE:
        first = x[0]
    last = _PERIOD - x[-1]
    if float(last) < TOLERANCE:
        last = _PERIOD - x[-2]
    return abs(float(last - first)) > TOLERANCE


def _translate(columns: _Columns) -> None:
    """Labels of a field shifted by whole columns (step 8)."""
    x, g, add = columns.x, columns.translated, columns.add
    if abs(g) >= len(x):
        raise GridError(
            f"a translation by {g} columns on a grid of {len(x)}; allowed: {1 - len(x)} to {len(x) - 1}. "
            "Change the answer to the longitude offset"
        )
    if g > 0:
        columns.x = np.concatenate([x[len(x) - g :] - add, x[: len(x) - g]])
    elif g < 0:
        columns.x = np.concatenate([x[-g:], x[:-g] + add])


def _close(columns: _Columns, wanted: bool) -> None:
    """The closing column (step 15)."""
    if columns.kind is GridKind.GLOBAL_CLOSED:
        columns.closed = True
    elif columns.kind is GridKind.GLOBAL_OPEN and wanted:
        columns.x = np.append(columns.x - columns.x[0], _PERIOD)
        columns.closed = True


def _rows_to_drop(y: F32) -> tuple[int | None, int | None, int | None]:
    """Indices of the equator, south-pole and north-pole rows of ascending latitudes, each None if absent."""
    near = np.flatnonzero(np.abs(y.astype(np.float64)) < TOLERANCE)
    south = abs(float(y[0] + _HALF_CIRCLE)) <= POLE_TOLERANCE
    north = abs(float(y[-1] - _HALF_CIRCLE)) <= POLE_TOLERANCE
    return (int(near[0]) if len(near) else None, 0 if south else None, len(y) - 1 if north else None)


def _kept_rows(lat: F32, settings: GridSettings) -> tuple[F32, I64]:
    """Latitudes and file rows that stay, south to north (steps 10 to 13)."""
    reverse = bool(lat[0] > lat[-1])
    y = lat[::-1].astype(np.float32) if reverse else lat.astype(np.float32)
    rows = np.arange(len(y))[::-1] if reverse else np.arange(len(y))
    equator, south, north = _rows_to_drop(y)
    if south is not None:
        y[south] = -_HALF_CIRCLE
    if north is not None:
        y[north] = _HALF_CIRCLE
    keep = np.ones(len(y), np.bool_)
    for row, kept in (
        (equator, settings.keep_equator),
        (south, settings.keep_south_pole),
        (north, settings.keep_north_pole),
    ):
        if row is not None and not kept:
            keep[row] = False
    if np.count_nonzero(keep) < 2:
        raise GridError("fewer than 2 rows are left after dropping the equator and the poles; keep them")
    return y[keep], np.ascontiguousarray(rows[keep])


def _reorder(columns: _Columns, rows: I64, source_shape: tuple[int, int]) -> Reorder:
    """Index map of section 7.6, steps 1 to 4 and 6."""
    nx, file_columns, g = len(columns.x), source_shape[1], columns.translated
    moving = nx - 1 if columns.closed else nx
    source = np.zeros(nx, np.int64)
    for i in range(moving):
        k = i + g
        if g >= 0 and k >= nx:
            k -= moving
        elif k < 0:
            k += moving
        source[k] = (i + columns.rotated) % file_columns
    wrap = (-1, -1)
    if columns.closed:
        wrap = (nx - 1, 0) if g > 0 else (0, nx - 1)
    return Reorder(source_shape=source_shape, rows=rows, columns=source, wrap_from=wrap[0], wrap_to=wrap[1])


def _notes(columns: _Columns, y: F32, settings: GridSettings) -> tuple[str, ...]:
    notes = []
    if float(np.abs(y).max()) > 90.0 + POLE_TOLERANCE:
        notes.append(f"latitudes run from {y[0]:g} to {y[-1]:g}, beyond the poles")
    if settings.translate_columns and not columns.translated:
        notes.append("the translation of longitudes was cancelled: the grid is not evenly spaced all round the globe")
    return tuple(notes)


def _disorder(name: str, line: str, working: F32, stored: F32) -> str:
    """About an axis whose working coordinates do not increase: the first place in the file, else in the grid."""
    if (np.diff(working) > 0).all():
        return ""
    steps = np.diff(stored)
    wrong = steps >= 0 if name == "latitude" and stored[0] > stored[-1] else steps <= 0
    axis = stored if wrong.any() else working
    k = int(np.flatnonzero(wrong if wrong.any() else np.diff(working) <= 0)[0])
    turned = name == "longitude" and bool((steps < 0).all())
    remedy = "turn the axis round (west to east)" if turned else f"sort the {line}s by their {name}"
    return (
        f"the {name}s do not increase from {line} to {line}: {line} {k + 2} ({axis[k + 1]:g}) follows {line} {k + 1} "
        f"({axis[k]:g}); {remedy}"
    )
