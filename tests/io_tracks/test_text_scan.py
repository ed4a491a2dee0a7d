"""Reading of numbers: bits equal to the C library's strtof."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

from stormtrack.io.text_scan import (
    INTEGER_COLUMN,
    OPTIONAL_COLUMN,
    READ,
    REAL_COLUMN,
    scan_integer,
    scan_real,
    scan_rows,
)
from stormtrack.io.text_tokens import apply_patches, exact_float32
from stormtrack.testing import assert_bitwise

LIBC = ctypes.CDLL(None)
LIBC.strtof.restype = ctypes.c_float
LIBC.strtof.argtypes = [ctypes.c_char_p, ctypes.c_void_p]


def strtof(text: str) -> np.float32:
    return np.float32(LIBC.strtof(text.encode(), None))


def words() -> list[str]:
    rng = np.random.default_rng(7)
    found = ["0", "-0.0", "0.000000", "1.000000e+25", "1e-45", "7e-46", "8e-46", "-1e-46", "1e39", "3.4028235e38"]
    found += ["3.4028235677973366e38", "3.4028235677973365e38", "16777217", "16777219", "16777217.000000000000001"]
    found += [
        "0.1",
        ".5",
        "5.",
        "+2",
        "1e5",
        "1E-5",
        "000123.4500",
        "123456789012345678901234567890",
        "1e-400",
        "1e400",
    ]
    found += ["1.1754943508222875e-38", "0." + "0" * 50 + "1", "1.00000005960464477539062500001"]
    with np.errstate(over="ignore", invalid="ignore"):
        bits = rng.integers(0, 2**32, 3000, dtype=np.uint64).astype(np.uint32).view(np.float32)
    for v in bits[np.isfinite(bits)]:
        found += [f"{v:e}", f"{v:.9g}", f"{float(v) * (1 + 2.0**-25):.17g}", repr(float(v))]
    for v in rng.normal(size=3000) * 200:
        found += [f"{v:f}", f"{v:e}"]
    return found


def scan(text: str) -> tuple[np.float32, int]:
    data = np.frombuffer(text.encode(), np.uint8)
    start, end, value, state = scan_real(data, 0, len(data))
    assert (start, end) == (0, len(data)), text
    return np.float32(value), state


def test_numbers_have_the_bits_of_strtof() -> None:
    texts = words()
    expected = np.array([strtof(t) for t in texts])
    assert_bitwise(np.array([exact_float32(t) for t in texts]), expected)
    scanned = [scan(t) for t in texts]
    settled = np.array([state == READ for _, state in scanned])
    assert settled.mean() > 0.5
    assert_bitwise(np.array([v for v, _ in scanned])[settled], expected[settled])


def test_printed_values_need_no_exact_arithmetic() -> None:
    rng = np.random.default_rng(3)
    values = (rng.normal(size=2000) * 10.0 ** rng.uniform(-5, 4, 2000)).astype(np.float32)
    assert sum(scan(f"{v:f}")[1] != READ or scan(f"{v:e}")[1] != READ for v in values) < 10


@pytest.mark.parametrize(("text", "bits"), [("nan", 0x7FC00000), ("-nan", 0xFFC00000), ("inf", 0x7F800000)])
def test_not_finite(text: str, bits: int) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    value = np.float32(scan_real(data, 0, len(data))[2])
    assert int(value.view(np.uint32)) == bits


@pytest.mark.parametrize("text", ["", "x", "-", ".", "e5", "na"])
def test_no_number(text: str) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    assert scan_real(data, 0, len(data))[3] != READ
    assert scan_integer(data, 0, len(data))[2] != READ
    with pytest.raises(ValueError):
        exact_float32(text)


def test_rows_with_field_marks_and_optional_count() -> None:
    raw = b"\n1 2.5 -3e0 & 1e-30 & \r\n\n 7 0 1 & 4 & 9\n"
    data = np.frombuffer(raw, np.uint8)
    kinds = np.array([INTEGER_COLUMN, REAL_COLUMN, REAL_COLUMN, REAL_COLUMN, OPTIONAL_COLUMN])
    integers, reals = np.zeros((2, 2), np.int64), np.zeros((2, 3), np.float32)
    patches = np.zeros((4, 4), np.int64)
    status, pos, line, patched = scan_rows(data, 0, 0, 2, kinds, integers, reals, 0, 0, patches, 0)
    apply_patches(raw, patches[:patched], [reals], "x")
    assert (status, pos, line, patched) == (0, len(raw), 4, 1)
    assert integers.tolist() == [[1, 0], [7, 9]]
    assert_bitwise(reals, np.array([[2.5, -3, 1e-30], [0, 1, 4]], np.float32))
