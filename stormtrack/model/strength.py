"""Which of the values of tracks says how strong storms are, and which way."""

from __future__ import annotations

import re

import numpy as np

from ..arrays import F32, F64
from .tracks import TrackSet
from .variables import INTENSITY, Variable

_NO_INTENSITIES = {"i", "j", "index", "year", "month", "day", "hour", "season", "number", "zs", "landfall", "dist2land"}
"""Columns of tables that say where or when, not how strong."""
_PLACES = re.compile(r"(^|_)(lon|lat|longitude|latitude)(_|\d|$)", re.IGNORECASE)
_LIKELY_PRESSURES = ((850.0, 1100.0), (85000.0, 110000.0))
"""Values that are pressures at sea level if nothing says what they are: hPa, Pa."""
_PRESSURES = {"pa", "hpa", "mb", "mbar", "millibar", "millibars"}
_PRESSURE_NAMES = {"msl", "mslp", "psl", "slp", "pres", "pressure", "wmo_pres", "usa_pres", "central_pressure"}


def intensity(data: TrackSet) -> Variable:
    """The variable that says how strong a storm is: the first that has values and is no place, number or date.

    A set without any has an intensity that is nowhere known (NaN).
    """
    if not data.variables:
        return Variable(name=INTENSITY, values=data.intensity)
    return next((v for v in data.variables if _may_be_intensity(v) and _known(v).size), data.variables[0])


def _may_be_intensity(variable: Variable) -> bool:
    return not (
        variable.name.lower() in _NO_INTENSITIES
        or variable.units.lower().startswith("degree")
        or _PLACES.search(variable.name)
    )


def _known(variable: Variable) -> F32:
    values = defined(variable.values, variable.missing_value)
    return values[np.isfinite(values)]


def defined(values: F32, missing: float | None) -> F32:
    """The values (or positions) with NaN where they are missing."""
    if missing is None:
        return values
    gone = values == np.float32(missing)
    return np.where(gone, np.float32(np.nan), values) if gone.any() else values


def lowest_is_strongest(variable: Variable) -> bool:
    """Whether low values are strong ones: pressures (by units, name or range), and values that are nowhere positive."""
    if variable.units.strip().lower() in _PRESSURES or variable.name.lower() in _PRESSURE_NAMES:
        return True
    values = _known(variable)
    if not len(values):
        return False
    low, high = float(values.min()), float(values.max())
    likely = not variable.units and any(a <= low and high <= b for a, b in _LIKELY_PRESSURES)
    return likely or (high <= 0 and low < 0)


def strengths(variable: Variable) -> F64:
    """How strong each point is: float64, shape (n_points,), larger for stronger ones; -inf where no value is known."""
    values = defined(variable.values, variable.missing_value).astype(np.float64)
    strength = -values if lowest_is_strongest(variable) else values
    return np.where(np.isfinite(strength), strength, -np.inf)
