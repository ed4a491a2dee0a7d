"""Nearest-grid-point files (tr_grid).

References
----------
Specification 01, section 11.7. Parity: bytes.
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from ..tracks.grid_positions import GridTracks
from .integer_tracks import TrackLayout, parse_integer_tracks
from .outputs import ByteSink
from .text_format import format_rows, grouped, row_format, woven
from .text_scan import INTEGER_COLUMN
from .text_tokens import HeaderLines, read_bytes

NUMBER_TAG = "TRACK_NUM"
NUMBER_LINE = "TRACK_NUM  %8d\n"
TRACK_LINE = "TRACK_ID  %d\n"
POINTS_LINE = "POINT_NUM  %d\n"
POINT_ROW = "%d %d %d\n"

TRACK_TAG = np.frombuffer(b"TRACK_ID", np.uint8)
POINTS_TAG = np.frombuffer(b"POINT_NUM", np.uint8)
_LAYOUT = TrackLayout(
    number_tag=NUMBER_TAG,
    track_tag=TRACK_TAG,
    points_tag=POINTS_TAG,
    kinds=np.full(3, INTEGER_COLUMN, np.int64),
    expected=("a line 'TRACK_ID n'", "a line 'POINT_NUM n'", "a grid point 'frame x y'"),
)


def write_grid_tracks(out: ByteSink, tracks: GridTracks) -> None:
    """Write a tr_grid file."""
    lengths = np.diff(tracks.start)
    filled = lengths > 0
    start = np.concatenate((tracks.start[:-1][filled], tracks.start[-1:]))
    points = grouped(format_rows(row_format(POINT_ROW), [tracks.frame, tracks.x, tracks.y]), start)
    heads = format_rows(row_format(TRACK_LINE + POINTS_LINE), [tracks.track_id[filled], lengths[filled]])
    out.write((NUMBER_LINE % np.count_nonzero(filled)).encode("ascii"))
    out.write(woven([heads, points]))


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
