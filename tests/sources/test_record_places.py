"""Frames that do not follow one another, in files whose records differ in length: read where TRACK reads them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from stormtrack.arrays import F32
from stormtrack.run.selection import tracking_frames
from stormtrack.settings.plan import FrameRange
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.opening import open_source
from stormtrack.sources.source import Source
from stormtrack.testing import assert_bitwise
from tests.branches.beside_track import our_run, wheel_run
from tests.naive.records import Walk

HEADER = b"     4      3 %6d\n 10. 20. 30. 40.\n 10. 20. 30.\n"
COUNT = 12


def ascii_record(rng: np.random.Generator, number: int) -> bytes:
    """Numbers of many widths in lines of many lengths; never a blank line."""
    form = str(rng.choice(["%e", "%f", "%.3f", "%.5g"]))
    words = [form % (rng.normal() * 10.0 ** rng.integers(-3, 3)) for _ in range(COUNT)]
    per_line = int(rng.integers(1, COUNT + 1))
    lines = [" ".join(words[k : k + per_line]) for k in range(0, COUNT, per_line)]
    return f"FRAME {number:6d}\n".encode() + " \n".join(lines).encode() + b"\n"


def binary_record(rng: np.random.Generator, number: int, newline: bool) -> bytes:
    label = f"FRAME {number * 10 ** int(rng.integers(4))}\n".encode()
    return label + rng.normal(size=COUNT).astype("<f4").tobytes() + b"\n" * newline


class Sample:
    """A random file of unequal records, the frames wanted from it, and what TRACK makes of them."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        n = int(rng.integers(4, 13))
        self.newline = None if seed % 3 == 0 else bool(seed % 3 == 1)
        records = [
            ascii_record(rng, k + 1) if self.newline is None else binary_record(rng, k + 1, self.newline)
            for k in range(n)
        ]
        self.n, self.data = n, HEADER % n + b"".join(records)
        self.first, self.step = int(rng.integers(1, n + 1)), int(rng.integers(1, 4))
        self.end = max(self.first, int(rng.integers(3, 14)))
        walk = Walk(b"".join(records), COUNT, self.newline)
        self.expected = walk.frames(self.first, self.step, n, self.end)
        self.whole = [Walk(record, COUNT, self.newline).read(1) for record in records]

    @property
    def numbers(self) -> list[int]:
        wanted = FrameRange(start=self.first, step=self.step, end=self.end)
        return list(tracking_frames(wanted, self.n))

    def open(self, folder: Path) -> Source:
        (folder / "in.dat").write_bytes(self.data)
        selection = FieldSelection(format=1 if self.newline is None else 0, newline_separated=bool(self.newline))
        source = open_source(str(folder / "in.dat"), selection)
        source.follow(self.first, self.step)
        return source

    @property
    def answers(self) -> str:
        kind = "1" if self.newline is None else "0 y" if self.newline else "0 n"
        frames = f"{self.first} {self.step} {self.end}"
        return f"n 0 {kind} n g n 1 4 1 3 n n n n n 50. n 1 n {frames} e n 0 0 n n n n 0 n"


def read(source: Source, numbers: list[int]) -> list[F32]:
    found = [source.read(k) for k in numbers]
    return [frame.ravel() for frame in found if frame is not None]


@pytest.mark.parametrize("seed", range(60))
def test_frames_as_the_plain_walk_reads_them(tmp_path: Path, seed: int) -> None:
    sample = Sample(seed)
    with sample.open(tmp_path) as source:
        got = read(source, sample.numbers)
        assert len(got) == len(sample.expected)
        for mine, theirs in zip(got, sample.expected, strict=True):
            assert_bitwise(mine, theirs)
        astray = any(
            not np.array_equal(a, sample.whole[k - 1], equal_nan=True)
            for a, k in zip(sample.expected, sample.numbers, strict=False)
        )
        assert bool(source.warnings) >= astray
        assert all("records differ in length" in text for text in source.warnings)


def test_enough_samples_go_astray() -> None:
    samples = [Sample(seed) for seed in range(60)]
    astray = [
        s.newline
        for s in samples
        if any(
            not np.array_equal(a, s.whole[k - 1], equal_nan=True) for a, k in zip(s.expected, s.numbers, strict=False)
        )
    ]
    assert {None, True, False} == set(astray)
    assert 20 < len(astray) < 60


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_order_of_the_calls_does_not_matter(tmp_path: Path, seed: int) -> None:
    """Frames are processed on threads, which come in any order."""
    sample = Sample(seed)
    numbers = sample.numbers[: len(sample.expected)]
    for order in list(permutations(range(len(numbers))))[:24]:
        with sample.open(tmp_path) as source:
            for k in order:
                frame = source.read(numbers[k])
                assert frame is not None
                assert_bitwise(frame.ravel(), sample.expected[k])


def test_a_second_pass_reads_the_same(tmp_path: Path) -> None:
    sample = Sample(3)
    with sample.open(tmp_path) as source:
        first = read(source, sample.numbers)
        second = read(source, sample.numbers)
    for a, b in zip(first, second, strict=True):
        assert_bitwise(a, b)


def test_without_an_order_frames_are_found_by_walking(tmp_path: Path) -> None:
    sample = Sample(3)
    (tmp_path / "in.dat").write_bytes(sample.data)
    with open_source(str(tmp_path / "in.dat"), FieldSelection(format=1)) as source:
        for number in (4, 2, 3):
            frame, whole = source.read(number), sample.whole[number - 1]
            assert frame is not None
            assert whole is not None
            assert_bitwise(frame.ravel(), whole)
        assert source.warnings == []


@pytest.mark.parametrize("seed", [0, 1, 2, 6, 9, 13, 14, 21])
def test_beside_the_original(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    sample = Sample(seed)
    (tmp_path / "in.dat").write_bytes(sample.data)
    expected = wheel_run(tmp_path / "wheel", tmp_path / "in.dat", sample.answers)
    got = our_run(tmp_path / "ours", tmp_path / "in.dat", sample.answers)
    assert got == expected
