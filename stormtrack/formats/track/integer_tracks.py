"""Tracks whose points are rows of integers, as linking and nearest grid points write them.

References
----------
Specification 01, sections 11.4 and 11.7. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import I64
from ...storage.outputs import ByteSink
from ...text import print_groups
from .text_scheme import Line, Rows, Steps, read_groups
from .text_tokens import HeaderLines, scan_error


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLayout:
    """How such a file looks.

    Attributes
    ----------
    number_line, track_line, points_line, point_row : str
        Lines as written: number of tracks, id of a track, number of its points, a point. Readers recognise a line by
        its first word.
    columns : str
        Columns of a point (`Rows.columns`).
    point : str
        A point in words.
    """

    number_line: str
    track_line: str
    points_line: str
    point_row: str
    columns: str
    point: str


def write_integer_tracks(out: ByteSink, layout: TrackLayout, ids: I64, start: I64, columns: Sequence[I64]) -> None:
    """Write the number of tracks and all tracks; those without points are left out."""
    lengths = np.diff(start)
    filled = lengths > 0
    out.write((layout.number_line % np.count_nonzero(filled)).encode("ascii"))
    heads = (layout.track_line + layout.points_line, [ids[filled], lengths[filled]], None)
    points = (layout.point_row, columns, np.concatenate((start[:-1][filled], start[-1:])))
    out.write(print_groups([heads, points]))


def _first_word(line: str) -> str:
    return line.split()[0]


def parse_integer_tracks(lines: HeaderLines, layout: TrackLayout) -> tuple[I64, I64, I64]:
    """Ids, offsets and rows of all tracks, from the line with their number on.

    Raises
    ------
    TrackFileError
        If the file is malformed; carries its name and the line.
    """
    number, track, points = (_first_word(line) for line in (layout.number_line, layout.track_line, layout.points_line))
    text = lines.take("the number of tracks")
    if number not in text:
        raise scan_error("tag", f"a line '{number} n'", lines.line, lines.name)
    count = lines.integers(text.partition(number)[2], 1, "the number of tracks")[0]
    n_lines = lines.data.count(b"\n")
    if not 0 <= count <= n_lines + 2:
        raise scan_error("count", f"'{text.strip()[:60]}' for a file of {n_lines} lines", lines.line, lines.name)
    steps: Steps = [
        Line([track], [f"a line '{track} n'"]),
        Line([points], [f"a line '{points} n'"]),
        Rows(points, layout.columns, layout.point),
    ]
    found = read_groups(lines, steps, count)
    return found.values[track], found.offsets(points), found.integers[points]
