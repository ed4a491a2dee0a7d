"""Eigenvalues and vectors of 3 by 3 matrices beside those of LAPACK; the bits are compared in `test_eigen_live`."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection.eigen import eigen3

CLOSE = 1e-7
"""Off-diagonal elements below 1e-8 are taken for zero (specification 02, section 15)."""


def solved(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = np.empty(3), np.empty((3, 3))
    assert eigen3(matrix.copy(), values, np.empty(3), vectors)
    return values, vectors


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_vectors_are_turned_into_multiples_of_themselves(rank: int) -> None:
    rng = np.random.default_rng(rank)
    for _ in range(40):
        rows = rng.standard_normal((rank, 3))
        matrix = rows.T @ rows
        values, vectors = solved(matrix)
        np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1], atol=CLOSE)
        np.testing.assert_allclose(matrix @ vectors, vectors * values, atol=CLOSE)
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=CLOSE)


def test_matrices_that_are_diagonal() -> None:
    """Values descend; of equal ones the last comes first."""
    values, vectors = solved(np.diag([1.0, 2.0, 2.0]))
    assert values.tolist() == [2.0, 2.0, 1.0]
    assert np.abs(vectors).tolist() == [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    assert solved(np.zeros((3, 3)))[0].tolist() == [0.0, 0.0, 0.0]
