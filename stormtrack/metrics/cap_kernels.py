"""Kernels of metrics: which cells lie in the caps around points, and sums and largest values over tracks there.

Each cap is laid row by row over the grid: between the two columns where its circle cuts the row. The cost follows the
cells of a cap. The constant weight needs distances only where rounding might decide.

References
----------
Specification 07, section 2. Parity: not applicable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..arrays import F64_1D, F64_2D, I64_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD

SLACK = 1.0e-3
"""Degrees at the ends of a row of a cap within which distances decide: much more than what rounding does to arcs."""
POLAR = 1.0e-3
"""Product of the cosines of the latitudes of a point and a row below which all of the row is looked at."""
CONSTANT, CRESSMAN, LINEAR, QUADRATIC, FISHER, DISTANCE = range(6)
"""Weights; `DISTANCE` is the distance itself, km."""
DEGREE, TURN = 180.0 / math.pi, 2.0 * math.pi
SEPARATE, PRODUCT, NEAREST = range(3)
"""How weight and amplitude of a track go together: the largest of both, the largest product, the nearest place's."""
TIE = 1.0e-6
"""Places whose distances differ by less (km) are equally near; the larger amplitude counts."""
UNTOUCHED = -1.0


class Lines(NamedTuple):
    """Lines of a grid.

    Attributes
    ----------
    lat : float64, shape (n_lat,)
        Degrees, ascending.
    sine, cosine : float64, shape (n_lat,)
        Of them.
    around : float64, shape (3 x n_lon,)
        Longitudes, ascending, three times round: less 360 degrees, as they are, and 360 degrees more.
    east : float64, shape (n_lon, 2)
        Cosine and sine of the longitudes.
    rate : float64, shape (2,)
        Rows and columns in a degree, on average.
    """

    lat: F64_1D
    sine: F64_1D
    cosine: F64_1D
    around: F64_1D
    east: F64_2D
    rate: F64_1D


class Cap(NamedTuple):
    """What a cap is.

    Attributes
    ----------
    radius, earth : float
        Of the cap along the sphere, and of the sphere, km.
    border : bool
        The border belongs to the cap.
    weighting : int
        Number of the weight.
    kappa : float
        Concentration of the Fisher weight.
    """

    radius: float
    earth: float
    border: bool
    weighting: int
    kappa: float


class Places(NamedTuple):
    """Points, segment after segment.

    Attributes
    ----------
    start : int64, shape (n_segments + 1,)
        Offsets of the segments: the points of one track in one period.
    lon, lat : float64, shape (n_points,)
        Degrees.
    """

    start: I64_1D
    lon: F64_1D
    lat: F64_1D


class Arcs(NamedTuple):
    """Parts of great circles, segment after segment, with amplitudes that change linearly along them.

    Attributes
    ----------
    start : int64, shape (n_segments + 1,)
    middle_lon, middle_lat : float64, shape (n_arcs,)
        Degrees.
    ends : float64, shape (n_arcs, 6)
        Unit vector at the start, and that of the direction in which the arc leaves it (zeros: a point).
    length : float64, shape (n_arcs,)
        Radians.
    amplitude : float64, shape (n_arcs, 2)
        At the start and the end.
    """

    start: I64_1D
    middle_lon: F64_1D
    middle_lat: F64_1D
    ends: F64_2D
    length: F64_1D
    amplitude: F64_2D


class Room(NamedTuple):
    """Work arrays, shape (n_cells,) each.

    Attributes
    ----------
    cell : int64
        Cells of a cap.
    weight : float64
        Of them.
    touched : int64
        Cells that a track has reached.
    most, largest : float64
        The largest weight and amplitude of the track in each cell; `most` is `UNTOUCHED` between two tracks.
    """

    cell: I64_1D
    weight: F64_1D
    touched: I64_1D
    most: F64_1D
    largest: F64_1D


@helper
def seek(values, rate, target):
    """Index of the first of some ascending values that is not below a target; quick where they come at an even rate."""
    n = len(values)
    k = min(max(int((target - values[0]) * rate), 0), n)
    while k > 0 and values[k - 1] >= target:
        k -= 1
    while k < n and values[k] < target:
        k += 1
    return k


@helper
def weight_of(distance, cap):
    """Weight at a distance within the cap."""
    part = distance / cap.radius
    if cap.weighting == CONSTANT:
        return 1.0
    if cap.weighting == LINEAR:
        return 1.0 - part
    if cap.weighting == DISTANCE:
        return distance
    if cap.weighting == FISHER:
        return math.exp(cap.kappa * (math.cos(distance / cap.earth) - 1.0))
    rest = 1.0 - part * part
    return rest if cap.weighting == QUADRATIC else rest / (1.0 + part * part)


@helper
def is_inside(distance, cap):
    """Whether a distance is within the cap."""
    return distance <= cap.radius if cap.border else distance < cap.radius


@helper
def half_width(sine, cosine, row, lines, level):
    """Half of the longitudes (degrees) that a circle of an angle of cosine `level` around a point takes of a row.

    180: all of the row has to be looked at.
    """
    across = cosine * lines.cosine[row]
    if across < POLAR:
        return 180.0
    part = (level - sine * lines.sine[row]) / across
    return math.acos(min(max(part, -1.0), 1.0)) * DEGREE


@helper
def distance_over(turn, phi, theta, across, earth):
    """Distance (km) over a difference of longitudes (degrees) from one latitude to another (radians), by the haversine.

    `across` is the product of the cosines of the latitudes.
    """
    square = math.sin((phi - theta) / 2.0) ** 2 + across * math.sin(turn * RAD / 2.0) ** 2
    return 2.0 * earth * math.asin(math.sqrt(min(max(square, 0.0), 1.0)))


@helper
def cells_around(lon, lat, lines, cap, room):
    """Fill in the cells of the cap around a point (degrees) and their weights; returns how many."""
    found, n = 0, len(lines.around) // 3
    angle = cap.radius / cap.earth
    reach, level = angle * DEGREE + SLACK, math.cos(angle)
    phi = lat * RAD
    sine, cosine = math.sin(phi), math.cos(phi)
    middle = lines.around[n] + (lon - lines.around[n]) % 360.0
    row = seek(lines.lat, lines.rate[0], lat - reach)
    while row < len(lines.lat) and lines.lat[row] <= lat + reach:
        half = half_width(sine, cosine, row, lines, level)
        first = seek(lines.around, lines.rate[1], middle - half - SLACK)
        end = seek(lines.around, lines.rate[1], middle + half + SLACK)
        end = min(end, first + n)
        sure = half - SLACK
        if cap.weighting == CONSTANT and half < 180.0 and are_within(lines.around, first, end, middle, sure):
            found = fill_row(row * n, first, end, n, found, room)
        else:
            place = (phi, lines.lat[row] * RAD, cosine * lines.cosine[row], middle)
            found = fill_tested(place, row * n, first, end, found, lines, cap, room)
        row += 1
    return found


@helper
def are_within(around, first, end, middle, half):
    """Whether some columns are all nearer to a longitude than rounding could matter."""
    return end <= first or (around[first] - middle > -half and around[end - 1] - middle < half)


@helper
def fill_row(start, first, end, n, found, room):
    """Fill in columns that are all in the cap, with weight 1; returns how many cells there are now."""
    for column in range(first, end):
        room.cell[found + column - first] = start + once_round(column, n)
        room.weight[found + column - first] = 1.0
    return found + max(end - first, 0)


@helper
def fill_tested(place, start, first, end, found, lines, cap, room):
    """Fill in the columns whose distance is in the cap; returns how many cells there are now."""
    phi, theta, across, middle = place
    n = len(lines.around) // 3
    for column in range(first, end):
        distance = distance_over(lines.around[column] - middle, phi, theta, across, cap.earth)
        if is_inside(distance, cap):
            room.cell[found], room.weight[found] = start + once_round(column, n), weight_of(distance, cap)
            found += 1
    return found


@helper
def once_round(column, n):
    """A column of the longitudes three times round as one of the grid."""
    column = column if column < n else column - n
    return column if column < n else column - n


@kernel
def add_points(places: Places, values: F64_2D, lines: Lines, cap: Cap, room: Room, total: F64_2D) -> None:
    """Add weight x value of every point in the cells of its cap: `values` has the fields last, `total` first."""
    for i in range(len(places.lon)):
        found = cells_around(places.lon[i], places.lat[i], lines, cap, room)
        for f in range(values.shape[1]):
            value = values[i, f]
            for j in range(found):
                total[f, room.cell[j]] += room.weight[j] * value


@helper
def keep(cell, weight, amplitude, pairing, touched, room):
    """Take a weight and an amplitude in one cell into those of the track; returns how many cells it has touched."""
    most, largest = room.most[cell], room.largest[cell]
    if most == UNTOUCHED:
        room.touched[touched] = cell
        room.most[cell], room.largest[cell] = weight, amplitude
        return touched + 1
    if pairing == SEPARATE:
        room.most[cell], room.largest[cell] = max(most, weight), max(largest, amplitude)
    elif pairing == PRODUCT:
        if weight * amplitude > most * largest:
            room.most[cell], room.largest[cell] = weight, amplitude
    elif weight < most - TIE:
        room.most[cell], room.largest[cell] = weight, amplitude
    elif weight <= most + TIE:
        room.most[cell], room.largest[cell] = min(most, weight), max(largest, amplitude)
    return touched


@helper
def add_touched(touched, pairing, cap, room, total):
    """Add weight x amplitude of a track in the cells that it has touched, and forget it."""
    for j in range(touched):
        cell = room.touched[j]
        weight = weight_of(room.most[cell], cap) if pairing == NEAREST else room.most[cell]
        total[cell] += weight * room.largest[cell]
        room.most[cell] = UNTOUCHED


@helper
def measuring(cap):
    """The cap with distances as weights."""
    return Cap(cap.radius, cap.earth, cap.border, DISTANCE, cap.kappa)


@kernel
def add_tracks(
    places: Places, amplitude: F64_1D, pairing: int, lines: Lines, cap: Cap, room: Room, total: F64_1D
) -> None:
    """Add one weight x amplitude of every segment in each cell that its caps reach: `total` (n_cells,)."""
    cap_here = measuring(cap) if pairing == NEAREST else cap
    for k in range(len(places.start) - 1):
        touched = 0
        for i in range(places.start[k], places.start[k + 1]):
            found = cells_around(places.lon[i], places.lat[i], lines, cap_here, room)
            for j in range(found):
                touched = keep(room.cell[j], room.weight[j], amplitude[i], pairing, touched, room)
        add_touched(touched, pairing, cap, room, total)


@helper
def nearest_on(along, length):
    """Place on an arc (radians from its start) that is nearest to where a foot lies on its circle."""
    if 0.0 <= along <= length:
        return along
    return 0.0 if math.cos(along) >= math.cos(along - length) else length


@helper
def distance_to(x, y, z, ends, place, earth):
    """Distance of a unit vector from a place on an arc, by the chord."""
    c, s = math.cos(place), math.sin(place)
    dx, dy, dz = x - (ends[0] * c + ends[3] * s), y - (ends[1] * c + ends[4] * s), z - (ends[2] * c + ends[5] * s)
    return 2.0 * earth * math.asin(min(0.5 * math.sqrt(dx * dx + dy * dy + dz * dz), 1.0))


@helper
def amplitude_at(arcs, i, place):
    """Amplitude at a place on an arc; the larger one of an arc without length."""
    first, last = arcs.amplitude[i, 0], arcs.amplitude[i, 1]
    if arcs.length[i] == 0.0:
        return max(first, last)
    return first + (last - first) * (place / arcs.length[i])


@helper
def largest_within(arcs, i, along, radial, cap):
    """Largest amplitude on the part of an arc that lies within a cap; `UNTOUCHED` if rounding leaves none.

    The cap's centre has its foot at `along` on the circle and the distance acos(`radial`) from it there.
    """
    level, length, largest = math.cos(cap.radius / cap.earth), arcs.length[i], UNTOUCHED
    half = math.pi
    if abs(level) < radial or level > 0.0:
        half = math.acos(min(level / radial, 1.0)) if radial > 0.0 else 0.0
    for turn in range(-1, 2):
        first, last = max(along + turn * TURN - half, 0.0), min(along + turn * TURN + half, length)
        if first <= last:
            largest = max(largest, max(amplitude_at(arcs, i, first), amplitude_at(arcs, i, last)))
    return largest


@helper
def keep_arc(arcs, i, pairing, lines, cap, room, touched):
    """Take an arc into the weights and amplitudes of its track; returns how many cells that has touched."""
    ends, n = arcs.ends[i], len(lines.east)
    wide = min(cap.radius + 0.5 * arcs.length[i] * cap.earth * (1.0 + 1.0e-9) + 1.0e-3, math.pi * cap.earth)
    around = Cap(wide, cap.earth, True, CONSTANT, 0.0)
    found = cells_around(arcs.middle_lon[i], arcs.middle_lat[i], lines, around, room)
    for j in range(found):
        cell = room.cell[j]
        row = cell // n
        x, y = lines.cosine[row] * lines.east[cell - row * n, 0], lines.cosine[row] * lines.east[cell - row * n, 1]
        z = lines.sine[row]
        p, q = x * ends[0] + y * ends[1] + z * ends[2], x * ends[3] + y * ends[4] + z * ends[5]
        along = math.atan2(q, p)
        place = nearest_on(along, arcs.length[i])
        distance = distance_to(x, y, z, ends, place, cap.earth)
        if not is_inside(distance, cap):
            continue
        amplitude = amplitude_at(arcs, i, place)
        if pairing != NEAREST and arcs.length[i] > 0.0:
            amplitude = max(amplitude, largest_within(arcs, i, along, math.sqrt(p * p + q * q), cap))
        weight = distance if pairing == NEAREST else weight_of(distance, cap)
        touched = keep(cell, weight, amplitude, pairing, touched, room)
    return touched


@kernel
def add_arcs(arcs: Arcs, pairing: int, lines: Lines, cap: Cap, room: Room, total: F64_1D) -> None:
    """Add one weight x amplitude of every segment in each cell within the radius of its arcs: `total` (n_cells,)."""
    for k in range(len(arcs.start) - 1):
        touched = 0
        for i in range(arcs.start[k], arcs.start[k + 1]):
            touched = keep_arc(arcs, i, pairing, lines, cap, room, touched)
        add_touched(touched, pairing, cap, room, total)
