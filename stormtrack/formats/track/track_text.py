"""Layout of combined-track text files (tr_trs, ff_trs, ..._merged, ..._addfld, phase_trs).

References
----------
Specification 01, section 11.5; 04, section 10.4. Parity: bytes.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["s", "v"]
"""`s` scalar tracks, `v` velocity tracks (phase speeds)."""

INFO_LINE = "{} {:1d} {:12.5f}\n"
NUMBER_TAG, FIELDS_TAG, TIME_TAG = "TRACK_NUM", "ADD_FLD", "START_TIME"
NUMBER_LINE = "TRACK_NUM%*d ADD_FLD  %3d %3d &"
NUMBER_WIDTH = 10
"""Columns of the number of tracks."""
TRACK_LINE = "TRACK_ID  %d"
TIME_PART = " START_TIME %10ld"
POINTS_LINE = "\nPOINT_NUM  %d\n"
INFO_TAGS = ("PER_INFO", "WT_INFO")
"""Extra line of weighted or multi-period files, an attribute (flag, total) of the set: sum of weights, or number of
periods. Points carry weights if the tag is the second and the flag is not 0."""
SHAPE_FLAG = "shape_flag"
"""Attribute of the set: first line of the file, where it does not follow from the columns."""
OTHER_WIDTH = "count_width"
"""Attribute of the set: columns of the number of tracks, where not `NUMBER_WIDTH` (9 in other versions of TRACK)."""

FRAME_CELL, TIME_CELL = "%d ", "%10ld "
POSITION_CELLS = "%f %f %e "
SHAPE_CELLS = "%f %f %f %e "
WEIGHT_CELL = "%f "
VELOCITY_CELLS = "%f %f %e %e %e %e %e"


def point_row(kind: Kind, *, timed: bool, n_values: int, shape: bool, weight: bool) -> str:
    """Format of one point row."""
    row = TIME_CELL if timed else FRAME_CELL
    if kind == "v":
        return row + VELOCITY_CELLS + (" %f\n" if weight else "\n")
    row += POSITION_CELLS
    if n_values:
        row += "& " + "%e & " * n_values
    return row + (SHAPE_CELLS if shape else "") + (WEIGHT_CELL if weight else "") + "%d?\n"
