"""Which features make up each track: the result of linking, without a copy of the features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import I32, I64


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParameters:
    """Weights and limits at the top of a track file, float32, as linking used them.

    Attributes
    ----------
    weight_direction : float32
        Weight w1, already halved.
    weight_speed : float32
        Weight w2.
    dmax : float32
        Upper bound of displacement of the first parameter set: radians (geodesic norm) or coordinate units.
    phimax : float32
        Upper bound of the smoothness cost of the first parameter set.
    """

    weight_direction: np.float32
    weight_speed: np.float32
    dmax: np.float32
    phimax: np.float32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """Tracks over a set of features.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
        Number of each track: 1-based, in order of creation, with gaps.
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into `feature` and `missing_after`.
    feature : int64, shape (n_linked,)
        Index of each point in the features, frames ascending.
    missing_after : int32, shape (n_linked,)
        Frames missing between each point and the next one of its track.
    parameters : LinkParameters, optional
        How they were linked.
    """

    track_id: I64
    start: I64
    feature: I64
    missing_after: I32
    parameters: LinkParameters | None = None

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return len(self.track_id)

    @property
    def lengths(self) -> I64:
        """Number of points of every track."""
        return np.diff(self.start)

    @property
    def owner(self) -> I64:
        """Track (0-based index) of every point."""
        return np.repeat(np.arange(self.n_tracks), self.lengths)
