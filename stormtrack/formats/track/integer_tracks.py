"""Tracks whose points are rows of integers, as linking and nearest grid points write them: layout and writing.

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
from .groups_write import write_groups


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
    write_groups(out, [heads, points])
