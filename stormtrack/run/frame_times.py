"""Missing frames from the times that the records carry.

References
----------
Specification 02, section 4 (missing frames); 04, section 12 (`new_time`). Parity: bitwise (counts).
"""

from __future__ import annotations

from ..calendar import hours


def missing_between(earlier: int, later: int, step_hours: int) -> int:
    """Number of frames absent between two times: steps from the earlier that stay strictly below the later."""
    if step_hours <= 0:
        return 0
    return max(0, -((hours(earlier) - hours(later)) // step_hours) - 1)
