"""Kernel of what each unit of tracks adds to track density and lifetime, block by block of sampling points.

Nearest points, pilot densities and kernels are those of `block_density`. Tracks have no weights.

References
----------
Specification 06, sections 1.7, 1.8 and 1.12. Parity: data have the bits of `block_density`; their sums are others'.
"""

from __future__ import annotations

from ..kernels.declare import helper, kernel
from .block_density import Densities, Memory, Ordered, Plan, any_wanted, collect, datum, mark, pilot, shortlist
from .block_nearest import Samples, fill_lanes, nearest_in_block
from .entries import Entries, entry_of
from .track_kernels import Paths


@helper
def data_in_block(paths, ordered, width, centre, plan, memory):
    """List the nearest points that may be felt in a block, with their pilot densities; how many."""
    mark(paths, width, memory)
    count = collect(ordered, width, memory)
    if plan.adaptive:
        pilot(paths, ordered, count, width, plan, memory)
    return shortlist(count, width, centre, plan, memory)


@helper
def add_lane(paths, ordered, listed, lane, plan, memory, entries, begin):
    """Write the entries at the sampling point of a lane from `begin` on; returns where they end."""
    lanes, actors, count = memory.lanes, memory.actors, begin
    x, y, z, v = lanes.x[lane], lanes.y[lane], lanes.z[lane], actors.points
    for n in range(listed):
        a = actors.felt[n]
        if not (actors.lanes[a] >> lane) & 1:
            continue
        cosine = (v.x[a] * x + v.y[a] * y) + v.z[a] * z
        d = datum(paths, ordered, actors, a, lane, cosine, plan, lanes.mean[lane])
        if d != 0.0:
            track = ordered.track[actors.place[a]]
            e, count = entry_of(entries, entries.owner[track], begin, count)
            entries.values[e, 0] += d
            entries.values[e, 1] += paths.lifetime[track] * d
    return count


@kernel
def track_sums(
    paths: Paths, ordered: Ordered, samples: Samples, plan: Plan, memory: Memory, out: Densities, entries: Entries
) -> None:
    """Entries at the sampling points, in the order of the blocks; `out.number` gets the numbers of tracks."""
    count = 0
    for block in range(len(samples.start) - 1):
        width = fill_lanes(samples, block, memory.lanes)
        centre = nearest_in_block(paths, width, memory.lanes, memory.found)
        listed = 0
        if any_wanted(paths, samples, width, memory.lanes, out):
            listed = data_in_block(paths, ordered, width, centre, plan, memory)
        for lane in range(width):
            if memory.lanes.wanted[lane]:
                count = add_lane(paths, ordered, listed, lane, plan, memory, entries, count)
            entries.start[samples.start[block] + lane + 1] = count
