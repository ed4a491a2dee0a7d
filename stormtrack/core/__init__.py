"""Detection, linking and splicing of arrays: what every entrance (answer files, Python, clusters) ends in.

`detect` makes features of fields (`detect_all` several kinds at once), `link` tracks of features, `splice` one set of
tracks of the tracks of several stretches of frames. `FrameProcessor` is what they and a run share: one frame
after the other. Names are resolved on first use: a run needs the frames only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .detecting import detect, detect_all
    from .frames import FrameProcessor, TimeMean
    from .linking import Linked, link
    from .splicing import splice

_HOMES = {
    **dict.fromkeys(("FrameProcessor", "TimeMean"), ".frames"),
    **dict.fromkeys(("detect", "detect_all"), ".detecting"),
    **dict.fromkeys(("Linked", "link"), ".linking"),
    "splice": ".splicing",
}
__all__ = ["FrameProcessor", "Linked", "TimeMean", "detect", "detect_all", "link", "splice"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
