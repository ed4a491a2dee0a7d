"""Cosine filter of limited areas, one number after the other (specification 05, section 4)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tests.naive.prime_factor_fft import transform
from tests.naive.time_filters import fourier

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
PI = 3.14159265358979323846


def weights(n: int, backward: bool) -> list[tuple[float, float]]:
    """Factors of the coefficients."""
    step = PI / float(np.float32(2 * n))
    s = math.sqrt(2.0 * n) if backward else 2.0 / math.sqrt(2.0 * n)
    out = []
    for i in range(n):
        re, im = math.cos(i * step) * s, (math.sin(i * step) if backward else -math.sin(i * step)) * s
        out.append((re / 1.41421356237309504880, im / 1.41421356237309504880) if i == 0 else (re, im))
    return out


def forward(x: list[float], prime_factor: bool) -> list[float]:
    """Coefficients."""
    n = len(x)
    y = [0.0] * n
    for i in range(n // 2):
        y[i], y[n - 1 - i] = x[2 * i], x[2 * i + 1]
    if prime_factor:
        re, im = transform(y, [0.0] * n, 1)
        spectrum = list(zip(re, [-b for b in im], strict=True))
    else:
        spectrum = fourier([(v, 0.0) for v in y], 1)
    return [w[0] * z[0] - w[1] * z[1] for w, z in zip(weights(n, False), spectrum, strict=True)]


def inverse(x: list[float], prime_factor: bool) -> list[float]:
    """Values."""
    n = len(x)
    z = [(v * w[0] - 0.0 * w[1], v * w[1] + 0.0 * w[0]) for v, w in zip(x, weights(n, True), strict=True)]
    out = [0.0] * n
    if prime_factor:
        re, _ = transform([a for a, _ in z], [b for _, b in z], -1)
        y = [v / float(np.float32(n)) for v in re]
        out[0], out[n - 1] = y[0], y[n // 2]
        for i in range(1, n // 2):
            out[2 * i - 1], out[2 * i] = y[i], y[n - i]
        return out
    y = [a / n for a, _ in fourier(z, -1)]
    for i in range(n // 2):
        out[2 * i], out[2 * i + 1] = y[i], y[n - 1 - i]
    return out


def radial_index(i: int, j: int, ny: int, nx: int) -> int:
    """Of the coefficient in row i, column j."""
    least = min(nx, ny)
    radius = math.sqrt((i / ny) * (i / ny) + (j / nx) * (j / nx))
    return max(k for k in range(least) if radius >= k / least)


def bands(
    field: F32, size: tuple[int, int], resolution: float, kilometres: list[float], cutoff: float | None, prime: bool
) -> list[F32]:
    """Fields of the bands; `size` is the transform's rows and columns, with zeros around the field."""
    (ny, nx), (rows, columns) = size, field.shape
    down, along = (ny - rows) // 2, (nx - columns) // 2
    whole = np.zeros(size)
    whole[down : down + rows, along : along + columns] = field
    spectrum = np.array([forward(list(row), prime) for row in whole])
    spectrum = np.array([forward(list(column), prime) for column in spectrum.T]).T
    least = min(nx, ny)
    limits = [int(2.0 * float(np.float32(resolution)) * least / float(np.float32(b)) + 0.5) for b in kilometres]
    out = []
    for band in range(len(limits) - 1):
        kept = np.zeros(size)
        for i, j in np.ndindex(size):
            k = radial_index(i, j, ny, nx)
            low = k >= limits[0] if band == 0 else k > limits[band]
            factor = 0.0
            if low and k <= limits[band + 1]:
                factor = 1.0
                if cutoff is not None:
                    k0 = float(np.float32(limits[-1])) / math.pow(-math.log(float(np.float32(cutoff))), 0.25)
                    factor = math.exp(-math.pow(k / k0, 4.0))
            kept[i, j] = spectrum[i, j] * factor
        values = np.array([inverse(list(row), prime) for row in kept])
        values = np.array([inverse(list(column), prime) for column in values.T]).T
        out.append(values[down : down + rows, along : along + columns].astype(np.float32))
    return out
