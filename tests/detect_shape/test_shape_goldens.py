"""Boundaries, shape, area and distance transform against the goldens: all integers and float32 bit patterns."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import pytest

from stormtrack.detection.boundaries import trace_boundaries
from stormtrack.detection.distance_transform import distance_features, smooth_objects
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.periodic import return_to_domain
from stormtrack.detection.shape import ShapeStage
from stormtrack.settings.detection import FeatureType
from stormtrack.testing import assert_bitwise
from tests.detect_shape.golden_frames import (
    Case,
    feature_bits,
    fourier_of,
    point_checksums,
    shape_of,
    transform_of,
    with_features,
)

SHAPE = ["an3", "an4", "an3ref", "an7nb", "an7F", "an8", "sy_an4", "VOR_NH", "VOR_A_NH", "VOR_SH", "VOR_A_SH"]
BOUNDARY = ["bnd0_tf3", "bnd0_tf4v", "bndF", "bndFfill", "sy_bnd"]
TRANSFORM = ["tf9_nn", "tf9_nn_v", "tf9_rd", "tf9_sm", "tf9_sm_v", "sy_tf9e", "sy_tf9v", "tf9_F", "tf9_Frd"]
SMOOTHED = ["tf8_ssm", "tf8_F"]


def _boundary_checksums(objects: FrameObjects) -> np.ndarray:
    x, y = (
        v.astype("<i4") if objects.boundary_state == 0 else v.astype("<f4").view("<i4")
        for v in (objects.boundary_x, objects.boundary_y)
    )
    pairs = np.stack([x, y], axis=1)
    s = objects.boundary_start
    return np.array([zlib.crc32(pairs[s[k] : s[k + 1]].tobytes()) for k in range(objects.n_objects)], np.int64)


def _assert_objects(objects: FrameObjects, golden: dict[str, np.ndarray], what: str) -> None:
    rows = golden["objects"].astype(np.int64)
    assert (objects.n_objects, objects.boundary_state) == (len(rows), int(golden["frame"][3])), what
    assert_bitwise(point_checksums(objects), rows[:, 1], f"{what}: points")
    assert_bitwise(objects.extent.astype(np.int64), rows[:, 5:9], f"{what}: extents")
    if objects.boundary_state >= 0 and objects.n_objects:
        assert_bitwise(np.diff(objects.boundary_start), rows[:, 3], f"{what}: boundary points")
        assert_bitwise(_boundary_checksums(objects), rows[:, 4], f"{what}: boundaries")


@pytest.mark.parametrize("name", SHAPE)
def test_shape(golden_case: Callable[[str], Case], name: str) -> None:
    case = golden_case(name)
    answers = case.o["aniso"]
    settings = shape_of(answers.split(",") if isinstance(answers, str) else answers, projected=case.projected)
    stage = ShapeStage(settings, case.domain, feature_type=FeatureType(case.kind), connectivity=case.connectivity)
    for i, number in enumerate(case.numbers):
        objects, edges = case.found(number)
        golden = case.golden(number)
        if case.kind in (7, 8):
            objects = with_features(objects, golden["features"], golden["objects"][:, 2], old=case.kind == 8)
        objects, any_area = stage.apply(objects, case.fields[number - 1], edges, first_frame=i == 0)
        if case.domain.periodic:
            objects = return_to_domain(objects, case.domain, edges)
        assert_bitwise(feature_bits(objects), golden["features"].astype(np.int32), f"{name} frame {number}")
        assert_bitwise(point_checksums(objects), golden["objects"][:, 1].astype(np.int64), f"{name} frame {number}")
        assert any_area == bool(objects.n_features)


@pytest.mark.parametrize("name", BOUNDARY + TRANSFORM + SMOOTHED)
def test_boundaries_and_transform(golden_case: Callable[[str], Case], name: str) -> None:
    case = golden_case(name)
    for number in case.numbers:
        objects, edges = case.found(number)
        golden = case.golden(number)
        common = (objects, case.fields[number - 1], case.domain, edges)
        if case.kind == 9:
            settings = transform_of(case.o["t9"], object_fit=False)
            objects = distance_features(*common, settings, connectivity=case.connectivity)
        elif case.kind == 8:
            settings = transform_of(case.o["ssm"], object_fit=True)
            objects = smooth_objects(*common, settings, connectivity=case.connectivity)
            objects = with_features(objects, golden["features"], golden["objects"][:, 2], old=True)
        else:
            answers = list(case.o["bf"])
            objects = trace_boundaries(*common, fourier_of(answers) if answers.pop(0) else None)
        if case.kind != 8:
            assert objects.total_features == int(golden["frame"][2])
        if case.domain.periodic:
            objects = return_to_domain(objects, case.domain, edges)
        _assert_objects(objects, golden, f"{name} frame {number}")
        assert_bitwise(feature_bits(objects)[:, :6], golden["features"][:, :6].astype(np.int32), f"{name} {number}")
