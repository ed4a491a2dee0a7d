"""What a pass of detection, or an object file in its place, hands to linking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..detect.objects import FrameObjects
from ..grid.rotated_pole import from_rotated_pole
from ..io.objects import ObjectHeader
from ..settings.detection import FeatureType
from ..tracks.model import ProjectionDetails
from .domain import TrackingGrid
from .points import moved

if TYPE_CHECKING:
    from ..settings.reuse import RotatedPole

F32 = npt.NDArray[np.float32]


@dataclass(slots=True, kw_only=True)
class DetectedPass:
    """What a pass found.

    Attributes
    ----------
    frames : list of FrameObjects
        Features of all processed frames; object points are dropped unless they were read from a file.
    header : ObjectHeader
        As written to `objout`.
    grid : TrackingGrid
    points : bool
        The frames hold object points, which are written again.
    """

    frames: list[FrameObjects]
    header: ObjectHeader
    grid: TrackingGrid
    points: bool = False

    def geographic(self) -> DetectedPass:
        """The pass with its features taken back to the sphere, as linking with the geodesic norm wants it."""
        if self.grid.projected is None:
            return self
        integer = self.header.integer_positions
        frames = self.frames
        if integer:
            frames = [moved(f, self.grid.node_coordinates, integer=False) for f in frames]
        frames = [moved(f, self.grid.on_the_sphere, integer=False) for f in frames]
        header = replace(
            self.header,
            feature_type=FeatureType.GROUPED_MAXIMA if integer else self.header.feature_type,
            projection=ProjectionDetails(),
        )
        return replace(self, frames=frames, header=header)

    def from_rotated_pole(self, pole: RotatedPole) -> DetectedPass:
        """The pass with geographical positions; those on the rotated grid, and the values, become one more field.

        Grid numbers (feature type 3) become positions, and the feature type 4. Longitudes are taken as they are in the
        data: corrections are undone, and a translation unless a shift is answered.
        """
        frames, header = self.frames, self.header
        if header.integer_positions:
            frames = [moved(f, self.grid.node_coordinates, integer=False) for f in frames]
            header = replace(header, feature_type=FeatureType.GROUPED_MAXIMA)

        working = self.grid.grid
        shift = (working.remembered_shift if pole.shift is None else pole.shift) - working.label_correction

        def positions(lon: F32, lat: F32) -> tuple[F32, F32]:
            return from_rotated_pole(lon, lat, pole_longitude=pole.longitude, pole_latitude=pole.latitude, shift=shift)

        header = replace(
            header,
            field_has_position=(*header.field_has_position, True),
            n_field_values=header.n_field_values + 3,
        )
        frames = [moved(with_field(f), positions, integer=False) for f in frames]
        return replace(self, frames=frames, header=header)


def with_field(frame: FrameObjects) -> FrameObjects:
    """A frame whose features have their positions and values as one more additional field."""
    own = np.stack([frame.feature_x, frame.feature_y, frame.feature_value], axis=1)
    return frame.changed(fields=own if frame.fields is None else np.concatenate([frame.fields, own], axis=1))
