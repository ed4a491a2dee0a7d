"""Levels: pressures in any unit are compared in hPa, so that 850 and 85000 both mean the level 850 hPa.

Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..arrays import F64
from ..errors import FieldError

_HPA = {
    **dict.fromkeys(("hpa", "mb", "mbar", "mbars", "millibar", "millibars", "hectopascal", "hectopascals"), 1.0),
    **dict.fromkeys(("pa", "pascal", "pascals"), 0.01),
    **dict.fromkeys(("kpa",), 10.0),
    **dict.fromkeys(("bar",), 1000.0),
}
"""Units of pressure (in lower case) in hPa."""
_REQUEST = re.compile(r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)\s*")
_CLOSE = 1.0e-5


def is_pressure(units: str) -> bool:
    """Whether units are those of a pressure."""
    return units.strip().lower() in _HPA


def in_hpa(values: F64, units: str) -> F64:
    """Pressures in hPa."""
    return values * _HPA[units.strip().lower()]


def shown(value: float, units: str) -> str:
    """A level for messages."""
    if is_pressure(units):
        return f"{float(in_hpa(np.array(float(value)), units)):g} hPa"
    return f"{value:g} {units}".strip()


def find_level(values: Sequence[float] | F64, units: str, wanted: float | str, where: str) -> int:
    """Index of the level wanted.

    Parameters
    ----------
    values : float, shape (n,)
        Levels in `units`.
    wanted : float or str
        A number, or a number with units (``'850 hPa'``).
    where : str
        For messages.

    Raises
    ------
    FieldError
        If there is no such level, or the number may mean two of them.
    """
    match = _REQUEST.fullmatch(str(wanted))
    if match is None:
        raise FieldError(f"{where}: level {wanted!r} is no number with or without units, such as 850 or '850 hPa'")
    number, said = float(match.group(1)), match.group(2).lower()
    levels = np.asarray(values, np.float64)
    if not is_pressure(units):
        if said and said != units.strip().lower():
            raise FieldError(f"{where}: level {wanted!r} is asked for, but the levels are in '{units or 'no units'}'")
        meanings = {number}
    else:
        levels = in_hpa(levels, units)
        meanings = {number * _HPA[said]} if said in _HPA else {number, number * 0.01}
        if said and said not in _HPA:
            raise FieldError(f"{where}: level {wanted!r} is asked for, but the levels are pressures ({units})")
    near = [int(k) for k in range(len(levels)) if any(_same(levels[k], meaning) for meaning in meanings)]
    listing = ", ".join(shown(float(v), units) for v in np.asarray(values, np.float64))
    if not near:
        raise FieldError(f"{where} has no level {wanted}; it has: {listing}. Choose by level=VALUE (--level VALUE)")
    if len({round(float(levels[k]), 6) for k in near}) > 1:
        both = " and ".join(f"{levels[k]:g} hPa" for k in near)
        raise FieldError(
            f"{where}: level {wanted} may mean {both}; say which: level='{number:g} hPa' or '{number:g} Pa'"
        )
    return near[0]


def _same(a: float, b: float) -> bool:
    return bool(abs(a - b) <= _CLOSE * max(abs(a), abs(b)))
