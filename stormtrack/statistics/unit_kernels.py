"""Kernel that sums the power kernels of data at points, for each unit by itself.

References
----------
Specification 06, section 1.7. Parity: sums of all units as `tree_sums`, but for the order (rounding).
"""

from __future__ import annotations

from ..arrays import F64_1D
from ..kernels.declare import helper, kernel
from .cells import Cells, cap_felt
from .entries import Entries, entry_of
from .power import power
from .sphere import Points
from .tree_sums import Sources, widest


@kernel
def fill_widest(sources: Sources, data: Cells, out: F64_1D) -> None:
    """Least cosine, for each cell of the data, of the angles within which some of them are felt."""
    for b in range(len(out)):
        out[b] = widest(sources, data.start[b], data.start[b + 1])


@helper
def add_datum(sources, i, d, entries, e):
    """Add datum `i` with its kernel to an entry: density, value, square, and the vector, as far as there are."""
    entries.values[e, 0] += d
    column = 1
    if len(sources.value) > 0:
        entries.values[e, 1] += sources.value[i] * d
        entries.values[e, 2] += sources.square[i] * d
        column = 3
    if len(sources.u) > 0:
        entries.values[e, column] += sources.u[i] * d
        entries.values[e, column + 1] += sources.v[i] * d


@kernel
def unit_sums(
    sources: Sources, data: Cells, widest_felt: F64_1D, points: Points, exponent: float, entries: Entries
) -> None:
    """Sums of each unit at sampling points; the owner of each datum (in leaf order) is its unit."""
    count = 0
    for k in range(len(points.x)):
        x, y, z, begin = points.x[k], points.y[k], points.z[k], count
        for b in range(len(data.start) - 1):
            if not cap_felt(data, b, x, y, z, widest_felt[b]):
                continue
            for i in range(data.start[b], data.start[b + 1]):
                cosine = (data.points.x[i] * x + data.points.y[i] * y) + data.points.z[i] * z
                found = power(sources.t[i], cosine, exponent)
                if found > 0.0:
                    e, count = entry_of(entries, entries.owner[i], begin, count)
                    add_datum(sources, i, sources.weight[i] * (sources.factor[i] * found), entries, e)
        entries.start[k + 1] = count
