"""Units of the few quantities that thresholds are about.

Parity: not applicable.
"""

from __future__ import annotations

import re

from ..errors import TracksError

VORTICITY, SPEED, PRESSURE, LENGTH, PLAIN = "s-1", "m s-1", "Pa", "m", "1"
"""What is counted in which unit."""
_PER_SECOND = re.compile(r"(?:(?:1e|10\^|10\*\*|10)([+-]\d+)\s*\*?\s*)?(?:1?/s|s\^?-1|s\*\*-1)", re.IGNORECASE)
_SPEEDS = {"m s-1": 1.0, "m/s": 1.0, "m s**-1": 1.0, "m s^-1": 1.0, "ms-1": 1.0, "km h-1": 1 / 3.6, "km/h": 1 / 3.6}
KNOT = 1852.0 / 3600.0
_FACTORS = {
    SPEED: _SPEEDS | dict.fromkeys(("kt", "kts", "knot", "knots"), KNOT),
    PRESSURE: {"pa": 1.0} | dict.fromkeys(("hpa", "mb", "mbar", "millibar", "millibars"), 100.0),
    LENGTH: {"m": 1.0, "gpm": 1.0, "metres": 1.0, "meters": 1.0, "km": 1000.0},
    PLAIN: {"1": 1.0, "": 1.0},
}


def is_vorticity(units: str) -> bool:
    """Whether units are those of a vorticity."""
    return _PER_SECOND.fullmatch(units.strip()) is not None


def factor(units: str, wanted: str, what: str) -> float:
    """What values in `units` are multiplied by to be in one of the units above.

    Raises
    ------
    TracksError
        If they cannot be.
    """
    text = units.strip()
    found = _PER_SECOND.fullmatch(text) if wanted == VORTICITY else None
    if found is not None:
        return 10.0 ** int(found.group(1) or 0)
    known = _FACTORS.get(wanted, {})
    if text.lower() in known:
        return known[text.lower()]
    said = f"is in '{text}'" if text else "has no units"
    example = {VORTICITY: "1e-5 s-1", SPEED: "m s-1, kt", PRESSURE: "Pa, hPa", LENGTH: "m"}.get(wanted, "1")
    raise TracksError(
        f"{what} {said}, needed is something like {example}; say it: units={{NAME: '...'}}, --units NAME=..."
    )
