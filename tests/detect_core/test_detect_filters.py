"""Point filters, restoration and constraints on small cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection.constraints import Constraints
from stormtrack.detection.domain import Domain
from stormtrack.detection.maxima import set_features
from stormtrack.detection.object_fit import place_along
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.point_filters import DUFF, filter_intensity, keep_largest, separate
from stormtrack.detection.restore import restore_original
from stormtrack.errors import GridError, TableError
from stormtrack.settings.detection import ConstraintTable, FieldPreparation, HemisphereInversion, limits_only
from stormtrack.testing import assert_bitwise

F = np.float32


def objects_of(counts: list[int], x: list[float], y: list[float], value: list[float]) -> FrameObjects:
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    n = len(counts)
    objects = FrameObjects(point_start=np.zeros(n + 1, np.int64), extent=np.zeros((n, 4), np.int32))
    set_features(objects, start, (np.array(x, F), np.array(y, F), np.array(value, F)))
    objects.total_features = len(x)
    return objects


def domain_of(**changes) -> Domain:
    x, y = np.arange(0, 361, 5, dtype=F), np.arange(-85, 86, 5, dtype=F)
    arguments = {"xgrid": x, "ygrid": y, "x1": 1, "x2": 73, "y1": 1, "y2": 35, "input_xgrid": x, "input_ygrid": y}
    return Domain(**{**arguments, **changes})


def test_intensity_bounds_are_inclusive_and_nan_stays() -> None:
    objects = objects_of([3, 0, 3], [1, 2, 3, 4, 5, 6], [0] * 6, [1.0, 1.5, 6.0, 6.1, float(DUFF), float("nan")])
    filter_intensity(objects, F(1.5), F(6.0))
    assert objects.feature_x.tolist() == [2, 3, 6]
    assert objects.feature_start.tolist() == [0, 2, 2, 3]
    assert objects.total_features == 3


def test_largest_takes_the_first_of_equals_and_zero_when_none_is_positive() -> None:
    objects = objects_of([3, 0, 2, 1], [1, 2, 3, 4, 5, 6], [9] * 6, [2, 4, 4, -1, float(DUFF), 0.5])
    keep_largest(objects)
    assert objects.feature_x.tolist() == [2, 0, 6]
    assert objects.feature_value.tolist() == [4, 0, 0.5]
    assert objects.grid_y.tolist() == [9, 0, 9]
    assert objects.feature_start.tolist() == [0, 1, 1, 2, 3]
    assert objects.total_features == 3


def test_separation_keeps_the_strongest_and_single_marked_points() -> None:
    x = [10, 12, 30, 100, 350.0]
    objects = objects_of([3, 1, 1], x, [0, 0, 0, 0, 0], [2, 3, 1, float(DUFF), 5])
    separate(objects, domain_of(), 5.0)
    assert objects.feature_x.tolist() == [12, 30, 100, 350]
    assert objects.feature_start.tolist() == [0, 2, 3, 4]
    euclid = objects_of([2, 2], [0, 3, 0, 4], [0, 4, 0, 4], [1, 2, 1, float(DUFF)])
    separate(euclid, domain_of(geodesic=False), 5.0)  # a distance of exactly the radius does not remove
    assert euclid.feature_x.tolist() == [0, 3, 0]


def test_values_are_restored_in_order_by_each_points_own_side() -> None:
    objects = objects_of([3], [0, 0, 0], [10.0, 10.5, -20], [1.25, 2.5, float(DUFF)])
    preparation = FieldPreparation(
        offset=0.1,
        restore_offset=True,
        minima=True,
        restore_sign=True,
        inversion=HemisphereInversion(which="n", latitude=10.0, restore=True),
    )
    restore_original(objects, domain_of(), preparation)
    expected = np.array([F(-1.25) + F(0.1), F(2.5) + F(0.1), DUFF], F)
    assert_bitwise(objects.feature_value, expected, "restored")
    restore_original(objects, domain_of(), FieldPreparation(offset=0.1, minima=True))
    assert_bitwise(objects.feature_value, expected, "nothing asked, nothing restored")


def test_constraints_are_normalised_and_checked() -> None:
    table = ConstraintTable(n_equalities=1, normals=((3.0, 4.0), *limits_only().normals), right_hand_sides=(10.0,) * 5)
    constraints = Constraints.of(table)
    assert constraints.normals[0].tolist() == [3.0 * 0.2, 4.0 * 0.2]
    assert constraints.right_hand_sides[0] == 2.0
    sides = constraints.with_domain_limits(np.array([1.0, 2.0, -3.0, -4.0]))
    assert sides.tolist() == [2.0, 1.0, 2.0, -3.0, -4.0]
    with pytest.raises(TableError, match="no room"):
        constraints.with_domain_limits(np.array([1.0, 2.0, -1.0, -4.0]))
    with pytest.raises(TableError, match="four rows after the equalities"):
        Constraints.of(
            ConstraintTable(n_equalities=2, normals=((1.0, 0.0),) * 5, right_hand_sides=(0.0,) * 5)
        ).need_limits()
    with pytest.raises(TableError, match="non-zero"):
        Constraints.of(ConstraintTable(n_equalities=0, normals=((0.0, 0.0),), right_hand_sides=(0.0,)))


def test_fit_windows_are_widened_shifted_and_cut() -> None:
    assert place_along(5, 9, 1, 20) == (5, 5)
    assert place_along(5, 6, 1, 20) == (4, 4)
    assert place_along(0, 3, 1, 20) == (1, 4)
    assert place_along(18, 21, 1, 20) == (17, 4)
    assert place_along(-3, 1, None, None) == (-3, 5)
    assert place_along(0, 21, 1, 20) == (1, 20)  # the original reads outside its arrays here
    with pytest.raises(GridError, match="offers 3"):
        place_along(1, 3, 1, 3)
