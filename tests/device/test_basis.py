"""Coefficients of splines on long axes: blocks beside whole matrices."""

from __future__ import annotations

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install 'stormtrack[jax]')")

from stormtrack.device.basis import Decaying, collocation, interpolation_knots, inverse
from stormtrack.device.packages import double_precision


@pytest.mark.parametrize("n", [20, 150, 721, 1441])
@pytest.mark.parametrize("wraps", [False, True])
def test_blocks_of_inverse_matrices_give_what_the_matrices_give(n: int, wraps: bool) -> None:
    x = np.linspace(0.0, 360.0, n).astype(np.float32).astype(np.float64)
    matrix = inverse(collocation(interpolation_knots(x), x))
    if wraps:
        ring = (np.eye(n) * 4.0 + np.roll(np.eye(n), 1, 1) + np.roll(np.eye(n), -1, 1)) / 6.0
        matrix = inverse(ring)
    decaying = Decaying.of(matrix, wraps=wraps)
    assert (decaying.places is None) == (n < 200)
    values = np.random.default_rng(n).normal(size=(n, 30))
    with double_precision():
        found = np.asarray(decaying.times(jax.numpy.asarray(values)))
    assert np.abs(found - matrix @ values).max() <= 1e-14 * np.abs(values).max()
    if n > 200:
        assert decaying.weights.size < matrix.size / 3
