"""The reading primitives against the scanf of the reference's C library, value and consumption."""

from __future__ import annotations

import math
import struct
import time
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stormtrack.answers.numbers import parse_float32, round_float32
from stormtrack.answers.stream import AnswerStream
from tests.answers.make_scanned_tokens import read_table

PACKED = {"d": "<i", "ld": "<q", "f": "<f", "lf": "<d"}


@pytest.mark.parametrize("kind", PACKED)
def test_tokens_as_the_reference_scans_them(kind: str) -> None:
    """Value, success and consumption of glibc 2.36, kept as data: other versions differ in malformed tokens."""
    rows = [row for row in read_table() if row[0] == kind]
    assert len(rows) > 500
    for _, text, result, consumed, value in rows:
        stream = AnswerStream(text)
        token = stream.read(kind)  # type: ignore[arg-type]
        assert (result == 1) == (token.value is not None), (text, token)
        assert stream.position == consumed, (text, token)
        if token.value is not None:
            assert struct.pack(PACKED[kind], token.value) == value, (text, token)


def nearest_float32(exact: Fraction) -> float:
    """The float32 nearest to a number, of two the one whose last bit is 0."""
    with np.errstate(over="ignore"):
        near = np.float32(float(exact))
        beside = [np.nextafter(near, np.float32(end)) for end in (-np.inf, np.inf)]
    finite = [c for c in (near, *beside) if np.isfinite(c)]
    return float(min(finite, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view(np.uint32)) & 1)))


@settings(max_examples=800, deadline=None)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(-3, 3), st.integers(20, 60))
@example(2.0**-149, 1, 55)
@example(2.0**-126, -1, 55)
@example(-(2.0**-149), 1, 20)
@example(3.4028234663852886e38, -1, 20)
def test_decimals_beside_float32_midpoints_round_once(value: float, nudge: int, places: int) -> None:
    step = 2.0 ** max(math.frexp(value)[1] - 24, -149)
    with localcontext() as context:
        context.prec = 1000
        middle = Decimal(value) + Decimal(step) / 2
        text = format(middle + Decimal(nudge).scaleb(middle.adjusted() - places), "e")
    exact = Fraction(text)
    if abs(exact) < Fraction(2**25 - 1) * 2**103:  # beyond it is infinity
        assert struct.pack("<f", parse_float32(text.encode())) == struct.pack("<f", nearest_float32(exact))


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
    began = time.process_time()
    for text in (
        b"1" * 400_000,
        b"0." + b"3" * 400_000,
        b"0x" + b"f" * 400_000,
        b" " * 400_000,
        b"1e" + b"9" * 400_000,
    ):
        for kind in ("d", "f", "lf"):
            AnswerStream(text).read(kind)  # type: ignore[arg-type]
    assert time.process_time() - began < 5
