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
_OTHER_ANSWER = {
    False: "answer y to the question for COARDS dimensions (nc.coards) if their order is (additional, time, level,) "
    "latitude, longitude and each has a coordinate variable",
    True: "answer n to the question for COARDS dimensions (nc.coards), which does without coordinate variables of time "
    "and level",
}
"""What to try, by the answer given."""
_SHOWN = {role: f"the {role}" for role in ("time", "level", "latitude", "longitude")}
_SHOWN["additional"] = "an additional dimension"


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
    reasons : dict
        Axis to what its dimension was taken for and why, in words.
    remedy : str
        Which other answer may help.
    """

    axes: dict[str, int] = field(default_factory=dict)
    coordinates: dict[str, str] = field(default_factory=dict)
    mapped: bool = False
    reasons: dict[int, str] = field(default_factory=dict)
    remedy: str = _OTHER_ANSWER[False]

    def resolve(self, role: str, axis: int, name: str, reason: str) -> None:
        self.axes[role], self.coordinates[role] = axis, name
        self.reasons[axis] = f"'{name}' was taken for {_SHOWN[role]} ({reason})"

    def explained(self) -> str:
        """What every dimension was taken for, and why."""
        return "; ".join(self.reasons[axis] for axis in sorted(self.reasons))


def _role_by_name(name: str, roles: Roles) -> tuple[str, str] | None:
    """First test that a dimension's name passes among the roles still unresolved: the role, and why."""
    for role, parts in _PARTS.items():
        if role in roles.coordinates:
            continue
        part = next((part for part in parts if part in name), None)
        if part is not None:
            return role, f"its name contains '{part}'"
        if role == "time" and name[:1] in ("t", "T"):
            return role, f"its name begins with '{name[0]}'"
    return None


def _detect(dimensions: Sequence[str], variables: Collection[str], roles: Roles) -> None:
    for axis, name in enumerate(dimensions):
        role, reason = _role_by_name(name, roles) or (None, "")
        if role is not None and any(letter in name for letter in _MAP_LETTERS.get(role, ())):
            roles.mapped = True
        if role is not None and name in variables:
            roles.resolve(role, axis, name, reason)
            continue
        if "additional" in roles.coordinates:
            raise FieldError(
                f"dimension '{name}' has no place among the dimensions ({', '.join(dimensions)}): {roles.explained()}. "
                f"Rename or cut out '{roles.coordinates['additional']}' or '{name}', or {roles.remedy}"
            )
        if name in variables:
            roles.resolve("additional", axis, name, "no rule for names fits a role that is still free")
        else:
            roles.reasons[axis] = f"'{name}' has no coordinate variable"


def _settle(roles: Roles, n: int) -> None:
    """Axes that are fixed whatever was detected, while time or level is unresolved."""
    if "time" in roles.coordinates and "level" in roles.coordinates:
        return
    fixed: dict[str, int] = {}
    if n == 5:
        fixed = {"additional": 0, "time": 1, "level": 2}
    elif n == 4:
        fixed = {"additional": 0, "time": 1} if "additional" in roles.coordinates else {"time": 0, "level": 1}
    elif n == 3:
        fixed = {"time": 0}
    roles.axes |= fixed


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
    roles = Roles(remedy=_OTHER_ANSWER[coards])
    if coards:
        for axis, (role, name) in enumerate(zip(_BY_POSITION[n], dimensions, strict=True)):
            if name in variables:
                roles.resolve(role, axis, name, "its place in the COARDS order")
    if len(roles.coordinates) < n:
        _detect(dimensions, variables, roles)
        _settle(roles, n)
    for role in ("latitude", "longitude"):
        if role not in roles.coordinates:
            raise FieldError(
                f"no {role} among the {shown}: {roles.explained()}. Looked for a dimension with a coordinate variable "
                f"of its name, which contains one of {', '.join(_PARTS[role])}. Rename it, or {roles.remedy}"
            )
    if (roles.axes["latitude"], roles.axes["longitude"]) != (n - 2, n - 1):
        raise _wrong_places(dimensions, roles)
    return roles


def _wrong_places(dimensions: Sequence[str], roles: Roles) -> FieldError:
    """Latitude and longitude do not end the dimensions: the file's order, or a name that misleads the rules."""
    shown = f"dimensions ({', '.join(dimensions)})"
    misled = [
        name
        for role in ("latitude", "longitude")
        if (name := roles.coordinates[role]) not in dimensions[-2:]
        and not any(part in name for part in _PARTS[role][:3])
    ]
    if misled:
        names = " and ".join(f"'{name}'" for name in misled)
        return FieldError(
            f"of the {shown} the last two are not the latitude and the longitude: {roles.explained()}. "
            f"Rename or cut out {names}, or {roles.remedy}"
        )
    return FieldError(
        f"latitude and longitude must be the last two of the {shown}, in this order: {roles.explained()}. Reorder the "
        "file (for example with ncpdq -a)"
    )
