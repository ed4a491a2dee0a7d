"""Distances against the original's, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stormtrack.kernels import sphere
from stormtrack.testing import assert_bitwise
from tests.jit import jitted


def _pairs(function, xy):
    out = np.empty((len(xy), 2), np.float32)
    for i in range(len(xy)):
        for j in range(2):
            (x1, y1), (x2, y2) = xy[i, j], xy[i, j + 1]
            out[i, j] = function(x1, y1, x2, y2)
    return out


def test_distances_equal_the_original(goldens: Path) -> None:
    data = np.load(goldens / "linking" / "functions.npz")
    xy = data["xy"]
    for name, function in (
        ("measure_unitvec", sphere.measure_unit),
        ("measure_trig", sphere.measure_trig),
        ("measure_euclid", sphere.measure_euclid),
    ):
        assert_bitwise(_pairs(function, xy), data[name], name)
        assert_bitwise(_pairs(jitted(function), xy), data[name], name)
