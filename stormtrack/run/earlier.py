"""Object and track files of earlier runs that the answers name.

References
----------
Specification 01, section 4.5; 04, section 2.1, prompt 1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from ..formats.track.links import LinkRows
from ..formats.track.links_read import parse_links
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_read import read_objects
from ..formats.track.stored import read_first
from ..model.features import Features
from ..model.reference import ProjectionDetails
from ..settings.reuse import LoadedTracks, ReuseSettings
from .names import OutputNames

CENTRE_TOLERANCE = 1.0e-4
"""Degrees within which two projection centres are the same (object files hold six decimals)."""


class EarlierResults:
    """Files of earlier runs that the answers name, each read once.

    Parameters
    ----------
    names : OutputNames
        The run's own names, meant where no file is named.
    warn : callable
        Hears what the user should look at in these files.
    """

    def __init__(self, names: OutputNames, warn: Callable[[str], object]) -> None:
        self._names, self._warn = names, warn
        self._objects = functools.lru_cache(maxsize=1)(read_objects)
        self._links = functools.lru_cache(maxsize=1)(self._read_links)

    def objects(self, reuse: ReuseSettings) -> tuple[ObjectHeader, Features]:
        """The object file to be used: its first lines, and its features."""
        own = self._names.path("objout.new" if reuse.filtered else "objout")
        return self._objects(self._path(reuse.file, own))

    def links(self, loaded: LoadedTracks) -> LinkRows:
        """The track file to be used."""
        return self._links(self._path(loaded.file, self._names.path("tdump")))

    def _read_links(self, path: Path) -> LinkRows:
        return parse_links(read_first(path, "links", self._warn), str(path))

    def _path(self, name: str | None, own: Path) -> Path:
        return own if name is None else self._names.folder / name


def same_projection(first: ProjectionDetails, second: ProjectionDetails) -> bool:
    """Whether two object files refer to the same projection."""
    if (first.group, first.kind) != (second.group, second.kind):
        return False
    if first.centre is None or second.centre is None:
        return first.centre == second.centre
    return all(abs(a - b) < CENTRE_TOLERANCE for a, b in zip(first.centre, second.centre, strict=True))
