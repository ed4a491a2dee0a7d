"""Kernel of the track density and the mean lifetime on the spherical quad tree, block by block of sampling points.

At every sampling point each track counts once, with its point that is nearest; from these points density and lifetime
are estimated, with a pilot density of their own where smoothing is adaptive. All points that are nearest somewhere in
the block ("actors") stand in leaf order, with a mask that says in which lanes. A pilot density is summed in that order
in all lanes at once: an actor that is not there adds 0, which changes nothing.

References
----------
Specification 06, sections 1.7, 1.8 and 1.12. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D, F64_2D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from .block_nearest import LANES, Found, Lanes, Samples, fill_lanes, nearest_in_block
from .near import Near
from .power import FLOOR, LEAST_DENSITY, LEAST_WEIGHT, TWO_PI, normalisation, power, reach, stretch, whole_normalisation
from .sphere import Points
from .track_kernels import Paths

LEAST_ALPHA = 0.05


class Ordered(NamedTuple):
    """Points of the tracks that have a leaf, leaf by leaf.

    Attributes
    ----------
    points : Points
    point, track : int32, shape (n,)
        Number of the point, and of its track.
    start : int64, shape (n_cells + 1,)
        Offsets of the leaves that have points.
    near : Near
        Leaves (of these) in which each point is felt as a datum of the pilot density.
    """

    points: Points
    point: I32_1D
    track: I32_1D
    start: I64_1D
    near: Near


class Plan(NamedTuple):
    """Kernel and smoothing.

    Attributes
    ----------
    exponent, q : float
        Exponent, and that plus 1.
    s, lowest, alpha : float
        Parameter, its lower bound, power of the pilot density.
    adaptive : bool
    """

    exponent: float
    q: float
    s: float
    lowest: float
    alpha: float
    adaptive: bool


class Actors(NamedTuple):
    """Points that are nearest in some lane, in leaf order.

    Attributes
    ----------
    points : Points
    place, lanes : int32 and int64, shape (n,)
        Where each stands among all points in leaf order; bit k: it is nearest in lane k.
    whole : bool, shape (n,)
        It is so in all of them.
    mask, density : float64, shape (n, LANES)
        1 where it is nearest; pilot density there.
    begin : int64, shape (n_cells + 1,)
        Offsets of the leaves.
    kernels : float64, shape (n,)
        Kernels at one actor.
    felt : int32, shape (n,)
        Those above 0.
    """

    points: Points
    place: I32_1D
    lanes: I64_1D
    whole: Mask_1D
    mask: F64_2D
    density: F64_2D
    begin: I64_1D
    kernels: F64_1D
    felt: I32_1D


class Densities(NamedTuple):
    """At the sampling points: density, mean, number of data (or of weights), float64, shape (n,) each."""

    density: F64_1D
    mean: F64_1D
    number: F64_1D


class Memory(NamedTuple):
    """What a block works in; `bits`, int64, shape (n_ordered,), is 0 between blocks."""

    lanes: Lanes
    found: Found
    actors: Actors
    bits: I64_1D


@helper
def mark(paths, width, memory):
    """Mark the nearest points, in leaf order, with the lanes in which they are."""
    point = memory.found.point
    for k in range(len(point)):
        last, bits = -1, 0
        for lane in range(width):
            i = point[k, lane]
            if i != last:
                if last >= 0 and paths.place[last] >= 0:
                    memory.bits[paths.place[last]] |= bits
                last, bits = i, 0
            bits |= 1 << lane
        if last >= 0 and paths.place[last] >= 0:
            memory.bits[paths.place[last]] |= bits


@helper
def add_actor(ordered, place, bits, width, actors, count):
    """Write one actor."""
    actors.place[count], actors.lanes[count], actors.whole[count] = place, bits, bits == (1 << width) - 1
    actors.points.x[count] = ordered.points.x[place]
    actors.points.y[count] = ordered.points.y[place]
    actors.points.z[count] = ordered.points.z[place]
    for lane in range(LANES):
        actors.mask[count, lane] = np.float64((bits >> lane) & 1)


@helper
def collect(ordered, width, memory):
    """List the marked points, and clear the marks; returns how many."""
    count, actors = 0, memory.actors
    for cell in range(len(ordered.start) - 1):
        actors.begin[cell] = count
        for place in range(ordered.start[cell], ordered.start[cell + 1]):
            bits = memory.bits[place]
            if bits != 0:
                add_actor(ordered, place, bits, width, actors, count)
                memory.bits[place] = 0
                count += 1
    actors.begin[len(ordered.start) - 1] = count
    return count


@helper
def fill_kernels(actors, a, first, end, t, exponent):
    """Kernels of a run of actors at actor `a`; 0 at itself. Indices are unsigned where no loop may look at them."""
    v, out = actors.points, actors.kernels
    x, y, z = v.x[a], v.y[a], v.z[a]
    if exponent == 1.0 and t > 0.0:
        for n in range(first, end):
            i = np.uint64(n)
            out[i] = ((x * v.x[i] + y * v.y[i]) + z * v.z[i]) * t - 1.0
    else:
        for n in range(first, end):
            i = np.uint64(n)
            out[i] = power(t, (x * v.x[i] + y * v.y[i]) + z * v.z[i], exponent)
    if first <= a < end:
        out[a] = 0.0


@helper
def list_run(actors, first, end, count):
    """List those of a run of actors whose kernels are above 0; how many there are then."""
    kernel, felt = actors.kernels, actors.felt
    for i in range(first, end):
        felt[np.uint64(count)] = i
        count += kernel[np.uint64(i)] > 0.0
    return count


@helper
def list_felt(ordered, actors, a, t, exponent):
    """List the other actors that actor `a` feels, in leaf order; how many, and whether they are all in all lanes."""
    near, place, count, whole = ordered.near, actors.place[a], 0, True
    for n in range(near.start[place], near.start[place + 1]):
        first, end = actors.begin[near.first[n]], actors.begin[near.end[n]]
        fill_kernels(actors, a, first, end, t, exponent)
        count = list_run(actors, first, end, count)
    for n in range(count):
        whole = whole and actors.whole[np.uint64(actors.felt[np.uint64(n)])]
    return count, whole


@helper
def sum_felt(actors, count, whole, total):
    """Sum the kernels listed, in order, in every lane."""
    kernel, felt, mask = actors.kernels, actors.felt, actors.mask
    if whole:
        one = FLOOR
        for n in range(count):
            one += kernel[np.uint64(felt[np.uint64(n)])]
        for lane in range(LANES):
            total[lane] = one
        return
    for lane in range(LANES):
        total[lane] = FLOOR
    for n in range(count):
        i = np.uint64(felt[np.uint64(n)])
        found = kernel[i]
        for lane in range(len(total)):  # of unknown length, so that it is done with vectors
            total[lane] += found * mask[i, lane]


@helper
def keep_logs(ordered, actors, a, width, lanes, log):
    """Write the normalised pilot densities of an actor in its lanes, and their logarithms."""
    k, bits = ordered.track[actors.place[a]], actors.lanes[a]
    last, its_log = -1.0, 0.0
    for lane in range(width):
        if (bits >> lane) & 1:
            density = lanes.factor[lane] * lanes.total[lane]
            if density != last:
                last, its_log = density, math.log(density)
            actors.density[a, lane] = density
            log[k, lane] = its_log


@helper
def start_logs(paths, width, lanes, found):
    """Logarithms of nearest points between leaves, which feel nothing; 0 elsewhere."""
    for k in range(len(found.point)):
        for lane in range(LANES):
            found.log[k, lane] = 0.0
        for lane in range(width):
            i = found.point[k, lane]
            if i >= 0 and paths.place[i] < 0:
                found.log[k, lane] = math.log(lanes.factor[lane] * FLOOR)


@helper
def pilot(paths, ordered, count, width, plan, memory):
    """Pilot densities of all actors, and their geometric mean over the tracks in every lane."""
    lanes, found, actors, t = memory.lanes, memory.found, memory.actors, stretch(plan.s)
    for lane in range(LANES):
        n = lanes.tracks[lane]
        lanes.factor[lane] = whole_normalisation(t, plan.q, np.float64(np.float32(n - 1))) if n > 1 else 1.0
    start_logs(paths, width, lanes, found)
    for a in range(count):
        felt, whole = list_felt(ordered, actors, a, t, plan.exponent)
        sum_felt(actors, felt, whole, lanes.total)
        keep_logs(ordered, actors, a, width, lanes, found.log)
    for lane in range(LANES):
        lanes.total[lane] = 0.0
    for k in range(len(found.log)):
        for lane in range(LANES):
            lanes.total[lane] += found.log[k, lane]
    for lane in range(LANES):
        lanes.mean[lane] = math.exp(lanes.total[lane] / np.float64(np.float32(lanes.tracks[lane])))


@helper
def too_narrow(cosine, ratio, plan):
    """Whether a datum is surely not felt at an angle, with its pilot density over the mean given."""
    if cosine <= 0.0:
        return True
    if not plan.adaptive:
        return cosine < reach(stretch(plan.s)) - 1.0e-9
    if cosine > 1.0 - 1.0e-5 or not plan.alpha > LEAST_ALPHA:
        return False
    limit = cosine / (1.0 - cosine)
    if limit < 2.0e-6:
        return False
    limit /= plan.s
    most = limit * limit if plan.alpha == 0.5 else math.pow(limit, 1.0 / plan.alpha)
    return ratio > most * (1.0 + 1.0e-6)


@helper
def least_ratio(actors, a, width, mean):
    """Least pilot density of an actor, over a mean, rounded down."""
    least = np.inf
    for lane in range(width):
        if (actors.lanes[a] >> lane) & 1:
            least = min(least, actors.density[a, lane])
    return least / mean * (1.0 - 1.0e-9)


@helper
def largest_mean(lanes, width):
    """Largest mean pilot density; infinite if one is not finite."""
    most = 0.0
    for lane in range(width):
        if lanes.wanted[lane]:
            most = max(most, lanes.mean[lane]) if lanes.mean[lane] < np.inf else np.inf
    return most


@helper
def shortlist(count, width, centre, plan, memory):
    """List the actors that may be felt somewhere in the block (`centre`: x, y, z, longest chord); how many."""
    lanes, actors = memory.lanes, memory.actors
    x, y, z, chord = centre
    cosine = max(1.0 - 0.5 * chord * chord, -1.0)
    sine = math.sqrt(1.0 - cosine * cosine)
    listed, mean = 0, largest_mean(lanes, width)
    for a in range(count):
        angle = (actors.points.x[a] * x + actors.points.y[a] * y) + actors.points.z[a] * z
        most = 1.0
        if angle < cosine:
            most = angle * cosine + math.sqrt(max(1.0 - angle * angle, 0.0)) * sine + 1.0e-9
        ratio = least_ratio(actors, a, width, mean) if plan.adaptive and mean < np.inf else 0.0
        if not too_narrow(most, ratio, plan):
            actors.felt[listed] = a
            listed += 1
    return listed


@helper
def datum(paths, ordered, actors, a, lane, cosine, plan, mean):
    """Kernel of an actor as a datum at the sampling point of a lane, with its weight and normalisation."""
    t, factor = stretch(plan.s), 1.0
    if plan.adaptive:
        ratio = actors.density[a, lane] / mean
        if too_narrow(cosine, ratio, plan):
            return 0.0
        s = math.pow(ratio, plan.alpha) * plan.s
        if s < plan.lowest:
            s = plan.lowest
        t = stretch(s)
    found = power(t, cosine, plan.exponent)
    if not found > 0.0:
        return 0.0
    if plan.adaptive:
        factor = normalisation(t, plan.q)
    weight = np.float64(paths.weight[ordered.point[actors.place[a]]]) if len(paths.weight) else 1.0
    return weight * (factor * found)


@helper
def estimate(paths, ordered, listed, lane, plan, memory):
    """Sums of the kernels, and of the lifetimes times these, at the sampling point of a lane."""
    density = value = 0.0
    lanes, actors = memory.lanes, memory.actors
    x, y, z, v = lanes.x[lane], lanes.y[lane], lanes.z[lane], actors.points
    for n in range(listed):
        a = actors.felt[n]
        if not (actors.lanes[a] >> lane) & 1:
            continue
        cosine = (v.x[a] * x + v.y[a] * y) + v.z[a] * z
        d = datum(paths, ordered, actors, a, lane, cosine, plan, lanes.mean[lane])
        if d != 0.0:
            density += d
            value += paths.lifetime[ordered.track[actors.place[a]]] * d
    return density, value


@helper
def write_lane(paths, ordered, listed, lane, plan, memory, out):
    """Estimate and normalise at the sampling point of a lane."""
    lanes = memory.lanes
    k, number = lanes.sample[lane], lanes.number[lane]
    factor = plan.q / (TWO_PI * number) if plan.adaptive else whole_normalisation(stretch(plan.s), plan.q, number)
    if len(paths.weight) and number <= LEAST_WEIGHT:
        factor = 0.0
    density, value = estimate(paths, ordered, listed, lane, plan, memory)
    density *= factor
    out.density[k] = density
    if density > LEAST_DENSITY:
        out.mean[k] = value * factor / density


@helper
def any_wanted(paths, samples, width, lanes, out):
    """Write the numbers of data; whether there is anything to estimate."""
    some = False
    for lane in range(width):
        if not len(paths.weight):
            lanes.number[lane] = np.float64(lanes.tracks[lane])
        out.number[lanes.sample[lane]] = lanes.number[lane]
        if lanes.tracks[lane] > 1 and samples.leaf[lanes.sample[lane]] >= 0:
            lanes.wanted[lane] = 1
            some = True
    return some


@kernel
def block_densities(
    paths: Paths, ordered: Ordered, samples: Samples, plan: Plan, memory: Memory, out: Densities
) -> None:
    """Density and mean lifetime at sampling points."""
    for block in range(len(samples.start) - 1):
        width = fill_lanes(samples, block, memory.lanes)
        centre = nearest_in_block(paths, width, memory.lanes, memory.found)
        if not any_wanted(paths, samples, width, memory.lanes, out):
            continue
        mark(paths, width, memory)
        count = collect(ordered, width, memory)
        if plan.adaptive:
            pilot(paths, ordered, count, width, plan, memory)
        listed = shortlist(count, width, centre, plan, memory)
        for lane in range(width):
            if memory.lanes.wanted[lane]:
                write_lane(paths, ordered, listed, lane, plan, memory, out)
