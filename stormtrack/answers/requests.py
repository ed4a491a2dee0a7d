"""What a conversation in the analysis menu hands to the pipeline: requests in the order of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..settings.extract import ExtractSettings
    from ..settings.spectral import MenuFrames, SpectralSettings
    from ..settings.splice import SpliceSettings


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
