"""Whole frames and stages on small fields worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.arrays import F32
from stormtrack.detection.domain import Domain
from stormtrack.detection.earlier_features import owners
from stormtrack.detection.frame import Detector
from stormtrack.detection.nodes import node_tables
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.surfaces import SurfaceFitter
from stormtrack.settings.detection import DetectionSettings, FeatureType, FourierSettings
from stormtrack.settings.spline import SplineSettings
from stormtrack.testing import assert_bitwise

X, Y = np.arange(0, 360, 10, dtype=np.float32), np.arange(-85, 86, 10, dtype=np.float32)
DOMAIN = Domain(xgrid=X, ygrid=Y, x1=1, x2=36, y1=1, y2=18, input_xgrid=X, input_ygrid=Y)
GROUPED = DetectionSettings(threshold=1.0, feature_type=FeatureType.GROUPED_MAXIMA)
RIDGE = {(5, 9): 3.0, (6, 9): 2.0, (7, 9): 4.0}
"""One object with two maxima, 20 degrees of longitude apart."""
LONE = {(2, 3): 5.0, (20, 4): 6.0}
"""Two objects of one point."""


def field_of(points: dict[tuple[int, int], float]) -> F32:
    """Zeros, and values at columns and rows that count from 0."""
    field = np.zeros((len(Y), len(X)), np.float32)
    for (column, row), value in points.items():
        field[row, column] = value
    return field


def found(settings: DetectionSettings, points: dict[tuple[int, int], float]) -> FrameObjects:
    return Detector(settings, DOMAIN).detect(field_of(points)).objects


@pytest.mark.parametrize(
    ("largest", "separation", "kept"),
    [
        (False, None, [3.0, 4.0]),
        (True, None, [4.0]),
        (False, 30.0, [4.0]),
        (False, 10.0, [3.0, 4.0]),
        (True, 10.0, [4.0]),
    ],
)
def test_features_of_one_object_are_filtered(largest: bool, separation: float | None, kept: list[float]) -> None:
    """Specification 02, section 16: the separation is the filter of those who keep more than the largest."""
    objects = found(replace(GROUPED, keep_largest_only=largest, min_separation=separation), RIDGE)
    assert objects.feature_value.tolist() == kept


def test_features_stay_with_objects_of_one_point_when_boundaries_are_smoothed() -> None:
    """Specification 02, section 14: there is nothing to smooth, and the object keeps its features."""
    objects = found(replace(GROUPED, boundaries=True, boundary_fourier=FourierSettings(modes=2)), LONE)
    assert objects.feature_value.tolist() == [5.0, 6.0]
    assert objects.feature_x.tolist() == [20.0, 200.0]
    assert np.diff(objects.boundary_start).tolist() == [0, 0]


def test_features_of_an_earlier_run_belong_to_the_object_that_they_lie_in() -> None:
    """Specification 02, section 19: inside the outline, also a period away; -1 in none."""
    blocks = [(column, row) for column in range(20, 24) for row in (3, 4)] + [(5, 9), (6, 9), (5, 10), (6, 10)]
    field = field_of(dict.fromkeys(blocks, 2.0))
    objects = Detector(GROUPED, DOMAIN).detect(field).objects
    stored = FrameObjects(
        feature_x=np.array([205.0, 215.0, -150.0, 55.0, 250.0, 300.0], np.float32),
        feature_y=np.array([-50.0, -50.0, -50.0, 10.0, -50.0, 10.0], np.float32),
    )
    assert owners(objects, stored, field, DOMAIN).tolist() == [1, 1, 1, 0, -1, -1]


class Turned:
    """A map whose x is latitude, and whose y is longitude."""

    group = 1

    def to_sphere(self, x: F32, y: F32) -> tuple[F32, F32, np.ndarray]:
        return y, x, np.ones(len(x), np.bool_)


def test_unit_vectors_of_nodes_are_those_of_their_positions_on_the_sphere() -> None:
    x, y = np.array([0.0, 90.0], np.float32), np.array([0.0, 90.0, 180.0], np.float32)
    tables = node_tables(replace(DOMAIN, xgrid=x, ygrid=y, x2=2, y2=3, projection=Turned()))
    expected = [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, 0, 1]]
    np.testing.assert_allclose(tables.node_vector, expected, atol=1e-6)
    assert tables.node_lon.tolist() == [0, 0, 90, 90, 180, 180]


def test_the_surface_is_rectangular_on_a_projection() -> None:
    """Specification 02, section 2, row 17: whatever was answered."""
    domain, field = replace(DOMAIN, projection=Turned()), field_of(RIDGE | LONE)
    plain, asked = (SurfaceFitter(SplineSettings(kind=kind), domain).fit(field) for kind in ("smoopy", "sphery"))
    assert not asked.is_spherical and asked.window == (0.0, 350.0, -85.0, 85.0)
    at = np.array([64.0, 71.0, 203.0], np.float32), np.array([4.0, 6.0, -47.0], np.float32)
    assert_bitwise(asked.values(*at), plain.values(*at))
    assert SurfaceFitter(SplineSettings(kind="sphery"), DOMAIN).fit(field).is_spherical
