"""Tracks whose points are rows of integers: reading.

References
----------
Specification 01, sections 11.4 and 11.7. Parity: every file of the original is read.
"""

from __future__ import annotations

from ...arrays import I64
from .integer_tracks import TrackLayout
from .text_scheme import Line, Rows, Steps, read_groups
from .text_tokens import HeaderLines, scan_error


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
