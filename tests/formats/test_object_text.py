"""Text of frames: as Python formats it, and read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.formats.track.objects import ObjectHeader
from stormtrack.formats.track.objects_read import parse_objects
from stormtrack.formats.track.objects_write import ObjectText, frame_line, object_header
from stormtrack.model.features import Features, Outlines, concatenated
from stormtrack.model.variables import SHAPE, Variable, added_fields, added_from_columns, columns
from stormtrack.testing import assert_bitwise

F = np.float32
HEADERS = {
    "grid": ObjectHeader(feature_type=3),
    "real": ObjectHeader(feature_type=7),
    "shape": ObjectHeader(feature_type=7, has_shape=True),
    "grid with shape": ObjectHeader(feature_type=3, has_shape=True),
    "fields": ObjectHeader(feature_type=7, field_has_position=(True,)),
}


NAMES = ("intensity", *SHAPE)


def frame(counts: list[int], seed: int, odd: float | None = None, kind: str = "shape") -> Features:
    """A frame of objects with so many features each, random values, one of them odd."""
    rng = np.random.default_rng(seed)
    n = sum(counts)
    x, y, *values = (rng.integers(-500, 500, n).astype(F) / F(4) for _ in range(7))
    if odd is not None:
        values[0][n // 2] = odd
    names = NAMES if "shape" in kind else NAMES[:1]
    variables = [Variable(name=name, values=v) for name, v in zip(names, values, strict=False)]
    table = np.arange(3 * n, dtype=F).reshape(-1, 3)
    fields = added_from_columns(table, (True,)) if kind == "fields" else []
    return Features(
        frame=np.array([12]),
        object_start=np.array([0, len(counts)]),
        feature_start=np.cumsum([0, *counts]),
        x=x,
        y=y,
        variables=(*variables, *fields),
        missing_after=np.array([3], np.int32),
        stated=np.array([n], np.int32),
        boundary_state=np.array([-1], np.int32),
        on_nodes=kind.startswith("grid"),
    )


def plainly(features: Features) -> str:
    """A frame with shapes, by Python."""
    lines = [f"FRAME  12  NMISS 3\nOBJ_NUM  {features.n_objects}\nBOUNDARY_STATE  -1\n"]
    lines.append(f"FRAME_FEATURE_NUM {features.stated[0]}\n")
    columns = [features.x, features.y, *(v.values for v in features.variables)]
    for k in range(features.n_objects):
        first, end = features.feature_start[k : k + 2]
        lines.append(f"OBJECT  {k + 1}\nPOINT_NUM  0\nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  {end - first}\n")
        for f in range(first, end):
            x, y, value, anisotropy, across, along, area = (float(column[f]) for column in columns)
            lines.append(f"{x:f} {y:f} {value:e} {anisotropy:f} {across:f} {along:f} {area:e} \n")
    return "".join(lines)


COUNTS = [[], [0], [1], [0, 0, 2, 0], [3, 0, 1, 40, 0]]


@pytest.mark.parametrize("counts", COUNTS)
def test_against_python(counts: list[int]) -> None:
    features = frame(counts, 1)
    assert ObjectText(HEADERS["shape"], features).frame(0).decode() == plainly(features)


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("odd", [None, np.inf, 3.0e38, -1.0e12, np.nan, 1.0e-30])
@pytest.mark.parametrize("kind", HEADERS)
def test_what_is_written_is_read(kind: str, odd: float | None, counts: list[int]) -> None:
    features = frame(counts, 2, odd if sum(counts) else None, kind)
    header = HEADERS[kind]
    text = object_header(header) + ObjectText(header, features).frame(0)
    read_header, found = parse_objects(text)
    assert read_header == header
    assert found.feature_start.tolist() == features.feature_start.tolist()
    whole = features.on_nodes and not header.has_shape
    if kind != "grid with shape":  # prints the bits of integers as reals, which are 0
        assert_bitwise(found.x, (features.x.astype(np.int32) if whole else features.x).astype(F))
    assert_bitwise(found.intensity, np.array([float(f"{v:e}") for v in features.intensity], F))
    written, read = (added_fields(f.variables) for f in (features, found))
    assert len(written) == len(read) == (kind == "fields")
    for left, right in zip(written, read, strict=True):
        for a, b in zip(columns(left), columns(right), strict=True):
            assert_bitwise(a, b)
    assert frame_line(12, 3) in text


def test_frames_of_a_series_are_those_of_single_frames() -> None:
    parts = [replace(frame(counts, k), frame=np.array([k + 1])) for k, counts in enumerate(COUNTS)]
    whole = ObjectText(HEADERS["shape"], concatenated(parts))
    for k, part in enumerate(parts):
        assert whole.frame(k) == ObjectText(HEADERS["shape"], part).frame(0)


def test_fields_that_the_header_does_not_announce() -> None:
    with pytest.raises(ValueError, match="announces additional fields"):
        ObjectText(HEADERS["real"], frame([1], 1, kind="fields"))


@pytest.mark.parametrize("state", [0, 1])
def test_points_and_boundaries(state: int) -> None:
    x, y, value = np.array([[1, -2, 3], [4, 5, 6], [1.5, -0.25, 1e-3]], F)
    points = Outlines(start=np.array([0, 1, 3]), x=x, y=y, value=value)
    x, y, value = np.array([[1, 2], [3, 4], [7, 8]], F)
    boundary = Outlines(start=np.array([0, 0, 2]), x=x, y=y, value=value)
    states = np.array([state], np.int32)
    features = replace(frame([1, 0], 3), points=points, boundary=boundary, boundary_state=states)
    text = ObjectText(HEADERS["real"], features, points=True).objects(0).decode()
    position = "{:d} {:d} {:e} \n" if state == 0 else "{:f} {:f} {:e} \n"
    assert "POINT_NUM  1\n1 4 1.500000e+00 \nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  1\n" in text
    rows = position.format(1, 3, 7.0) + position.format(2, 4, 8.0)
    shown = "-2 5 -2.500000e-01 \n3 6 1.000000e-03 \n"
    assert text.endswith(f"OBJECT  2\nPOINT_NUM  2\n{shown}BOUNDARY_NUM  2\n{rows}OBJECT_FEATURE_NUM  0\n")
    assert "POINT_NUM  0\nBOUNDARY_NUM  2\n" in ObjectText(HEADERS["real"], features).objects(0).decode()
