"""Text of frames: as Python formats it, and read again."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detect.objects import FEATURE_ARRAYS, FrameObjects
from stormtrack.io.objects import ObjectHeader
from stormtrack.io.objects_read import parse_objects
from stormtrack.io.objects_write import frame_line, frame_text, object_frame, object_header
from stormtrack.testing import assert_bitwise

F = np.float32
HEADERS = {
    "grid": ObjectHeader(feature_type=3),
    "real": ObjectHeader(feature_type=7),
    "shape": ObjectHeader(feature_type=7, has_shape=True),
    "grid with shape": ObjectHeader(feature_type=3, has_shape=True),
    "fields": ObjectHeader(feature_type=7, field_has_position=(True,), n_field_values=3),
}


def frame(counts: list[int], seed: int, odd: float | None = None) -> FrameObjects:
    """Objects with so many features each, random values, one of them odd."""
    rng = np.random.default_rng(seed)
    n = sum(counts)
    objects = FrameObjects(
        frame=12,
        missing_after=3,
        point_start=np.zeros(len(counts) + 1, np.int64),
        boundary_start=np.zeros(len(counts) + 1, np.int64),
        feature_start=np.cumsum([0, *counts]),
        total_features=n,
    )
    for name in FEATURE_ARRAYS:
        setattr(objects, name, rng.integers(-500, 500, n).astype(F) / F(4))
    if odd is not None:
        objects.feature_value[n // 2] = odd
    return objects


def plainly(objects: FrameObjects) -> str:
    """A frame with shapes, by Python."""
    lines = [f"FRAME  12  NMISS 3\nOBJ_NUM  {objects.n_objects}\nBOUNDARY_STATE  -1\n"]
    lines.append(f"FRAME_FEATURE_NUM {objects.total_features}\n")
    names = ("feature_x", "feature_y", "feature_value", "anisotropy", "orientation_x", "orientation_y", "area")
    for k in range(objects.n_objects):
        first, end = objects.feature_start[k : k + 2]
        lines.append(f"OBJECT  {k + 1}\nPOINT_NUM  0\nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  {end - first}\n")
        for f in range(first, end):
            x, y, value, anisotropy, across, along, area = (float(getattr(objects, name)[f]) for name in names)
            lines.append(f"{x:f} {y:f} {value:e} {anisotropy:f} {across:f} {along:f} {area:e} \n")
    return "".join(lines)


COUNTS = [[], [0], [1], [0, 0, 2, 0], [3, 0, 1, 40, 0]]


@pytest.mark.parametrize("counts", COUNTS)
def test_against_python(counts: list[int]) -> None:
    objects = frame(counts, 1)
    assert object_frame(HEADERS["shape"], objects).decode() == plainly(objects)


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("odd", [None, np.inf, 3.0e38, -1.0e12, np.nan, 1.0e-30])
@pytest.mark.parametrize("kind", HEADERS)
def test_what_is_written_is_read(kind: str, odd: float | None, counts: list[int]) -> None:
    objects = frame(counts, 2, odd if sum(counts) else None)
    objects.integer_positions = kind.startswith("grid")
    header = HEADERS[kind]
    fields = np.arange(3 * sum(counts), dtype=F).reshape(-1, 3) if kind == "fields" else None
    text = object_header(header) + object_frame(header, objects, fields=fields)
    found = parse_objects(text)
    assert found.header == header
    assert found.feature_start.tolist() == objects.feature_start.tolist()
    whole = objects.integer_positions and not header.has_shape
    x = objects.feature_x.astype(np.int32) if whole else objects.feature_x
    if kind != "grid with shape":  # prints the bits of integers as reals, which are 0
        assert_bitwise(found.feature_x, x.astype(F))
    assert_bitwise(found.feature_value, np.array([float(f"{v:e}") for v in objects.feature_value], F))
    assert_bitwise(found.fields, np.zeros((sum(counts), 0), F) if fields is None else fields)
    assert frame_line(12, 3) in text


@pytest.mark.parametrize("state", [0, 1])
def test_points_and_boundaries(state: int) -> None:
    objects = frame([1, 0], 3)
    objects.point_start, objects.boundary_start = np.array([0, 1, 3]), np.array([0, 0, 2])
    objects.point_x, objects.point_y = np.array([[1, -2, 3], [4, 5, 6]], np.int32)
    objects.point_value = np.array([1.5, -0.25, 1e-3], F)
    objects.boundary_x, objects.boundary_y, objects.boundary_value = np.array([[1, 2], [3, 4], [7, 8]], F)
    objects.boundary_state = state
    text = frame_text(HEADERS["real"], objects, points=True).decode()
    position = "{:d} {:d} {:e} \n" if state == 0 else "{:f} {:f} {:e} \n"
    assert "POINT_NUM  1\n1 4 1.500000e+00 \nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  1\n" in text
    rows = position.format(1, 3, 7.0) + position.format(2, 4, 8.0)
    points = "-2 5 -2.500000e-01 \n3 6 1.000000e-03 \n"
    assert text.endswith(f"OBJECT  2\nPOINT_NUM  2\n{points}BOUNDARY_NUM  2\n{rows}OBJECT_FEATURE_NUM  0\n")
    assert "POINT_NUM  0\nBOUNDARY_NUM  2\n" in frame_text(HEADERS["real"], objects).decode()
