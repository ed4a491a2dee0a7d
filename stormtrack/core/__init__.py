"""Detection, linking and splicing of arrays: what every entrance (answer files, Python, clusters) ends in.

`detect` makes features of fields (`detect_all` several kinds at once), `link` tracks of features, `splice` one set of
tracks of the tracks of several stretches of frames. `FrameProcessor` is what they and a run share: one frame
after the other.
"""

from .frames import FrameProcessor, TimeMean
from .stages import Linked, detect, detect_all, link, splice

__all__ = ["FrameProcessor", "Linked", "TimeMean", "detect", "detect_all", "link", "splice"]
