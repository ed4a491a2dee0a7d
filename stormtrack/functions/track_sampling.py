"""Fields added along tracks: values at points, and extrema, means and areas of caps around them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import F32, F64, I64, Array, Mask
from ..errors import FieldWarning, TracksError, did_you_mean
from ..model.tracks import TrackSet
from ..model.variables import MISSING_VALUE, Variable
from ..sampling import caps
from ..sphere import EARTH_RADIUS_KM
from .cap_engines import ENGINES, WIDER, ExactCaps, Points
from .given_fields import GivenField, fields_given
from .points_in_time import frames_of_points
from .reading_along import Reading, check_choice, check_covered, check_tracks, sampled_frames

CAPS = {
    "max": caps.MAX,
    "min": caps.MIN,
    "local_max": caps.LOCAL_MAX,
    "local_min": caps.LOCAL_MIN,
    "mean": caps.MEAN,
    "std": caps.STD,
    "area": caps.AREA,
    "count": caps.COUNT,
    "missing": caps.MISSING,
}
"""What can be asked of a cap, and its column among the results."""
HOWS = ("value", *CAPS)
EXTREMA = ("max", "min", "local_max", "local_min")
_RADIUS = re.compile(r"\s*([0-9.]+(?:[eE][-+]?\d+)?)\s*(deg|degrees?|°|km)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """What is wanted of fields at points.

    Attributes
    ----------
    how : str or sequence of str, optional
        ``"value"`` at the point; of the cap around it ``"max"``, ``"min"`` (with their places), ``"local_max"``,
        ``"local_min"`` (only what exceeds its eight neighbours), ``"mean"``, ``"std"`` (weighted by area), ``"area"``
        (km2), ``"count"`` (grid points with a value), ``"missing"`` (without one). None: ``"max"`` with a radius, else
        ``"value"``.
    radius : float, str or pair, optional
        Of the cap: degrees, ``"5deg"``, ``"500km"``; above 0 and up to 180 degrees, half way round the globe. For
        ``engine="track"`` also TRACK's two: that of the window and that of the cap, such as ``(6, 5)``.
    threshold : float, array or pair of these, optional
        Only values from it on (or between a pair, None for no limit) count for mean, std, area and count; arrays have
        one for each point, such as ``0.5 * tracks["vorticity"]``.
    engine : {"fast", "track"}
        Caps of exact great circles in float64, each grid point once and weighted by its cell; or TRACK's own, in
        float32, with a window that is one degree wider, areas as sums of cosines, no counts and no upper thresholds.
    name : str
        Of the new variables.

    Raises
    ------
    TracksError
        If one of these is not allowed.
    """

    how: str | Sequence[str] | None = None
    radius: float | str | tuple[float | str, float | str] | None = None
    threshold: Any = None
    engine: str = "fast"
    name: str = "{field}_{how}"

    def __post_init__(self) -> None:
        check_choice("engine", self.engine, tuple(ENGINES))
        hows = _hows(self.how, self.radius)
        _radii(self.radius, self.engine)
        if self.engine == "track" and {"count", "missing"} & set(hows):
            raise TracksError("engine='track' has no counts (how='count', 'missing'); use engine='fast'")

    def at(self, n_points: int) -> Asked:
        """The same for so many points."""
        low, high = _limits(n_points, self.threshold)
        if self.engine == "track" and (high < np.inf).any():
            raise TracksError("engine='track' has no upper thresholds; use engine='fast'")
        return Asked(
            hows=_hows(self.how, self.radius),
            radii=_radii(self.radius, self.engine),
            low=low,
            high=high,
            engine=self.engine,
            name=self.name,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What is wanted of every field, in the terms of computing.

    Attributes
    ----------
    hows : tuple of str
        Of `HOWS`.
    radii : (float, float)
        Of TRACK's window, and of the cap; degrees, 0 where no cap is wanted.
    low, high : float64, shape (n_points,)
        Values that count for means, deviations, areas and numbers.
    engine, name : str
    """

    hows: tuple[str, ...]
    radii: tuple[float, float]
    low: F64
    high: F64
    engine: str
    name: str

    @property
    def of_caps(self) -> tuple[str, ...]:
        """Those that need a cap."""
        return tuple(how for how in self.hows if how in CAPS)


def sample(tracks: TrackSet, field: Any, wanted: Wanted, reading: Reading) -> TrackSet:
    """Values of fields along tracks, as further variables of the points.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes.
    field : DataArray, Dataset, path, list of paths, or a mapping of names to these
        A Dataset, or files, may hold several fields: all are taken, or those of ``variable=[...]``. Lazy ones are read
        frame by frame: only frames that points need, each once.
    wanted : Wanted
    reading : Reading

    Returns
    -------
    TrackSet
        With a variable for each field and `how`; float32, 1e25 (shown as NaN) where there is no value. NaN in fields is
        left out of caps; where it leaves nothing (a value: where the interpolation needs it) there is no value, and a
        `FieldWarning` says how often.

    Raises
    ------
    TracksError
        If an argument is not allowed, or names are taken.
    FieldError, GridError
        If a field cannot be opened, or does not cover the tracks.

    Notes
    -----
    Caps of a limited grid end where the grid ends. Parity: ``"value"`` has TRACK's bits (specification 06, section
    2.3), but beyond the last rows, where TRACK has no value; with ``engine="track"`` so have caps (sections 2.4 to
    2.6), but for the ``-nan`` of a negative variance, which is no value here.
    """
    asked = wanted.at(tracks.n_points)
    check_tracks(tracks)
    with fields_given(field, reading.opening) as fields:
        _check_names(tracks, fields, asked)
        found = [_of_field(tracks, one, asked, reading) for one in fields]
    variables = [
        variable
        for one, columns in zip(fields, found, strict=True)
        for variable in _variables(tracks, one, asked, columns)
    ]
    return replace(tracks, variables=(*tracks.variables, *variables))


def degrees_of(radius: float | str, what: str = "radius") -> float:
    """A distance on the sphere in degrees.

    Raises
    ------
    TracksError
        If it is none, or not above 0 and up to 180 degrees.
    """
    found = _RADIUS.fullmatch(str(radius)) if not isinstance(radius, bool) else None
    half = f"above 0 and up to 180 degrees ({np.pi * EARTH_RADIUS_KM:.0f} km), half way round the globe"
    try:
        number = float(found.group(1)) if found else np.nan
    except ValueError:
        number = np.nan
    if found is not None and found.group(2) == "km":
        number = float(np.degrees(number / EARTH_RADIUS_KM))
    if not 0.0 < number <= 180.0:
        raise TracksError(f"{what}={radius!r}: allowed are degrees (5, '5deg') and km ('500km'), {half}")
    return number


def _hows(how: Any, radius: Any) -> tuple[str, ...]:
    usual = "value" if radius is None else "max"
    hows = (usual,) if how is None else (how,) if isinstance(how, str) else tuple(how)
    if not hows:
        raise TracksError(f"how={how!r}: name what is wanted, of {', '.join(HOWS)}")
    for one in hows:
        if one not in HOWS:
            raise TracksError(f"how={one!r}: allowed are {', '.join(HOWS)}{did_you_mean(str(one), HOWS)}")
    if len(set(hows)) < len(hows):
        raise TracksError(f"how={', '.join(hows)}: each once")
    of_caps = [one for one in hows if one in CAPS]
    if of_caps and radius is None:
        raise TracksError(f"how='{of_caps[0]}' is about a cap: give its radius, such as radius='5deg' (--radius 5)")
    if not of_caps and radius is not None:
        raise TracksError(
            f"radius={radius!r}: how='value' is about the point alone; leave the radius out, or ask for "
            f"{', '.join(CAPS)}"
        )
    return hows


def _radii(radius: Any, engine: str) -> tuple[float, float]:
    """Degrees of TRACK's window, and of the cap."""
    if radius is None:
        return 0.0, 0.0
    if not isinstance(radius, tuple):
        inner = degrees_of(radius)
        return inner + WIDER, inner
    if engine != "track" or len(radius) != 2:
        raise TracksError(f"radius={radius!r}: window and cap are two for engine='track' only; give one")
    outer, inner = (degrees_of(one) for one in radius)
    if inner > outer:
        raise TracksError(f"radius={radius!r}: the window comes first, and is not smaller than the cap")
    return outer, inner


def _limits(n_points: int, threshold: Any) -> tuple[F64, F64]:
    """Least and largest value that counts, for each point."""
    pair = threshold if isinstance(threshold, (tuple, list)) and len(threshold) == 2 else (threshold, None)
    found = []
    for given, end in zip(pair, (-np.inf, np.inf), strict=True):
        try:
            limit = np.asarray(end if given is None else given, np.float64)
            found.append(np.ascontiguousarray(np.broadcast_to(limit, (n_points,))))
        except (TypeError, ValueError):
            raise TracksError(
                f"threshold={threshold!r}: allowed are a number, one for each of the {n_points} points, or a "
                "pair of these (None for no limit)"
            ) from None
    return found[0], found[1]


def _check_names(tracks: TrackSet, fields: Sequence[GivenField], asked: Asked) -> None:
    """Refuse names of new variables that are taken."""
    try:
        names = [asked.name.format(field=field.name, how=how) for field in fields for how in asked.hows]
    except (KeyError, IndexError, ValueError):
        raise TracksError(f"name={asked.name!r}: {{field}} and {{how}} may stand in it") from None
    taken = {v.name for v in tracks.variables}
    twice = [name for k, name in enumerate(names) if name in taken or name in names[:k]]
    if twice:
        raise TracksError(
            f"several values are to be called '{twice[0]}', or a variable is already; choose other names, such as "
            "name='{field}_{how}_2' (--name)"
        )


def _of_field(tracks: TrackSet, field: GivenField, asked: Asked, reading: Reading) -> dict[str, F64]:
    """Results of all points: value of each `how`, and places of extrema as ``HOW lon`` and ``HOW lat``."""
    points = Points(
        lon=tracks.lon,
        lat=tracks.lat,
        low=asked.low,
        high=asked.high,
        columns=frozenset(CAPS[how] for how in asked.hows if how in CAPS),
    )
    engine = ENGINES[asked.engine](points, field.lon, field.lat, asked.radii, reading.interpolation)
    times = frames_of_points(tracks, field, reading.time)
    on_grid = engine.grid.covers(tracks.lon, tracks.lat)
    if reading.missing == "error":
        check_covered(tracks, field, times.known, on_grid)
    reached = times.known & on_grid
    out = {how: np.full(tracks.n_points, np.nan) for how in _columns(asked)}
    for frame, some in sampled_frames(field, times, reached):
        for how, values in _at(engine, asked, frame, some).items():
            out[how][some] = values
    _tell_missing(field, asked, out, reached)
    return out


def _columns(asked: Asked) -> list[str]:
    placed = [f"{how} {axis}" for how in asked.hows if how in EXTREMA for axis in ("lon", "lat")]
    return [*asked.hows, *placed]


def _at(engine: ExactCaps, asked: Asked, frame: Array, some: I64) -> dict[str, F64]:
    """Results at some points in one frame."""
    engine.take(frame)
    out: dict[str, F64] = {}
    if "value" in asked.hows:
        out["value"] = engine.values(some)
    of_caps = asked.of_caps
    if of_caps:
        table = engine.caps(some)
        for how in of_caps:
            out[how] = table[:, CAPS[how]]
            if how in EXTREMA:
                out[f"{how} lon"], out[f"{how} lat"] = table[:, CAPS[how] + 1], table[:, CAPS[how] + 2]
    return out


def _tell_missing(field: GivenField, asked: Asked, found: dict[str, F64], points: Mask) -> None:
    """Warn of points that have no value although the field reaches them."""
    for how in asked.hows:
        if how in ("area", "count", "missing") or how.startswith("local") or not np.isnan(found[how][points]).any():
            continue
        gone = np.count_nonzero(np.isnan(found[how][points]))
        why = "NaN where a value is needed" if how == "value" else "nothing but NaN, or beyond the threshold"
        warnings.warn(
            f"field '{field.name}', how='{how}': {gone} of {np.count_nonzero(points)} points have no value ({why})",
            FieldWarning,
            stacklevel=6,
        )


def _variables(tracks: TrackSet, field: GivenField, asked: Asked, found: dict[str, F64]) -> list[Variable]:
    west = -180.0 if tracks.n_points and tracks.lon.min() < 0 else 0.0
    out = []
    for how in asked.hows:
        lon = lat = None
        if how in EXTREMA:
            lon = _stored(found[f"{how} lon"])
            lon = lon if asked.engine == "track" else _turned(lon, west)
            lat = _stored(found[f"{how} lat"])
        units = {"area": "km2" if asked.engine == "fast" else "1", "count": "1", "missing": "1"}.get(how, field.units)
        values = found[how] * (EARTH_RADIUS_KM**2 if units == "km2" else 1.0)
        name = asked.name.format(field=field.name, how=how)
        out.append(
            Variable(
                name=name, values=_stored(values), units=units, lon=lon, lat=lat, missing_value=float(MISSING_VALUE)
            )
        )
    return out


def _turned(lon: F32, west: float) -> F32:
    """Longitudes from `west` on, over less than a circle; missing ones stay."""
    known = lon < MISSING_VALUE
    turned = ((np.where(known, lon, 0.0).astype(np.float64) - west) % 360.0 + west).astype(np.float32)
    turned = np.where(turned >= west + 360.0, np.float32(west), turned)  # rounded up to the end of the circle
    return np.where(known, turned, lon)


def _stored(values: F64) -> F32:
    """As variables have them: float32, missing values marked."""
    return np.where(np.isnan(values), MISSING_VALUE, values.astype(np.float32))
