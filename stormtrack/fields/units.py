"""Units that contradict the quantity that a file says it holds.

References
----------
CF standard name table (canonical units). Parity: not applicable.
"""

from __future__ import annotations

import re
from typing import Any

from .coordinates import attribute

_SPELLINGS = {
    "a pressure": "pa hpa mb mbar millibar millibars kpa bar pascal pascals",
    "a temperature": "k degc degreesc celsius degrees_celsius degree_celsius kelvin degk degf",
    "a speed": "ms-1 m/s m*s-1 metrespersecond knots kt km/h kmh-1 mpersec",
    "a rate (per time)": "s-1 1/s persecond sec-1 1/sec 1e-5s-1 10-5s-1",
    "a geopotential": "m2s-2 m2/s2",
    "a length": "m gpm km metre metres meter meters dam gpdm",
    "a fraction": "% kgkg-1 kg/kg 1 g/kg gkg-1",
}
_KIND_OF_UNITS = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_KIND_OF_NAME = (
    (r".*air_pressure.*|.*pressure_at_mean_sea_level|air_pressure", "a pressure"),
    (r"(air|sea_surface|surface|dew_point|air_potential)_temperature", "a temperature"),
    (r"(eastward|northward|x|y)_wind|wind_speed(_of_gust)?", "a speed"),
    (r"atmosphere_(relative|absolute)_vorticity|divergence_of_wind", "a rate (per time)"),
    (r"geopotential", "a geopotential"),
    (r"geopotential_height|height", "a length"),
)


def kind_of_units(units: str) -> str:
    """What kind of quantity units measure; empty if they are not known."""
    plain = re.sub(r"[\s.]|\*\*|\^", "", units).lower()
    return _KIND_OF_UNITS.get(plain, "")


def contradiction(variable: Any, where: str) -> str:
    """A sentence about units that cannot be those of the quantity named; empty if nothing is wrong."""
    name, units = attribute(variable, "standard_name"), attribute(variable, "units")
    wanted = next((kind for pattern, kind in _KIND_OF_NAME if re.fullmatch(pattern, name)), "")
    found = kind_of_units(units)
    if not wanted or not found or found == wanted:
        return ""
    return (
        f"{where}: its units '{units}' measure {found}, but its standard_name '{name}' is {wanted}: one of them is "
        "wrong; thresholds are taken in the units of the values"
    )
