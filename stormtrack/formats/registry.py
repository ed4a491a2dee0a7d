"""Formats of tracks: which there are, which one a file has (by its content), reading and writing.

A format is a module with some of the functions of `FormatModule`; it is imported when it is used. One row of `FORMATS`
is all that the rest of the program knows of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, cast

from ..errors import TrackFileError, UserInputError, did_you_mean
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile
from .given import Given
from .others import what_it_is


class FormatModule(Protocol):
    """What the module of a format has; a format that is only read has no `write` and `losses`."""

    def recognise(self, given: Given) -> bool:
        """Whether the file has this format, by its content; never raises for a file that can be read."""

    def read(self, given: Given, **options: Any) -> TrackSet:
        """Read all of it; `TrackFileError` with file, line, and what was expected."""

    def losses(self, tracks: TrackSet) -> Sequence[str]:
        """What the format cannot keep of these tracks, such as ``2 added fields (mslp, wind)``; empty: nothing."""

    def write(self, tracks: TrackSet, path: Path, **options: Any) -> None:
        """Write; the file appears whole or not at all (`storage.outputs`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of tracks.

    Attributes
    ----------
    name : str
    about : str
        For people.
    module : str
        In `stormtrack.formats`.
    suffixes : tuple of str
        Names that are written in this format if none is named.
    writes : bool
    folder : bool
        Its files are folders (stores).
    """

    name: str
    about: str
    module: str
    suffixes: tuple[str, ...] = ()
    writes: bool = True
    folder: bool = False

    def load(self) -> FormatModule:
        """Its module."""
        return cast(FormatModule, import_module(f".{self.module}", __package__))


FORMATS: tuple[Format, ...] = (
    Format(name="tr2nc", about="TRACK's NetCDF (tr_trs.nc, ff_trs.nc) and that of tr2nc", module="track.tr2nc"),
    Format(name="cf", about="CF trajectories, NetCDF; keeps everything", module="cf.netcdf", suffixes=(".nc", ".nc4")),
    Format(name="zarr", about="the same as a Zarr store", module="cf.zarr_store", suffixes=(".zarr",)),
    Format(name="track", about="TRACK's combined tracks (tr_trs, ff_trs, phase_trs), text", module="track.combined"),
    Format(name="csv", about="table with a column for each value", module="tables.csv_file", suffixes=(".csv",)),
    Format(
        name="parquet", about="the same table as Parquet", module="tables.parquet_file", suffixes=(".parquet", ".pq")
    ),
    Format(name="geojson", about="lines with values, GeoJSON", module="geo.geojson", suffixes=(".geojson", ".json")),
    Format(name="kml", about="lines for globes, KML, with all values", module="geo.kml", suffixes=(".kml",)),
    Format(name="tdump", about="TRACK's links (tdump, idump) with objout.new", module="track.linked", writes=False),
    Format(name="stitchnodes", about="TempestExtremes' StitchNodes, text", module="texts.stitchnodes"),
    Format(name="imilast", about="text of the IMILAST comparison", module="texts.imilast"),
    Format(name="hurdat2", about="best tracks of the NHC (HURDAT2)", module="texts.hurdat2", writes=False),
)
"""In the order in which files are looked at: the first that recognises one reads it (tr2nc before cf, which takes many
layouts of NetCDF)."""


def names(*, writing: bool = False) -> list[str]:
    """Names of the formats, of all or of those that are written."""
    return [one.name for one in FORMATS if one.writes or not writing]


def format_named(name: str) -> Format:
    """A format by its name.

    Raises
    ------
    UserInputError
        If there is none of that name.
    """
    found = next((one for one in FORMATS if one.name == name), None)
    if found is None:
        meant = did_you_mean(name, names())
        raise UserInputError(f"there is no format '{name}' of tracks{meant}; there are {', '.join(names())}")
    return found


def identify(path: str | PathLike[str]) -> Format:
    """The format of a file, by its content.

    Raises
    ------
    TrackFileError
        If it cannot be read or has none of the known formats; says what it seems to be.
    """
    return _identified(file_given(path))


def read_track_set(path: str | PathLike[str], *, format: str | None = None, **options: Any) -> TrackSet:
    """Read a file of tracks.

    Parameters
    ----------
    path : str or path
        ``.gz`` may be left out.
    format : str, optional
        Name of its format; None: by its content.
    **options
        Of the reader of that format.

    Raises
    ------
    TrackFileError
        If it cannot be read.
    """
    given = file_given(path)
    found = _identified(given) if format is None else format_named(format)
    module = found.load()
    _check_options(found.name, "reading", module.read, options)
    return module.read(given, **options)


def write_track_set(
    tracks: TrackSet,
    path: str | PathLike[str],
    *,
    format: str | None = None,
    lossy: bool = False,
    command: str | None = None,
    **options: Any,
) -> None:
    """Write tracks to a file; it appears whole or not at all.

    Parameters
    ----------
    tracks : TrackSet
    path : str or path
        Replaced if it exists.
    format : str, optional
        None: by the end of the name.
    lossy : bool
        Write although the format cannot keep all that the tracks have.
    command : str, optional
        What was done, for the history of the file, in formats that have one.
    **options
        Of the writer of that format.

    Raises
    ------
    UserInputError
        If the format is not known, does not write, or cannot keep everything (and not `lossy`).
    OutputError
        If the file cannot be written.
    """
    found = format_for_writing(Path(path), format)
    module = found.load()
    lost = module.losses(tracks)
    if lost and not lossy:
        raise UserInputError(
            f"'{found.name}' cannot keep {'; '.join(lost)}. Write another format (cf keeps everything), or allow "
            "the loss (lossy=True, --lossy)"
        )
    _check_options(found.name, "writing", module.write, options)
    if command is not None and "command" in inspect.signature(module.write).parameters:
        options["command"] = command
    module.write(tracks, Path(path).expanduser(), **options)


def check_target(path: Path, format: str | None) -> None:
    """Refuse, before the work, a name that says no format, or a place where nothing can be written.

    Raises
    ------
    UserInputError, OutputError
    """
    if not format_for_writing(path, format).folder:
        OutputFile(path).discard()


def format_for_writing(path: Path, format: str | None) -> Format:
    """The format in which a file of a name is written.

    Parameters
    ----------
    path : Path
    format : str, optional
        None: by the end of the name.

    Raises
    ------
    UserInputError
        If there is none, or it is only read.
    """
    found = _format_of_name(path) if format is None else format_named(format)
    if not found.writes:
        raise UserInputError(f"'{found.name}' is only read; written are {', '.join(names(writing=True))}")
    return found


def _check_options(name: str, doing: str, function: Callable[..., object], options: Mapping[str, object]) -> None:
    """Refuse options that a format does not have."""
    known = list(inspect.signature(function).parameters)[1 if doing == "reading" else 2 :]
    for option in options:
        if option not in known:
            meant = did_you_mean(option, known)
            allowed = f"allowed are {', '.join(known)}" if known else "it has none"
            raise UserInputError(f"'{option}' is no option for {doing} the format '{name}'{meant}; {allowed}")


def file_given(path: str | PathLike[str]) -> Given:
    """A file or folder by its name, ``NAME.gz`` where only that is there.

    Raises
    ------
    TrackFileError
        If there is none, or it is no file or folder.
    """
    try:
        place = Path(path).expanduser()
        packed = place.with_name(f"{place.name}.gz")
        if not place.exists() and packed.is_file():
            place = packed
        there, usable = place.exists(), place.is_dir() or place.is_file()
    except (OSError, ValueError, RuntimeError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise TrackFileError(problem, path=str(path)) from error
    if not there:
        raise TrackFileError("does not exist", path=str(path))
    if not usable:
        raise TrackFileError("is a pipe or a device; write it to a file and name that", path=str(path))
    return Given(place)


def _identified(given: Given) -> Format:
    if not given.is_folder and not given.head.strip():
        raise TrackFileError("is empty; a file of tracks is expected", path=given.name, line=1)
    for one in FORMATS:
        if one.load().recognise(given):
            return one
    seen, is_text = what_it_is(given)
    raise TrackFileError(
        f"{seen}. Formats of tracks that are known: {', '.join(names())}", path=given.name, line=1 if is_text else None
    )


def _format_of_name(path: Path) -> Format:
    name = path.name.removesuffix(".gz")
    for one in FORMATS:
        if one.writes and any(name.endswith(suffix) for suffix in one.suffixes):
            return one
    known = ", ".join(f"{suffix} ({one.name})" for one in FORMATS if one.writes for suffix in one.suffixes)
    raise UserInputError(
        f"'{path}': the name does not say in which format to write; name one (format=..., --format) of "
        f"{', '.join(names(writing=True))}, or end it with {known}"
    )
