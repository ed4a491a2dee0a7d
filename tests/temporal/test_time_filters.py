"""Filters in time: against plain sums, responses that theory gives, and SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stormtrack.errors import FieldError
from stormtrack.temporal import butterworth, lanczos

RNG = np.random.default_rng(5)


def wave(frequency: float, n: int = 600) -> Any:
    return np.cos(2 * np.pi * frequency * np.arange(n) + 0.3)[:, None]


def test_lanczos_weights_and_sums() -> None:
    band = lanczos.weights(0.2, 0.05, 7)
    k = np.arange(1, 8)
    plain = [2 * 0.15, *(np.sin(np.pi * k / 7) / (np.pi * k / 7)
                         * (np.sin(2 * np.pi * 0.2 * k) - np.sin(2 * np.pi * 0.05 * k)) / (np.pi * k))]  # fmt: skip
    np.testing.assert_allclose(band, plain, atol=1e-16)
    series = RNG.standard_normal((23, 3))
    ours = lanczos.filtered(series, band)
    for t in (0, 3, 11, 22):
        total = band[0] * series[t]
        for j in range(1, 8):
            before, after = abs(t - j), t + j if t + j <= 22 else 44 - t - j
            total = total + band[j] * (series[before] + series[after])
        np.testing.assert_allclose(ours[t], total, atol=1e-14)


def test_lanczos_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    series, band = RNG.standard_normal((50, 4)), lanczos.weights(0.25, 0.0, 9)
    whole = lanczos.filtered(series, band)
    monkeypatch.setattr(lanczos, "_BLOCK_VALUES", 4 * 21)
    np.testing.assert_allclose(lanczos.filtered(series, band), whole, atol=1e-15)


def test_lanczos_keeps_the_band_and_nothing_else() -> None:
    band = lanczos.weights(0.2, 0.05, 60)
    inside = slice(60, -60)
    np.testing.assert_allclose(lanczos.filtered(wave(0.12), band)[inside], wave(0.12)[inside], atol=1e-2)
    assert np.abs(lanczos.filtered(wave(0.02) + wave(0.3) + 5.0, band)[inside]).max() < 2e-2
    low = lanczos.weights(0.05, 0.0, 60) + lanczos.weights(0.2, 0.05, 60) + lanczos.weights(0.5, 0.2, 60)
    np.testing.assert_allclose(low, [1.0, *np.zeros(60)], atol=1e-15)  # bands side by side are everything


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lanczos.weights(0.2, 0.05, 0), "order 0; allowed: 1 and more"),
        (lambda: lanczos.weights(0.6, 0.05, 5), "0 <= low < high <= 0.5"),
        (lambda: lanczos.weights(0.05, 0.2, 5), "0 <= low < high <= 0.5"),
        (lambda: lanczos.filtered(np.zeros((5, 1)), lanczos.weights(0.2, 0.1, 5)), "at least 6 frames; there are 5"),
        (lambda: butterworth.sections(0.5, 2, "low"), "above 0, below 0.5"),
        (lambda: butterworth.sections(0.1, 13, "low"), "order 13; allowed: 1 to 12"),
        (lambda: butterworth.filtered(np.zeros((9, 1)), butterworth.sections(0.1, 2, "low")), "at least 10 frames"),
    ],
)
def test_what_is_refused(call: Any, message: str) -> None:
    with pytest.raises(FieldError, match=message):
        call()


@pytest.mark.parametrize("kind", ["low", "high"])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 7])
def test_butterworth_of_scipy(kind: butterworth.Kind, order: int) -> None:
    signal = pytest.importorskip("scipy.signal", reason="SciPy is not installed")
    series = RNG.standard_normal((90, 3)).cumsum(axis=0)
    for frequency in (0.03, 0.125, 0.4):
        sos = signal.butter(order, 2 * frequency, kind, output="sos")
        theirs = signal.sosfiltfilt(sos, series, axis=0)
        ours = butterworth.filtered(series, butterworth.sections(frequency, order, kind))
        np.testing.assert_allclose(ours, theirs, atol=1e-9 * np.abs(series).max())


@pytest.mark.parametrize("order", [1, 2, 5])
def test_half_of_a_wave_at_the_cut_off_is_left(order: int) -> None:
    """Half the power each way: the amplitude is halved."""
    middle = slice(200, 400)
    for kind in ("low", "high"):
        ours = butterworth.filtered(wave(0.1), butterworth.sections(0.1, order, kind))  # type: ignore[arg-type]
        np.testing.assert_allclose(ours[middle], 0.5 * wave(0.1)[middle], atol=1e-6)
