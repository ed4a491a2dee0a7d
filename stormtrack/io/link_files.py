"""Track files of a linking run (idump, tdump): tracks as references to features of the object file.

References
----------
Specification 01, section 11.4; 04, section 8.4. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import I64
from ..link.model import LinkPoints, Tracks
from .integer_tracks import TrackLayout, write_integer_tracks
from .outputs import ByteSink

PARAMETER_LINE = "%f %f\n"
NUMBER_TAG = "TRACK_No."
LAYOUT = TrackLayout(
    number_line=f"{NUMBER_TAG} %d\n",
    track_line="TRACK_Id. %d\n",
    points_line="POINT_No. %d\n",
    point_row="%d %d %d %d? \n",
    columns="dddo",
    point="a track point 'frame object feature'",
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
    write_integer_tracks(out, LAYOUT, content.track_id, content.start, columns)
