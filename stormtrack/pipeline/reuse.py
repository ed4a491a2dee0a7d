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
import numpy.typing as npt

from ..detect.objects import FrameObjects
from ..errors import NotSupportedError, TrackFileError
from ..grid.model import Grid
from ..grid.projections import from_sphere
from ..io.link_files import LinkFile
from ..io.link_files_read import read_links
from ..io.objects import ObjectFile
from ..io.objects_read import read_objects
from ..link.model import LinkPoints, TrackHeader, Tracks
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.startup import StartupSettings
from ..tracks.model import ProjectionDetails
from .detected import DetectedPass
from .domain import TrackingGrid
from .names import OutputNames
from .points import Positions, moved, without_points

F32 = npt.NDArray[np.float32]
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
        If a projected file shall be brought to another projection, or its projection shall be taken over.
    """
    tracking_grid = _tracking_grid(content, reuse, TrackingGrid.of(grid, startup, hemisphere))
    frames = [content.frame(k) for k in range(content.n_frames)]
    if not reuse.read_points:
        frames = [without_points(frame) for frame in frames]
    if reuse.correct == "d":
        frames = [moved(frame, _onto(content, tracking_grid), integer=False) for frame in frames]
    header = replace(content.header, projection=tracking_grid.details)
    return DetectedPass(frames=frames, header=header, grid=tracking_grid, points=reuse.read_points)


def _tracking_grid(content: ObjectFile, reuse: ReuseSettings, grid: TrackingGrid) -> TrackingGrid:
    """The grid of the run, or (``correct`` g) that of the file."""
    if reuse.correct != "g":
        return grid
    if content.header.projection.group != 0:
        raise NotSupportedError(
            "taking over the projection of an object file is not available (specification 01, section 4.5); "
            "choose its projection at start-up"
        )
    if reuse.recompute:
        raise NotSupportedError(
            "computing anew on the unprojected grid of an object file is not available (specification 01, "
            "section 4.5; the original crashes); start without a projection"
        )
    return replace(grid, projected=None)


def _onto(content: ObjectFile, grid: TrackingGrid) -> Positions:
    """The map from a file's geographical positions to the tracking grid."""
    if content.header.projection.group != 0 or grid.projected is None or content.header.integer_positions:
        raise NotSupportedError(
            "only geographical positions (projection 0 0) can be brought to a projection (specification 01, "
            "section 4.5); answer n to reuse.correct_grid?"
        )
    projection = grid.projected.projection
    return lambda lon, lat: from_sphere(projection, lon, lat)


def stored_frames(content: ObjectFile, reuse: ReuseSettings, grid: TrackingGrid) -> list[FrameObjects]:
    """Frames of an object file on which shapes are computed anew, in coordinates of the tracking grid."""
    frames = [content.frame(k) for k in range(content.n_frames)]
    if reuse.correct == "d":
        frames = [moved(frame, _onto(content, grid), integer=False) for frame in frames]
    if not reuse.read_points:
        frames = [without_points(frame) for frame in frames]
    if content.header.integer_positions:
        frames = [moved(frame, _as_bits, integer=False) for frame in frames]
    return frames


def _as_bits(x: F32, y: F32) -> tuple[F32, F32]:
    """Grid numbers as TRACK takes them where it expects positions: their bits, which are all but zero."""
    return x.astype(np.int32).view(np.float32), y.astype(np.int32).view(np.float32)


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
