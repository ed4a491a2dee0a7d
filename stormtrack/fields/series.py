"""Pieces of several files as one series: same grid, times in order, gaps and overlaps told.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from xarray.core.indexing import LazilyIndexedArray

from ..arrays import I64, Array, Mask
from ..errors import FieldError, GridError
from .coordinates import attribute
from .horizontal import Horizontal
from .lazy import Part, SeriesArray
from .piece import Piece
from .regridding.plans import Regridding, regridding
from .times import hours_of, oddities, shown
from .units import contradiction
from .valid_times import AFTER_START

_DROPPED = ("coordinates", "grid_mapping", "cell_measures", "ancillary_variables", "bounds")
_SAME = 1.0e-4
"""Degrees by which coordinates of two files may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRules:
    """How pieces become one series.

    Attributes
    ----------
    stride : int
        Every so many frames, of the whole.
    overlap : str
        ``error``, ``first``, ``last``: which of two frames of one time counts.
    """

    stride: int = 1
    overlap: str = "error"

    def __post_init__(self) -> None:
        if not isinstance(self.stride, (int, np.integer)) or self.stride < 1:
            raise FieldError(f"stride {self.stride!r}: allowed are whole numbers from 1")
        if self.overlap not in ("error", "first", "last"):
            raise FieldError(f"overlap {self.overlap!r}: allowed are 'error', 'first', 'last'")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Frames of a series: times (numbers where there are no dates), the piece that holds each, and its number there."""

    values: Array
    piece: I64
    number: I64

    def take(self, which: I64 | Mask | slice) -> Frames:
        """Some of the frames."""
        return Frames(values=self.values[which], piece=self.piece[which], number=self.number[which])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Pieces of one series.

    Attributes
    ----------
    pieces : tuple of Piece
    frames : Frames
        Those that are used, in the order of time.
    notes, warnings : tuple of str
        What is to be said about it, and what the user should look at.
    """

    pieces: tuple[Piece, ...]
    frames: Frames
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def series_of(pieces: Sequence[Piece], rules: SeriesRules) -> Series:
    """All pieces as one series.

    Raises
    ------
    FieldError, GridError
        If the pieces do not belong together, or frames of several stand for one time.
    """
    first = pieces[0]
    for other in pieces[1:]:
        _check_alike(first, other)
    warned = [text for piece in pieces if piece.times for text in piece.times.warnings]
    frames = _frames(pieces, rules, warned).take(slice(None, None, rules.stride))
    warned += [_oddities(pieces, frames), contradiction(first.variable, first.where)]
    warned.append(_uneven_grid(first.horizontal, first.where))
    of_times = [note for piece in pieces if piece.times for note in piece.times.notes]
    notes = [*of_times, *(note for piece in pieces for note in (*piece.notes, *piece.horizontal.facts.notes))]
    return Series(
        pieces=tuple(pieces),
        frames=frames,
        notes=tuple(dict.fromkeys(notes)),
        warnings=tuple(dict.fromkeys(filter(None, warned))),
    )


def _uneven_grid(horizontal: Horizontal, where: str) -> str:
    if horizontal.facts.kind != "uneven":
        return ""
    return f"{where}: the grid is neither regular nor Gaussian ({horizontal.facts}); grid=STEP regrids it"


def _check_alike(first: Piece, other: Piece) -> None:
    names = f"'{first.opened.name}' and '{other.opened.name}'"
    if first.name != other.name:
        raise FieldError(f"{names} are no one series: they hold '{first.name}' and '{other.name}'; choose a variable")
    units = [attribute(piece.variable, "units") for piece in (first, other)]
    if units[0] != units[1]:
        raise FieldError(f"{names} are no one series: '{first.name}' is in '{units[0]}' and in '{units[1]}'")
    a, b = first.horizontal, other.horizontal
    if (
        a.facts.kind != b.facts.kind
        or a.facts.shape != b.facts.shape
        or not _close(a.lat, b.lat)
        or not _close(a.lon, b.lon)
    ):
        raise GridError(f"{names} are no one series: their grids differ ({a.facts}; {b.facts})")
    if list(first.kept) != list(other.kept) or any(
        not np.array_equal(first.kept[n].values, other.kept[n].values) for n in first.kept
    ):
        raise FieldError(f"{names} are no one series: their axes {list(first.kept)} and {list(other.kept)} differ")
    for name in set(first.scalars) & set(other.scalars):
        if name != "expver" and first.scalars[name].values != other.scalars[name].values:
            raise FieldError(
                f"{names} are no one series: '{name}' is {first.scalars[name].values} and {other.scalars[name].values}"
            )
    if (first.times is None) != (other.times is None) or (
        first.times and other.times and first.times.calendar != other.times.calendar
    ):
        kinds = [(p.times.calendar or "no dates") if p.times else "no times" for p in (first, other)]
        raise FieldError(
            f"{names} are no one series: their calendars are {kinds[0]} and {kinds[1]}; calendar=NAME decides"
        )


def _close(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool((np.abs(a.astype(np.float64) - b.astype(np.float64)) <= _SAME).all())


def _frames(pieces: Sequence[Piece], rules: SeriesRules, warned: list[str]) -> Frames:
    """All frames in the order of time, each time once."""
    counts = [_count(piece) for piece in pieces]
    empty = [piece.where for piece, count in zip(pieces, counts, strict=True) if count == 0]
    if empty:
        raise FieldError(f"{empty[0]}: there is no frame: its time axis has no entry; leave the file out")
    known = [piece.times for piece in pieces if piece.times is not None and piece.times.dated]
    dated = len(known) == len(pieces)
    frames = Frames(
        values=np.concatenate([times.values for times in known]) if dated else _numbers(pieces, counts, warned),
        piece=np.repeat(np.arange(len(pieces)), counts),
        number=np.concatenate([np.arange(n) for n in counts]),
    )
    if not dated:
        return frames
    if len(pieces) > 1:
        frames = frames.take(np.argsort(hours_of(frames.values), kind="stable"))
    return _each_time_once(pieces, frames, rules)


def _count(piece: Piece) -> int:
    return int(piece.variable.sizes["time"]) if "time" in piece.variable.dims else 1


def _numbers(pieces: Sequence[Piece], counts: Sequence[int], warned: list[str]) -> Array:
    """Numbers for times where files give no dates; they run on if every file begins anew."""
    given = [
        p.times.values if p.times is not None else np.arange(1.0, n + 1) for p, n in zip(pieces, counts, strict=True)
    ]
    together = np.concatenate(given)
    if len(pieces) > 1 and not (np.diff(together) > 0).all():
        warned.append(
            f"'{pieces[0].opened.name}' and {len(pieces) - 1} more files give no dates: their frames are counted on "
            "in the order of the files, and gaps cannot be seen"
        )
        return np.arange(1.0, len(together) + 1)
    return together


def _each_time_once(pieces: Sequence[Piece], frames: Frames, rules: SeriesRules) -> Frames:
    hours = hours_of(frames.values)
    if len(pieces) == 1 and rules.overlap == "error":
        return frames  # told as an oddity
    same = np.concatenate([[False], np.diff(hours) == 0])
    if not same.any():
        return frames
    if rules.overlap == "error":
        k = int(np.flatnonzero(same)[0])
        a, b = (pieces[int(frames.piece[i])].opened.name for i in (k - 1, k))
        raise FieldError(
            f"'{a}' and '{b}' overlap: both hold {shown(frames.values[k])} ({np.count_nonzero(same)} times stand "
            "twice). Leave one file away, or say which counts by overlap='first' or 'last' (--overlap)"
        )
    keep = ~same if rules.overlap == "first" else ~np.concatenate([same[1:], [False]])
    return frames.take(keep)


def _oddities(pieces: Sequence[Piece], frames: Frames) -> str:
    """What is odd about the times, in words; empty if nothing is."""
    times = pieces[0].times
    if times is None:
        return ""
    names = None if len(pieces) == 1 else np.array([pieces[int(i)].opened.name for i in frames.piece])
    found = oddities(frames.values, names, "h" if times.dated else times.units.split(" ")[0] or "steps")
    return f"{pieces[0].where}: {'; '.join(found)}" if found else ""


def array_of(series: Series, wanted: Any = None) -> Any:
    """The series as a lazy DataArray.

    Parameters
    ----------
    series : Series
    wanted : optional
        Grid wanted; see `opening.open_field`.

    Raises
    ------
    GridError
        If its grid cannot be used, or brought to the one wanted.
    """
    pieces, frames, first = series.pieces, series.frames, series.pieces[0]
    grid = regridding(first.horizontal, wanted, first.where)
    dims = (*first.kept, "time", *first.horizontal.dims)
    lat, lon = (first.horizontal.lat, first.horizontal.lon) if grid is None else (grid.lat, grid.lon)
    lead = tuple(len(first.kept[name]) for name in first.kept)
    dtype = np.result_type(*(piece.variable.dtype for piece in pieces), *([] if grid is None else [np.float32]))
    shape = (*lead, len(frames.values), len(lat), len(lon))
    values = SeriesArray(dims, shape, dtype, _parts(pieces, frames, dims), None if grid is None else grid.convert)
    out_dims = (*first.kept, "time", "lat", "lon")
    variable = xr.Variable(out_dims, LazilyIndexedArray(values), _attributes(first, grid))
    variable.encoding["preferred_chunks"] = {"time": _blocks(pieces, frames)}
    coordinates = _coordinates(pieces, frames, lat, lon)
    return xr.Dataset({first.name: variable}, coords=coordinates)[first.name]


def _parts(pieces: Sequence[Piece], frames: Frames, dims: tuple[str, ...]) -> list[Part]:
    """Runs of frames of one piece as parts, in the order of the series."""
    breaks = np.flatnonzero(np.diff(frames.piece)) + 1
    starts = np.concatenate([[0], breaks]).astype(np.int64)
    ends = np.concatenate([breaks, [len(frames.piece)]])
    parts = []
    for start, end in zip(starts, ends, strict=True):
        piece = pieces[int(frames.piece[start])]
        parts.append(
            Part(
                variable=_cut(piece, dims),
                frames=frames.number[start:end],
                merged=piece.merged,
                chunk=piece.time_chunk,
                where=piece.where,
            )
        )
    return parts


def _cut(piece: Piece, dims: tuple[str, ...]) -> Any:
    """The variable with the names of the series' axes, and without repeated columns."""
    variable = piece.variable
    names = dict(zip(piece.horizontal.dims, dims[-len(piece.horizontal.dims) :], strict=True))
    if any(old != new for old, new in names.items()):
        variable = variable.copy(deep=False)
        variable.dims = tuple(names.get(dim, dim) for dim in variable.dims)
    columns = piece.horizontal.columns
    if columns and columns < variable.sizes[dims[-1]]:
        variable = variable.isel({dims[-1]: slice(0, columns)})
    return variable


def _blocks(pieces: Sequence[Piece], frames: Frames) -> tuple[int, ...]:
    """How many frames, one block after the other, lie in the same chunk of the same file."""
    chunk = np.array([piece.time_chunk for piece in pieces], np.int64)[frames.piece]
    place = frames.number // chunk
    new = (np.diff(place) != 0) | (np.diff(frames.piece) != 0)
    starts = np.concatenate([[0], np.flatnonzero(new) + 1, [len(place)]])
    return tuple(int(n) for n in np.diff(starts))


def _attributes(first: Piece, grid: Regridding | None) -> dict[str, Any]:
    out = {name: value for name, value in first.variable.attrs.items() if name not in _DROPPED}
    horizontal = first.horizontal
    if grid is not None:
        out["regridding"] = grid.description
    elif horizontal.pole is not None:
        out["grid_mapping_name"] = "rotated_latitude_longitude"
        out["grid_north_pole_latitude"], out["grid_north_pole_longitude"] = horizontal.pole
    return out


def _coordinates(pieces: Sequence[Piece], frames: Frames, lat: Array, lon: Array) -> dict[str, Any]:
    first = pieces[0]
    rotated = first.horizontal.pole is not None and len(lat) == len(first.horizontal.lat)
    prefix = "grid_" if rotated and lat is first.horizontal.lat else ""
    out: dict[str, Any] = dict(first.kept)
    if first.times is not None:
        attrs = {"standard_name": "time", "axis": "T"}
        if not first.times.dated:
            attrs = {"axis": "T", "long_name": first.times.because, "units": first.times.units or "1"}
        if first.times.units == AFTER_START:
            attrs["standard_name"] = "forecast_period"
        time = xr.Variable(("time",), frames.values, attrs)
        if first.times.dated:
            time.encoding["calendar"] = first.times.calendar
        out["time"] = time
    for name, values, units in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
        standard = {"lat": "latitude", "lon": "longitude"}[name]
        attrs = {
            "standard_name": f"{prefix}{standard}",
            "units": units if not prefix else "degrees",
            "axis": "YX"[name == "lon"],
        }
        out[name] = xr.Variable((name,), values, attrs)
    for name, variable in first.scalars.items():
        if name not in out and all(name in p.scalars and p.scalars[name].values == variable.values for p in pieces):
            out[name] = variable
    return out
