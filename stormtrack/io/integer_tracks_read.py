"""Tracks whose points are rows of integers: reading."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .integer_tracks import TrackLayout
from .text_scan import BAD_COUNT, BAD_TAG, OK, scan_rows, scan_tagged
from .text_tokens import HeaderLines, scan_error

I64 = npt.NDArray[np.int64]


@lean_kernel
def scan_tracks(data, pos, line, count, track_tag, points_tag, kinds, ids, start, cells, no_reals, patches):
    """Read `count` tracks: (status, code of what was read, line)."""
    total = 0
    for k in range(count):
        status, ids[k], _, pos, line = scan_tagged(data, pos, line, track_tag, False)
        if status != OK:
            return status, 0, line
        status, points, _, pos, line = scan_tagged(data, pos, line, points_tag, False)
        if status != OK:
            return status, 1, line
        if points < 0 or points > len(cells) - line:
            return BAD_COUNT, 1, line
        status, pos, line, _ = scan_rows(data, pos, line, points, kinds, cells, no_reals, total, 0, patches, 0)
        if status != OK:
            return status, 2, line
        total += points
        start[k + 1] = total
    return OK, 0, line


def parse_integer_tracks(data: bytes, lines: HeaderLines, layout: TrackLayout, name: str) -> tuple[I64, I64, I64]:
    """Ids, offsets and rows of all tracks, from the line with their number on.

    Raises
    ------
    TrackFileError
        If the file is malformed; carries `name` and the line.
    """
    text = lines.take("the number of tracks")
    if layout.number_tag not in text:
        raise scan_error(BAD_TAG, f"a line '{layout.number_tag} n'", lines.line, name)
    count = lines.integers(text.partition(layout.number_tag)[2], 1, "the number of tracks")[0]
    n_lines = data.count(b"\n") + 2
    if not 0 <= count <= n_lines:
        raise scan_error(BAD_COUNT, f"'{text.strip()[:60]}' for a file of {n_lines - 2} lines", lines.line, name)
    ids, start = np.zeros(count, np.int64), np.zeros(count + 1, np.int64)
    cells = np.empty((n_lines, len(layout.kinds)), np.int64)
    raw = np.frombuffer(data, np.uint8)
    status, code, line = scan_tracks(
        *(raw, lines.pos, lines.line, count, layout.track_tag, layout.points_tag, layout.kinds),
        *(ids, start, cells, np.zeros((1, 1), np.float32), np.zeros((1, 4), np.int64)),
    )
    if status != OK:
        raise scan_error(status, layout.expected[code], line, name)
    return ids, start, cells[: start[-1]]
