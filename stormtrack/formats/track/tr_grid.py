"""Nearest-grid-point files (tr_grid).

References
----------
Specification 01, section 11.7. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ...arrays import I64
from ...model.steps import steps
from ...model.tracks import TrackSet
from ...storage.outputs import ByteSink
from .integer_tracks import TrackLayout, write_integer_tracks
from .integer_tracks_read import parse_integer_tracks
from .text_tokens import HeaderLines

_LAYOUT = TrackLayout(
    number_line="TRACK_NUM  %8d\n",
    track_line="TRACK_ID  %d\n",
    points_line="POINT_NUM  %d\n",
    point_row="%d %d %d\n",
    columns="ddd",
    point="a grid point 'frame x y'",
)


def write_grid_tracks(out: ByteSink, tracks: TrackSet, x: I64, y: I64) -> None:
    """Write a tr_grid file: tracks, numbered by their place, with the grid numbers (1-based) of their points."""
    numbers = np.arange(1, tracks.n_tracks + 1)
    write_integer_tracks(out, _LAYOUT, numbers, tracks.start, [steps(tracks), x, y])


def parse_grid_tracks(data: bytes, name: str = "tr_grid") -> tuple[I64, I64, I64]:
    """Numbers, offsets and rows (frame, x, y) of the tracks of a tr_grid file.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    return parse_integer_tracks(HeaderLines(data, name), _LAYOUT)
