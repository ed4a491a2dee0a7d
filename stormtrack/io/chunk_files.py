"""A splice set from its two files.

References
----------
Specification 01, section 13. Parity: bitwise.
"""

from __future__ import annotations

import io

import numpy as np

from ..arrays import F32
from ..errors import TrackFileError
from ..tracks.join import ChunkTracks
from ..tracks.model import TrackSet
from .link_files import LinkFile
from .objects import ObjectFile
from .track_text_read import parse_tracks
from .track_text_write import write_tracks

GridLines = tuple[F32, F32]
"""Grid lines x and y of the search area: grid number 1 is the first entry."""


def _on_grid(lines: F32, numbers: F32, name: str) -> F32:
    index = numbers.astype(np.int64) - 1
    if len(index) and (index.min() < 0 or index.max() >= len(lines)):
        raise TrackFileError(
            f"grid numbers {index.min() + 1} to {index.max() + 1} do not lie in the search area of {len(lines)} lines",
            path=name,
        )
    return lines[index]


def chunk_tracks(objects: ObjectFile, links: LinkFile, name: str, grid: GridLines | None = None) -> ChunkTracks:
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
        Grid lines of the search area, needed for feature type 3.

    Raises
    ------
    TrackFileError
        If the positions are grid numbers and `grid` is missing or too small.
    """
    lon, lat = objects.feature_x, objects.feature_y
    if objects.header.integer_positions:
        if grid is None:
            raise TrackFileError("positions are grid numbers (feature type 3): a grid is needed", path=name)
        lon, lat = _on_grid(grid[0], lon, name), _on_grid(grid[1], lat, name)
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


def as_reread(tracks: TrackSet) -> TrackSet:
    """Tracks as they would be read back from their text file: numbers rounded by the text, empty tracks gone."""
    text = io.BytesIO()
    write_tracks(text, tracks)
    return parse_tracks(text.getvalue(), kind="s" if tracks.velocity is None else "v")
