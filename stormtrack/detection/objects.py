"""The objects of one frame: connected regions beyond the threshold with their points and feature points.

Structure of arrays, flat over the frame: object ``k`` owns the rows ``start[k]:start[k + 1]`` of the point,
feature and boundary arrays. Stages return a new ``FrameObjects`` or write new values into the feature arrays.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, I8, I32, I32_1D, I64, I64_1D

FEATURE_ARRAYS = (
    *("feature_x", "feature_y", "feature_value", "grid_x", "grid_y", "grid_value"),
    *("anisotropy", "orientation_x", "orientation_y", "area"),
)
"""Arrays of `FrameObjects` with one value per feature point."""


NO_F32, NO_I32, NO_I8, NO_EXTENT = (
    *(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(0, np.int8)),
    np.zeros((0, 4), np.int32),
)
"""Arrays without elements, which all frames share."""


def _empty_f32() -> F32:
    return NO_F32


def _empty_i32() -> I32:
    return NO_I32


def _start() -> I64:
    return np.zeros(1, np.int64)


class Points(NamedTuple):
    """Objects and their points as kernels take them: object ``k`` owns the rows ``start[k]:start[k + 1]``."""

    start: I64_1D
    x: I32_1D
    y: I32_1D
    value: F32_1D


class Positions(NamedTuple):
    """Features of objects: offsets, position and strength, as `Points` with positions in float32."""

    start: I64_1D
    x: F32_1D
    y: F32_1D
    value: F32_1D


@dataclass(kw_only=True)
class FrameObjects:
    """Objects of one frame.

    Attributes
    ----------
    frame : int
        True frame number of the input file, 1-based.
    missing_after : int
        Number of frames missing between this frame and the next.
    point_start : int64, shape (n_objects + 1,)
        Offsets of the objects into the point arrays.
    point_x, point_y : int32, shape (n_points,)
        Grid numbers, 1-based and relative to the search region (so x may be < 1 or > width after border
        expansion or periodic merging; specification 02, section 1).
    point_value : float32, shape (n_points,)
        Field value at the point.
    object_class : int8, shape (n_objects,)
        Edge class: one of ``ord('\\0')``, ``i x y b l r n``.
    object_mem : int32, shape (n_objects,)
        Point count used by the periodic logic (02, section 7).
    extent : int32, shape (n_objects, 4)
        xmin, xmax, ymin, ymax at the time they were computed; zeros while unset.
    has_extent : bool
        `extent` has been computed for every object (feature types 7, 8, 9, and after shape).
    feature_start : int64, shape (n_objects + 1,)
        Offsets of the objects into the feature arrays.
    feature_x, feature_y, feature_value : float32, shape (n_features,)
        Feature points: position in grid coordinates (degrees, or projected units), or region-relative
        1-based grid numbers held exactly when ``integer_positions``; strength.
    grid_x, grid_y, grid_value : float32, shape (n_features,)
        Position and strength as found on the grid, before refinement.
    anisotropy, orientation_x, orientation_y, area : float32, shape (n_features,)
        Shape attributes; zeros while not computed.
    fields : float32, shape (n_features, n_values), optional
        Values of additional fields, of features that were read from a file or turned from a rotated pole.
    boundary_start : int64, shape (n_objects + 1,)
        Offsets of the objects into the boundary arrays.
    boundary_x, boundary_y, boundary_value : float32, shape (n_boundary,)
        Boundary points: grid numbers (exact in float32) when ``boundary_state`` is 0, coordinates when 1.
    boundary_state : int
        -1 no boundaries, 0 integer, 1 real coordinates.
    integer_positions : bool
        Feature positions are grid numbers (feature type 3).
    total_features : int
        TRACK's feature count of the frame as written to the object file; the sum over objects except where
        specification 02 says otherwise.
    """

    frame: int = 0
    missing_after: int = 0
    point_start: I64 = field(default_factory=_start)
    point_x: I32 = field(default_factory=_empty_i32)
    point_y: I32 = field(default_factory=_empty_i32)
    point_value: F32 = field(default_factory=_empty_f32)
    object_class: I8 = field(default_factory=lambda: NO_I8)
    object_mem: I32 = field(default_factory=_empty_i32)
    extent: I32 = field(default_factory=lambda: NO_EXTENT)
    has_extent: bool = False
    feature_start: I64 = field(default_factory=_start)
    feature_x: F32 = field(default_factory=_empty_f32)
    feature_y: F32 = field(default_factory=_empty_f32)
    feature_value: F32 = field(default_factory=_empty_f32)
    grid_x: F32 = field(default_factory=_empty_f32)
    grid_y: F32 = field(default_factory=_empty_f32)
    grid_value: F32 = field(default_factory=_empty_f32)
    anisotropy: F32 = field(default_factory=_empty_f32)
    orientation_x: F32 = field(default_factory=_empty_f32)
    orientation_y: F32 = field(default_factory=_empty_f32)
    area: F32 = field(default_factory=_empty_f32)
    fields: F32 | None = None
    boundary_start: I64 = field(default_factory=_start)
    boundary_x: F32 = field(default_factory=_empty_f32)
    boundary_y: F32 = field(default_factory=_empty_f32)
    boundary_value: F32 = field(default_factory=_empty_f32)
    boundary_state: int = -1
    integer_positions: bool = False
    total_features: int = 0

    def changed(self, **values: Any) -> FrameObjects:
        """A copy with other values of some attributes; the arrays not named are shared."""
        out = copy.copy(self)
        for name, value in values.items():
            setattr(out, name, value)
        return out

    def feature_columns(self) -> Iterator[tuple[str, F32]]:
        """Names and arrays of everything that is held for each feature."""
        for name in FEATURE_ARRAYS if self.fields is None else (*FEATURE_ARRAYS, "fields"):
            yield name, getattr(self, name)

    @property
    def points(self) -> Points:
        """The points as kernels take them."""
        return Points(self.point_start, self.point_x, self.point_y, self.point_value)

    @property
    def n_objects(self) -> int:
        """Number of objects."""
        return len(self.point_start) - 1

    @property
    def n_features(self) -> int:
        """Number of feature points held."""
        return len(self.feature_x)
