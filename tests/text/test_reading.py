"""Reading of numbers: the exact value, rounded once; C's syntax."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stormtrack.testing import assert_bitwise
from stormtrack.text import read_reals, strtod, strtof
from tests.naive.text import read_float32, read_float64


def midpoints(values: np.ndarray) -> list[str]:
    """The exact decimals half way between neighbours, and just beside."""
    found = []
    for v in values:
        above = np.nextafter(v, np.float32(np.inf))
        middle = (float(v) + (float(above) if np.isfinite(above) else 2.0**128)) / 2
        mantissa, power = f"{middle:.170e}".split("e")
        found += [f"{mantissa}{tail}e{power}" for tail in ("", "01")]
        found.append(f"{mantissa[:-60]}e{power}")
    return found


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
    found += ["1.1754943508222875e-38", "0." + "0" * 50 + "1", "1.00000005960464477539062500001", "2e-324", "3e-324"]
    found += ["9" * 2000 + "e-2000", "0." + "0" * 1500 + "7e1500", "1" + "0" * 1100 + ".5e-1105", "0e99", "1e-9999"]
    found += ["16777217." + "0" * 1200 + "1", "16777217." + "0" * 1200, f"{1.5 * 2.0**-1074:.1074f}", "1e9999"]
    with np.errstate(over="ignore", invalid="ignore"):
        bits = rng.integers(0, 2**32, 1000, dtype=np.uint64).astype(np.uint32).view(np.float32)
    finite = bits[np.isfinite(bits)]
    found += midpoints(finite[:300])
    for v in finite:
        found += [f"{v:e}", f"{v:.9g}", f"{float(v) * (1 + 2.0**-25):.17g}", repr(float(v))]
    for v in rng.integers(0, 2**63, 1000, dtype=np.uint64).view(np.float64):
        found += [repr(float(v)), f"{v:.25e}"] if np.isfinite(v) else []
    return found + [f"{v:f}" for v in rng.normal(size=1000) * 200]


def test_decimal_numbers() -> None:
    texts = words()
    assert all(strtof(t.encode())[1] == strtod(t.encode())[1] == len(t) for t in texts)
    assert_bitwise(
        np.array([strtof(t.encode())[0] for t in texts], np.float32), np.array([read_float32(t) for t in texts])
    )
    assert_bitwise(np.array([strtod(t.encode())[0] for t in texts]), np.array([read_float64(t) for t in texts]))


def test_decimal_numbers_one_after_the_other() -> None:
    texts = words()
    out = np.empty(len(texts), np.float32)
    text = " \n\t".join(texts).encode()
    assert read_reals(text, out, 0) == (len(texts), len(text), True)
    assert_bitwise(out, np.array([read_float32(t) for t in texts]))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**70), st.integers(0, 2**70), st.integers(-1200, 1200), st.booleans(), st.integers(-160, 160))
@example(0x1000001, 0, -174, False, 0)  # just above half of the smallest float32
@example(0x296ED1FE71C1FB, 0, -1076, False, 0)  # a float64 without its leading bit
def test_hexadecimal_numbers(whole: int, behind: int, power: int, upper: bool, shift: int) -> None:
    for exponent in (power, shift):
        text = f"0x{whole:x}.{behind:x}p{exponent}"
        text = text.upper() if upper else text
        assert strtof(text.encode()) == (read_float32(text), len(text))
        assert strtod(text.encode()) == (read_float64(text), len(text))


TAKEN = {
    0: ("", "x", "-", "+", ".", "e5", ".e5", "na", "in", "+-5", "--5", " 5", "-."),
    1: ("1e", "1e+", "1e-x", "1_0", "1,5", "1d5", "0x", "0x.", "0xg", "0xp1", "0xnan", "0x-1"),
    2: ("5.", "1..5", "-1-2"),
    3: ("1.5.5", "1e5e5", "nan", "NaN", "nan(", "nan(-)", "nanx", "INF", "infinit", "0x1", "0x1p", "0x1p+"),
    4: ("-nan", "+inf", "0x1..8", "-0x1"),
    5: ("nan()", "0X1P3"),
    6: ("0x.8p1", "0x1.p1"),
    8: ("nan(a_9)", "infinity"),
    9: ("-Infinityx",),
}
"""What is read of a text, by its size."""


@pytest.mark.parametrize(("text", "size"), [(text, size) for size, texts in TAKEN.items() for text in texts])
def test_how_much_is_read(text: str, size: int) -> None:
    for read, expected in ((strtof, read_float32), (strtod, read_float64)):
        value, found = read(text.encode())
        assert found == size
        word = text[:size].lower()
        if "n" not in word and size:
            assert value == expected(word.rstrip("."))
        elif "nan" in word:
            assert math.isnan(value) and math.copysign(1.0, value) == (-1.0 if word[0] == "-" else 1.0)
        elif size:
            assert value == (-math.inf if word[0] == "-" else math.inf)


@pytest.mark.parametrize(("text", "bits"), [("nan", 0x7FC00000), ("-NAN", 0xFFC00000), ("inf", 0x7F800000)])
def test_not_finite(text: str, bits: int) -> None:
    out = np.zeros(1, np.float32)
    assert read_reals(text.encode(), out, 0) == (1, len(text), True)
    assert int(out.view(np.uint32)[0]) == bits


def test_numbers_run_together() -> None:
    out = np.full(9, 7, np.float32)
    assert read_reals(b" -1-2+3.5.25nan infinity\n1e2", out, 1) == (8, 28, True)
    assert out.tolist()[:5] == [7, -1, -2, 3.5, 0.25]
    assert np.isnan(out[5]) and out[6] == np.inf and out[7:].tolist() == [100, 7]


@pytest.mark.parametrize(("text", "taken"), [(b"1 2 x", 2), (b"1 2e", 2), (b"1 2 .", 2), (b"0x10", 1), (b"1 2\xff", 2)])
def test_what_is_no_number_ends_the_reading(text: bytes, taken: int) -> None:
    filled, position, good = read_reals(text, np.zeros(5, np.float32), 0)
    assert (filled, good) == (taken, False)
    assert text[position:] == text.split(b" ")[-1].lstrip(b"0123456789")


def test_no_more_than_wanted_is_read() -> None:
    out = np.zeros(2, np.float32)
    assert read_reals(b"1 2 x", out, 0) == (2, 3, True)
    assert read_reals(b"", out, 1) == (1, 0, True)
    assert read_reals(b" \n ", out, 1) == (1, 3, True)


@pytest.mark.parametrize("out", [np.zeros(3), np.zeros(3, np.int32), np.zeros(6, np.float32)[::2], b"12345678"])
def test_where_numbers_cannot_be_put(out: object) -> None:
    with pytest.raises((TypeError, ValueError, BufferError)):
        read_reals(b"1", out, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("filled", [-1, 4])
def test_elements_that_do_not_exist(filled: int) -> None:
    with pytest.raises(ValueError, match="of 3"):
        read_reals(b"1", np.zeros(3, np.float32), filled)
