"""Horizontal grids: what a pair of axes amounts to, and axes brought into order without moving a value.

Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from ..grid.gaussian import gaussian_latitudes

_PERIOD = 360.0
_NOISE = 6.5e-5
"""Degrees by which float32 longitudes may differ from even ones."""
_MOST_DECIMALS = 4
_GAUSSIAN_TOLERANCE = 2.0e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFacts:
    """What a grid is, for people and for choosing what to do with it.

    Attributes
    ----------
    kind : str
        ``regular``, ``Gaussian``, ``uneven``, ``rotated``, ``curvilinear``, ``reduced Gaussian``, ``HEALPix``, ...
    shape : tuple of int
        Rows and columns, or the number of points.
    details : dict
        Further facts (first, last, step, Gaussian number, pole, ...), in words and numbers.
    covers_globe : bool
    notes : tuple of str
        What was done to the axes.
    """

    kind: str
    shape: tuple[int, ...]
    details: dict[str, Any] = field(default_factory=dict)
    covers_globe: bool = False
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        size = " x ".join(str(n) for n in reversed(self.shape))
        told = ", ".join(f"{name} {_text(value)}" for name, value in self.details.items())
        return f"{self.kind} {size}{': ' if told else ''}{told}"


def _text(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Axes:
    """Latitudes and longitudes ready to be used.

    Attributes
    ----------
    lat : ndarray, shape (ny,)
        In the order of the data.
    lon : ndarray, shape (nx,)
        Increasing; whole circles were added where labels jumped back.
    facts : GridFacts
    """

    lat: Array
    lon: Array
    facts: GridFacts


def axes_in_order(lat: Array, lon: Array, where: str) -> Axes:
    """Check latitudes and longitudes, unwrap longitudes, drop repeated columns, mend rounded ones.

    Parameters
    ----------
    lat, lon : ndarray, shapes (ny,), (nx,)
        Degrees, as stored.
    where : str
        File and variable, for messages.

    Raises
    ------
    GridError
        If values are missing, beyond the poles, unordered, or go round more than once.
    """
    for name, axis in (("latitudes", lat), ("longitudes", lon)):
        if not np.isfinite(axis).all():
            raise GridError(f"{where}: the {name} hold NaN or missing values; correct the file")
    _check_latitudes(lat, where)
    unwrapped = _unwrapped(lon, where)
    notes: list[str] = []
    if not np.array_equal(unwrapped, lon):
        notes.append(f"longitudes {lon[0]:g} to {lon[-1]:g} are counted on to {unwrapped[-1]:g}")
    kept = unwrapped < unwrapped[0] + _PERIOD - _NOISE * 8
    if not kept.all():
        notes.append(
            f"{np.count_nonzero(~kept)} cyclic column at longitude {lon[-1]:g} repeats the first one and is dropped"
        )
    columns, rounded = _mended(unwrapped[kept])
    rows, rounded_rows = _mended_rows(lat)
    decimals = rounded or rounded_rows
    if decimals:
        notes.append(f"coordinates rounded to {decimals} decimals were made even again")
    return Axes(lat=rows, lon=columns, facts=_facts(rows, columns, tuple(notes)))


def _check_latitudes(lat: Array, where: str) -> None:
    largest = float(np.abs(lat.astype(np.float64)).max())
    if largest > 90.0 + 1.0e-3:
        raise GridError(
            f"{where}: latitudes run to {largest:g}, beyond a pole; correct the coordinate, or its units if they are "
            "no degrees"
        )
    steps = np.diff(lat.astype(np.float64))
    if not ((steps > 0).all() or (steps < 0).all()):
        k = int(np.flatnonzero(steps * np.sign(steps[0] or 1.0) <= 0)[0])
        raise GridError(
            f"{where}: latitudes neither increase nor decrease throughout: row {k + 2} ({lat[k + 1]:g}) follows row "
            f"{k + 1} ({lat[k]:g}); sort the rows"
        )


def _unwrapped(lon: Array, where: str) -> Array:
    """Longitudes with whole circles added so that they increase."""
    steps = np.diff(lon.astype(np.float64))
    if len(steps) and (steps < 0).all() and len(steps) > 1:
        raise GridError(f"{where}: longitudes run from east to west ({lon[0]:g} to {lon[-1]:g}); turn the axis round")
    drops = steps < -180.0
    if not drops.any():
        out = lon
    else:
        out = lon + (_PERIOD * np.concatenate([[0], np.cumsum(drops)])).astype(lon.dtype)
    steps = np.diff(out.astype(np.float64))
    if (steps <= 0).any():
        k = int(np.flatnonzero(steps <= 0)[0])
        raise GridError(
            f"{where}: longitudes do not increase: column {k + 2} ({lon[k + 1]:g}) follows column {k + 1} "
            f"({lon[k]:g}); sort the columns"
        )
    span = float(out[-1]) - float(out[0])
    if span > _PERIOD + float(np.max(steps, initial=0.0)):
        raise GridError(f"{where}: longitudes {lon[0]:g} to {lon[-1]:g} go round more than once; cut to one circle")
    return out


def _decimals(axis: F64) -> int | None:
    """How many decimals (up to 4) the values were rounded to; None if they were not."""
    for decimals in range(1, _MOST_DECIMALS + 1):
        if np.abs(axis - np.round(axis, decimals)).max() < 2.0e-5 + 1.0e-7 * np.abs(axis).max():
            return decimals
    return None


def _mended(lon: Array) -> tuple[Array, int]:
    """Even longitudes in place of ones that were rounded, and to how many decimals (0: they were not)."""
    x = lon.astype(np.float64)
    if len(x) < 3:
        return lon, 0
    step = (x[-1] - x[0]) / (len(x) - 1)
    whole = round(_PERIOD / step) if step else 0
    if whole and abs(_PERIOD / whole - step) * (len(x) - 1) < 0.01:
        step = _PERIOD / whole
    even = x[0] + step * np.arange(len(x))
    return _if_rounded(lon, even)


def _mended_rows(lat: Array) -> tuple[Array, int]:
    """The same for latitudes; those of a Gaussian grid stay as they are."""
    y = lat.astype(np.float64)
    if len(y) < 3:
        return lat, 0
    even = np.linspace(y[0], y[-1], len(y))
    return _if_rounded(lat, even)


def _if_rounded(axis: Array, even: F64) -> tuple[Array, int]:
    x = axis.astype(np.float64)
    distance = float(np.abs(x - even).max())
    if distance <= _NOISE:
        return axis, 0
    decimals = _decimals(x)
    if decimals is None or decimals < 2 or distance > 1.01 * 10.0**-decimals:
        return axis, 0
    return even, decimals


def _facts(lat: Array, lon: Array, notes: tuple[str, ...]) -> GridFacts:
    x, y = lon.astype(np.float64), lat.astype(np.float64)
    dx, dy = even_step(x), even_step(y)
    globe = dx is not None and abs(dx * len(x) - _PERIOD) < 0.02
    number = None if dy is not None and len(y) > 2 else gaussian_number(y)
    kind = "Gaussian" if number else "regular" if dx is not None and dy is not None else "uneven"
    details: dict[str, Any] = {}
    if number:
        details["N"] = number
    details["lat"] = f"{y[0]:g} to {y[-1]:g}" + (f" by {abs(dy):g}" if dy is not None else "")
    details["lon"] = f"{x[0]:g} to {x[-1]:g}" + (f" by {dx:g}" if dx is not None else "")
    poles = abs(abs(y[0]) - 90.0) <= (abs(dy or y[1] - y[0]) if len(y) > 1 else 0.0)
    poles = poles and abs(abs(y[-1]) - 90.0) <= (abs(dy or y[-1] - y[-2]) if len(y) > 1 else 0.0)
    details["area"] = "global" if globe and poles else "all round" if globe else "limited"
    return GridFacts(kind=kind, shape=(len(lat), len(lon)), details=details, covers_globe=globe and poles, notes=notes)


def even_step(axis: F64) -> float | None:
    """The step of evenly spaced coordinates; None if they are not."""
    if len(axis) < 2:
        return None
    step = (axis[-1] - axis[0]) / (len(axis) - 1)
    return float(step) if np.abs(np.diff(axis) - step).max() < 5.0e-4 else None


def gaussian_number(lat: F64) -> int | None:
    """N of the Gaussian grid (2 N rows) that has these latitudes, or of which they are a part; None without one."""
    if len(lat) < 2:
        return None
    y = lat if lat[0] < lat[-1] else lat[::-1]
    estimate = round(90.0 / float(np.median(np.diff(y))))
    for number in (estimate, estimate - 1, estimate + 1):
        if 2 <= number <= 4000:
            rows = gaussian_latitudes(2 * number)[0]
            first = int(np.argmin(np.abs(rows - y[0])))
            part = rows[first : first + len(y)]
            if len(part) == len(y) and np.abs(part - y).max() < _GAUSSIAN_TOLERANCE:
                return number
    return None


def in_degrees(values: Array, units: str) -> Array:
    """Coordinates in degrees; those in radians are converted."""
    return np.rad2deg(values) if units.strip().lower().startswith("radian") else values
