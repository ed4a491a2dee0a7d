"""The table of the benchmark of the one command: ratios of whole processes and of further frames."""

from __future__ import annotations

from benchmarks.measure import Usage
from benchmarks.one_command import Pair, table


def pair(frames: int, reading: float, tracking: float, peak: float) -> Pair:
    return Pair(
        frames=frames,
        reading=Usage(cpu=reading, wall=reading, peak_mib=100.0),
        tracking=Usage(cpu=tracking, wall=tracking, peak_mib=peak),
    )


def test_table() -> None:
    text = table(pair(40, 1.0, 2.0, 300.0), pair(400, 10.0, 12.8, 306.0))
    assert "| 400 | 10.00 | 12.80 | 1.28 | 306 |" in text
    assert "of each further frame 1.20" in text and "1.5 / 1.2: reached" in text and "1.020 times" in text


def test_what_is_missed_is_said() -> None:
    text = table(pair(40, 1.0, 2.0, 300.0), pair(400, 10.0, 16.0, 330.0))
    assert text.count("not reached") == 2
