"""Nearest-grid-point files (tr_grid).

References
----------
Specification 01, section 11.7. Parity: bytes.
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from ..tracks.grid_positions import GridTracks
from .integer_tracks import TrackLayout, write_integer_tracks
from .integer_tracks_read import parse_integer_tracks
from .outputs import ByteSink
from .text_scan import INTEGER_COLUMN
from .text_tokens import HeaderLines, read_bytes

_LAYOUT = TrackLayout(
    number_line="TRACK_NUM  %8d\n",
    track_line="TRACK_ID  %d\n",
    points_line="POINT_NUM  %d\n",
    point_row="%d %d %d\n",
    number_tag="TRACK_NUM",
    track_tag=np.frombuffer(b"TRACK_ID", np.uint8),
    points_tag=np.frombuffer(b"POINT_NUM", np.uint8),
    kinds=np.full(3, INTEGER_COLUMN, np.int64),
    expected=("a line 'TRACK_ID n'", "a line 'POINT_NUM n'", "a grid point 'frame x y'"),
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
    lines = HeaderLines(data, name)
    ids, start, cells = parse_integer_tracks(data, lines, _LAYOUT, name)
    frame, x, y = (cells[:, i].copy() for i in range(3))
    return GridTracks(track_id=ids, start=start, frame=frame, x=x, y=y)


def read_grid_tracks(path: str | PathLike[str]) -> GridTracks:
    """Read a tr_grid file.

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_grid_tracks(read_bytes(path), str(path))
