"""When dates of two calendars are the same days."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.model.dates import REFORM, same_days
from stormtrack.model.times import NO_TIME


@pytest.mark.parametrize(
    ("one", "other", "seconds", "expected"),
    [
        ("360_day", "360_day", [0], True),
        ("360_day", "noleap", [0], False),
        ("standard", "proleptic_gregorian", [REFORM, 0, NO_TIME], True),
        ("proleptic_gregorian", "standard", [REFORM - 1, 0], False),
        ("standard", "standard", [REFORM - 1], True),
        ("standard", "julian", [0], False),
        ("standard", "proleptic_gregorian", [], True),
    ],
)
def test_same_days(one: str, other: str, seconds: list[int], expected: bool) -> None:
    assert same_days(one, other, np.array(seconds, np.int64)) is expected
