"""`read_tracks`: tracks of files in any format that is known, with real dates, several files as one set."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal

from ..errors import TrackFileError
from ..formats.registry import file_given, read_track_set
from ..formats.track.linked import is_links, is_objects, objects_beside
from .combining import Ids
from .together import combine
from .tracks import Tracks

Paths = str | PathLike[str] | Sequence[str | PathLike[str]]
_PATTERN = "*?["


def read_tracks(
    path: Paths,
    format: str | None = None,
    *,
    start: Any = None,
    step: Any = None,
    calendar: str | None = None,
    ids: Ids = "keep",
    variables: Literal["common", "all"] = "common",
    **options: Any,
) -> Tracks:
    """Read tracks; of several files, one set (as `combine` puts them together).

    Parameters
    ----------
    path : str, path, or a list of these
        Files (``.gz`` may be left out), stores, or patterns (``"ff_trs_*"``, in the order of their names). A track file
        of linking (tdump) needs its objout.new, found beside it or given behind it.
    format : str, optional
        Name of the format; None: by the content of each file.
    start, step, calendar : optional
        Dates for files that have none: see `Tracks.with_dates`. A calendar alone says that of the dates there are.
    ids, variables
        See `combine`.
    **options
        Of the reader of the format, such as ``velocity=True`` (TRACK's phase speeds).

    Returns
    -------
    Tracks

    Raises
    ------
    TrackFileError
        If a file cannot be read; names it, the line, and what was expected.
    UserInputError
        If there is no such format or option, or the files do not go together.

    Examples
    --------
    >>> import stormtrack.tracksets.example as example
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> example.tracks().write(folder / "ff_trs", format="track", lossy=True)
    >>> read_tracks(folder / "ff_trs").n_tracks
    3
    """
    sets = []
    for file in files_of(path):
        own = options if file.objects is None else {**options, "objects": file.objects}
        tracks = Tracks(read_track_set(file.path, format=format, **own))
        dates = calendar if tracks.data.time is not None or start is not None else None
        if start is not None or step is not None or dates is not None:
            tracks = tracks.with_dates(start, step, dates)
        sets.append(tracks)
    return sets[0] if len(sets) == 1 else combine(sets, ids=ids, variables=variables)


@dataclass(frozen=True, slots=True)
class TrackFile:
    """A file of tracks.

    Attributes
    ----------
    path : Path
    objects : Path, optional
        The object file of a track file of linking.
    """

    path: Path
    objects: Path | None = None

    @property
    def title(self) -> str:
        """For people."""
        return str(self.path) if self.objects is None else f"{self.path} with {self.objects}"


def files_of(path: Paths) -> list[TrackFile]:
    """The files that are meant, each track file of linking with its object file.

    Raises
    ------
    TrackFileError
        If there is none.
    """
    given = [path] if isinstance(path, (str, PathLike)) else list(path)
    if not given:
        raise TrackFileError("no file was named")
    waiting = [file_given(name) for one in given for name in _names(fspath(one))]
    found = []
    while waiting:
        file = waiting.pop(0)
        if is_objects(file.head) and waiting and is_links(waiting[0].head):
            found.append(TrackFile(waiting.pop(0).path, file.path))
        elif is_links(file.head) and waiting and is_objects(waiting[0].head):
            found.append(TrackFile(file.path, waiting.pop(0).path))
        else:
            found.append(TrackFile(file.path, objects_beside(file.path) if is_links(file.head) else None))
    return found


def _names(name: str) -> Iterator[str]:
    """A name, or the names that a pattern stands for."""
    if Path(name).exists() or not any(sign in name for sign in _PATTERN):
        yield name
        return
    names = sorted(glob.glob(name, recursive=True))  # noqa: PTH207
    if not names:
        raise TrackFileError("is a pattern, but no file is called so", path=name)
    yield from names
