"""A splice set from its two files.

References
----------
Specification 01, section 13. Parity: bitwise.
"""

from __future__ import annotations

import io

import numpy as np

from ..errors import TrackFileError
from ..settings.splice import SpliceSet
from ..tracks.join import ChunkTracks
from ..tracks.model import F32, TrackSet
from .link_files import LinkFile
from .link_files_read import read_links
from .objects import ObjectFile
from .objects_read import read_objects
from .track_text_read import parse_tracks
from .track_text_write import write_tracks

GridLines = tuple[F32, F32]
"""Grid lines x and y of the whole grid."""


def _on_grid(lines: F32, numbers: F32, first: int, name: str) -> F32:
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


def chunk_tracks(
    objects: ObjectFile, links: LinkFile, name: str, grid: GridLines | None = None, corner: tuple[int, int] = (1, 1)
) -> ChunkTracks:
    """One splice set in memory.

    Parameters
    ----------
    objects : ObjectFile
        Contents of objout.new (or objout).
    links : LinkFile
        Contents of tdump (or idump) of the same run.
    name : str
        The track file, for messages.
    grid : (x, y), optional
        Grid lines, needed for feature type 3.
    corner : (int, int)
        Column and row of the search area's south-west corner, 1-based, from which grid numbers are counted.

    Raises
    ------
    TrackFileError
        If the positions are grid numbers and `grid` is missing or too small.
    """
    lon, lat = objects.feature_x, objects.feature_y
    if objects.header.integer_positions:
        if grid is None:
            raise TrackFileError("positions are grid numbers (feature type 3): a grid is needed", path=name)
        lon, lat = _on_grid(grid[0], lon, corner[0], name), _on_grid(grid[1], lat, corner[1], name)
    return ChunkTracks(
        name=name,
        n_frames=objects.n_frames,
        object_start=objects.object_start,
        feature_start=objects.feature_start,
        lon=lon,
        lat=lat,
        value=objects.feature_value,
        shape=objects.shape,
        fields=objects.fields,
        field_has_position=objects.header.field_has_position,
        track_start=links.start,
        frame=links.frame,
        object=links.object,
        feature=links.feature,
        missing=links.missing,
        projection=objects.header.projection,
    )


def read_chunk(chunk: SpliceSet, grid: GridLines | None = None) -> ChunkTracks:
    """Read the two files of a splice set."""
    return chunk_tracks(read_objects(chunk.object_file), read_links(chunk.track_file), chunk.track_file, grid)


def as_reread(tracks: TrackSet) -> TrackSet:
    """Tracks as they would be read back from their text file: numbers rounded by the text, empty tracks gone."""
    text = io.BytesIO()
    write_tracks(text, tracks)
    return parse_tracks(text.getvalue(), kind="s" if tracks.velocity is None else "v")
