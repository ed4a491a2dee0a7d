"""Printing of numbers: the digits of the exact value, rounded half to even, as C's printf prints them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stormtrack.text import print_groups
from tests.naive.text import printed


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
            np.ldexp(np.float32(1), rng.integers(20, 50, count)) - rng.integers(0, 3, count).astype(np.float32),
            np.array([0.0, -0.0, np.inf, -np.inf, 1e25, -1e25, 1e20, 2.0**40, 2.0**39, 3.4028235e38], np.float32),
            np.array([1e-45, 1.1754944e-38, 9.999999e-22, 0.5, 5e-7, 2.5e-7, 999999.94, 9999999.5], np.float32),
            np.array([0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFFFFFFB, 5], np.uint32).view(np.float32),
        ]
    return np.concatenate(parts).astype(np.float32)


def awkward_doubles(seed: int, count: int) -> np.ndarray:
    """Float64 values: random bits, limits, ties, NaNs."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2**64, count, dtype=np.uint64).view(np.float64)
    ties = rng.integers(0, 2**53, count) * 2.0 ** rng.integers(-60, 0, count)
    limits = [1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 0.0, -0.0, 1e23, np.nan]
    with np.errstate(invalid="ignore"):
        return np.concatenate([bits, ties, awkward_floats(seed, 50).astype(np.float64), limits])


@pytest.mark.parametrize("conversion", ["%f", "%e"])
@pytest.mark.parametrize("values", [awkward_floats(1, 2000), awkward_doubles(2, 2000)], ids=["float32", "float64"])
def test_reals(conversion: str, values: np.ndarray) -> None:
    text = print_groups([(f"{conversion}\n", [values], None)])
    assert text.decode().split("\n")[:-1] == [printed(conversion, float(v)) for v in values]


@pytest.mark.parametrize("conversion", ["%f", "%e"])
def test_reals_are_printed_as_by_python(conversion: str) -> None:
    values = awkward_floats(3, 20_000)
    values = values[np.isfinite(values)]
    text = print_groups([(f"{conversion}\n", [values], None)])
    assert text.decode().split("\n")[:-1] == [conversion % v for v in values.tolist()]


def test_ties_round_to_the_even_digit() -> None:
    ties = np.array([0.5**7, 3 * 0.5**7, 5 * 0.5**7, 1000000.5, 1000001.5, 10000005, 10000015], np.float32)
    text = print_groups([("%f %e\n", [ties, ties], None)]).decode().split("\n")
    assert text[:3] == ["0.007812 7.812500e-03", "0.023438 2.343750e-02", "0.039062 3.906250e-02"]
    assert [line.split()[1] for line in text[3:7]] == ["1.000000e+06", "1.000002e+06", "1.000000e+07", "1.000002e+07"]


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_integers_and_optional_columns(kind: Any) -> None:
    numbers = np.array([0, -1, 7, 2**31 - 1, -(2**31)], kind)
    times = np.array([2025120100, 0, 12345678901, -5, 1])
    text = print_groups([("%d %10ld %d?\n", [numbers, times, np.array([0, 3, -2, 0, 11], kind)], None)])
    assert text.decode().split("\n") == [
        "0 2025120100 ",
        "-1          0 3",
        "7 12345678901 -2",
        "2147483647         -5 ",
        "-2147483648          1 11",
        "",
    ]


def test_all_of_int64() -> None:
    values = np.array([-(2**63), 2**63 - 1, 0, -1, 10**18])
    assert print_groups([("%d,%3d;", [values, values], None)]).decode() == "".join(
        f"{v},{v:3d};" for v in values.tolist()
    )


def test_an_optional_column_takes_its_blanks_along() -> None:
    values = np.array([0, 5])
    assert print_groups([("<%d?   & %d?  \n", [values, values], None)]) == b"<& \n<5   & 5  \n"


def test_columns_and_tables_of_any_stride() -> None:
    table = np.arange(24, dtype=np.float32).reshape(4, 6)
    text = print_groups([("%f %f %f %f %f\n", [table[::2, 5], table[::2, ::-2], table[1::2, 0][::-1]], None)])
    rows = [(5, 5, 3, 1, 18), (17, 17, 15, 13, 6)]
    assert text.decode() == "".join(" ".join(f"{v:f}" for v in row) + "\n" for row in rows)


def test_many_rows() -> None:
    n = 40_000
    x = np.linspace(-400, 400, n, dtype=np.float32)
    x[12345] = 1e30
    text = print_groups([("%d %f & %e & \n", [np.arange(n), x, x], None)])
    assert text.decode() == "".join(f"{i} {v:f} & {v:e} & \n" for i, v in enumerate(x.tolist()))


def test_groups() -> None:
    heads = ("T %d\n", [np.array([7, 8, 9])], None)
    rows = (" %d\n", [np.arange(10, 16)], np.array([1, 3, 3, 6]))
    assert print_groups([heads, rows]) == b"T 7\n 11\n 12\nT 8\nT 9\n 13\n 14\n 15\n"
    assert print_groups([rows, heads]) == b" 11\n 12\nT 7\nT 8\n 13\n 14\n 15\nT 9\n"


def test_nothing_to_print() -> None:
    none = np.zeros(0, np.int32)
    assert print_groups([]) == b""
    assert print_groups([("%d\n", [none], None)]) == b""
    assert print_groups([("%d\n", [none], np.zeros(3, np.int64))]) == b""


INT, REAL = np.arange(3), np.ones(3, np.float32)
WRONG = {
    "unknown conversion": (ValueError, [("%s", [INT], None)]),
    "unknown at the end": (ValueError, [("%d %", [INT], None)]),
    "precision": (ValueError, [("%12.5f", [REAL], None)]),
    "no column": (ValueError, [("text", [INT], None)]),
    "too few columns": (ValueError, [("%d %d", [INT], None)]),
    "too many columns": (ValueError, [("%d", [INT, INT], None)]),
    "lengths differ": (ValueError, [("%d %d", [INT, INT[:2]], None)]),
    "three dimensions": (ValueError, [("%d", [INT.reshape(1, 1, 3)], None)]),
    "no dimension": (ValueError, [("%d", [np.array(3)], None)]),
    "offsets decrease": (ValueError, [("%d", [INT], np.array([0, 2, 1]))]),
    "offsets too large": (ValueError, [("%d", [INT], np.array([0, 4]))]),
    "offsets negative": (ValueError, [("%d", [INT], np.array([-1, 3]))]),
    "no offset": (ValueError, [("%d", [INT], np.zeros(0, np.int64))]),
    "offsets of other types": (ValueError, [("%d", [INT], np.array([0, 3], np.int32))]),
    "numbers of groups differ": (ValueError, [("%d", [INT], None), ("%d", [INT[:2]], None)]),
    "reals as integers": (TypeError, [("%d", [REAL], None)]),
    "integers as reals": (TypeError, [("%f", [INT], None)]),
    "other types": (TypeError, [("%d", [np.ones(3, np.int16)], None)]),
    "other byte order": (TypeError, [("%f", [REAL.astype(">f4")], None)]),
    "no array": (TypeError, [("%d", [3], None)]),
    "no tuple": (TypeError, ["%d"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls_are_refused(name: str) -> None:
    error, parts = WRONG[name]
    with pytest.raises(error):
        print_groups(parts)
