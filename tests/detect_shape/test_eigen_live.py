"""The eigen-solver against the routines that the original exports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from stormtrack.detection.eigen import eigen3
from stormtrack.testing import assert_bitwise
from tests.jit import jitted

SCRIPT = """
import ctypes as C, sys
import numpy as np
lib = C.CDLL(sys.argv[1])
matrices = np.load(sys.argv[2])
values, vectors = np.empty((len(matrices), 3)), np.empty((len(matrices), 3, 3))
for k, s in enumerate(matrices):
    a, d, e = np.array(s), np.zeros(3), np.zeros(3)
    rows = (C.c_void_p * 3)(*[a.ctypes.data + 24 * i for i in range(3)])
    n, pd, pe = C.c_int(3), C.c_void_p(d.ctypes.data), C.c_void_p(e.ctypes.data)
    lib.householder(rows, n, pd, pe)
    lib.ql(pd, pe, n, rows)
    lib.eigsort(pd, rows, n)
    values[k], vectors[k] = d, a
np.savez(sys.argv[3], values=values, vectors=vectors)
"""


def _matrices() -> np.ndarray:
    rng = np.random.default_rng(8)
    out = [np.zeros((3, 3)), np.eye(3), -np.zeros((3, 3)), np.diag([1.0, 2.0, 2.0])]
    for _ in range(1500):
        centre = rng.standard_normal(3)
        centre /= np.sqrt((centre**2).sum())
        if rng.random() < 0.2:
            centre = np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, 0, -1]])[rng.integers(5)]
        nodes = centre + rng.standard_normal((int(rng.integers(1, 30)), 3)) * rng.choice([1e-7, 1e-3, 0.1])
        nodes /= np.sqrt((nodes**2).sum(axis=1))[:, None]
        if rng.random() < 0.5:
            nodes = nodes - (nodes @ centre)[:, None] * centre
        s = np.zeros((3, 3))
        for v in nodes:
            s += v[:, None] * v[None, :]
        out.append(s)
    return np.array(out)


def test_same_bits_as_the_original(oracle_library: Path, tmp_path: Path) -> None:
    matrices = _matrices()
    np.save(tmp_path / "in.npy", matrices)
    arguments = [str(oracle_library), str(tmp_path / "in.npy"), str(tmp_path / "out.npz")]
    subprocess.run([sys.executable, "-c", SCRIPT, *arguments], check=True, cwd=tmp_path, capture_output=True)
    expected = np.load(tmp_path / "out.npz")
    values, vectors, work = np.empty((len(matrices), 3)), np.empty((len(matrices), 3, 3)), np.empty(3)
    for k, s in enumerate(matrices):
        assert jitted(eigen3)(s.copy(), values[k], work, vectors[k])
    assert_bitwise(values, expected["values"], "eigenvalues")
    assert_bitwise(vectors, expected["vectors"], "eigenvectors")
