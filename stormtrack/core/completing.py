"""Objects that another engine found in frames, completed to features as `detect` gives them.

References
----------
Specification 02, sections 15 to 17. Parity: bitwise, of the same objects.
"""

from __future__ import annotations

from ..detection.domain import Domain
from ..detection.frame import Detector
from ..detection.objects import FrameObjects
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..settings.detection import DetectionSettings
from .detecting import Detection


class Completion:
    """Shape, filters on features and original signs, for the frames of a pass.

    Parameters
    ----------
    grid : TrackingGrid
    settings : DetectionSettings
        Of feature type 7, without areas weighted by the field.
    """

    def __init__(self, grid: TrackingGrid, settings: DetectionSettings) -> None:
        self._detector = Detector(settings, Domain.of(grid, settings))
        self._detection = Detection(grid, settings, None, keep_missing=False)

    def features(self, objects: FrameObjects) -> Features:
        """Features of one frame; `objects` are changed in place."""
        return self._detection.features(self._detector.completed(objects, first_frame=objects.frame == 1))
