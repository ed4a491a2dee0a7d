"""Formats of tracks: which there are, which one a file has (by its content), reading and writing.

A format is a module with some of the functions of `FormatModule`; it is imported when it is used. One row of `FORMATS`
is all that the rest of the program knows of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, cast

from ..errors import TrackFileError, UserInputError
from ..model.tracks import TrackSet
from ..storage.foreign import foreign_kind
from .given import Given


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
    """

    name: str
    about: str
    module: str
    suffixes: tuple[str, ...] = ()
    writes: bool = True

    def load(self) -> FormatModule:
        """Its module."""
        return cast(FormatModule, import_module(f".{self.module}", __package__))


FORMATS: tuple[Format, ...] = (
    Format(name="track", about="TRACK's combined tracks (tr_trs, ff_trs), text", module="track.combined"),
)
"""In the order in which files are looked at: the first that recognises one reads it."""


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
        near = difflib.get_close_matches(name, names(), 1)
        meant = f" (did you mean '{near[0]}'?)" if near else ""
        raise UserInputError(f"there is no format '{name}' of tracks{meant}; there are {', '.join(names())}")
    return found


def identify(path: str | PathLike[str]) -> Format:
    """The format of a file, by its content.

    Raises
    ------
    TrackFileError
        If it cannot be read or has none of the known formats; says what it seems to be.
    """
    return _identified(_given(path))


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
    given = _given(path)
    found = _identified(given) if format is None else format_named(format)
    return found.load().read(given, **options)


def write_track_set(
    tracks: TrackSet, path: str | PathLike[str], *, format: str | None = None, lossy: bool = False, **options: Any
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
    **options
        Of the writer of that format.

    Raises
    ------
    UserInputError
        If the format is not known, does not write, or cannot keep everything (and not `lossy`).
    OutputError
        If the file cannot be written.
    """
    found = _format_of_name(Path(path)) if format is None else format_named(format)
    if not found.writes:
        raise UserInputError(f"'{found.name}' is only read; written are {', '.join(names(writing=True))}")
    module = found.load()
    lost = module.losses(tracks)
    if lost and not lossy:
        raise UserInputError(
            f"'{found.name}' cannot keep {'; '.join(lost)}. Write another format (cf keeps everything), or allow "
            "the loss (lossy=True, --lossy)"
        )
    module.write(tracks, Path(path), **options)


def _given(path: str | PathLike[str]) -> Given:
    place = Path(path)
    packed = place.with_name(f"{place.name}.gz")
    if not place.exists() and packed.is_file():
        place = packed
    if not place.exists():
        raise TrackFileError("does not exist", path=str(path))
    if not place.is_dir() and not place.is_file():
        raise TrackFileError("is a pipe or a device; write it to a file and name that", path=str(path))
    return Given(place)


def _identified(given: Given) -> Format:
    if not given.is_folder and not given.head.strip():
        raise TrackFileError("is empty", path=given.name)
    for one in FORMATS:
        if one.load().recognise(given):
            return one
    kind = foreign_kind(given.head)
    seen = f"this is {kind}" if kind else f"not a file of tracks that is known here; it begins with {_shown(given)}"
    raise TrackFileError(f"{seen}. Known are {', '.join(names())}", path=given.name)


def _shown(given: Given) -> str:
    if given.is_folder:
        return "nothing: it is a folder"
    return repr(given.head[:60].split(b"\n", 1)[0])[1:]


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
