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
    fields : list of float32, shape (n_features, n_field_values), optional
        Additional fields of the features, by frame.
    points : bool
        The frames hold object points, which are written again.
    """

    frames: list[FrameObjects]
    header: ObjectHeader
    grid: TrackingGrid
    fields: list[F32] | None = None
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
        """The pass with geographical positions; those on the rotated grid, and the values, become a field.

        Grid numbers (feature type 3) become positions, and the feature type 4.
        """
        frames, header = self.frames, replace(self.header, field_has_position=(True,), n_field_values=3)
        if header.integer_positions:
            frames = [moved(f, self.grid.node_coordinates, integer=False) for f in frames]
            header = replace(header, feature_type=FeatureType.GROUPED_MAXIMA)

        def positions(lon: F32, lat: F32) -> tuple[F32, F32]:
            shift = pole.shift or 0.0
            return from_rotated_pole(lon, lat, pole_longitude=pole.longitude, pole_latitude=pole.latitude, shift=shift)

        fields = [np.stack([f.feature_x, f.feature_y, f.feature_value], axis=1) for f in frames]
        frames = [moved(f, positions, integer=False) for f in frames]
        return replace(self, frames=frames, header=header, fields=fields)
