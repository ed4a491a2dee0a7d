"""Missing frames from the times that the records carry.

References
----------
Specification 02, section 4 (missing frames); 04, section 12 (`new_time`). Parity: bitwise (counts).
"""

from __future__ import annotations

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def hours_of(time: int) -> int:
    """Hours since year 0 of an integer time YYYYMMDDHH; every fourth year is a leap year."""
    rest, hour = divmod(time, 100)
    rest, day = divmod(rest, 100)
    year, month = divmod(rest, 100)
    leap = 1 if year % 4 == 0 else 0
    days = 365 * year + (year + 3) // 4 + sum(_DAYS[: month - 1]) + (leap if month > 2 else 0) + day - 1
    return 24 * days + hour


def missing_between(earlier: int, later: int, step_hours: int) -> int:
    """Number of frames absent between two times: steps from the earlier that stay strictly below the later."""
    if step_hours <= 0:
        return 0
    return max(0, -((hours_of(earlier) - hours_of(later)) // step_hours) - 1)
