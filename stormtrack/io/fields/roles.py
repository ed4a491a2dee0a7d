"""Which dimension of a NetCDF variable is time, level, latitude, longitude or additional, by TRACK's rules.

References
----------
Specification 01, section 7.1. Parity: same choice as the original.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ...errors import FieldError

_BY_POSITION = {
    2: ("latitude", "longitude"),
    3: ("time", "latitude", "longitude"),
    4: ("time", "level", "latitude", "longitude"),
    5: ("additional", "time", "level", "latitude", "longitude"),
}
_PARTS = {
    "time": ("TIM", "Tim", "tim"),
    "level": ("LEV", "Lev", "lev", "PRESSURE", "Pressure", "pressure"),
    "latitude": ("LAT", "Lat", "lat", "y", "Y"),
    "longitude": ("LON", "Lon", "lon", "x", "X"),
}
_MAP_LETTERS = {"latitude": ("y", "Y"), "longitude": ("x", "X")}


@dataclass(slots=True)
class Roles:
    """Axis of every role (None: unresolved), and the coordinates found.

    Attributes
    ----------
    axes : dict
        Role to axis.
    coordinates : dict
        Role to the name of its coordinate variable; kept when a later rule moves the role to another axis.
    mapped : bool
        Axes named x or y: the grid is not one of longitudes and latitudes.
    """

    axes: dict[str, int] = field(default_factory=dict)
    coordinates: dict[str, str] = field(default_factory=dict)
    mapped: bool = False

    def resolve(self, role: str, axis: int, name: str) -> None:
        self.axes[role], self.coordinates[role] = axis, name


def _role_by_name(name: str, roles: Roles) -> str | None:
    """First test that a dimension's name passes among the roles still unresolved."""
    for role, parts in _PARTS.items():
        if role in roles.coordinates:
            continue
        if any(part in name for part in parts) or (role == "time" and name[:1] in ("t", "T")):
            return role
    return None


def _detect(dimensions: Sequence[str], variables: Collection[str], roles: Roles) -> None:
    for axis, name in enumerate(dimensions):
        role = _role_by_name(name, roles)
        if role is not None and any(letter in name for letter in _MAP_LETTERS.get(role, ())):
            roles.mapped = True
        if role is not None and name in variables:
            roles.resolve(role, axis, name)
            continue
        if "additional" in roles.coordinates:
            raise FieldError(
                f"dimension '{name}' has no place: '{roles.coordinates['additional']}' already is the additional "
                f"dimension (dimensions {', '.join(dimensions)}). Answer 'y' to the question for COARDS dimensions, "
                "or 'n' if a dimension has no coordinate variable"
            )
        if name in variables:
            roles.resolve("additional", axis, name)


def _settle(roles: Roles, n: int) -> None:
    """Axes that are fixed whatever was detected, while time or level is unresolved."""
    if "time" in roles.coordinates and "level" in roles.coordinates:
        return
    if n == 5:
        roles.axes |= {"additional": 0, "time": 1, "level": 2}
    elif n == 4:
        roles.axes |= {"additional": 0, "time": 1} if "additional" in roles.coordinates else {"time": 0, "level": 1}
    elif n == 3:
        roles.axes |= {"time": 0}


def dimension_roles(dimensions: Sequence[str], variables: Collection[str], *, coards: bool) -> Roles:
    """Roles of a variable's dimensions.

    Parameters
    ----------
    dimensions : sequence of str
        Names in the order of the variable.
    variables : collection of str
        Names of all variables of the file.
    coards : bool
        The order is (additional,) (time,) (level,) latitude, longitude.

    Raises
    ------
    FieldError
        If the number of dimensions is not 2 to 5, two dimensions are additional, or latitude or longitude is
        unresolved or not among the last two dimensions, latitude first.
    """
    n = len(dimensions)
    shown = f"dimensions ({', '.join(dimensions)})"
    if n not in _BY_POSITION:
        raise FieldError(f"a field with {n} {shown} cannot be read; it must have 2 to 5")
    roles = Roles()
    if coards:
        for axis, (role, name) in enumerate(zip(_BY_POSITION[n], dimensions, strict=True)):
            if name in variables:
                roles.resolve(role, axis, name)
    if len(roles.coordinates) < n:
        _detect(dimensions, variables, roles)
        _settle(roles, n)
    for role in ("latitude", "longitude"):
        if role not in roles.coordinates:
            raise FieldError(
                f"no {role} among the {shown}: looked for a dimension with a coordinate variable whose name contains "
                f"{', '.join(_PARTS[role])}. Rename it, or answer 'y' to the question for COARDS dimensions"
            )
    if (roles.axes["latitude"], roles.axes["longitude"]) != (n - 2, n - 1):
        raise FieldError(
            f"latitude and longitude must be the last two of the {shown}, in this order; reorder the file "
            "(for example with ncpdq -a)"
        )
    return roles
