"""Text of frames: the quick way for features only equals the general one and Python's own formatting."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detect.objects import FEATURE_ARRAYS, FrameObjects
from stormtrack.io import objects_write
from stormtrack.io.objects import ObjectHeader
from stormtrack.io.objects_write import frame_line, frame_text, object_frame

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
def test_against_the_general_way(
    kind: str, odd: float | None, counts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = frame(counts, 2, odd if sum(counts) else None)
    objects.integer_positions = kind.startswith("grid")
    header = HEADERS[kind]
    if kind == "fields":
        with pytest.raises(ValueError, match="announces 3 additional values; the frame has none"):
            frame_text(header, objects)
        objects.fields = np.arange(3 * sum(counts), dtype=F).reshape(-1, 3)
    quick = frame_text(header, objects)
    monkeypatch.setattr(objects_write, "features_text", lambda *_: None)
    assert frame_text(header, objects) == quick
    assert object_frame(header, objects) == frame_line(12, 3) + quick
