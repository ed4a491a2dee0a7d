"""Linking on arrays: tracks of features.

References
----------
Specification 04, sections 4 to 8. Parity: bitwise, as in a run with the same settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import I32
from ..errors import LinkError
from ..linking import driver
from ..model.features import Features
from ..model.links import Links
from ..model.tracks import TrackSet
from ..settings.linking import LinkSettings
from ..tracks.join import track_set


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linked:
    """Features and the tracks that they make up.

    Attributes
    ----------
    features : Features
        Those that can belong to a track.
    links : Links
    """

    features: Features
    links: Links

    @property
    def tracks(self) -> TrackSet:
        """The tracks with their points."""
        return track_set(self.features, self.links)


def link(
    features: Features,
    settings: LinkSettings,
    *,
    missing_after: I32 | None = None,
    progress: driver.Progress | None = None,
) -> Linked:
    """Tracks of features.

    Parameters
    ----------
    features : Features
        Of all frames, with coordinates for positions, as `detect` gives them.
    settings : LinkSettings
    missing_after : int32, shape (n_frames,), optional
        Frames missing after each frame; by default as the features have it.
    progress : callable, optional
        Called several times a second with the ``linking.result.SweepSeries`` under way.

    Raises
    ------
    LinkError
        If there are too few frames (4 are needed) or too many features, a point lies in no zone, or a table is missing.

    References
    ----------
    Specification 04, sections 4 to 8; Hodges (1994, 1999). Parity: bitwise.
    """
    if features.n_frames < driver.FEWEST_FRAMES:
        raise LinkError(
            f"{features.n_frames} frames are too few for tracks to be optimised; {driver.FEWEST_FRAMES} are needed"
        )
    if missing_after is not None:
        features = replace(features, missing_after=np.asarray(missing_after, np.int32))
    result = driver.link(features, settings, progress=progress)
    assert result.final is not None
    return Linked(features=result.features, links=result.final)
