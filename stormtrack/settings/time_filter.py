"""Settings of the filters in time: Lanczos (menu 5) and by frequency (menu 6; specification 05, sections 9 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuRequest
from .ranges import Count, NotNegative
from .series import MissingReplacement, SeriesFrames, WeightTable


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredSeries:
    """What both filters do before they filter."""

    frames: SeriesFrames
    weights: WeightTable | None = None
    """Of the time average that is written besides; the filter takes no notice of them."""
    missing: MissingReplacement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanczosDesign:
    """Filters to be made."""

    samples: Count
    """Frames in a unit of time."""
    order: NotNegative
    periods: tuple[float, ...]
    """Boundaries of the bands (float32) in units of time, the shortest first; one more than there are bands."""
    n_frequencies: int
    """Frequencies at which the response is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanczosWeights:
    """Filters of a file: ``weights[k][i]`` belongs to the frames `k` before and after, and to filter `i`."""

    path: str
    weights: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanczosRequest(MenuRequest):
    """Menu 5."""

    series: FilteredSeries
    filters: LanczosDesign | LanczosWeights


def transform_length(wanted: int, n_frames: int) -> int:
    """Length of the transform of a series: at least as long as that, and a power of 2."""
    return 1 << max(0, max(wanted, n_frames) - 1).bit_length()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyFilterSettings:
    """Bands of frequencies, as a transform in time separates them."""

    samples: Count
    """Frames in a unit of time."""
    periods: tuple[float, ...]
    """Boundaries of the bands (float32) in units of time, the shortest first."""
    n_frequencies: int
    """Length of the transform; raised to the number of frames, and to a power of 2."""
    reflect: bool = False
    """Continue the series at both ends by its mirror image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyFilterRequest(MenuRequest):
    """Menu 6."""

    series: FilteredSeries
    settings: FrequencyFilterSettings
