"""Which coordinate is what: by CF attributes first, then by common names, never by position.

Everything that decides stands in two tables, `_BY_ATTRIBUTE` and `_BY_NAME`; `Axis.because` says which row matched.

References
----------
CF conventions 1.11, chapters 4 and 5. Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import FieldError

LAT, LON, GRID_LAT, GRID_LON, Y, X = "latitude", "longitude", "rotated latitude", "rotated longitude", "y", "x"
TIME, START, STEP, MEMBER, LEVEL, VERSION = "time", "forecast start", "forecast step", "member", "level", "version"
OTHER = "other"
_LEVEL_NAMES = (
    "air_pressure height altitude depth geopotential_height model_level_number atmosphere_sigma_coordinate "
    "atmosphere_hybrid_sigma_pressure_coordinate atmosphere_hybrid_height_coordinate air_potential_temperature "
    "atmosphere_sleve_coordinate atmosphere_ln_pressure_coordinate height_above_mean_sea_level "
    "ertel_potential_vorticity"
)
_BY_ATTRIBUTE: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "standard_name",
        {
            "latitude": LAT,
            "longitude": LON,
            "grid_latitude": GRID_LAT,
            "grid_longitude": GRID_LON,
            "projection_y_coordinate": Y,
            "projection_x_coordinate": X,
            "time": TIME,
            "forecast_reference_time": START,
            "forecast_period": STEP,
            "realization": MEMBER,
            **dict.fromkeys(_LEVEL_NAMES.split(), LEVEL),
        },
    ),
    (
        "units",
        {
            **dict.fromkeys(("degrees_north", "degree_north", "degrees_n", "degree_n", "degreen", "degreesn"), LAT),
            **dict.fromkeys(("degrees_east", "degree_east", "degrees_e", "degree_e", "degreee", "degreese"), LON),
            **dict.fromkeys(("hpa", "pa", "mb", "mbar", "millibar", "millibars", "kpa", "hectopascal"), LEVEL),
        },
    ),
    ("axis", {"t": TIME, "z": LEVEL, "e": MEMBER}),
    ("_CoordinateAxisType", {"lat": LAT, "lon": LON, "time": TIME, "pressure": LEVEL, "ensemble": MEMBER}),
)
"""Attribute, and what its values (in lower case) mean."""
_SINCE = re.compile(r"\bsince\b|^(?:day|month|year|hour)s? as %Y", re.IGNORECASE)
_BY_NAME: tuple[tuple[str, str], ...] = (
    (LAT, r"lat|latitudes?|nav_lat|xlat(_[muv])?|g0_lat_\d+|lat_\d+|latitude_\d+|tlat|grid_center_lat|clat|rows?lat"),
    (LON, r"lon|long|longitudes?|nav_lon|xlong?(_[muv])?|g0_lon_\d+|lon_\d+|longitude_\d+|tlon|grid_center_lon|clon"),
    (GRID_LAT, r"rlat|grid_lat|grid_latitude|rotated_lat(itude)?"),
    (GRID_LON, r"rlon|grid_lon|grid_longitude|rotated_lon(gitude)?"),
    (START, r"forecast_reference_time|reftime|reference_time|init(ial)?_?time|initialization|forecast_start"),
    (STEP, r"step|leadtime|lead_time|forecast_period|fhour|lead|forecast_hour|prediction_timedelta"),
    (
        TIME,
        r"valid_time|time|times|t|xtime|valtime|time_counter|time_centered|initial_time\d*_hours|date|datetime|"
        r"timestep|time_?\d+|frame|tim|day",
    ),
    (MEMBER, r"number|member|members|ens|ensemble|ensemble_member|realization|realisation|ens_?mem|mem|variant"),
    (
        LEVEL,
        r"level|levels|lev|lev_?\d+|plev\d*|plevel|plvl|pressure|pressure_level|pressure_levels|isobaricinh?pa|"
        r"isobaric\d*|height|heightaboveground|heightabovesea|hybrid|model_?level|lv_isbl\d+|lev_p|p|alt(itude)?|"
        r"potentialvorticity|theta|depth|z|pfull|air_pressure|bottom_top",
    ),
    (VERSION, r"expver"),
    (Y, r"y|south_north|nj|j|yc"),
    (X, r"x|west_east|ni|i|xc"),
)
"""Role, and names (in lower case) that mean it where no attribute says anything."""
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _BY_NAME)
_PREFERENCE = (LAT, LON, GRID_LAT, GRID_LON, TIME, MEMBER, VERSION, LEVEL, START, STEP, Y, X)
"""Of the coordinates of one dimension, the role that counts."""
_LENGTH_UNITS = {"m", "km", "metre", "metres", "meter", "meters", "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What a dimension of a field is.

    Attributes
    ----------
    dim : str
    role : str
        One of the roles above.
    coordinate : str or None
        Variable that gives its values.
    because : str
        What decided, in words.
    """

    dim: str
    role: str
    coordinate: str | None = None
    because: str = ""


def attribute(variable: Any, name: str) -> str:
    """A text attribute of an xarray variable, wherever xarray keeps it; empty if there is none."""
    value = variable.attrs.get(name, variable.encoding.get(name, ""))
    return value if isinstance(value, str) else ""


def role_of(variable: Any, name: str) -> tuple[str, str]:
    """Role of a coordinate variable and what decided; empty texts if nothing does.

    Raises
    ------
    FieldError
        If its attributes say latitude and its name says longitude, or the other way round.
    """
    by_name = _role_by_name(name)
    for attr, meanings in _BY_ATTRIBUTE:
        role = meanings.get(attribute(variable, attr).strip().lower(), "")
        if role and {role, by_name} == {LAT, LON}:
            raise FieldError(
                f"coordinate '{name}': its attribute {attr} ('{attribute(variable, attr)}') says {role}, its name says "
                f"{by_name}. Correct the file, or say which is which: axes={{'lat': NAME, 'lon': NAME}}"
            )
        if role == LEVEL and attr == "units" and by_name not in ("", LEVEL):
            continue
        if role:
            return role, f"{attr} '{attribute(variable, attr)}' of '{name}'"
    return _by_units_and_name(variable, name, by_name)


def _by_units_and_name(variable: Any, name: str, by_name: str) -> tuple[str, str]:
    units = attribute(variable, "units")
    if _SINCE.search(units) or getattr(variable.dtype, "kind", "") == "M":
        role = START if by_name == START else TIME
        return role, f"units '{units}' of '{name}'" if units else f"dates of '{name}'"
    axis = attribute(variable, "axis").upper()
    if axis in ("X", "Y") and units.lower() not in _LENGTH_UNITS and not by_name and units:
        return (LAT if axis == "Y" else LON), f"axis '{axis}' of '{name}'"
    return (by_name, f"the name '{name}'") if by_name else ("", "")


def _role_by_name(name: str) -> str:
    lower = name.lower()
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(lower)), "")


def helpers_of(dataset: Any) -> set[str]:
    """Variables that belong to others: bounds, grid mappings, cell measures, ancillary variables."""
    found: set[str] = set()
    for name in dataset.variables:
        variable = dataset.variables[name]
        for attr in ("bounds", "climatology", "grid_mapping", "cell_measures", "ancillary_variables", "formula_terms"):
            found |= {word for word in re.split(r"[\s:]+", attribute(variable, attr)) if word in dataset.variables}
        if re.fullmatch(r".*_(bnds|bounds?|vertices)|.*corner_?(lat|lon).*|(lat|lon)_(vert|corner).*", str(name)):
            found.add(str(name))
    return found


def axes_of(dataset: Any, variable: Any, chosen: Mapping[str, str] | None = None) -> list[Axis]:
    """What each dimension of a variable is.

    Parameters
    ----------
    dataset : xarray.Dataset
    variable : xarray.Variable
    chosen : mapping, optional
        Role (``lat``, ``lon``, ``time``, ``level``, ``member``) to the name of a dimension or coordinate.
    """
    helpers = helpers_of(dataset)
    known = {*map(str, dataset.variables), *map(str, dataset.dims)}
    for role, name in (chosen or {}).items():
        if name not in known:
            raise FieldError(
                f"{role} was said to be '{name}', which is not there; there are {', '.join(sorted(known))}"
            )
    wanted = {name: {"lat": LAT, "lon": LON}.get(role, role) for role, name in (chosen or {}).items()}
    return [_axis_of(dataset, str(dim), helpers, wanted) for dim in variable.dims]


def _axis_of(dataset: Any, dim: str, helpers: set[str], wanted: Mapping[str, str]) -> Axis:
    names = [str(n) for n in dataset.variables if dataset.variables[n].dims == (dim,) and n not in helpers]
    names.sort(key=lambda name: name != dim)
    for name in (dim, *names):
        if name in wanted:
            held = name if name in dataset.variables else None
            return Axis(dim=dim, role=wanted[name], coordinate=held, because=f"chosen: '{name}'")
    found = []
    for name in names:
        role, because = role_of(dataset.variables[name], name)
        if role and not (role in (LAT, LON) and _is_data(dataset.variables[name], name, dim)):
            found.append(Axis(dim=dim, role=role, coordinate=name, because=because))
    roles = {axis.role for axis in found}
    if {LAT, LON} <= roles:
        return Axis(dim=dim, role=OTHER, because="both latitudes and longitudes lie along it")
    if found:
        return min(found, key=lambda axis: (_PREFERENCE.index(axis.role), axis.coordinate != dim))
    role = _role_by_name(dim)
    held = dim if dim in names else (names[0] if len(names) == 1 and role else None)
    if role in (TIME, LEVEL, MEMBER, VERSION, START, STEP):
        return Axis(dim=dim, role=role, coordinate=held, because=f"the name '{dim}' of the dimension")
    return Axis(dim=dim, role=OTHER, coordinate=dim if dim in names else None, because="nothing says what it is")


def _is_data(variable: Any, name: str, dim: str) -> bool:
    """Latitudes along time are positions of a ship or a storm, not the axis."""
    return _role_by_name(dim) in (TIME, LEVEL, MEMBER)


def two_dimensional(dataset: Any, variable: Any) -> tuple[str, str] | None:
    """Names of two-dimensional latitudes and longitudes of a variable."""
    found: dict[str, str] = {}
    helpers = helpers_of(dataset)
    for name in dataset.variables:
        other = dataset.variables[name]
        if other.ndim == 2 and set(other.dims) <= set(variable.dims) and name not in helpers:
            role, _ = role_of(other, str(name))
            if role in (LAT, LON):
                found.setdefault(role, str(name))
    return (found[LAT], found[LON]) if len(found) == 2 else None


def along(dataset: Any, dim: str) -> tuple[str, str] | None:
    """Names of latitudes and longitudes along one dimension (an unstructured or reduced grid)."""
    found: dict[str, str] = {}
    for name in dataset.variables:
        if dataset.variables[name].dims == (dim,):
            role, _ = role_of(dataset.variables[name], str(name))
            if role in (LAT, LON):
                found.setdefault(role, str(name))
    return (found[LAT], found[LON]) if len(found) == 2 else None


def scalar(dataset: Any, role: str) -> str | None:
    """Name of a scalar coordinate of a role; standard names go before names."""
    found = []
    for name in dataset.variables:
        if dataset.variables[name].ndim == 0 and dataset.variables[name].dtype.kind in "iufMmO":
            its, because = role_of(dataset.variables[name], str(name))
            if its == role:
                found.append((not because.startswith("standard_name"), str(name)))
    return min(found)[1] if found else None
