"""Period files: which stretch of frames a time belongs to.

References
----------
Specification 01, section 11.5.3.
"""

from __future__ import annotations

from os import PathLike

from ..tracks.times import Period
from .text_tokens import HeaderLines, read_bytes


def parse_periods(data: bytes, name: str = "period file") -> list[Period]:
    """Periods from the bytes of a file: a count, then a line ``start end offset`` (YYYYMMDDHH, frames) for each.

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    lines = HeaderLines(data, name)
    count = lines.integers(lines.take("the number of periods"), 1, "the number of periods")[0]
    periods: list[Period] = []
    for _ in range(count):
        text = lines.take("a period 'start end offset'")
        words = text.split()
        if len(words) < 3 or not all(w.isascii() and w.isdigit() and len(w) < 12 for w in words[:3]):
            raise lines.error(f"cannot read a period 'start end offset' from {text.strip()[:60]!r}")
        periods.append(Period(start=int(words[0]), end=int(words[1]), offset=int(words[2])))
    return periods


def read_periods(path: str | PathLike[str]) -> list[Period]:
    """Read a period file; see `parse_periods`."""
    return parse_periods(read_bytes(path), str(path))
