"""What the conversation of a tracking run hands to the pipeline besides settings, in the order of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ..settings.detection import DetectionSettings
    from ..settings.linking import LinkSettings
    from ..settings.reuse import LoadedTracks, ReuseSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeFrames:
    """What is known before the first frame of a hemisphere."""

    reuse: ReuseSettings | None
    """Objects are read from a file."""
    detection: DetectionSettings | None
    """As far as known; None: the objects of the file are taken as they are, no frame is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep:
    """One pass through the questions of linking.

    `again`: initialise (and write the initial tracks), then other parameters follow in the next step.
    `abort`: initialise, write the initial tracks, end of the program with success.
    `link`: initialise and link; the remaining questions are asked when the loop goes on.
    `load`: filter the tracks of a file (`loaded`) further and write them.
    `stop`: nothing is linked or written.
    """

    action: Literal["again", "abort", "link", "load", "stop"]
    settings: LinkSettings | None = None
    """None for `stop`. With `load`, `sets` is empty if the file's own parameters hold."""
    loaded: LoadedTracks | None = None
    refilter: bool = False
    """A repeat: the point filter acts again, on points that it has filtered already."""
