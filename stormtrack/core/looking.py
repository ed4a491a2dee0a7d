"""One frame looked at: what detection finds in it, and what its filters leave out, by detection itself.

References
----------
Specification 02, sections 3 to 16. Parity: bitwise, as `core.detect` of the same frame.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I32, I64
from ..detection.domain import Domain
from ..detection.objects import FrameObjects
from ..detection.point_filters import CHECK
from ..detection.restore import nodes_of
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..model.times import Times
from ..settings.detection import DetectionSettings
from .detecting import Detection, Item, series_of_frames

LARGE = -float(CHECK)
"""Size of a value from which on it is a mark."""
SAME_MAXIMUM = "runs to the maximum of another one"
"""Of points that refinement brings to one place the strongest counts; linking leaves out the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Every maximum of a frame above the threshold, kept or not.

    Attributes
    ----------
    lon, lat, value : float32, shape (n,)
        Where the fitted surface has its maximum (degrees), and how large it is.
    grid_lon, grid_lat, grid_value : float32, shape (n,)
        The same of the grid, from which the search began.
    object_number : int64, shape (n,)
        Which object it belongs to, 0-based, in `Look.objects`.
    reason : tuple of str, length n
        Why it was left out; empty: it is a feature.
    """

    lon: F32
    lat: F32
    value: F32
    grid_lon: F32
    grid_lat: F32
    grid_value: F32
    object_number: I64
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What a search does with one frame.

    Attributes
    ----------
    grid : TrackingGrid
    settings : DetectionSettings
    field : float32, shape of the tracking grid
        As used for thresholding: scaled, minima as maxima.
    features : Features
        Of this frame, as `core.detect` gives them.
    objects : int32, shape of the tracking grid
        Object of each node, counted from 1; 0: below the threshold.
    object_points : int64, shape (n_objects,)
        Nodes of each object.
    candidates : Candidates
    """

    grid: TrackingGrid
    settings: DetectionSettings
    field: F32
    features: Features
    objects: I32
    object_points: I64
    candidates: Candidates

    @property
    def small(self) -> I64:
        """Numbers (from 1) of the objects that are left out as too small."""
        return np.flatnonzero(self.object_points <= self.settings.min_object_points) + 1


def look(item: Item, grid: TrackingGrid, settings: DetectionSettings, *, times: Times | None = None) -> Look:
    """Detect in one frame, and see what each filter leaves out.

    Parameters
    ----------
    item : (int, float32 array, None)
        Index of the frame, 0-based, and its values in the order of the source.
    grid : TrackingGrid
    settings : DetectionSettings
    times : Times, optional
        Of this frame.

    Returns
    -------
    Look

    Raises
    ------
    FieldError, NotSupportedError, FitError
        As `core.detect`.

    Notes
    -----
    Detection is done once as the settings say, which gives the features, and once more for every filter on
    objects and features, without it and those that come after it. What a filter leaves out is what is missing then.
    """
    detection = Detection(grid, settings, None, keep_missing=False)
    frame = detection.processing()(item)
    field = frame.field.copy()
    features = series_of_frames([detection.features(frame.result.objects)], grid, times)
    stages = [(reason, _objects(item, grid, one)) for reason, one in _stages(settings)]
    everything = stages[0][1]
    reasons = np.full(everything.n_features, "", object)
    reasons[np.abs(everything.feature_value) > LARGE] = SAME_MAXIMUM
    for reason, objects in stages[1:]:
        reasons[_missing(everything, objects) & (reasons == "")] = reason
    return Look(
        grid=grid,
        settings=settings,
        field=field,
        features=features,
        objects=_on_nodes(everything, Domain.of(grid, settings)),
        object_points=np.diff(everything.point_start),
        candidates=_candidates(everything, detection, grid, tuple(reasons.tolist())),
    )


def _objects(item: Item, grid: TrackingGrid, settings: DetectionSettings) -> FrameObjects:
    return Detection(grid, settings, None, keep_missing=False).processing()(item).result.objects


def _stages(settings: DetectionSettings) -> list[tuple[str, DetectionSettings]]:
    """Settings without filters, then with one filter after the other in the order of detection; without shapes."""
    least = settings.min_object_points
    points = "point" if least == 1 else "points"
    filters = [
        ("min_object_points", f"object of {least} {points} or fewer"),
        ("exclude_boundary_maxima", "beside the edge of its object"),
        ("intensity_range", "intensity outside of {0[0]:g} to {0[1]:g}" if settings.intensity_range else ""),
        ("keep_largest_only", "weaker than another one of its object"),
        ("min_separation", "nearer than {0:g} to a stronger one of its object"),
    ]
    now = replace(
        settings,
        shape=None,
        min_object_points=min(0, least),
        exclude_boundary_maxima=False,
        intensity_range=None,
        keep_largest_only=False,
        min_separation=None,
    )
    found = [("", now)]
    for name, reason in filters:
        value = getattr(settings, name)
        if value != getattr(now, name):
            now = replace(now, **{name: value})
            found.append((reason.format(value), now))
    return found


def _keys(objects: FrameObjects) -> list[bytes]:
    columns = np.stack([objects.feature_x, objects.feature_y, objects.feature_value], axis=1)
    return [row.tobytes() for row in np.ascontiguousarray(columns, np.float32)]


def _missing(everything: FrameObjects, kept: FrameObjects) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which features of the one are not in the other."""
    there = Counter(_keys(kept))
    out = np.zeros(everything.n_features, np.bool_)
    for number, key in enumerate(_keys(everything)):
        out[number] = there[key] == 0
        there[key] -= not out[number]
    return out


def _on_nodes(objects: FrameObjects, domain: Domain) -> I32:
    """Number of the object of every node, from 1."""
    out = np.zeros((len(domain.ygrid), len(domain.xgrid)), np.int32)
    number = np.repeat(np.arange(objects.n_objects, dtype=np.int32) + 1, np.diff(objects.point_start))
    column, row = nodes_of(objects.point_x, objects.point_y, domain)
    if domain.periodic:
        column = column % (len(domain.xgrid) - 1)
    inside = (column >= 0) & (column < out.shape[1]) & (row >= 0) & (row < out.shape[0])
    out[row[inside], column[inside]] = number[inside]
    if domain.periodic:
        out[:, -1] = out[:, 0]
    return out


def _candidates(objects: FrameObjects, detection: Detection, grid: TrackingGrid, reason: tuple[str, ...]) -> Candidates:
    def places(x: F32, y: F32) -> tuple[F32, F32]:
        one = detection.features(objects.changed(feature_x=x, feature_y=y))
        found = series_of_frames([one], grid, None)
        return found.x, found.y

    lon, lat = places(objects.feature_x, objects.feature_y)
    grid_lon, grid_lat = places(objects.grid_x, objects.grid_y)
    return Candidates(
        lon=lon,
        lat=lat,
        value=objects.feature_value,
        grid_lon=grid_lon,
        grid_lat=grid_lat,
        grid_value=objects.grid_value,
        object_number=np.repeat(np.arange(objects.n_objects), np.diff(objects.feature_start)),
        reason=reason,
    )
