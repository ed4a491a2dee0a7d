"""Files of a splice, each read once: object files, track files, spliced tracks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from ..arrays import F32
from ..errors import TrackFileError
from ..formats.track.links_read import parse_links
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_read import read_objects
from ..formats.track.stored import read_first
from ..formats.track.track_text_read import parse_tracks
from ..model.features import Features
from ..model.tracks import TrackSet
from ..settings.splice import SpliceSet
from ..tracks.join import Chunk

KEPT = 4
GridLines = tuple[F32, F32]
"""Grid lines x and y."""


class SpliceFiles:
    """Reads what a splice names, relative to the run's folder; a few files are kept in memory.

    Parameters
    ----------
    folder : Path
        Where relative names are looked up.
    own_tracks : Path
        The run's own `tr_trs`, meant by an empty name.
    warn : callable
        Hears what the user should look at in these files.
    """

    def __init__(self, folder: Path, own_tracks: Path, warn: Callable[[str], object]) -> None:
        self._folder, self._own, self._warn = folder, own_tracks, warn
        self._objects = functools.lru_cache(maxsize=KEPT)(self._read_objects)
        self._tracks = functools.lru_cache(maxsize=1)(self._read_tracks)

    def _read_objects(self, name: str) -> tuple[ObjectHeader, Features]:
        return read_objects(self._folder / name)

    def _read_tracks(self, name: str, kind: Literal["s", "v"]) -> TrackSet:
        path = self._folder / name if name else self._own
        return parse_tracks(read_first(path, "tracks", self._warn), str(path), kind=kind)

    def objects(self, name: str) -> tuple[ObjectHeader, Features]:
        """An object file: its first lines, and its features."""
        return self._objects(name)

    def existing(self, name: str, kind: Literal["s", "v"] = "s") -> TrackSet:
        """A file of combined tracks; an empty name means the run's own."""
        return self._tracks(name, kind)

    def chunk(self, wanted: SpliceSet, grid: GridLines, corner: tuple[int, int] = (1, 1)) -> Chunk:
        """Both files of one set; numbers of nodes are turned into coordinates.

        Parameters
        ----------
        wanted : SpliceSet
        grid : (x, y)
            Grid lines of the whole grid.
        corner : (int, int)
            Column and row of the search area's south-west corner, 1-based, from which node numbers are counted.

        Raises
        ------
        TrackFileError
            If a file is missing or malformed, or the two do not belong together.
        """
        _, features = self.objects(wanted.object_file)
        if not 1 <= wanted.first_frame <= features.n_frames:
            raise TrackFileError(
                f"first frame {wanted.first_frame} lies outside its {features.n_frames} frames", path=wanted.object_file
            )
        path = self._folder / wanted.track_file
        links = parse_links(read_first(path, "links", self._warn), str(path)).over(features)
        if features.on_nodes:
            features = _on_grid(features, grid, corner, wanted.track_file)
        return Chunk(features=features, links=links, name=wanted.track_file, first_frame=wanted.first_frame)


def _on_grid(features: Features, grid: GridLines, corner: tuple[int, int], name: str) -> Features:
    def coordinates(x: F32, y: F32) -> tuple[F32, F32]:
        return _line(grid[0], x, corner[0], name), _line(grid[1], y, corner[1], name)

    return features.moved(coordinates, features.projection)


def _line(lines: F32, numbers: F32, first: int, name: str) -> F32:
    """Coordinates of numbers counted from line `first` (1-based); numbers outside the area are taken, as TRACK does.

    The line before the first one counts as 0.0, which is what TRACK finds in its memory there.
    """
    index = numbers.astype(np.int64) + (first - 1)
    if len(index) and (index.min() < 0 or index.max() > len(lines)):
        low, high = (int(index[k]) - first + 1 for k in (index.argmin(), index.argmax()))
        raise TrackFileError(
            f"grid numbers {low} to {high}, counted from line {first}, do not lie on the grid of {len(lines)} lines",
            path=name,
        )
    return np.concatenate([np.zeros(1, np.float32), lines])[index]
