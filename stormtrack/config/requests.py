"""What the conversation hands to the pipeline besides settings: steps and requests in the order of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ..settings.detection import DetectionSettings
    from ..settings.extract import ExtractSettings
    from ..settings.linking import LinkSettings
    from ..settings.reuse import LoadedTracks, ReuseSettings
    from ..settings.spectral import MenuFrames, SpectralSettings
    from ..settings.splice import SpliceSettings


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceRequest:
    """Menu 1."""

    settings: SpliceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralRequest:
    """Menu 4, fast transform."""

    frames: MenuFrames
    settings: SpectralSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertRequest:
    """Menu 7."""

    frames: MenuFrames


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """Menu 8."""

    settings: ExtractSettings


Request = SpliceRequest | SpectralRequest | ConvertRequest | ExtractRequest
