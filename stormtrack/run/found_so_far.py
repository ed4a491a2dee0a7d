"""Whether a pass has found anything: without features some questions are not asked, or later, and answers shift.

References
----------
Specification 01, section 4.2 (`area.refine`).
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32
from ..settings.detection import DetectionSettings, FeatureType

_SHIFTED = "answers after that point may no longer fit the questions"


def largest_inside(field: F32, region: tuple[int, int, int, int]) -> float:
    """Largest finite value of a field in a region x1, x2, y1, y2, 1-based; minus infinity if there is none."""
    x1, x2, y1, y2 = region
    inside = field[y1 - 1 : y2, x1 - 1 : x2]
    return float(inside[np.isfinite(inside)].max(initial=-np.inf))


class FoundSoFar:
    """Watches a pass of detection for features, and says where there are none. Several threads may add frames.

    Parameters
    ----------
    settings : DetectionSettings
    region : tuple of int
        Search region x1, x2, y1, y2, 1-based.
    """

    def __init__(self, settings: DetectionSettings, region: tuple[int, int, int, int]) -> None:
        self._settings, self._region = settings, region
        self._any_feature = settings.feature_type == FeatureType.NONE
        self._largest = -np.inf

    def add(self, field: F32, n_features: int) -> None:
        """A frame with its field as thresholded."""
        if not self._any_feature:
            self.hear(n_features, largest_inside(field, self._region) if n_features == 0 else -np.inf)

    def hear(self, n_features: int, largest: float) -> None:
        """A frame with the largest value of its field in the search region, which counts if there is no feature."""
        if n_features:
            self._any_feature = True
        else:
            self._largest = max(self._largest, largest)

    def nothing(self, n_frames: int) -> str:
        """What to tell if all `n_frames` frames are without features; empty if one has some."""
        if self._any_feature:
            return ""
        settings = self._settings
        preparation = settings.preparation
        scale = "unscaled" if preparation.scale is None else f"scaled by {preparation.scale:g}"
        sign = ", with its sign changed for minima" if preparation.minima else ""
        has_area = settings.shape is not None and settings.shape.area is not None
        shift = f". area.refine is then never asked; {_SHIFTED}" if has_area else ""
        return (
            f"no features were found in any of the {n_frames} frames: the largest value of the field in the search "
            f"area ({scale}{sign}) is {self._largest:g}, the threshold {settings.threshold:g}; objects of "
            f"{max(settings.min_object_points, 0)} points or fewer are dropped{shift}"
        )


def area_asked_late(number: int) -> str:
    """What to tell if the first area is computed in frame `number`, and not in the first frame of the pass."""
    return (
        f"no feature with an area before frame {number}: area.refine is asked there, after plot_multiple, and not in "
        f"the first frame as most answer files have it; {_SHIFTED}"
    )


def area_never_asked(n_frames: int) -> str:
    """What to tell if there are features, but none with an area."""
    return f"no area was computed in any of the {n_frames} frames, so area.refine is never asked; {_SHIFTED}"
