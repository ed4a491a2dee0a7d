"""Caps around points: the grid points that belong to them, their extrema, means and areas.

References
----------
Specification 06, sections 2.4 to 2.6. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import HALF_PI, RAD, measure_unit
from .lines import Frame, Lines

UNDEFINED = 1.0e25
SMALLEST_AREA = 1.0e-6


class Sought(NamedTuple):
    """What is looked for in caps.

    Attributes
    ----------
    outer, inner : float32
        Degrees: of the window that is visited, and of the cap.
    sign : int
        1 maximum, -1 minimum.
    strict : bool
        Only values that exceed their eight neighbours.
    """

    outer: np.float32
    inner: np.float32
    sign: int
    strict: bool


class Asked(NamedTuple):
    """Which area statistics are asked for.

    Attributes
    ----------
    outer, inner : float32
        Degrees: of the window that is visited, and of the cap.
    limited : bool
        Only values that reach a threshold.
    counted : bool
        Only the area; the values that reach the threshold become 0.
    """

    outer: np.float32
    inner: np.float32
    limited: bool
    counted: bool


@helper
def bracket(axis, value):
    """Lower and upper index around a value, by TRACK's bisection with one turn more."""
    low, high = 0, len(axis) - 1
    while True:
        half = (high - low) // 2
        if value > axis[low + half]:
            low += half
        else:
            high = low + half
        if half == 0:
            return low, high


@helper
def single_vector(lon, lat):
    """Unit vector in float32 of a point in float32 degrees, the angles rounded too."""
    phi = np.float64(np.float32(np.float64(lon) * RAD))
    theta = np.float64(np.float32(HALF_PI - np.float64(lat) * RAD))
    sine = math.sin(theta)
    return np.float32(sine * math.cos(phi)), np.float32(sine * math.sin(phi)), np.float32(math.cos(theta))


@helper
def half_width(lines, row, outer):
    """Number of columns to either side that the outer radius takes in a row."""
    middle = len(lines.lon) // 2
    factor = np.float32(1.0 / math.cos(np.float64(outer) * RAD))
    x, y, z = single_vector(lines.lon[middle], lines.lat[row])
    j = middle
    while j > 0:
        a, b, c = single_vector(lines.lon[j - 1], lines.lat[row])
        dot = np.float32(np.float32(np.float32(x * a) + np.float32(y * b)) + np.float32(z * c))
        if np.float32(np.float64(np.float32(factor * dot)) - 1.0) < np.float32(0.0):
            break
        j -= 1
    return middle - j + 1


@helper
def window(lines, lon, lat, outer):
    """First and last row (from 0), first and last column (from 1) of the window."""
    south = max(np.float32(lat - outer), lines.lat[0])
    north = min(np.float32(lat + outer), lines.lat[len(lines.lat) - 1])
    first = bracket(lines.lat, south)[0]
    last = bracket(lines.lat, north)[1]
    low, high = bracket(lines.lon, lon)
    column = low
    if abs(np.float32(lines.lon[high] - lon)) < abs(np.float32(lon - lines.lon[low])):
        column = high
    width = half_width(lines, last if north > np.float32(0.0) else first, outer)
    return first, last, column + 1 - width, column + 1 + width


@helper
def stretches(n, first, last):
    """The two stretches of columns (from 1, ends included) that a row is visited in; an empty one ends before it."""
    if first <= 1 and last >= n:
        last -= 1
    if first > 0 and last <= n:
        return first, last, 1, 0
    if first < 1 and last <= n:
        return 1, last, n + first - 1, n - 1
    if first > 0:
        return first, n, 2, last - n + 1
    return 1, 0, 1, 0


@helper
def exceeds(frame, row, column, sign):
    """Whether a value exceeds its eight neighbours; not if one is missing."""
    values = frame.values
    rows, columns = values.shape
    if row < 1 or row > rows - 2:
        return False
    for r in range(row - 1, row + 2):
        for step in range(-1, 2):
            c = column + step
            if r == row and step == 0:
                continue
            if c < 0:
                c += columns - 1
            elif c >= columns:
                c -= columns - 1
            if frame.missing[r, c]:
                return False
            if sign > 0 and not values[r, c] < values[row, column]:
                return False
            if sign < 0 and not values[r, c] > values[row, column]:
                return False
    return True


@helper
def belongs(lines, frame, row, column, lon, lat, radius):
    """Whether a grid point lies in the cap (radius in float32 radians) and has a value."""
    return measure_unit(lon, lat, lines.lon[column], lines.lat[row]) <= radius and not frame.missing[row, column]


@helper
def extremum(lines, frame, lon, lat, mean, sought):
    """Longitude, latitude and value (float32) of the first extremum of a cap; undefined if there is none."""
    radius = np.float32(np.float64(sought.inner) * RAD)
    first, last, left, right = window(lines, lon, lat, sought.outer)
    a1, b1, a2, b2 = stretches(len(lines.lon), left, right)
    none = np.float32(UNDEFINED)
    best = np.float32(-UNDEFINED) if sought.sign > 0 else none
    x, y, found = none, none, False
    for row in range(first, last + 1):
        for part in range(2):
            begin, end = (a1, b1) if part == 0 else (a2, b2)
            for column in range(begin - 1, end):
                if not belongs(lines, frame, row, column, lon, lat, radius):
                    continue
                value = np.float32(frame.values[row, column] - mean)
                if not (value > best if sought.sign > 0 else value < best):
                    continue
                if sought.strict and not exceeds(frame, row, column, sought.sign):
                    continue
                best, x, y, found = value, lines.lon[column], lines.lat[row], True
    return x, y, best if found else none


@kernel
def extrema(lines: Lines, frame: Frame, lon: F32_1D, lat: F32_1D, mean: F32_1D, sought: Sought, out: F32_2D) -> None:
    """Extrema of caps around points: longitude, latitude and value, shape (n, 3).

    `mean` is subtracted from the values first.
    """
    for p in range(len(lon)):
        x, y, value = extremum(lines, frame, lon[p], lat[p], mean[p], sought)
        out[p, 0], out[p, 1], out[p, 2] = x, y, value


@helper
def sums(lines, frame, lon, lat, threshold, asked):
    """Area, sum and sum of squares (float64) of a cap, and the last area alone for counting."""
    radius = np.float32(np.float64(asked.inner) * RAD)
    first, last, left, right = window(lines, lon, lat, asked.outer)
    a1, b1, a2, b2 = stretches(len(lines.lon), left, right)
    area, total, squares = 0.0, 0.0, 0.0
    for row in range(first, last + 1):
        for part in range(2):
            begin, end = (a1, b1) if part == 0 else (a2, b2)
            for column in range(begin - 1, end):
                if not belongs(lines, frame, row, column, lon, lat, radius):
                    continue
                value = frame.values[row, column]
                if asked.limited and not value >= threshold:
                    continue
                weight = np.float32(np.float32(lines.cosine[row] * lines.width[column]) * lines.height[row])
                area += np.float64(weight)
                total += np.float64(np.float32(value * weight))
                squares += np.float64(np.float32(np.float32(value * value) * weight))
                if asked.counted:
                    frame.values[row, column] = np.float32(0.0)
                    frame.missing[row, column] = frame.zero_is_missing
    return area, total, squares


@kernel
def area_statistics(
    lines: Lines, frame: Frame, lon: F32_1D, lat: F32_1D, threshold: F32_1D, asked: Asked, out: F32_2D
) -> None:
    """Mean, standard deviation and area of caps around points, shape (n, 3); NaN for the root of a negative number.

    For counting the area alone is defined, and the frame is changed.
    """
    none = np.float32(UNDEFINED)
    for p in range(len(lon)):
        area, total, squares = sums(lines, frame, lon[p], lat[p], threshold[p], asked)
        out[p, 0] = out[p, 1] = out[p, 2] = none
        if asked.counted:
            out[p, 2] = np.float32(area)
        elif area > SMALLEST_AREA:
            mean = total / area
            variance = squares / area - mean * mean
            out[p, 0] = np.float32(mean)
            out[p, 1] = np.float32(math.sqrt(variance)) if variance >= 0.0 else np.float32(np.nan)
            out[p, 2] = np.float32(area)


@kernel
def windows(lines: Lines, lon: F32_1D, lat: F32_1D, outer: float, out: F32_2D) -> None:
    """Limits of the windows around points on the grid, shape (n, 4): west, south, east, north.

    A column beyond an end is taken a full circle on.
    """
    n, circle = len(lines.lon), np.float32(360.0)
    for p in range(len(lon)):
        first, last, left, right = window(lines, lon[p], lat[p], np.float32(outer))
        west = lines.lon[left - 1] if left > 0 else np.float32(lines.lon[max(n + left - 2, 0)] - circle)
        east = lines.lon[right - 1] if right <= n else np.float32(lines.lon[min(right - n, n - 1)] + circle)
        out[p, 0], out[p, 1], out[p, 2], out[p, 3] = west, lines.lat[first], east, lines.lat[last]
