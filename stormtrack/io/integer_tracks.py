"""Tracks whose points are rows of integers: the body that track files of linking and of nearest grid points share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .outputs import ByteSink
from .text_format import format_rows, grouped, row_format, woven
from .text_scan import BAD_COUNT, BAD_TAG, OK, scan_rows, scan_tagged
from .text_tokens import HeaderLines, scan_error

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLayout:
    """How such a file looks.

    Attributes
    ----------
    number_line, track_line, points_line, point_row : str
        Lines as written: number of tracks, id of a track, number of its points, a point.
    number_tag : str
        In the line with the number of tracks.
    track_tag, points_tag : uint8, shape (n,)
        In the lines with the id and the number of points of a track.
    kinds : int64, shape (columns,)
        Kinds of the columns (`text_scan`).
    expected : (str, str, str)
        What each kind of line should be, in words.
    """

    number_line: str
    track_line: str
    points_line: str
    point_row: str
    number_tag: str
    track_tag: npt.NDArray[np.uint8]
    points_tag: npt.NDArray[np.uint8]
    kinds: I64
    expected: tuple[str, str, str]


def write_integer_tracks(out: ByteSink, layout: TrackLayout, ids: I64, start: I64, columns: Sequence[I64]) -> None:
    """Write the number of tracks and all tracks; those without points are left out."""
    lengths = np.diff(start)
    filled = lengths > 0
    points = grouped(
        format_rows(row_format(layout.point_row), columns), np.concatenate((start[:-1][filled], start[-1:]))
    )
    heads = format_rows(row_format(layout.track_line + layout.points_line), [ids[filled], lengths[filled]])
    out.write((layout.number_line % np.count_nonzero(filled)).encode("ascii"))
    out.write(woven([heads, points]))


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
