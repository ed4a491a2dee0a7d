"""The frames of a menu function: first, step, last.

References
----------
Specification 01, section 10; 05, section 1.4.
"""

from __future__ import annotations

from ...settings.menus import MenuFrames
from ..asking import Asker
from ..build_startup import selection
from ..rows import Answers, Row, Scene, Section, at_least

FRAMES: Section = (
    Row("fs", "d", "first frame (1-based)", allowed="1 or more", usable=at_least(1)),
    Row("fr", "d", "step between frames", allowed="1 or more", usable=at_least(1), joined=True),
    Row("fe", "d", "last frame (may lie beyond the data)", joined=True),
)


def ask_frames(asker: Asker) -> MenuFrames:
    """Ask for the frames."""
    return frames_of(asker.section(FRAMES))


def frames_of(a: Answers) -> MenuFrames:
    """The frames that were asked for."""
    return MenuFrames(first=a.integer("fs"), step=a.integer("fr"), last=a.integer("fe"))


def first_frame_exists(a: Answers) -> bool:
    """Whether the data hold the first frame; what is asked at the first frame is not asked without it."""
    return a.facts.has_frame(selection(a), a.integer("fs"))


def tell_frames(frames: MenuFrames) -> Scene:
    """What the frames answer."""
    return {"fs": frames.first, "fr": frames.step, "fe": frames.last}
