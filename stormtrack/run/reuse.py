"""Starting from results of an earlier run: object files instead of detection, track files instead of linking.

References
----------
Specification 01, section 4.5; 04, section 2.1, prompt 1.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..detect.as_features import objects_of
from ..detect.objects import FrameObjects
from ..errors import NotSupportedError
from ..formats.track.links import LinkRows
from ..formats.track.links_read import parse_links
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_read import read_objects
from ..formats.track.stored import read_first
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..model.reference import ProjectionDetails
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.spline import SplineSettings
from .context import RunContext
from .detected import DetectedPass
from .names import OutputNames
from .tracking_grid import tracking_grid

CENTRE_TOLERANCE = 1.0e-4
"""Degrees within which two projection centres are the same (object files hold six decimals)."""


class EarlierResults:
    """Files of earlier runs that the answers name, each read once.

    Parameters
    ----------
    names : OutputNames
        The run's own names, meant where no file is named.
    warn : callable
        Hears what the user should look at in these files.
    """

    def __init__(self, names: OutputNames, warn: Callable[[str], object]) -> None:
        self._names, self._warn = names, warn
        self._objects = functools.lru_cache(maxsize=1)(read_objects)
        self._links = functools.lru_cache(maxsize=1)(self._read_links)

    def objects(self, reuse: ReuseSettings) -> tuple[ObjectHeader, Features]:
        """The object file to be used: its first lines, and its features."""
        own = self._names.path("objout.new" if reuse.filtered else "objout")
        return self._objects(self._path(reuse.file, own))

    def links(self, loaded: LoadedTracks) -> LinkRows:
        """The track file to be used."""
        return self._links(self._path(loaded.file, self._names.path("tdump")))

    def _read_links(self, path: Path) -> LinkRows:
        return parse_links(read_first(path, "links", self._warn), str(path))

    def _path(self, name: str | None, own: Path) -> Path:
        return own if name is None else self._names.folder / name


def same_projection(first: ProjectionDetails, second: ProjectionDetails) -> bool:
    """Whether two object files refer to the same projection."""
    if (first.group, first.kind) != (second.group, second.kind):
        return False
    if first.centre is None or second.centre is None:
        return first.centre == second.centre
    return all(abs(a - b) < CENTRE_TOLERANCE for a, b in zip(first.centre, second.centre, strict=True))


def reused_pass(context: RunContext, reuse: ReuseSettings, hemisphere: int) -> DetectedPass:
    """Objects of a file in place of a detection pass.

    Raises
    ------
    NotSupportedError
        If a projected file shall be brought to another projection, or its projection shall be taken over.
    """
    header, features = context.earlier.objects(reuse)
    grid = reused_grid(context, reuse, hemisphere)
    features = _placed(features, header, reuse, grid)
    if not reuse.read_points:
        features = features.without_outlines()
    header = replace(header, projection=grid.reference)
    return DetectedPass(features=replace(features, projection=grid.reference), header=header, grid=grid)


def reused_grid(
    context: RunContext, reuse: ReuseSettings, hemisphere: int, surface: SplineSettings | None = None
) -> TrackingGrid:
    """The grid to which the objects of a file are taken to belong; fields are brought to it by `surface`."""
    own = tracking_grid(context.data.grid, context.startup, hemisphere, surface)
    return _tracking_grid(context.earlier.objects(reuse)[0], reuse, own)


def _tracking_grid(header: ObjectHeader, reuse: ReuseSettings, grid: TrackingGrid) -> TrackingGrid:
    """The grid of the run, or (``correct`` g) that of the file."""
    if reuse.correct != "g":
        return grid
    if header.projection.group != 0:
        raise NotSupportedError(
            "taking over the projection of an object file is not available (specification 01, section 4.5); "
            "choose its projection at start-up"
        )
    if reuse.recompute:
        raise NotSupportedError(
            "computing anew on the unprojected grid of an object file is not available (specification 01, "
            "section 4.5; the original crashes); start without a projection"
        )
    return grid.unprojected()


def _placed(features: Features, header: ObjectHeader, reuse: ReuseSettings, grid: TrackingGrid) -> Features:
    """The features of a file on the tracking grid, if its data are to be corrected."""
    if reuse.correct != "d":
        return features
    if header.projection.group != 0 or grid.projected is None or header.integer_positions:
        raise NotSupportedError(
            "only geographical positions (projection 0 0) can be brought to a projection (specification 01, "
            "section 4.5); answer n to reuse.correct_grid?"
        )
    return grid.on_the_map(features)


def stored_frames(context: RunContext, reuse: ReuseSettings, grid: TrackingGrid) -> list[FrameObjects]:
    """Frames of an object file on which shapes are computed anew, in coordinates of the tracking grid."""
    header, features = context.earlier.objects(reuse)
    features = _placed(features, header, reuse, grid)
    if not reuse.read_points:
        features = features.without_outlines()
    features = grid.with_coordinates(features)
    return [objects_of(features.of_frame(k)) for k in range(features.n_frames)]
