"""Whether a pass has found anything: without features some questions are not asked, or later, and answers shift.

References
----------
Specification 01, section 4.2 (`area.refine`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..settings.detection import DetectionSettings, FeatureType
from .report import Report

F32 = npt.NDArray[np.float32]

_SHIFTED = "answers after that point may no longer fit the questions"


class FoundSoFar:
    """Watches a pass of detection for features, and warns where there are none. Several threads may add frames.

    Parameters
    ----------
    report : Report
    settings : DetectionSettings
    region : tuple of int
        Search region x1, x2, y1, y2, 1-based.
    asks_area : bool
        The first area that is computed raises a question.
    """

    def __init__(
        self, report: Report, settings: DetectionSettings, region: tuple[int, int, int, int], *, asks_area: bool
    ) -> None:
        self._report, self._settings, self._region = report, settings, region
        self._asks_area = asks_area
        self._any_feature = settings.feature_type == FeatureType.NONE
        self._largest = -np.inf

    def add(self, field: F32, n_features: int) -> None:
        """A frame with its field as thresholded."""
        if self._any_feature:
            return
        if n_features:
            self._any_feature = True
            return
        x1, x2, y1, y2 = self._region
        inside = field[y1 - 1 : y2, x1 - 1 : x2]
        usable = inside[np.isfinite(inside)]
        self._largest = max(self._largest, float(usable.max(initial=-np.inf)))

    def area_asked(self, number: int, *, first: bool) -> None:
        """The question for the grid of areas is asked in frame `number`."""
        self._asks_area = False
        if not first:
            self._report.warning(
                f"no feature with an area before frame {number}: area.refine is asked there, after plot_multiple, and "
                f"not in the first frame as most answer files have it; {_SHIFTED}"
            )

    def finish(self, n_frames: int) -> None:
        """All frames are done."""
        if not self._any_feature:
            self._report.warning(self._nothing_found(n_frames))
        elif self._asks_area:
            self._report.warning(
                f"no area was computed in any of the {n_frames} frames, so area.refine is never asked; {_SHIFTED}"
            )

    def _nothing_found(self, n_frames: int) -> str:
        settings = self._settings
        preparation = settings.preparation
        scale = "unscaled" if preparation.scale is None else f"scaled by {preparation.scale:g}"
        sign = ", with its sign changed for minima" if preparation.minima else ""
        shift = f". area.refine is then never asked; {_SHIFTED}" if self._asks_area else ""
        return (
            f"no features were found in any of the {n_frames} frames: the largest value of the field in the search "
            f"area ({scale}{sign}) is {self._largest:g}, the threshold {settings.threshold:g}; objects of "
            f"{max(settings.min_object_points, 0)} points or fewer are dropped{shift}"
        )
