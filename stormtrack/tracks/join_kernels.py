"""Which combined track a track of the next set continues.

References
----------
Specification 04, section 10.2. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, I64, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from ..kernels.searching import first_not_below
from ..kernels.sphere import measure_euclid, measure_trig

NOT_MATCHED = -1
SAME_PLACE = 1e-6
"""Radians, or units of the Euclidean norm; compared with the float32 distance as a float64."""
WINDOW = np.float32(1e-3)
"""Positions within ``SAME_PLACE`` differ by less than this in their sort keys."""


def sort_keys(lat: F32, geodesic: bool) -> F32:
    """Keys by which positions at the same place are neighbours: latitudes as the distance sees them."""
    if not geodesic:
        return lat
    north = np.minimum(lat, np.float32(90.0))  # the distance takes everything beyond the north pole as the pole
    return np.where(north < np.float32(-90.0), np.float32(-180.0) - north, north)


class Starts(NamedTuple):
    """First points of the tracks of a set.

    Attributes
    ----------
    present : bool, shape (n_tracks,)
        The track has a point in the first frame.
    lon, lat, key : float32, shape (n_tracks,)
        That point, and its sort key.
    """

    present: Mask_1D
    lon: F32_1D
    lat: F32_1D
    key: F32_1D


class Entries(NamedTuple):
    """Combined tracks that end in the set's first frame.

    Attributes
    ----------
    lon, lat : float32, shape (n_entries,)
        Last positions, in list order.
    sorted_keys, order : float32 and int64, shape (n_entries,)
        Sort keys in ascending order, and the entries in that order.
    """

    lon: F32_1D
    lat: F32_1D
    sorted_keys: F32_1D
    order: I64_1D


@helper
def same_place(lon1, lat1, lon2, lat2, geodesic):
    """Whether two positions count as one."""
    if geodesic:
        return np.float64(measure_trig(lon1, lat1, lon2, lat2)) < SAME_PLACE
    return np.float64(measure_euclid(lon1, lat1, lon2, lat2)) < SAME_PLACE


@helper
def older_entry(starts, k, entries, taken, geodesic):
    """First entry of the list, not taken yet, at the place where track `k` begins; or NOT_MATCHED."""
    best = NOT_MATCHED
    key = starts.key[k]
    i = first_not_below(entries.sorted_keys, np.float32(key - WINDOW))
    while i < len(entries.order) and entries.sorted_keys[i] <= key + WINDOW:
        e = entries.order[i]
        first = not taken[e] and (best == NOT_MATCHED or e < best)
        if first and same_place(entries.lon[e], entries.lat[e], starts.lon[k], starts.lat[k], geodesic):
            best = e
        i += 1
    return best


def match_entries(starts: Starts, entries: Entries, *, at_end: bool, geodesic: bool) -> I64:
    """Match the tracks of a set with the entries that end in its first frame.

    Parameters
    ----------
    starts, entries : Starts, Entries
    at_end : bool
        The first frame is also the set's last one: then tracks that began an entry can be continued, too.
    geodesic : bool
        Distances on the sphere.

    Returns
    -------
    int64, shape (n_tracks,)
        Entry that each track continues, ``NOT_MATCHED``, or ``-2 - k`` for the entry that track ``k`` began.
    """
    n = len(starts.present)
    found, begun = np.full(n, NOT_MATCHED, np.int64), np.empty(n, np.int64)
    taken = np.zeros(len(entries.order), np.bool_)
    _match_entries(starts, entries, at_end, geodesic, taken, begun, found)
    return found


@kernel
def _match_entries(
    starts: Starts, entries: Entries, at_end: bool, geodesic: bool, taken: Mask_1D, begun: I64_1D, found: I64_1D
) -> None:
    """Fill `found`; `taken` (false at first) and `begun` are work arrays."""
    n_begun = 0
    for k in range(len(found)):
        if not starts.present[k]:
            continue
        e = older_entry(starts, k, entries, taken, geodesic)
        if e != NOT_MATCHED:
            taken[e] = True
            found[k] = e
            continue
        if not at_end:
            continue
        for i in range(n_begun):
            j = begun[i]
            if j >= 0 and same_place(starts.lon[j], starts.lat[j], starts.lon[k], starts.lat[k], geodesic):
                found[k] = -2 - j
                begun[i] = -1
                break
        if found[k] == NOT_MATCHED:
            begun[n_begun] = k
            n_begun += 1
