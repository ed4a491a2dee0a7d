"""What detection did with a frame, in words and as a table.

Parity: not applicable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import F32, F64
from ..core.looking import LARGE, SAME_MAXIMUM, Look
from ..errors import UserInputError
from ..sphere import arc
from .frame_places import nodes

_NEAR = 5.0
"""Degrees around a place within which something is sought."""
_FEATURES = 2
"""Line about the features in what is told of a search."""


def told(name: str, one: Look, units: str) -> str:
    """What a search found and what it left out."""
    sign = -1.0 if of_minima(one) else 1.0
    extremum, side = ("minima", "below") if sign < 0 else ("maxima", "above")
    weakest, strongest = sign * float(one.field.min()), sign * float(one.field.max())
    rows = [
        f"{name}: {extremum} {side} {sign * one.settings.threshold:g} ({units}); the field reaches from "
        f"{weakest:.3g} to {strongest:.3g}",
        f"  objects: {len(one.object_points)}, of them left out as too small: {len(one.small)} "
        f"({one.settings.min_object_points} points or fewer)",
        f"  features: {one.features.n_features}",
    ]
    for reason, count in reasons_of(one).items():
        if reason == SAME_MAXIMUM:
            rows[_FEATURES] += f", of which linking leaves out {count} ({reason})"
        else:
            rows.append(f"  {extremum} left out: {count} ({reason})")
    return "\n".join(rows)


def of_minima(seen: Look) -> bool:
    """Whether minima of the data were sought."""
    return seen.settings.preparation.minima


def reasons_of(seen: Look) -> dict[str, int]:
    """How many were left out, by reason."""
    reasons = [reason for reason in seen.candidates.reason if reason]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def columns(name: str, seen: Look) -> dict[str, Any]:
    """Columns of the table of a search: all maxima beyond the threshold."""
    one = seen.candidates
    return {
        "kind": name,
        "lon": one.lon,
        "lat": one.lat,
        "value": np.where(np.abs(one.value) < LARGE, one.value, np.nan),
        "grid_lon": one.grid_lon,
        "grid_lat": one.grid_lat,
        "grid_value": one.grid_value,
        "object_points": seen.object_points[one.object_number],
        "reason": list(one.reason),
    }


def told_near(seen: Look, place: tuple[float, float], units: str) -> str:
    """What is found near a place (longitude, latitude)."""
    checked_place(place)
    distance = _distance(seen.candidates.lon, seen.candidates.lat, place)
    order = np.argsort(distance)
    near = order[: int(np.count_nonzero(distance <= _NEAR))]
    if len(near):
        return "\n".join(_fate(seen, int(k), distance[k], units) for k in near)
    sign = -1.0 if of_minima(seen) else 1.0
    words = ("minimum", "below", "smallest") if sign < 0 else ("maximum", "above", "largest")
    where = f"within {_NEAR:g} degrees of {place[0]:g}, {place[1]:g}"
    lon, lat, there = nodes(seen)
    there &= _distance(lon, lat, place) <= _NEAR
    if not there.any():
        return f"nothing of the grid that is searched lies {where}"
    largest = float(seen.field.ravel()[there].max())
    told = (
        f"{{}} {words[1]} the threshold {sign * seen.settings.threshold:g} ({units}) {{}}; "
        f"the {words[2]} value there is {sign * largest:.3g}"
    )
    owners = np.unique(seen.objects.ravel()[there])
    own = order[np.isin(seen.candidates.object_number[order] + 1, owners)]
    if not len(own):
        return told.format("nothing", f"lies {where}")
    nearest = int(own[0])
    told = told.format("the field is", where)
    return f"{told}, in an object whose nearest {words[0]} is {_fate(seen, nearest, distance[nearest], units)}"


def checked_place(place: tuple[float, float]) -> None:
    """Refuse a latitude beyond the poles, or what is no number.

    Raises
    ------
    UserInputError
    """
    if not (np.isfinite(place[0]) and abs(place[1]) <= 90.0):
        raise UserInputError(
            f"near {place[0]:g}, {place[1]:g}: longitude, then latitude are needed, in degrees, latitude from -90 to 90"
        )


def _distance(lon: F32 | F64, lat: F32 | F64, place: tuple[float, float]) -> F64:
    """Degrees from positions to a place."""
    return np.degrees(arc(lon, lat, np.full(lon.shape, place[0]), np.full(lon.shape, place[1])))


def _fate(seen: Look, number: int, distance: float, units: str) -> str:
    """What became of a candidate."""
    one, sign = seen.candidates, -1.0 if of_minima(seen) else 1.0
    points = int(seen.object_points[one.object_number[number]])
    fate = f"left out, {one.reason[number]}" if one.reason[number] else "a feature"
    return (
        f"{distance:.1f} degrees away, at {one.lon[number]:.2f}, {one.lat[number]:.2f}: "
        f"{sign * one.grid_value[number]:.3g} ({units}) on the grid, "
        f"object of {points} point{'s' * (points != 1)}: {fate}"
    )
