"""A sample as files: the series, and answer files to run on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import netCDF4

from ..errors import GridError, OutputError
from . import answers
from .fields import generate
from .grids import SampleGrid, gaussian

SERIES = "vo_sample.nc"
HOURS_BETWEEN_FRAMES = 6
START = 2000010100
"""Time of the first frame, YYYYMMDDHH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFiles:
    """Names of what `write_sample` wrote, relative to the folder."""

    series: str
    filter_answers: str
    filtered: str
    """What the filter's result is to be called."""
    maxima_answers: str
    minima_answers: str
    initial: str
    """Start-up answers of the Northern Hemisphere, in which cyclones are maxima of vorticity."""
    southern_maxima_answers: str
    southern_minima_answers: str
    southern_initial: str
    """The same of the Southern Hemisphere, in which cyclones are minima."""


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to it when all went well."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_series(path: Path, grid: SampleGrid, frames: int, seed: int) -> None:
    """Write a series as classic NetCDF, rows north to south, as reanalyses come.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with _replacing(path) as temporary, netCDF4.Dataset(temporary, "w", format="NETCDF3_CLASSIC") as data:
        axes = (("time", "hours since 2000-01-01 00:00:00"), ("lat", "degrees_north"), ("lon", "degrees_east"))
        for (name, units), size in zip(axes, (frames, len(grid.lat), len(grid.lon)), strict=True):
            data.createDimension(name, size)
            data.createVariable(name, "f8", (name,)).units = units
        data["time"].calendar = "standard"
        data["lat"][:], data["lon"][:] = grid.lat[::-1], grid.lon
        variable = data.createVariable("vo", "f4", ("time", "lat", "lon"))
        variable.long_name, variable.units = "Vorticity (relative)", "s**-1"
        for k, frame in enumerate(generate(frames, grid, seed)):
            variable[k] = frame[::-1]
            data["time"][k] = float(HOURS_BETWEEN_FRAMES * k)


def write_sample(folder: Path, *, frames: int = 62, seed: int = 1, truncation: int = 42) -> SampleFiles:
    """Write a series on the Gaussian grid of `truncation`, with answers to filter it and to track on it.

    Parameters
    ----------
    folder : Path
        Made if needed; files of the same names are replaced.
    frames, seed, truncation : int

    Raises
    ------
    FieldError, GridError
        If the numbers cannot be used.
    OutputError
        If the folder cannot be written.
    """
    grid = gaussian(truncation)
    columns, rows = len(grid.lon), len(grid.lat)
    rest = columns
    for prime in (2, 3, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or truncation < 6:
        raise GridError(
            f"truncation {truncation} gives {columns} columns, which TRACK's filter cannot transform; "
            "allowed: 6 and above with no prime factors but 2, 3, 5 (21, 31, 42, 63, 85, 106, 127, 170)"
        )
    generate(frames, grid, seed)  # refuses numbers that cannot be used before anything is written
    names = SampleFiles(
        series=SERIES,
        filter_answers="specfilt.in",
        filtered=answers.FILTERED.format(truncation=truncation),
        maxima_answers="track_max.in",
        minima_answers="track_min.in",
        initial=f"initial.T{truncation}_NH",
        southern_maxima_answers="track_max_SH.in",
        southern_minima_answers="track_min_SH.in",
        southern_initial=f"initial.T{truncation}_SH",
    )
    texts = {
        names.filter_answers: answers.spectral_filter(truncation, columns, rows),
        names.maxima_answers: answers.tracking(names.initial, frames, minima=False),
        names.minima_answers: answers.tracking(names.initial, frames, minima=True),
        names.initial: answers.initial(columns, rows),
        names.southern_maxima_answers: answers.tracking(names.southern_initial, frames, minima=False),
        names.southern_minima_answers: answers.tracking(names.southern_initial, frames, minima=True),
        names.southern_initial: answers.initial(columns, rows, southern=True),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}") from error
    write_series(folder / names.series, grid, frames, seed)
    for name, text in texts.items():
        with _replacing(folder / name) as temporary:
            temporary.write_text(text)
    return names
