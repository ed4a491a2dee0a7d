"""The reading primitives against the C library's own scanf, value and consumption."""

from __future__ import annotations

import ctypes
import math
import struct
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stormtrack.answers.numbers import parse_float32, round_float32
from stormtrack.answers.stream import AnswerStream

LIBC = ctypes.CDLL(None)
C_TYPES = {
    "d": ctypes.c_int32,
    "ld": ctypes.c_int64,
    "f": ctypes.c_float,
    "lf": ctypes.c_double,
}
FORMATS = {"d": b"%d%n", "ld": b"%ld%n", "f": b"%f%n", "lf": b"%lf%n"}
ALPHABET = "0123456789+-.eExXpPinfatyINF \n\tab#"


def c_scan(kind: str, text: bytes) -> tuple[int, bytes]:
    """Result count and the bytes that sscanf stored."""
    target, count = C_TYPES[kind](0), ctypes.c_int(-1)
    result = LIBC.sscanf(ctypes.c_char_p(text), FORMATS[kind], ctypes.byref(target), ctypes.byref(count))
    return result, bytes(target) + struct.pack("<i", count.value)


def c_consumed(kind: str, text: bytes) -> int:
    """Characters that a read takes from a real stream, also when the conversion fails."""
    LIBC.fmemopen.restype = ctypes.c_void_p
    LIBC.fmemopen.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]
    stream = ctypes.c_void_p(LIBC.fmemopen(text, len(text), b"r"))
    target = C_TYPES[kind](0)
    LIBC.fscanf(stream, FORMATS[kind][:-2], ctypes.byref(target))
    LIBC.ftell.restype = ctypes.c_long
    position = LIBC.ftell(stream)
    LIBC.fclose(stream)
    return int(position)


def pack(kind: str, value: object) -> bytes:
    return struct.pack({"d": "<i", "ld": "<q", "f": "<f", "lf": "<d"}[kind], value)


def check_against_c(kind: str, text: bytes) -> None:
    stream = AnswerStream(text)
    token = stream.read(kind)  # type: ignore[arg-type]
    result, stored = c_scan(kind, text)
    assert (result == 1) == (token.value is not None), (kind, text, result, token)
    assert stream.position == c_consumed(kind, text), (kind, text, token)
    if token.value is not None:
        assert pack(kind, token.value) == stored[:-4], (kind, text, token, stored)
        assert token.end == struct.unpack("<i", stored[-4:])[0]


TABLE_TEXT = (
    "0 1 -1 +7 10.0 12! 1.0e+5 2# 30! 007 -0 2147483647 2147483648 4294967295 4294967296 -2147483649 99999999999 "
    "9223372036854775807 9223372036854775808 99999999999999999999999999999999 -99999999999999999999999999999999 "
    ". .5 5. -. -.5 +. 1e5 1e 1e+ 1e- 1e+x 1.5e-3 .e5 1.e5 1E5 1d5 1,2 y n n? na nan nan( nanx -nan +nan NaN i "
    "in inf inf? infi infinit infinity infinityx -inf INF Infinity 0x 0x1 0x1p 0x1p3 0x1.8p-1 0x.8 0x. 0xg 0x.p5 "
    "0x1p+ 0x1pz -0x1p-149 0x1p-150 0x1.000001p0 0x1.0000010000001p0 0x1.fffffffp127 0x1p128 0x1p1024 "
    "0x1p99999999999999999999 0x1p-99999999999999999999 00x1 1e39 1e-46 1e-45 7e-46 "
    "7.0064923216240853546186479164495806564013097093825788587853e-46 1e400 1e-400 1e99999999999999999999 "
    "3.4028235677973366e38 3.4028235677973365e38 16777217 16777217.0000000000000000000000001 "
    "16777216.9999999999999999999999999 1.00000005960464477539062500000000000000001 1.000000059604644775390625 "
    "1.00000005960464477539062499999999999999999 - + -x --1 +-1 1+2 e5 _1 1_0 \xa01"
)
TABLE = TABLE_TEXT.split(" ")


@pytest.mark.parametrize("kind", ["d", "ld", "f", "lf"])
def test_token_table_as_c_library(kind: str) -> None:
    for text in TABLE:
        for tail in (b"", b"\n", b" 7\n"):
            check_against_c(kind, b" \n" + text.encode("latin-1") + tail)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(["d", "ld", "f", "lf"]),
    st.text(alphabet=ALPHABET, min_size=1, max_size=12),
)
def test_random_tokens_as_c_library(kind: str, text: str) -> None:
    check_against_c(kind, text.encode())


@settings(max_examples=800, deadline=None)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(-3, 3), st.integers(20, 60))
@example(2.0**-149, 1, 55)
@example(2.0**-126, -1, 55)
@example(-(2.0**-149), 1, 20)
def test_decimals_beside_float32_midpoints_round_once(value: float, nudge: int, places: int) -> None:
    from decimal import Decimal, localcontext

    step = 2.0 ** max(math.frexp(value)[1] - 24, -149)
    with localcontext() as context:
        context.prec = 1000
        middle = Decimal(value) + Decimal(step) / 2
        text = format(middle + Decimal(nudge).scaleb(middle.adjusted() - places), "e").encode()
    LIBC.strtof.restype = ctypes.c_float
    assert struct.pack("<f", parse_float32(text)) == struct.pack("<f", LIBC.strtof(text, None))


def test_characters_and_words() -> None:
    stream = AnswerStream(b" \n\tyes\v word\x00tail \xff\xfe  ")
    assert [stream.read("c").value for _ in range(3)] == ["y", "e", "s"]
    assert stream.read("s").value == "word"
    assert stream.read("c").value == "\xff"
    assert stream.read("s").value == b"\xfe".decode("utf-8", "surrogateescape")
    token = stream.read("c")
    assert token.at_end and token.value is None


def test_lines_and_word_parts() -> None:
    stream = AnswerStream(b"n\n0.2 y\n\nlast")
    assert [stream.line_of(i) for i in (0, 1, 2, 7, 8, 9, 12, 99)] == [1, 1, 2, 2, 3, 4, 4, 4]
    stream.read("c")
    assert stream.read("d").value == 0
    assert stream.inside_word(stream.position) and stream.word_around(stream.position) == "0.2"
    assert stream.read("f").value == round_float32(0.2)
    assert not stream.inside_word(stream.position)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_consumed_without_error(data: bytes) -> None:
    stream = AnswerStream(data)
    for kind in ("d", "f", "lf", "ld", "c", "s") * 40:
        before = stream.position
        token = stream.read(kind)  # type: ignore[arg-type]
        assert before <= stream.position <= len(data)
        assert token.at_end == (token.start == len(data))


def test_long_tokens_take_linear_time() -> None:
    began = time.perf_counter()
    for text in (
        b"1" * 400_000,
        b"0." + b"3" * 400_000,
        b"0x" + b"f" * 400_000,
        b" " * 400_000,
        b"1e" + b"9" * 400_000,
    ):
        for kind in ("d", "f", "lf"):
            AnswerStream(text).read(kind)  # type: ignore[arg-type]
    assert time.perf_counter() - began < 5
