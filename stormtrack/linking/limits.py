"""Limits of displacement and smoothness: conversion of the answers, zones, adaptive bound.

References
----------
Specification 04, sections 2.2-2.4, 3.4, 3.5. Parity: bitwise (every operation in float32 where the original's is).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F32_1D, F32_2D
from ..errors import LinkError, TableError
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD
from ..model.features import Features
from ..model.links import LinkParameters
from ..settings.linking import AdaptTable, LinkSettings, ZoneTable

WEIGHT_TOLERANCE = 1e-4
RESET_TOLERANCE = 1e-4
PERIOD = np.float32(360.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a run after conversion; row ``i`` belongs to parameter set ``i``.

    Attributes
    ----------
    parameters : LinkParameters
        Weights and limits as the track files show them.
    dmax, phimax : float32, shape (n_sets,)
        Bounds of displacement (radians, or units of the Euclidean norm) and of smoothness.
    zones : tuple of float32 arrays, each of shape (n_zones, 5)
        Rows ``x1 x2 y1 y2 limit``; empty tables where the set has none. The limit is converted.
    zonal, adaptive : bool
        Whether exchanges use zones and the adaptive bound.
    smoothness : float32, shape (n_sets, 14)
        Adaptive smoothness: 4 distances (converted), 4 bounds, 3 slopes and 3 intercepts of the straight lines between
        them; zeros where the set has none.
    """

    parameters: LinkParameters
    dmax: F32
    phimax: F32
    zones: tuple[F32, ...]
    zonal: bool
    adaptive: bool
    smoothness: F32


def converted(degrees: float, geodesic: bool) -> np.float32:
    """Angle in radians as float32 (geodesic norm), or the unchanged float32 value."""
    value = np.float32(degrees)
    return np.float32(np.float64(value) * RAD) if geodesic else value


def zone_rows(table: ZoneTable | None, geodesic: bool) -> F32:
    """Zones as rows of ``Limits.zones``."""
    rows = np.array(table.zones if table else [], dtype=np.float32).reshape(-1, 5)
    rows[:, 4] = [converted(float(limit), geodesic) for limit in rows[:, 4]]
    return rows


def _largest_zone_limit(rows: F32) -> np.float32:
    return np.float32(max([np.float32(0.0), *rows[:, 4]]))


def adaptive_lines(table: AdaptTable, geodesic: bool) -> F32:
    """Row of ``Limits.smoothness``."""
    raw = np.array(table.distances, np.float32)
    if not (np.diff(raw) >= 0).all():
        raise TableError(
            f"adaptive smoothness: distances {' '.join(f'{d:g}' for d in raw)} are not in ascending order; "
            "allowed: four non-decreasing distances in degrees. Correct the first line of the adapt file"
        )
    c = np.array([converted(float(d), geodesic) for d in raw], np.float32)
    b = np.array(table.limits, np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # equal distances: the segment is never used
        slope = (b[1:] - b[:-1]) / (c[1:] - c[:-1])
        intercept = (c[1:] * b[:-1] - c[:-1] * b[1:]) / (c[1:] - c[:-1])
    return np.concatenate([c, b, slope, intercept])


def weights_add_up(settings: LinkSettings) -> bool:
    """Whether the weights of direction and speed add up to 1 (linking goes on if not, as in the original)."""
    w1, w2 = np.float32(settings.weight_direction), np.float32(settings.weight_speed)
    return bool(abs(float(np.float32(np.float32(w1 + w2) - np.float32(1.0)))) <= WEIGHT_TOLERANCE)


def resolve_limits(settings: LinkSettings) -> Limits:
    """Limits of a run from its settings.

    Parameters
    ----------
    settings : LinkSettings
        Answers as read.

    Returns
    -------
    Limits
        Converted limits. A set whose bound of displacement differs from the largest limit of its zones takes that
        limit; one whose bound of smoothness lies below the largest adaptive bound takes that bound.

    Raises
    ------
    LinkError
        If there is no parameter set, or zones or adaptive smoothness are switched on for a set without a table.
    TableError
        If an adaptive table is not in ascending order.

    References
    ----------
    Specification 04, sections 2.2-2.4. Parity: bitwise.
    """
    if not settings.sets:
        raise LinkError("no parameter set: allowed is one or more pairs of dmax and phimax; give LinkSettings.sets")
    _require_for_final(settings)
    w1, w2 = np.float32(settings.weight_direction), np.float32(settings.weight_speed)
    n = len(settings.sets)
    dmax = np.array([converted(s.dmax, settings.geodesic) for s in settings.sets], np.float32)
    phimax = np.array([s.phimax for s in settings.sets], np.float32)
    zones = []
    smoothness = np.zeros((n, 14), np.float32)
    for i, one in enumerate(settings.sets):
        zones.append(zone_rows(one.zones, settings.geodesic))
        if settings.zonal:
            _require(one.zones, "zones", i)
            largest = _largest_zone_limit(zones[i])
            if abs(np.float64(np.float32(dmax[i] - largest))) > RESET_TOLERANCE:
                dmax[i] = largest
        if one.adapt is not None:
            smoothness[i] = adaptive_lines(one.adapt, settings.geodesic)
        if settings.adaptive:
            _require(one.adapt, "adapt", i)
            phimax[i] = max(phimax[i], np.float32(0.0), *smoothness[i, 4:8])
    half = np.float32(np.float64(w1) * 0.5)
    return Limits(
        parameters=LinkParameters(weight_direction=half, weight_speed=w2, dmax=dmax[0], phimax=phimax[0]),
        dmax=dmax,
        phimax=phimax,
        zones=tuple(zones),
        zonal=settings.zonal,
        adaptive=settings.adaptive,
        smoothness=smoothness,
    )


def limits_of_loaded(parameters: LinkParameters | None, settings: LinkSettings) -> Limits:
    """Limits for tracks read from a file: those that it states, with the tables of the first parameter set.

    Parameters
    ----------
    parameters : LinkParameters or None
        As the file states them; nothing in them is converted again, and zone or adaptive tables do not reset them. None
        for a file of the old form, which states none: those of `settings` hold, w1 as it is, not halved.
    settings : LinkSettings
        Its norm, and the tables of its first parameter set where the final filter uses them.

    Raises
    ------
    LinkError
        If neither file nor settings have parameters, or the final filter needs a table that is missing.
    """
    tables = settings.sets[0] if settings.sets else None
    if parameters is None:
        parameters = _own_parameters(settings)
    smoothness = np.zeros((1, 14), np.float32)
    if tables is not None and tables.adapt is not None:
        smoothness[0] = adaptive_lines(tables.adapt, settings.geodesic)
    _require_for_final(settings)
    return Limits(
        parameters=parameters,
        dmax=np.array([parameters.dmax], np.float32),
        phimax=np.array([parameters.phimax], np.float32),
        zones=(zone_rows(tables.zones if tables else None, settings.geodesic),),
        zonal=False,
        adaptive=False,
        smoothness=smoothness,
    )


def _own_parameters(settings: LinkSettings) -> LinkParameters:
    if not settings.sets:
        raise LinkError("the track file states no weights and limits; give them in the settings (LinkSettings.sets)")
    return LinkParameters(
        weight_direction=np.float32(settings.weight_direction),
        weight_speed=np.float32(settings.weight_speed),
        dmax=converted(settings.sets[0].dmax, settings.geodesic),
        phimax=np.float32(settings.sets[0].phimax),
    )


def _require_for_final(settings: LinkSettings) -> None:
    final = settings.final
    if final is None:
        return
    for i, one in enumerate(settings.sets):
        if final.zones and not final.zone_tables:
            _require(one.zones, "zones", i)
        if final.adaptive and not final.adapt_tables:
            _require(one.adapt, "adapt", i)


def _require(table: object, name: str, index: int) -> None:
    if table is None:
        raise LinkError(
            f"parameter set {index} has no '{name}' table although it is switched on; "
            f"give ParameterSet.{name} for every set or switch it off"
        )


def zone_limits(features: Features, limits: Limits) -> F32:
    """Zone limit of every point under every parameter set.

    Parameters
    ----------
    features : Features
        The points.
    limits : Limits
        Holds the zone tables.

    Returns
    -------
    float32, shape (n_sets, n_points)
        Limit of the first zone that holds the point; NaN where none does.
    """
    out = np.empty((len(limits.zones), features.n_features), np.float32)
    for i, rows in enumerate(limits.zones):
        _zone_of_points(rows, features.x, features.y, PERIOD, out[i])
    return out


def check_zones(features: Features, limits: Limits, zone: F32, *, exchanging: bool = False) -> None:
    """Refuse points in no zone, where a link to a neighbouring frame would need their limit.

    Parameters
    ----------
    points, limits, zone
        The points, the zone tables, and the zone limits of the points (:func:`zone_limits`).
    exchanging : bool
        Apply the rule of the exchange sweeps, which look up the limit of a point also for a link to an inner frame
        without any points (measured).

    Raises
    ------
    LinkError
        Naming the first such point (the original stops with exit status 1).

    References
    ----------
    Specification 04, section 2.3.
    """
    outside = np.isnan(zone)
    if not outside.any():
        return
    link_set = np.minimum(features.missing_after, len(limits.zones) - 1)
    concerned = np.diff(features.frame_start) > 0
    if exchanging:
        concerned[1:-1] = True
    frame = features.frame_index
    for p in np.flatnonzero(outside.any(axis=0)):
        k = int(frame[p])
        for earlier, other in ((k, k + 1), (k - 1, k - 1)):
            if 0 <= other < features.n_frames and concerned[other] and outside[link_set[earlier], p]:
                raise _outside_error(features, int(p), k, int(link_set[earlier]))


def _outside_error(features: Features, p: int, k: int, index: int) -> LinkError:
    where = f"object {features.object_number[p] + 1}, feature {features.feature_number[p] + 1}"
    return LinkError(
        f"frame {k + 1}, {where} at x={features.x[p]:g}, y={features.y[p]:g} lies in no zone of zone file {index}; "
        "allowed: every point in a zone, no wrapping of "
        f"longitudes. Extend a zone of zone file {index} (x1 x2 y1 y2 limit) to hold this point"
    )


@kernel
def _zone_of_points(rows: F32_2D, x: F32_1D, y: F32_1D, period: np.float32, out: F32_1D) -> None:
    """First zone of each point, inclusive; float32 products as in the original."""
    zero = np.float32(0.0)
    for p in range(x.size):
        out[p] = np.nan
        for z in range(rows.shape[0]):
            x1, x2, y1, y2 = rows[z, 0], rows[z, 1], rows[z, 2], rows[z, 3]
            if x1 <= x2:
                inside = (x2 - x[p]) * (x[p] - x1) >= zero
            else:
                inside = (x2 - x[p]) * x[p] >= zero or (period - x[p]) * (x[p] - x1) >= zero
            if inside and (y2 - y[p]) * (y[p] - y1) >= zero:
                out[p] = rows[z, 4]
                break


@helper
def adaptive_bound(smoothness, d1, d2, index):
    """Bound of smoothness (float32) for two displacements (float32) under parameter set `index`."""
    mean = np.float32(np.float64(0.5) * np.float64(np.float32(d1 + d2)))
    if mean < smoothness[index, 0]:
        return smoothness[index, 4]
    if mean >= smoothness[index, 3]:
        return smoothness[index, 7]
    segment = 2
    if mean < smoothness[index, 1]:
        segment = 0
    elif mean < smoothness[index, 2]:
        segment = 1
    return np.float32(np.float32(smoothness[index, 8 + segment] * mean) + smoothness[index, 11 + segment])
