"""Named values of features and track points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I64, Mask

INTENSITY = "intensity"
SHAPE = ("anisotropy", "orientation_x", "orientation_y", "area")
"""Names of the shape attributes, in the order in which TRACK's files have them."""
SPEED = "speed"
"""First value of velocity tracks (phase speeds), in place of the intensity."""
VELOCITY = ("growth_rate", "tendency", "velocity_x", "velocity_y")
"""Further values of velocity tracks, in the order of TRACK's files."""
WEIGHT = "weight"
MISSING_VALUE = np.float32(1.0e25)
"""TRACK's value of an added field, or position, that is not defined."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variable:
    """One value of every feature or track point.

    Attributes
    ----------
    name : str
    values : float32, shape (n,)
    units : str
        Of the values; empty: not stated.
    lon, lat : float32, shape (n,), optional
        Where each value was found, if not at the feature itself (degrees).
    missing_value : float, optional
        Stands for a value (or position) that is not defined.
    """

    name: str
    values: F32
    units: str = ""
    lon: F32 | None = None
    lat: F32 | None = None
    missing_value: float | None = None

    @property
    def has_position(self) -> bool:
        """Whether the values have positions of their own."""
        return self.lon is not None

    def take(self, which: I64 | Mask | slice) -> Variable:
        """The values of some features or points."""
        lon = None if self.lon is None else self.lon[which]
        lat = None if self.lat is None else self.lat[which]
        return replace(self, values=self.values[which], lon=lon, lat=lat)

    def like(self, other: Variable) -> bool:
        """Whether both say the same kind of value, so that their values can be put together."""
        return (self.name, self.units, self.has_position) == (other.name, other.units, other.has_position)


def added_name(number: int) -> str:
    """Name of an added field of which only the number (1-based) is known."""
    return f"added_{number}"


def added_fields(variables: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """The variables that are added fields: all behind the first but shape attributes, velocities and weights."""
    others = {*SHAPE, *VELOCITY, WEIGHT}
    return tuple(v for v in variables[1:] if v.name not in others)


def columns(variable: Variable) -> list[F32]:
    """The values of a variable as columns; longitude and latitude come first if it has its own positions."""
    if variable.lon is None or variable.lat is None:
        return [variable.values]
    return [variable.lon, variable.lat, variable.values]


def added_from_columns(table: F32, has_position: tuple[bool, ...]) -> list[Variable]:
    """Added fields, of which only the numbers are known, from a table (float32, shape (n, n_values)) of columns.

    `has_position` tells which fields have longitude and latitude before their value.
    """
    found: list[Variable] = []
    at = 0
    for number, placed in enumerate(has_position, 1):
        at += 3 if placed else 1
        lon, lat = (np.ascontiguousarray(table[:, at - k]) if placed else None for k in (3, 2))
        values = np.ascontiguousarray(table[:, at - 1])
        name, missing = added_name(number), float(MISSING_VALUE)
        found.append(Variable(name=name, values=values, lon=lon, lat=lat, missing_value=missing))
    return found


def joined(variables: Iterable[Variable]) -> Variable:
    """Values of the same kind one after another."""
    parts = list(variables)
    first = parts[0]
    lon = lat = None
    if first.has_position:
        lon = np.concatenate([p.lon for p in parts if p.lon is not None])
        lat = np.concatenate([p.lat for p in parts if p.lat is not None])
    return replace(first, values=np.concatenate([p.values for p in parts]), lon=lon, lat=lat)
