"""Track files of a linking run (idump, tdump): tracks as references to features of the object file.

References
----------
Specification 01, section 11.4; 04, section 8.4. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
import numpy.typing as npt

from ..link.model import LinkPoints, Tracks
from .integer_tracks import TrackLayout, parse_integer_tracks, write_integer_tracks
from .outputs import ByteSink
from .text_scan import INTEGER_COLUMN, OPTIONAL_COLUMN
from .text_tokens import HeaderLines, read_bytes

I64 = npt.NDArray[np.int64]

PARAMETER_LINE = "%f %f\n"
NUMBER_TAG = "TRACK_No."
_LAYOUT = TrackLayout(
    number_line="TRACK_No. %d\n",
    track_line="TRACK_Id. %d\n",
    points_line="POINT_No. %d\n",
    point_row="%d %d %d %d? \n",
    number_tag=NUMBER_TAG,
    track_tag=np.frombuffer(b"TRACK_Id.", np.uint8),
    points_tag=np.frombuffer(b"POINT_No.", np.uint8),
    kinds=np.array([INTEGER_COLUMN, INTEGER_COLUMN, INTEGER_COLUMN, OPTIONAL_COLUMN], np.int64),
    expected=("a line 'TRACK_Id. n'", "a line 'POINT_No. n'", "a track point 'frame object feature'"),
)


@dataclass(slots=True, kw_only=True)
class LinkFile:
    """Contents of a track file of a linking run; numbers are 1-based as in the file.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the point arrays.
    frame, object, feature : int64, shape (n_points,)
        Frame, object in the frame and feature in the object.
    missing : int64, shape (n_points,)
        Frames missing after the point.
    parameters : (w1 halved, w2, dmax, phimax), optional
        Absent in the old form of the file.
    """

    track_id: I64
    start: I64
    frame: I64
    object: I64
    feature: I64
    missing: I64
    parameters: tuple[float, float, float, float] | None = None

    @classmethod
    def from_tracks(cls, tracks: Tracks, points: LinkPoints) -> LinkFile:
        """Contents of the file that shows `tracks` over `points`."""
        chosen = tracks.point
        head = tracks.header
        return cls(
            track_id=tracks.track_id.astype(np.int64),
            start=tracks.start,
            frame=points.frame[chosen].astype(np.int64) + 1,
            object=points.object[chosen].astype(np.int64) + 1,
            feature=points.feature[chosen].astype(np.int64) + 1,
            missing=tracks.missing.astype(np.int64),
            parameters=(
                float(head.weight_direction),
                float(head.weight_speed),
                float(head.dmax),
                float(head.phimax),
            ),
        )


def write_links(out: ByteSink, content: LinkFile) -> None:
    """Write a track file of a linking run; tracks without points are left out."""
    if content.parameters is not None:
        out.write((PARAMETER_LINE * 2 % content.parameters).encode("ascii"))
    columns = [content.frame, content.object, content.feature, content.missing]
    write_integer_tracks(out, _LAYOUT, content.track_id, content.start, columns)


def parse_links(data: bytes, name: str = "track file") -> LinkFile:
    """Track file of a linking run from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    parameters = None
    if NUMBER_TAG not in lines.peek():
        w1, w2 = lines.reals(lines.take("the weights"), 2, "the weights w1 and w2")
        dmax, phimax = lines.reals(lines.take("dmax and phimax"), 2, "dmax and phimax")
        parameters = (w1, w2, dmax, phimax)
    ids, start, cells = parse_integer_tracks(data, lines, _LAYOUT, name)
    columns = [cells[:, i].copy() for i in range(4)]
    return LinkFile(
        track_id=ids,
        start=start,
        frame=columns[0],
        object=columns[1],
        feature=columns[2],
        missing=columns[3],
        parameters=parameters,
    )


def read_links(path: str | PathLike[str]) -> LinkFile:
    """Read a track file of a linking run (idump, tdump).

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_links(read_bytes(path), str(path))
