"""Splicing on arrays: one set of tracks of the tracks of several stretches of frames.

References
----------
Specification 01, section 13; 04, sections 10 to 12. Parity: bitwise, as in a run with the same settings.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.tracks import TrackSet
from ..settings.splice import MergeSettings, TrackFilters
from ..tracks.filters import apply_filters
from ..tracks.join import Chunk, join
from ..tracks.merge import merge as merge_tracks
from .linking import Linked


def splice(
    parts: Sequence[Linked],
    *,
    first_frames: Sequence[int] | None = None,
    matching: bool = False,
    geodesic: bool = True,
    merge: MergeSettings | None = None,
    filters: TrackFilters | None = None,
) -> TrackSet:
    """One set of tracks of stretches of frames that follow one another.

    Parameters
    ----------
    parts : sequence of Linked
    first_frames : sequence of int, optional
        First frame (1-based) of each part that is used, so that parts may overlap; by default 1.
    matching : bool
        Tracks that end in the last frame of a part go on with those that begin at the same place in the next.
    geodesic : bool
        Distances are measured on the sphere, else in units of the grid.
    merge : MergeSettings, optional
        Merging of split tracks.
    filters : TrackFilters, optional
        Tracks that fail them lose their points and keep their place (`TrackSet.without_empty` drops them).

    Raises
    ------
    TrackFileError
        If the parts cannot be joined.

    References
    ----------
    Specification 01, section 13; 04, sections 10 to 12. Parity: bitwise.
    """
    first = [1] * len(parts) if first_frames is None else list(first_frames)
    chunks = [
        Chunk(features=part.features, links=part.links, name=f"part {number}", first_frame=begin)
        for number, (part, begin) in enumerate(zip(parts, first, strict=True), 1)
    ]
    tracks = join(chunks, matching=matching, geodesic=geodesic)
    if merge is not None:
        tracks = merge_tracks(tracks, merge, geodesic=geodesic)
    return tracks if filters is None else apply_filters(tracks, filters, geodesic=geodesic)
