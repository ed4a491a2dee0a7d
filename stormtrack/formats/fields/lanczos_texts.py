"""Texts about Lanczos filters: their weights, and their response.

References
----------
Specification 05, section 9. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...arrays import F64


def weights_text(weights: F64, samples: int) -> bytes:
    """Weights (float64, shape (n_filters, order + 1)) of filters for so many frames in a unit of time."""
    n_filters, steps = weights.shape
    lines = [f"{n_filters} {steps - 1} {samples}\n"]
    for k in range(steps):
        lines.append(f"{k:3d} " + "".join(f"{w: 10.5e} " for w in weights[:, k]) + "\n")
    return "".join(lines).encode("ascii")


def response_text(band: tuple[float, float], rows: Iterable[Sequence[float]]) -> bytes:
    """Response of the filter of one band (low and high frequency): frequency, period, response and its powers."""
    lines = [f"Band: {band[0]:f} -- {band[1]:f}\n"]
    lines += [" ".join(f"{value:e}" for value in row) + "\n" for row in rows]
    return "".join(lines).encode("ascii")
