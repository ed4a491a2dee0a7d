"""Files of a splice, each read once: object files, track files, spliced tracks."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from ..errors import TrackFileError
from ..io.chunk_files import GridLines, chunk_tracks
from ..io.link_files_read import parse_links
from ..io.objects import ObjectFile
from ..io.objects_read import read_objects
from ..io.stored import read_stored, unread_rest
from ..io.track_text_read import parse_tracks
from ..settings.splice import SpliceSet
from ..tracks.join import ChunkTracks
from ..tracks.model import TrackSet

KEPT = 4


class SpliceFiles:
    """Reads what a splice names, relative to the run's folder; a few files are kept in memory.

    Parameters
    ----------
    folder : Path
        Where relative names are looked up.
    own_tracks : Path
        The run's own `tr_trs`, meant by an empty name.

    Attributes
    ----------
    warnings : list of str
        What the user should look at in these files.
    """

    def __init__(self, folder: Path, own_tracks: Path) -> None:
        self._folder, self._own = folder, own_tracks
        self.warnings: list[str] = []
        self._objects = functools.lru_cache(maxsize=KEPT)(self._read_objects)
        self._tracks = functools.lru_cache(maxsize=1)(self._read_tracks)

    def _read_objects(self, name: str) -> ObjectFile:
        return read_objects(self._folder / name)

    def _read_tracks(self, name: str, kind: Literal["s", "v"]) -> TrackSet:
        path = self._folder / name if name else self._own
        return parse_tracks(self._read(path, "tracks"), str(path), kind=kind)

    def _read(self, path: Path, kind: Literal["links", "tracks"]) -> bytes:
        """Content of a file of which only the first part is read, should several have been put together."""
        data = read_stored(path)
        rest = unread_rest(data, kind, str(path))
        if rest is not None and rest not in self.warnings:
            self.warnings.append(rest)
        return data

    def objects(self, name: str) -> ObjectFile:
        """An object file."""
        return self._objects(name)

    def existing(self, name: str, kind: Literal["s", "v"] = "s") -> TrackSet:
        """A file of combined tracks; an empty name means the run's own."""
        return self._tracks(name, kind)

    def chunk(self, wanted: SpliceSet, grid: GridLines | None) -> ChunkTracks:
        """Both files of one set.

        Raises
        ------
        TrackFileError
            If a file is missing or malformed, or the two do not belong together.
        """
        objects = self.objects(wanted.object_file)
        if not 1 <= wanted.first_frame <= objects.n_frames:
            raise TrackFileError(
                f"first frame {wanted.first_frame} lies outside its {objects.n_frames} frames", path=wanted.object_file
            )
        place = self._folder / wanted.track_file
        links = parse_links(self._read(place, "links"), str(place))
        return chunk_tracks(objects, links, wanted.track_file, grid)
