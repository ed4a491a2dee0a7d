"""Nearest-grid-point files (tr_grid).

References
----------
Specification 01, section 11.7. Parity: bytes.
"""

from __future__ import annotations

from ..tracks.grid_positions import GridTracks
from .integer_tracks import TrackLayout, write_integer_tracks
from .integer_tracks_read import parse_integer_tracks
from .outputs import ByteSink
from .text_tokens import HeaderLines

_LAYOUT = TrackLayout(
    number_line="TRACK_NUM  %8d\n",
    track_line="TRACK_ID  %d\n",
    points_line="POINT_NUM  %d\n",
    point_row="%d %d %d\n",
    columns="ddd",
    point="a grid point 'frame x y'",
)


def write_grid_tracks(out: ByteSink, tracks: GridTracks) -> None:
    """Write a tr_grid file."""
    write_integer_tracks(out, _LAYOUT, tracks.track_id, tracks.start, [tracks.frame, tracks.x, tracks.y])


def parse_grid_tracks(data: bytes, name: str = "tr_grid") -> GridTracks:
    """tr_grid file from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    ids, start, cells = parse_integer_tracks(HeaderLines(data, name), _LAYOUT)
    frame, x, y = (cells[:, i].copy() for i in range(3))
    return GridTracks(track_id=ids, start=start, frame=frame, x=x, y=y)
