"""Cutting of tracks at links, with missing frames known from a table of times (specification 04, section 7.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32, I32_1D
from ..calendar import MONTHS, hours_of
from ..errors import LinkError
from ..kernels.declare import kernel
from ..settings.linking import MissingFrameSearch
from .cost import deviation, measure
from .cutting import Stretches, stretches_of
from .limits import Limits, converted
from .problem import Problem

MOST_STEPS = 2**31 - 1


class GapBounds(NamedTuple):
    """Largest displacement (radians, or units of the Euclidean norm) and deviation where no frame is missing."""

    dmax: np.float32
    phimax: np.float32


def gaps_after(search: MissingFrameSearch, n_frames: int) -> I32 | None:
    """Missing frames after each frame by the table of times; ``None`` if the table ends before the run does.

    Raises
    ------
    LinkError
        If the time step is not positive or a month is not one of 1..12.
    """
    last = search.first + (n_frames - 1) * search.interval
    if (search.last if search.last is not None else last) > len(search.times) or last > len(search.times):
        return None
    if search.step_hours <= 0:
        raise LinkError(f"missing-frame search: time step {search.step_hours} h; allowed: 1 or more. Give the hours")
    times = search.times[search.first - 1 : last : search.interval]
    bad = [t for t in times if not 1 <= t[1] <= MONTHS]
    if bad:
        raise LinkError(
            f"missing-frame search: month {bad[0][1]} in the table of times; allowed: 1..{MONTHS}. Mend the table"
        )
    hours = [hours_of(*t) for t in times]
    out = np.zeros(n_frames, np.int32)
    for k in range(n_frames - 1):
        steps = int((hours[k + 1] - hours[k]) / search.step_hours)  # truncated, as in C
        if abs(steps) > MOST_STEPS:
            raise LinkError(
                f"missing-frame search: {steps} steps from {times[k]} to {times[k + 1]} in the table of times; "
                f"allowed: up to {MOST_STEPS}. Mend the table or the time step"
            )
        out[k] = 0 if steps == 1 else steps - 1
    return out


def search_limits(search: MissingFrameSearch, limits: Limits, geodesic: bool) -> GapBounds:
    """Converted bounds of the search.

    Raises
    ------
    LinkError
        If one is above the bound of the run (the original asks again).
    """
    dmax, phimax = converted(search.dmax, geodesic), np.float32(search.phimax)
    if dmax > limits.parameters.dmax or phimax > limits.parameters.phimax:
        raise LinkError(
            f"missing-frame search: bounds {dmax:g} and {phimax:g} exceed those of the run; allowed: up to "
            f"{limits.parameters.dmax:g} and {limits.parameters.phimax:g}. Lower MissingFrameSearch.dmax or phimax"
        )
    return GapBounds(dmax, phimax)


def cut_at_gaps(problem: Problem, owner: I32, n_tracks: int, gap: I32, bounds: GapBounds, missing: I32) -> int:
    """Write the gap after each inner point and cut consecutive links that exceed the bounds.

    Parameters
    ----------
    problem, owner, n_tracks
        State; the tracks are contiguous.
    gap : int32, shape (n_frames,)
        Missing frames after each frame.
    bounds : GapBounds
        Bounds.
    missing : int32, shape (n_points,), written
        The missing frames that the points show.

    Returns
    -------
    int
        New number of tracks.
    """
    stretches = stretches_of(owner, n_tracks)
    return _cut_at_gaps(problem, owner, n_tracks, stretches, gap, bounds, missing)


@kernel
def _cut_at_gaps(
    problem: Problem,
    owner: I32_1D,
    n_tracks: int,
    stretches: Stretches,
    gap: I32_1D,
    bounds: GapBounds,
    missing: I32_1D,
) -> int:
    order, first, last = stretches.order, stretches.first, stretches.last
    total = n_tracks
    t = 0
    while t < total:
        for backward in range(2):
            step = -1 if backward else 1
            origin = last[t] - 1 if backward else first[t]
            for i in range(1, last[t] - first[t] - 1):
                p0, p1, p2 = order[origin + step * (i - 1)], order[origin + step * i], order[origin + step * (i + 1)]
                earlier = p2 if backward else p1
                m = gap[problem.frame_of[earlier]]
                missing[earlier] = m
                if m != 0:
                    continue
                if (
                    measure(problem.geometry, p1, p2) > bounds.dmax
                    or np.float32(deviation(problem.geometry, p0, p1, p2)) > bounds.phimax
                ):
                    if backward:
                        first[total], last[total] = first[t], origin - i
                        first[t] = origin - i
                    else:
                        first[total], last[total] = origin + i + 1, last[t]
                        last[t] = origin + i + 1
                    first[total + 1], last[total + 1] = 0, 0  # each new track has an empty partner
                    for r in range(first[total], last[total]):
                        owner[order[r]] = total
                        missing[order[r]] = 0
                    total += 2
                    break
        t += 1
    return total
