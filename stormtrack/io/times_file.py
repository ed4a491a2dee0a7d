"""Files of periods by which times of track points become frame numbers.

References
----------
Specification 01, section 11.5.3: a count, then lines ``start end offset`` (YYYYMMDDHH).
"""

from __future__ import annotations

from ..errors import TableError
from ..tracks.times import Period
from .text_tokens import read_bytes


def read_periods(path: str) -> list[Period]:
    """Periods of a file.

    Raises
    ------
    TableError
        If the file does not hold the numbers that it announces.
    """
    words = read_bytes(path).split()
    try:
        numbers = [int(w) for w in words]
        count = numbers[0]
        rows = [numbers[1 + 3 * i : 4 + 3 * i] for i in range(count)]
        return [Period(start=start, end=end, offset=offset) for start, end, offset in rows]
    except (ValueError, IndexError) as error:
        raise TableError(
            f"'{path}' is no table of periods: expected a count and as many lines 'start end offset'"
        ) from error
