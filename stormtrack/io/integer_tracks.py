"""Tracks whose points are rows of integers, as linking and nearest grid points write them: layout and writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .outputs import ByteSink
from .text_format import format_rows, grouped, row_format, woven

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
