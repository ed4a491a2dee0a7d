"""Starting from results of an earlier run: object files instead of detection, track files instead of linking.

References
----------
Specification 01, section 4.5; 04, section 2.1, prompt 1.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..detect.objects import FrameObjects
from ..errors import NotSupportedError, TrackFileError
from ..grid.model import Grid
from ..io.link_files import LinkFile, read_links
from ..io.objects import ObjectFile
from ..io.objects_read import read_objects
from ..link.model import LinkPoints, TrackHeader, Tracks
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.startup import StartupSettings
from ..tracks.model import ProjectionDetails
from .detected import DetectedPass
from .domain import TrackingGrid
from .names import OutputNames
from .points import without_points

CENTRE_TOLERANCE = 1.0e-4
"""Degrees within which two projection centres are the same (object files hold six decimals)."""


class EarlierResults:
    """Files of earlier runs that the answers name, each read once.

    Parameters
    ----------
    names : OutputNames
        The run's own names, meant where no file is named.
    """

    def __init__(self, names: OutputNames) -> None:
        self._names = names
        self._objects = functools.lru_cache(maxsize=1)(read_objects)
        self._links = functools.lru_cache(maxsize=1)(read_links)

    def objects(self, reuse: ReuseSettings) -> ObjectFile:
        """The object file to be used."""
        own = self._names.path("objout.new" if reuse.filtered else "objout")
        return self._objects(self._path(reuse.file, own))

    def links(self, loaded: LoadedTracks) -> LinkFile:
        """The track file to be used."""
        return self._links(self._path(loaded.file, self._names.path("tdump")))

    def _path(self, name: str | None, own: Path) -> Path:
        return own if name is None else self._names.folder / name


def same_projection(first: ProjectionDetails, second: ProjectionDetails) -> bool:
    """Whether two object files refer to the same projection."""
    if (first.group, first.kind) != (second.group, second.kind):
        return False
    if first.centre is None or second.centre is None:
        return first.centre == second.centre
    return all(abs(a - b) < CENTRE_TOLERANCE for a, b in zip(first.centre, second.centre, strict=True))


def reused_pass(
    content: ObjectFile, reuse: ReuseSettings, grid: Grid, startup: StartupSettings, hemisphere: int
) -> DetectedPass:
    """Objects of a file in place of a detection pass.

    Raises
    ------
    NotSupportedError
        If data shall be brought to another projection, or objects shall be computed anew.
    """
    if reuse.recompute:
        raise NotSupportedError(
            "computing the objects of a re-used file anew is not available (specification 02, section 19); "
            "answer n to reuse.recompute?"
        )
    tracking_grid = TrackingGrid.of(grid, startup, hemisphere)
    if reuse.correct == "d":
        raise NotSupportedError(
            "bringing re-used objects to another projection is not available (specification 01, section 4.5); "
            "answer y (correct the grid) or n to reuse.correct_grid?"
        )
    if reuse.correct == "g" and content.header.projection.group == 0:
        tracking_grid = replace(tracking_grid, projected=None)
    frames = [without_points(content.frame(k)) for k in range(content.n_frames)]
    return DetectedPass(frames=frames, header=content.header, grid=tracking_grid)


def loaded_tracks(content: LinkFile, frames: Sequence[FrameObjects], points: LinkPoints, name: str) -> Tracks:
    """Tracks of a file over the points at hand.

    Raises
    ------
    TrackFileError
        If a track names a point that does not exist.
    """
    start = np.array([0, *np.cumsum([f.n_objects + 1 for f in frames])], np.int64)
    offsets = np.concatenate([f.feature_start + first for f, first in zip(frames, points.frame_start, strict=False)])
    counts = np.array([f.n_objects for f in frames], np.int64)
    frame, number, feature = content.frame - 1, content.object - 1, content.feature - 1
    valid = (frame >= 0) & (frame < len(frames)) & (number >= 0)
    valid[valid] &= number[valid] < counts[frame[valid]]
    index = np.zeros(len(frame), np.int64)
    slot = start[frame[valid]] + number[valid]
    index[valid] = offsets[slot] + feature[valid]
    valid[valid] &= (feature[valid] >= 0) & (index[valid] < offsets[slot + 1])
    if not valid.all():
        k = int(np.flatnonzero(~valid)[0])
        raise TrackFileError(
            f"frame {content.frame[k]}, object {content.object[k]}, feature {content.feature[k]} does not exist in the "
            "object data; use the object file of the same run",
            path=name,
        )
    direction, speed, dmax, phimax = (np.float32(v) for v in content.parameters or (0.0, 0.0, 0.0, 0.0))
    header = TrackHeader(weight_direction=direction, weight_speed=speed, dmax=dmax, phimax=phimax)
    return Tracks(
        track_id=content.track_id.astype(np.int32),
        start=content.start,
        point=index,
        missing=content.missing.astype(np.int32),
        header=header,
    )
