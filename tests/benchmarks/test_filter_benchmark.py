"""The factor that the benchmark of filters hands to TRACK is that of the normal equations."""

from __future__ import annotations

import numpy as np

from benchmarks.filters import HOPED, FilterResult, answers, factor_of_fit, table
from stormtrack.preprocess.legendre import legendre_columns


def test_factor_of_the_normal_equations() -> None:
    columns, rows, top = 24, 13, 4
    lon, lat = np.radians(np.arange(columns) * 360.0 / columns), np.linspace(-90, 90, rows).astype(np.float32)
    values, beyond = np.empty((15, rows)), np.empty((5, rows))
    legendre_columns(lat, top, values, beyond)
    unknowns, at = [], 0
    for m in range(top + 1):
        for _ in range(m, top + 1):
            unknowns += [np.outer(values[at], np.cos(m * lon)).ravel()]
            unknowns += [np.outer(values[at], np.sin(m * lon)).ravel()] if m else []
            at += 1
    basis = np.array(unknowns)
    packed = factor_of_fit(columns, rows, top)
    lower = np.zeros((25, 25))
    lower[np.tril_indices(25)] = packed
    np.testing.assert_allclose(lower @ lower.T, basis @ basis.T, atol=1e-10)


def test_table_says_what_was_reached() -> None:
    result = FilterResult(reference=3.0, ours=[0.008, 0.009], first=0.1, ratio=HOPED + 1, difference=1e-8)
    assert "301 (target 150 / 300: stretch reached)" in table(result)
    assert answers(4).split().count("/factor") == 1
