"""What a NetCDF file says about its grid, times and packing beyond what TRACK reads.

References
----------
CF conventions 1.11: coordinate types, grid mappings, packed data, calendars. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..frame_times import FrameTimes

_HORIZONTAL = {
    "latitude": ("latitude", "lat", ("degrees_north", "degree_north", "degrees_n")),
    "longitude": ("longitude", "lon", ("degrees_east", "degree_east", "degrees_e")),
}
_ROTATED = "rotated_latitude_longitude"
_ROTATED_AXES = ("grid_latitude", "grid_longitude")
_USUAL_CALENDARS = ("standard", "gregorian", "proleptic_gregorian")


def text(variable: Any, name: str) -> str:
    """A text attribute; empty if there is none or it is no text."""
    value = variable.getncattr(name) if name in variable.ncattrs() else ""
    return value if isinstance(value, str) else ""


def _coordinates_of(dataset: Any, role: str) -> list[Any]:
    """Variables that give latitudes or longitudes, by standard name, units or name."""
    standard, part, units = _HORIZONTAL[role]
    return [
        variable
        for name, variable in dataset.variables.items()
        if text(variable, "standard_name") == standard
        or text(variable, "units").lower() in units
        or part in name.lower()
    ]


def grid_hint(dataset: Any, variable: Any) -> str:
    """Why no grid of longitudes and latitudes was found, by what other coordinates the file has; empty: unknown."""
    axes = variable.dimensions
    pairs = [(y, x) for y in _coordinates_of(dataset, "latitude") for x in _coordinates_of(dataset, "longitude")]
    for y, x in pairs:
        if y.ndim == 1 and x.dimensions == y.dimensions and y.dimensions[0] in axes:
            return (
                f"The field has one horizontal dimension, '{y.dimensions[0]}', with {y.name} and {x.name} along it: an "
                "unstructured, reduced Gaussian or HEALPix grid. TRACK needs rows and columns: interpolate to a "
                "regular or Gaussian grid of longitudes and latitudes first (for example by cdo remapbil)"
            )
    for y, x in pairs:
        if y.ndim == 2 and x.dimensions == y.dimensions and set(y.dimensions) <= set(axes):
            return (
                f"Its latitudes and longitudes are two-dimensional ({y.name} and {x.name} along "
                f"{', '.join(y.dimensions)}): a curvilinear grid. Interpolate to longitudes and latitudes first (for "
                "example by cdo remapbil)"
            )
    for y, x in pairs:
        lost = [v for v in (y, x) if v.ndim == 1 and v.dimensions[0] in axes and v.name != v.dimensions[0]]
        if lost and y.ndim == x.ndim == 1 and y.dimensions != x.dimensions:
            named = " and ".join(f"'{v.name}' to '{v.dimensions[0]}'" for v in lost)
            return (
                "A coordinate variable needs the name of its dimension: rename the variable "
                f"{named} (for example by ncrename -v {','.join((lost[0].name, lost[0].dimensions[0]))})"
            )
    return ""


def rotated_pole(dataset: Any, variable: Any, axes: Sequence[str]) -> tuple[bool, tuple[float, float] | None]:
    """Whether the grid is a rotated one, and its pole (latitude, longitude) if the file tells it."""
    mapping = dataset.variables.get(text(variable, "grid_mapping").partition(":")[0].split(" ")[0])
    if mapping is not None and text(mapping, "grid_mapping_name") == _ROTATED:
        try:
            pole = tuple(
                float(np.atleast_1d(mapping.getncattr(f"grid_north_pole_{name}"))[0])
                for name in ("latitude", "longitude")
            )
        except (AttributeError, ValueError, IndexError):
            return True, None
        return True, (pole[0], pole[1])
    names = [text(dataset.variables[name], "standard_name") for name in axes if name in dataset.variables]
    return any(name in _ROTATED_AXES for name in names), None


def times_of(coordinate: Any, length: int) -> FrameTimes | None:
    """Times of the frames by a time coordinate; None if it holds no numbers."""
    kind = coordinate.dtype
    if not isinstance(kind, np.dtype) or kind.kind not in "iuf" or coordinate.shape != (length,):
        return None
    values = np.asarray(coordinate[:]).astype(np.float64)
    largest = float(np.abs(values).max(initial=0.0))
    accuracy = float(np.spacing(kind.type(largest))) if kind.kind == "f" and np.isfinite(largest) else 0.0
    units, calendar = text(coordinate, "units"), text(coordinate, "calendar") or "standard"
    unit, since, _ = units.partition(" since ")
    return FrameTimes(
        values=values,
        unit=unit if units else "units of the file",
        show=lambda value: _shown(value, units if since else "", calendar),
        accuracy=accuracy,
    )


def _shown(value: float, units: str, calendar: str) -> str:
    """A time as a date where the units tell one, else as it stands in the file."""
    if units:
        import cftime

        try:
            return str(cftime.num2date(value, units, calendar).isoformat(" ", "minutes"))
        except (ValueError, OverflowError, TypeError):
            pass
    return f"time {value:g}"


def ignored_metadata(dataset: Any, variable: Any, coordinates: dict[str, str]) -> list[str]:
    """What the file says about the values read, and TRACK takes no notice of: one sentence each.

    Parameters
    ----------
    coordinates : dict
        Role to the name of its coordinate variable.
    """
    found = []
    named = {role: dataset.variables[name] for role, name in coordinates.items()}
    for what, one in [("field", variable), *((f"{role} coordinate", v) for role, v in named.items())]:
        if text(one, "_Unsigned").lower() == "true":
            found.append(f"the {what} '{one.name}' is marked _Unsigned: TRACK reads its values with a sign")
    for role in ("level", "additional"):
        packing = [n for n in ("scale_factor", "add_offset") if role in named and n in named[role].ncattrs()]
        if packing:
            found.append(
                f"{' and '.join(packing)} of the {role} coordinate '{named[role].name}' are not applied: choose its "
                "entry by the value as stored"
            )
    for role in ("latitude", "longitude"):
        units = text(named[role], "units") if role in named else ""
        if units.lower().startswith("radian"):
            found.append(f"the {role} coordinate '{named[role].name}' is in {units}: TRACK takes it for degrees")
    calendar = text(named["time"], "calendar").lower() if "time" in named else ""
    if calendar and calendar not in _USUAL_CALENDARS:
        found.append(
            f"the calendar '{calendar}' of '{named['time'].name}' is not used: tracks hold frame numbers, and where "
            "dates are asked for TRACK counts with leap years"
        )
    return found
