"""What a pass of detection, or an object file in its place, hands to linking."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..detect.objects import FrameObjects
from ..io.objects import ObjectHeader
from ..settings.detection import FeatureType
from ..tracks.model import ProjectionDetails
from .domain import TrackingGrid
from .points import moved


@dataclass(slots=True, kw_only=True)
class DetectedPass:
    """What a pass found.

    Attributes
    ----------
    frames : list of FrameObjects
        Features of all processed frames; object points are dropped.
    header : ObjectHeader
        As written to `objout`.
    grid : TrackingGrid
    """

    frames: list[FrameObjects]
    header: ObjectHeader
    grid: TrackingGrid

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
        return DetectedPass(frames=frames, header=header, grid=self.grid)
