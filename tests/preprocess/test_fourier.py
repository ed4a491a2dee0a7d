"""The prime-factor transform against its naive twin (bits) and an exact transform (size of its error)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.preprocess.fft import fourier_plan
from stormtrack.testing import assert_bitwise

_TWIN = Path(__file__).resolve().parents[1] / "naive" / "prime_factor_fft.py"
_spec = importlib.util.spec_from_file_location("naive_prime_factor_fft", _TWIN)
assert _spec is not None and _spec.loader is not None
naive = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive)

SMOOTH = [
    n for n in range(2, 325) if max(p for p in range(1, n + 1) if n % p == 0 and all(p % q for q in range(2, p))) < 6
]
LENGTHS = [*SMOOTH, 480, 512, 640, 720, 1024]


@pytest.mark.parametrize("sign", [1, -1])
def test_transform_has_the_bits_of_the_naive_twin(sign: int) -> None:
    rng = np.random.default_rng(5)
    for length in LENGTHS:
        re, im = rng.standard_normal((length, 3)), rng.standard_normal((length, 3))
        expected = [naive.transform(re[:, r].tolist(), im[:, r].tolist(), sign) for r in range(3)]
        plan = fourier_plan(length, sign)
        plan.transform(re, im)
        assert_bitwise(re[plan.place], np.array([e[0] for e in expected]).T, f"length {length}, real")
        assert_bitwise(im[plan.place], np.array([e[1] for e in expected]).T, f"length {length}, imaginary")


@pytest.mark.parametrize("length", [45, 128, 192, 360])
def test_transform_is_a_fourier_transform_in_single_precision_only(length: int) -> None:
    rng = np.random.default_rng(length)
    z = rng.standard_normal((length, 2)) + 1j * rng.standard_normal((length, 2))
    re, im = z.real.copy(), z.imag.copy()
    plan = fourier_plan(length, -1)
    plan.transform(re, im)
    exact = np.fft.fft(z, axis=0)
    error = np.max(np.abs(re[plan.place] + 1j * im[plan.place] - exact)) / np.max(np.abs(exact))
    assert 1e-9 < error < 2e-6


def test_other_prime_factors_are_refused() -> None:
    with pytest.raises(GridError, match="no prime factors other than 2, 3 and 5"):
        fourier_plan(140, 1)
