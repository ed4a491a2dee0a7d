"""What a NetCDF file says about the field selected, for files written in its image.

References
----------
Specification 05, section 1.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import F32, F64
from ...errors import NotSupportedError
from ...formats.fields.netcdf_frames import FieldDescription
from .attributes import number_attribute
from .roles import Roles


def describe(
    dataset: Any, variable: Any, roles: Roles, index: Mapping[str, int], lat: F32, lon: F32
) -> FieldDescription:
    """Description of a variable at the chosen level.

    Raises
    ------
    NotSupportedError
        For a variable without times, or with an axis besides time, level, latitude and longitude.
    """
    names, axes = variable.dimensions, roles.axes
    if "additional" in axes or "time" not in axes:
        raise NotSupportedError(
            f"'{variable.name}' has the dimensions {', '.join(names)}; frames of a field over time, "
            "with or without a level, can be written (specification 05, section 1.7)"
        )
    level = None
    if "level" in axes:
        name = roles.coordinates.get("level", names[axes["level"]])
        value = np.float32(dataset.variables[name][index["level"]]) if name in dataset.variables else np.float32(0.0)
        level = (names[axes["level"]], value)
    times, units = _times(dataset, variable, roles)
    return FieldDescription(
        time=names[axes["time"]],
        latitude=names[axes["latitude"]],
        longitude=names[axes["longitude"]],
        variable=variable.name,
        lat=lat,
        lon=lon,
        times=times,
        time_units=units,
        long_name=_text(variable, "long_name") or "",
        units=_text(variable, "units") or "",
        level=level,
        missing=_missing(variable),
    )


def _times(dataset: Any, variable: Any, roles: Roles) -> tuple[F64, str | None]:
    length = variable.shape[roles.axes["time"]]
    name = roles.coordinates.get("time")
    if name is None:
        return np.arange(1, length + 1, dtype=np.float64), None
    coordinate = dataset.variables[name]
    return np.asarray(coordinate[:length]).astype(np.float64), _text(coordinate, "units")


def _text(variable: Any, name: str) -> str | None:
    value = variable.getncattr(name) if name in variable.ncattrs() else None
    return value if isinstance(value, str) else None


def _missing(variable: Any) -> np.float32 | None:
    notes: list[str] = []
    value = number_attribute(variable, "missing_value", notes)
    return number_attribute(variable, "_FillValue", notes) if value is None else value
