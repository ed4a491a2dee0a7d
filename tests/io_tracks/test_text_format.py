"""Printing of numbers: bytes equal to C's printf."""

from __future__ import annotations

import ctypes
import itertools

import numpy as np
import pytest

from stormtrack.io.text_format import c_format, format_rows, row_format

LIBC = ctypes.CDLL(None)


def printf(conversion: str, value: float) -> str:
    """The C library's own rendering."""
    buffer = ctypes.create_string_buffer(400)
    LIBC.snprintf(buffer, ctypes.c_size_t(400), conversion.encode(), ctypes.c_double(value))
    return buffer.value.decode()


def awkward_floats(seed: int, count: int) -> np.ndarray:
    """Float32 values of all kinds: random bits, ordinary sizes, decimal ties, integers, limits, NaNs of both signs."""
    rng = np.random.default_rng(seed)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        parts = [
            rng.integers(0, 2**32, count, dtype=np.uint64).astype(np.uint32).view(np.float32),
            (rng.normal(size=count) * 10.0 ** rng.uniform(-12, 12, count)).astype(np.float32),
            (rng.integers(0, 2**24, count) * 2.0 ** rng.integers(-30, 20, count)).astype(np.float32),
            (rng.integers(0, 10**7, count) / 10.0 ** rng.integers(0, 9, count)).astype(np.float32),
            (10.0 ** rng.integers(-21, 20, count)).astype(np.float32),
            np.nextafter((10.0 ** rng.integers(-21, 20, count)).astype(np.float32), np.float32(0)),
            np.array([0.0, -0.0, np.inf, -np.inf, 1e25, -1e25, 1e20, 2.0**40, 2.0**39, 3.4028235e38], np.float32),
            np.array([1e-45, 1.1754944e-38, 9.999999e-22, 0.5, 5e-7, 2.5e-7], np.float32),
            np.array([0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFFFFFFB, 5], np.uint32).view(np.float32),
        ]
    return np.concatenate(parts)


@pytest.mark.parametrize("conversion", ["%f", "%e"])
def test_reals_are_printed_as_by_the_c_library(conversion: str) -> None:
    values = awkward_floats(1, 2000)
    text, offsets = format_rows(row_format(f"{conversion}\n"), [values])
    expected = [printf(conversion, float(v)) for v in values]
    assert text.decode().split("\n")[:-1] == expected
    assert [text[a:b].decode()[:-1] for a, b in itertools.pairwise(offsets)] == expected
    assert [c_format(conversion, v) for v in values] == expected


def test_ties_round_to_the_even_digit() -> None:
    ties = np.array([0.5**7, 3 * 0.5**7, 5 * 0.5**7, 0.5**20, 1000000.5, 1000001.5, 10000005, 10000015], np.float32)
    text, _ = format_rows(row_format("%f %e\n"), [ties, ties])
    assert text.decode() == "".join(f"{printf('%f', float(t))} {printf('%e', float(t))}\n" for t in ties)


def test_integers_and_optional_columns() -> None:
    layout = row_format("%d %10ld %d?\n")
    numbers = np.array([0, -1, 7, 2**31 - 1, -(2**31)], np.int64)
    times = np.array([2025120100, 0, 12345678901, -5, 1], np.int64)
    text, _ = format_rows(layout, [numbers, times, np.array([0, 3, -2, 0, 11])])
    lines = text.decode().split("\n")
    assert lines[0] == "0 2025120100 " and lines[1] == "-1          0 3" and lines[2] == "7 12345678901 -2"
    assert lines[3] == "2147483647         -5 " and lines[4] == "-2147483648          1 11"


def test_separators_and_blocks() -> None:
    layout = row_format("%d %f & %e & \n")
    n = 40_000
    x = np.linspace(-400, 400, n, dtype=np.float32)
    x[12345] = 1e30  # printed by the fallback
    text, offsets = format_rows(layout, [np.arange(n), x, x])
    assert text.decode() == "".join(f"{i} {v:f} & {v:e} & \n" for i, v in enumerate(x.tolist()))
    assert offsets[-1] == len(text) and len(offsets) == n + 1


def test_empty_table() -> None:
    text, offsets = format_rows(row_format("%d\n"), [np.zeros(0, np.int32)])
    assert text == b"" and offsets.tolist() == [0]
