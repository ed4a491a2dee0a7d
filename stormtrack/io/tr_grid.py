"""Nearest-grid-point files (tr_grid).

References
----------
Specification 01, section 11.7. Parity: bytes.
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from ..kernels._policy import kernel
from ..tracks.grid_positions import GridTracks
from .outputs import ByteSink
from .text_format import format_rows, grouped, row_format, woven
from .text_scan import BAD_COUNT, BAD_TAG, INTEGER_COLUMN, OK, scan_rows, scan_tagged
from .text_tokens import HeaderLines, read_bytes, scan_error

NUMBER_TAG = "TRACK_NUM"
NUMBER_LINE = "TRACK_NUM  %8d\n"
TRACK_LINE = "TRACK_ID  %d\n"
POINTS_LINE = "POINT_NUM  %d\n"
POINT_ROW = "%d %d %d\n"

TRACK_TAG = np.frombuffer(b"TRACK_ID", np.uint8)
POINTS_TAG = np.frombuffer(b"POINT_NUM", np.uint8)
_KINDS = np.full(3, INTEGER_COLUMN, np.int64)
_EXPECTED = ("a line 'TRACK_ID n'", "a line 'POINT_NUM n'", "a grid point 'frame x y'")


def write_grid_tracks(out: ByteSink, tracks: GridTracks) -> None:
    """Write a tr_grid file."""
    lengths = np.diff(tracks.start)
    filled = lengths > 0
    start = np.concatenate((tracks.start[:-1][filled], tracks.start[-1:]))
    points = grouped(format_rows(row_format(POINT_ROW), [tracks.frame, tracks.x, tracks.y]), start)
    heads = format_rows(row_format(TRACK_LINE + POINTS_LINE), [tracks.track_id[filled], lengths[filled]])
    out.write((NUMBER_LINE % np.count_nonzero(filled)).encode("ascii"))
    out.write(woven([heads, points]))


@kernel
def scan_grid_tracks(data, pos, line, count, ids, start, cells, no_reals, patches):
    """Read `count` tracks: (status, code of what was read, line)."""
    total = 0
    for k in range(count):
        status, ids[k], _, pos, line = scan_tagged(data, pos, line, TRACK_TAG, False)
        if status != OK:
            return status, 0, line
        status, points, _, pos, line = scan_tagged(data, pos, line, POINTS_TAG, False)
        if status != OK:
            return status, 1, line
        if points < 0 or points > len(cells) - line:
            return BAD_COUNT, 1, line
        status, pos, line, _ = scan_rows(data, pos, line, points, _KINDS, cells, no_reals, total, 0, patches, 0)
        if status != OK:
            return status, 2, line
        total += points
        start[k + 1] = total
    return OK, 0, line


def parse_grid_tracks(data: bytes, name: str = "tr_grid") -> GridTracks:
    """tr_grid file from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    text = lines.take("the number of tracks")
    if NUMBER_TAG not in text:
        raise scan_error(BAD_TAG, f"a line '{NUMBER_TAG} n'", lines.line, name)
    count = lines.integers(text.partition(NUMBER_TAG)[2], 1, "the number of tracks")[0]
    rows = data.count(b"\n") + 2
    if not 0 <= count <= rows:
        raise lines.error(f"{count} tracks announced in a file of {rows - 2} lines")
    ids, start = np.zeros(count, np.int64), np.zeros(count + 1, np.int64)
    cells = np.empty((rows, 3), np.int64)
    status, code, line = scan_grid_tracks(
        np.frombuffer(data, np.uint8),
        lines.pos,
        lines.line,
        count,
        ids,
        start,
        cells,
        np.zeros((1, 1), np.float32),
        np.zeros((1, 4), np.int64),
    )
    if status != OK:
        raise scan_error(status, _EXPECTED[code], line, name)
    frame, x, y = (cells[: start[-1], i].copy() for i in range(3))
    return GridTracks(track_id=ids, start=start, frame=frame, x=x, y=y)


def read_grid_tracks(path: str | PathLike[str]) -> GridTracks:
    """Read a tr_grid file.

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_grid_tracks(read_bytes(path), str(path))
