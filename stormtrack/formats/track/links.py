"""Track files of a linking run (idump, tdump): tracks as references to features of the object file.

References
----------
Specification 01, section 11.4; 04, section 8.4. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import I64
from ...errors import TrackFileError
from ...model.features import Features
from ...model.links import LinkParameters, Links
from ...storage.outputs import ByteSink
from .integer_tracks import TrackLayout, write_integer_tracks

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkRows:
    """What a track file of a linking run says; numbers are 1-based as in the file.

    Attributes
    ----------
    name : str
        The file, for messages.
    track_id : int64, shape (n_tracks,)
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the rows.
    frame, object, feature : int64, shape (n_points,)
        Frame, object in the frame and feature in the object.
    missing_after : int64, shape (n_points,)
        Frames missing after the point.
    parameters : LinkParameters, optional
        Absent in the old form of the file.
    """

    name: str
    track_id: I64
    start: I64
    frame: I64
    object: I64
    feature: I64
    missing_after: I64
    parameters: LinkParameters | None = None

    @classmethod
    def of(cls, links: Links, features: Features, name: str = "tracks") -> LinkRows:
        """The rows that show links over features."""
        places = (features.frame_index, features.object_number, features.feature_number)
        frame, number, feature = (place[links.feature] + 1 for place in places)
        return cls(
            name=name,
            track_id=links.track_id,
            start=links.start,
            frame=frame,
            object=number,
            feature=feature,
            missing_after=links.missing_after.astype(np.int64),
            parameters=links.parameters,
        )

    def over(self, features: Features) -> Links:
        """The links that these rows are over the features of an object file.

        Raises
        ------
        TrackFileError
            If a row names a feature that the object file does not have.
        """
        ok = (self.frame >= 1) & (self.frame <= features.n_frames) & (self.object >= 1) & (self.feature >= 1)
        at = np.where(ok, self.frame - 1, 0)
        starts = np.concatenate((features.object_start, features.object_start[-1:]))
        objects = starts[at] + self.object - 1
        ok &= objects < starts[at + 1]
        objects = np.where(ok, objects, 0)
        starts = np.concatenate((features.feature_start, features.feature_start[-1:]))
        index = starts[objects] + self.feature - 1
        ok &= index < starts[objects + 1]
        if not ok.all():
            raise self._refers_to_nothing(int(np.flatnonzero(~ok)[0]), features)
        return Links(
            track_id=self.track_id,
            start=self.start,
            feature=index,
            missing_after=self.missing_after.astype(np.int32),
            parameters=self.parameters,
        )

    def _refers_to_nothing(self, row: int, features: Features) -> TrackFileError:
        track = int(np.searchsorted(self.start, row, "right"))
        return TrackFileError(
            f"track {track} in file order refers to feature {self.feature[row]} of object {self.object[row]} in frame "
            f"{self.frame[row]}, which does not exist in the object file ({features.n_frames} frames); give the object "
            "and track file of the same run",
            path=self.name,
        )


def write_link_rows(out: ByteSink, rows: LinkRows) -> None:
    """Write a track file of a linking run; tracks without points are left out."""
    head = rows.parameters
    if head is not None:
        numbers = (head.weight_direction, head.weight_speed, head.dmax, head.phimax)
        out.write((PARAMETER_LINE * 2 % tuple(map(float, numbers))).encode("ascii"))
    columns = [rows.frame, rows.object, rows.feature, rows.missing_after]
    write_integer_tracks(out, LAYOUT, rows.track_id, rows.start, columns)


def write_links(out: ByteSink, links: Links, features: Features) -> None:
    """Write the track file that shows links over features."""
    write_link_rows(out, LinkRows.of(links, features))
