"""What makes a tropical cyclone, as data: thresholds that papers and agencies give.

Figures are those of the sources named; how points one after the other are counted is specification 06, section 3.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..errors import TracksError, did_you_mean
from .units import LENGTH, PLAIN, PRESSURE, SPEED, VORTICITY

LEVELS = ("vorticity", "vorticity_decrease", "centres")
"""Quantities that come from the vorticity of several levels: that of the lowest (cyclonic: positive), the lowest less
the highest, the part of the levels that have a centre."""
UNITS = {
    "vorticity": VORTICITY,
    "vorticity_decrease": VORTICITY,
    "centres": PLAIN,
    "abs_latitude": "degrees",
    "wind": SPEED,
    "mslp_rise": PRESSURE,
    "thickness_drop": LENGTH,
    "elevation": LENGTH,
}
"""Quantity -> the unit of its thresholds."""
MOST = {"vorticity": 0.1, "wind": 200.0, "mslp_rise": 3.0e4, "thickness_drop": 2.0e3, "elevation": 1.0e4}
"""Values beyond these are in another unit than is said (files with vorticity in 1e-5 s-1 often say s-1)."""
ABOUT = {
    "wind": "wind near the surface",
    "mslp_rise": "rise of the pressure at sea level around the centre",
    "thickness_drop": "drop of the thickness of the upper troposphere around the centre",
    "elevation": "height of the ground",
}
"""Quantities that a variable of the tracks has to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A bound of one quantity, itself allowed; in the unit of `UNITS`."""

    quantity: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Thresholds that points fulfil together.

    Attributes
    ----------
    thresholds : tuple of Threshold
    points : int
        Number of points that have to.
    consecutive : bool
        They come one after the other; points without values between them do not count, and end nothing.
    """

    thresholds: tuple[Threshold, ...]
    points: int = 1
    consecutive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What makes a tropical cyclone.

    Attributes
    ----------
    name, about, source : str
    rules : tuple of Rule
        A track fulfils all.
    over_sea : bool
        Points over land do not count, and end a series of points.
    genesis_latitude, genesis_latitude_land : float, optional
        Largest latitude, north or south, at which a track begins; over land.
    lifetime_hours : float, optional
        Shortest lifetime.
    """

    name: str
    about: str
    source: str
    rules: tuple[Rule, ...]
    over_sea: bool = False
    genesis_latitude: float | None = None
    genesis_latitude_land: float | None = None
    lifetime_hours: float | None = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """All quantities that are needed."""
        return tuple(dict.fromkeys(t.quantity for rule in self.rules for t in rule.thresholds))


CRITERIA = (
    Criteria(
        name="hodges2017",
        about="warm core in T63 vorticity from 850 to 200 hPa, four steps of 6 hours over sea",
        source=(
            "Hodges, Cobb and Vidale (2017), J. Climate 30, 5243; the band of genesis as in Bengtsson et al. (2007), "
            "Tellus A 59, 539"
        ),
        rules=(
            Rule(
                thresholds=(
                    Threshold(quantity="vorticity", least=6.0e-5),
                    Threshold(quantity="vorticity_decrease", least=6.0e-5),
                    Threshold(quantity="centres", least=1.0),
                ),
                points=4,
            ),
        ),
        over_sea=True,
        genesis_latitude=30.0,
        genesis_latitude_land=20.0,
    ),
    Criteria(
        name="zarzycki-ullrich2017",
        about="closed contours of pressure and of 300-500 hPa thickness, 10 m/s for ten steps of 6 hours, 54 hours",
        source=(
            "Zarzycki and Ullrich (2017), Geophys. Res. Lett. 44, 1141; Ullrich et al. (2021), Geosci. Model Dev. 14, "
            "5023 (TempestExtremes: PSL 200 Pa over 5.5 degrees, thickness 6 m over 6.5 degrees, both at every point)"
        ),
        rules=(
            Rule(thresholds=(Threshold(quantity="wind", least=10.0),), points=10, consecutive=False),
            Rule(thresholds=(Threshold(quantity="abs_latitude", most=50.0),), points=10, consecutive=False),
            Rule(thresholds=(Threshold(quantity="elevation", most=150.0),), points=10, consecutive=False),
            Rule(
                thresholds=(
                    Threshold(quantity="mslp_rise", least=200.0),
                    Threshold(quantity="thickness_drop", least=6.0),
                ),
                points=10,
                consecutive=False,
            ),
        ),
        lifetime_hours=54.0,
    ),
    Criteria(
        name="gale",
        about="a wind of 34 knots at one point, as agencies name tropical storms",
        source="Saffir-Simpson scale and basins of WMO: tropical storms from 34 knots on",
        rules=(Rule(thresholds=(Threshold(quantity="wind", least=34.0 * 1852.0 / 3600.0),)),),
    ),
)
"""The table; names are what `label` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindScale:
    """Classes of winds.

    Attributes
    ----------
    name, source : str
    knots : tuple of float
        Least wind of each class but the first.
    codes : tuple of int
        One for each class, the weakest first.
    unknown : int
        Where there is no wind.
    """

    name: str
    source: str
    knots: tuple[float, ...]
    codes: tuple[int, ...]
    unknown: int


SAFFIR_SIMPSON = WindScale(
    name="saffir-simpson",
    source=(
        "Simpson (1974), Weatherwise 27, 169; bounds of the National Hurricane Center since 2012; codes of IBTrACS v04 "
        "(USA_SSHS)"
    ),
    knots=(34.0, 64.0, 83.0, 96.0, 113.0, 137.0),
    codes=(-1, 0, 1, 2, 3, 4, 5),
    unknown=-5,
)
SCALES = {SAFFIR_SIMPSON.name: SAFFIR_SIMPSON}


def criteria_named(name: str) -> Criteria:
    """Criteria of the table.

    Raises
    ------
    TracksError
        If there are none; names the nearest.
    """
    found = next((one for one in CRITERIA if one.name == name.strip().lower()), None)
    if found is None:
        names = [one.name for one in CRITERIA]
        raise TracksError(f"there are no criteria '{name}'{did_you_mean(name, names)}; there are {', '.join(names)}")
    return found


def criteria_from(table: Mapping[str, Any]) -> Criteria:
    """Criteria of a table such as `to_table` gives (a TOML file).

    Raises
    ------
    TracksError
        For keys and values that cannot be; says which.
    """
    given = dict(table)
    rules = given.pop("rules", None)
    if not isinstance(rules, list) or not rules:
        raise TracksError("criteria: [[rules]] are missing; `stormtrack label --show hodges2017` prints an example")
    built = tuple(_rule(rule, number) for number, rule in enumerate(rules, 1))
    given = {"name": "own", "about": "", "source": ""} | given
    criteria: Criteria = _made(Criteria, given | {"rules": built}, "criteria")
    if not criteria.name.replace("_", "").replace("-", "").isalnum():
        raise TracksError(
            f"criteria: the name '{criteria.name}' becomes that of a label: letters, digits, - and _ only"
        )
    return criteria


def _rule(table: Any, number: int) -> Rule:
    where = f"criteria, rule {number}"
    if not isinstance(table, Mapping) or not table.get("thresholds"):
        raise TracksError(f"{where}: thresholds are missing")
    thresholds = tuple(_threshold(one, where) for one in table["thresholds"])
    rule: Rule = _made(Rule, {**table, "thresholds": thresholds}, where)
    if rule.points < 1:
        raise TracksError(f"{where}: points = {rule.points}; allowed are 1 or more")
    return rule


def _threshold(table: Any, where: str) -> Threshold:
    threshold: Threshold = _made(Threshold, table, f"{where}, threshold")
    if threshold.quantity not in UNITS:
        meant = did_you_mean(threshold.quantity, UNITS)
        raise TracksError(f"{where}: there is no quantity '{threshold.quantity}'{meant}; there are {', '.join(UNITS)}")
    if threshold.least is None and threshold.most is None:
        raise TracksError(f"{where}: the threshold of {threshold.quantity} has neither least nor most")
    return threshold


_TYPES: dict[str, Any] = {"str": str, "int": int, "bool": bool, "float | None": (int, float), "tuple": tuple}


def _made(kind: Any, table: Any, where: str) -> Any:
    """A dataclass of a table, with its keys and types checked."""
    known = {one.name: str(one.type) for one in fields(kind)}
    if not isinstance(table, Mapping):
        raise TracksError(f"{where}: a table with {', '.join(known)} is needed")
    for key, value in table.items():
        if key not in known:
            raise TracksError(
                f"{where}: there is no key '{key}'{did_you_mean(key, known)}; there are {', '.join(known)}"
            )
        wanted = _TYPES.get(known[key].split("[")[0], object)
        if not isinstance(value, wanted) or (isinstance(value, bool) and known[key] != "bool"):
            raise TracksError(f"{where}: {key} = {value!r}; a value of the type {known[key]} is needed")
    lacking = [one for one in ("quantity",) if one in known and one not in table]
    if lacking:
        raise TracksError(f"{where}: {lacking[0]} is missing")
    return kind(**table)


def to_toml(criteria: Criteria) -> str:
    """Criteria as the TOML file that `criteria_from` takes."""
    lines = []
    for one in fields(Criteria):
        value = getattr(criteria, one.name)
        if one.name != "rules" and value is not None:
            lines.append(f"{one.name} = {_toml(value)}")
    for rule in criteria.rules:
        lines += ["", "[[rules]]", f"points = {rule.points}", f"consecutive = {_toml(rule.consecutive)}"]
        lines.append("thresholds = [")
        for threshold in rule.thresholds:
            bounds = [(n, getattr(threshold, n)) for n in ("least", "most")]
            inside = ", ".join(f"{n} = {_toml(v)}" for n, v in bounds if v is not None)
            lines.append(f"  {{ quantity = {_toml(threshold.quantity)}, {inside} }},  # {UNITS[threshold.quantity]}")
        lines.append("]")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)
