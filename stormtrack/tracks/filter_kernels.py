"""Kernels of the filters on combined tracks; each marks the tracks to keep.

Comparisons and their strictness are part of the specification; empty tracks are neither tested nor kept.

References
----------
Specification 01, section 13; 04, section 11. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD, measure_euclid, measure_trig

ANY, MINIMUM, MAXIMUM = 0, 1, 2
LARGEST = 1.0e20
"""Values above are undefined."""


class Paths(NamedTuple):
    """Tracks: offsets of each into the points; positions, and frames missing after each point."""

    start: I64_1D
    lon: F32_1D
    lat: F32_1D
    missing: I32_1D


class Norm(NamedTuple):
    """How distances are measured (on the sphere, else Euclidean), and the period of longitudes."""

    geodesic: bool
    period: np.float32


class StrengthTest(NamedTuple):
    """Test of values.

    Attributes
    ----------
    kind : int
        `ANY` value, the `MINIMUM` or the `MAXIMUM`.
    low, high : float32
        Limits.
    before, after : int
        Frames of the track that the extremum has before and after it.
    last_has_none : bool
        The last point of every track has no value (differences).
    """

    kind: int
    low: np.float32
    high: np.float32
    before: int
    after: int
    last_has_none: bool


class SpeedTest(NamedTuple):
    """Test of speeds.

    Attributes
    ----------
    kind : int
        `ANY` step, the slowest (`MINIMUM`) or the fastest (`MAXIMUM`).
    low, high : float32
        Limits, included.
    step, scale : float32
        Time between frames, and units of length in the unit of distances.
    region : float32, shape (4,)
        lon1, lon2, lat1, lat2.
    regional : bool
        Only steps that begin or end in the region count.
    """

    kind: int
    low: np.float32
    high: np.float32
    step: np.float32
    scale: np.float32
    region: F32_1D
    regional: bool


@helper
def distance(lon1, lat1, lon2, lat2, geodesic):
    """Float32 distance of two points: radians, or coordinate units."""
    if geodesic:
        return measure_trig(lon1, lat1, lon2, lat2)
    return measure_euclid(lon1, lat1, lon2, lat2)


@kernel
def within_lifetime(start: I64_1D, missing: I32_1D, least: int, most: int, kept: Mask_1D) -> None:
    """Points and missing frames together within [least, most]."""
    for k in range(len(start) - 1):
        length = start[k + 1] - start[k]
        for i in range(start[k], start[k + 1]):
            length += missing[i]
        kept[k] = start[k + 1] > start[k] and least <= length <= most


@kernel
def far_enough(paths: Paths, limit: np.float32, along_path: bool, geodesic: bool, kept: Mask_1D) -> None:
    """End-to-end distance, or float32 path length, not below `limit`."""
    start, lon, lat = paths.start, paths.lon, paths.lat
    for k in range(len(start) - 1):
        first, last = start[k], start[k + 1] - 1
        kept[k] = False
        if last < first:
            continue
        if along_path:
            length = np.float32(0.0)
            for i in range(first, last):
                length = np.float32(length + distance(lon[i], lat[i], lon[i + 1], lat[i + 1], geodesic))
        else:
            length = distance(lon[first], lat[first], lon[last], lat[last], geodesic)
        kept[k] = not length < limit


@helper
def inside(value, low, high):
    """Strictly between two float32 limits."""
    return np.float32(np.float32(value - low) * np.float32(high - value)) > np.float32(0.0)


@helper
def lived_long_enough(start, frame, k, at, before, after):
    """The extremum at point `at` has enough frames of the track before and after it."""
    return frame[at] - frame[start[k]] >= before and frame[start[k + 1] - 1] - frame[at] >= after


@kernel
def strong_enough(
    start: I64_1D, frame: I64_1D, value: F32_1D, defined: Mask_1D, test: StrengthTest, kept: Mask_1D
) -> None:
    """Values within limits: any value, the minimum, or the maximum.

    Parameters
    ----------
    value : float32, shape (n_points,)
        What is tested.
    defined : bool, shape (n_points,)
        False where the point is left out.
    """
    kind, low, high = test.kind, test.low, test.high
    for k in range(len(start) - 1):
        kept[k] = False
        first = start[k]
        end = start[k + 1] - (1 if test.last_has_none else 0)
        extreme = np.float32(1.0e10) if kind == MINIMUM else np.float32(-1.0e10)
        at = first
        for i in range(first, end):
            if not defined[i]:
                continue
            if kind == ANY:
                if inside(value[i], low, high):
                    kept[k] = True
                    break
            elif (kind == MINIMUM and value[i] < extreme) or (kind == MAXIMUM and value[i] > extreme):
                extreme = value[i]
                at = i
        if kind != ANY and start[k + 1] > first:
            lived = lived_long_enough(start, frame, k, at, test.before, test.after)
            kept[k] = inside(extreme, low, high) and lived


@helper
def step_east(x1, x2, period):
    """Float32 difference of longitudes, brought to the shorter way round."""
    half = np.float32(period * np.float32(0.5))
    step = np.float32(x2 - x1)
    if abs(step) > half:
        step = np.float32(step - period) if x1 < half else np.float32(step + period)
    return step


@helper
def heading(paths, first, last, norm):
    """Direction of the sum of the steps, float32 degrees anticlockwise from east."""
    lon, lat, missing, geodesic = paths.lon, paths.lat, paths.missing, norm.geodesic
    east = 0.0
    north = 0.0
    for i in range(first, last):
        frames = np.float32(missing[i] + 1)
        x = np.float32(distance(lon[i], lat[i], lon[i + 1], lat[i], geodesic) / frames)
        y = np.float32(distance(lon[i], lat[i], lon[i], lat[i + 1], geodesic) / frames)
        if step_east(lon[i], lon[i + 1], norm.period) < np.float32(0.0):
            x = -x
        if np.float32(lat[i + 1] - lat[i]) < np.float32(0.0):
            y = -y
        east += np.float64(x)
        north += np.float64(y)
    return np.float32(math.atan2(north, east) / RAD)


@kernel
def heads_between(paths: Paths, low: np.float32, high: np.float32, norm: Norm, kept: Mask_1D) -> None:
    """Direction of the whole track within two angles; tracks of one point fail."""
    start = paths.start
    for k in range(len(start) - 1):
        first, last = start[k], start[k + 1] - 1
        kept[k] = False
        if last <= first:
            continue
        angle = heading(paths, first, last, norm)
        kept[k] = not np.float32(np.float32(high - angle) * np.float32(angle - low)) < np.float32(0.0)


@helper
def in_region(lon, lat, region, period):
    """Point in lon1, lon2, lat1, lat2, limits included; lon1 > lon2 crosses the seam."""
    zero = np.float32(0.0)
    if np.float32(np.float32(region[3] - lat) * np.float32(lat - region[2])) < zero:
        return False
    if region[0] <= region[1]:
        return np.float32(np.float32(region[1] - lon) * np.float32(lon - region[0])) >= zero
    if np.float32(np.float32(region[1] - lon) * lon) >= zero:
        return True
    return np.float32(np.float32(period - lon) * np.float32(lon - region[0])) >= zero


@helper
def touches(paths, i, region, period):
    """Whether the step from point `i` to the next begins or ends in a region."""
    here = in_region(paths.lon[i], paths.lat[i], region, period)
    return here or in_region(paths.lon[i + 1], paths.lat[i + 1], region, period)


@helper
def speed_of_step(paths, i, test, geodesic):
    """Float32 speed from point `i` to the next."""
    apart = distance(paths.lon[i], paths.lat[i], paths.lon[i + 1], paths.lat[i + 1], geodesic)
    way = np.float32(test.scale * apart)
    return np.float32(way / np.float32(np.float32(paths.missing[i] + 1) * test.step))


@kernel
def fast_enough(paths: Paths, test: SpeedTest, norm: Norm, kept: Mask_1D) -> None:
    """Propagation speed within limits (included): any step, the slowest, or the fastest."""
    start, kind, low, high = paths.start, test.kind, test.low, test.high
    for k in range(len(start) - 1):
        kept[k] = False
        extreme = np.float32(1.0e6) if kind == MINIMUM else np.float32(-1.0e6)
        if start[k + 1] == start[k]:
            continue
        for i in range(start[k], start[k + 1] - 1):
            if test.regional and not touches(paths, i, test.region, norm.period):
                continue
            speed = speed_of_step(paths, i, test, norm.geodesic)
            if kind == ANY:
                if np.float32(np.float32(high - speed) * np.float32(speed - low)) >= np.float32(0.0):
                    kept[k] = True
                    break
            elif (kind == MINIMUM and speed < extreme) or (kind == MAXIMUM and speed > extreme):
                extreme = speed
        if kind != ANY:
            kept[k] = np.float32(np.float32(high - extreme) * np.float32(extreme - low)) >= np.float32(0.0)


@kernel
def mostly_between(
    start: I64_1D, frame: I64_1D, missing: I32_1D, first_frame: int, last_frame: int, kept: Mask_1D
) -> None:
    """At most half of the life outside a range of frames, and not all of it."""
    for k in range(len(start) - 1):
        kept[k] = False
        if start[k + 1] == start[k]:
            continue
        begin, end = frame[start[k]], frame[start[k + 1] - 1]
        if end < first_frame or begin > last_frame:
            continue
        outside = 0
        if begin < first_frame <= end:
            outside += first_frame - begin
        if begin <= last_frame < end:
            outside += end - last_frame
        life = end - begin
        for i in range(start[k], start[k + 1]):
            life += missing[i]
        share = np.float32(np.float32(outside) / np.float32(life))
        kept[k] = not np.float64(share) > 0.5
