"""Which combined track a track of the next set continues.

References
----------
Specification 04, section 10.2. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel
from ..kernels.sphere import measure_euclid, measure_trig
from .model import F32

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


@kernel
def same_place(lon1, lat1, lon2, lat2, geodesic):
    """Whether two positions count as one."""
    if geodesic:
        return np.float64(measure_trig(lon1, lat1, lon2, lat2)) < SAME_PLACE
    return np.float64(measure_euclid(lon1, lat1, lon2, lat2)) < SAME_PLACE


@kernel
def older_entry(lon, lat, key, last_lon, last_lat, sorted_keys, order, taken, geodesic):
    """First entry of the list, not taken yet, at the same place; or NOT_MATCHED."""
    best = NOT_MATCHED
    i = np.searchsorted(sorted_keys, np.float32(key - WINDOW))
    while i < len(order) and sorted_keys[i] <= key + WINDOW:
        e = order[i]
        first = not taken[e] and (best == NOT_MATCHED or e < best)
        if first and same_place(last_lon[e], last_lat[e], lon, lat, geodesic):
            best = e
        i += 1
    return best


@kernel
def match_entries(present, lon, lat, keys, last_lon, last_lat, sorted_keys, order, at_end, geodesic):
    """Match the tracks of a set with the entries that end in its first frame.

    Parameters
    ----------
    present : bool, shape (n_tracks,)
        The track has a point in the first frame.
    lon, lat, keys : float32, shape (n_tracks,)
        That point, and its sort key.
    last_lon, last_lat : float32, shape (n_entries,)
        Last positions of the entries, in list order.
    sorted_keys, order : float32 and int64, shape (n_entries,)
        Sort keys of the entries in ascending order, and the entries in that order.
    at_end : bool
        The first frame is also the set's last one: then tracks that began an entry can be continued, too.
    geodesic : bool
        Distances on the sphere.

    Returns
    -------
    int64, shape (n_tracks,)
        Entry that each track continues, ``NOT_MATCHED``, or ``-2 - k`` for the entry that track ``k`` began.
    """
    n = len(present)
    found = np.full(n, NOT_MATCHED, np.int64)
    taken = np.zeros(len(order), np.bool_)
    begun = np.zeros(n, np.int64)
    n_begun = 0
    for k in range(n):
        if not present[k]:
            continue
        e = older_entry(lon[k], lat[k], keys[k], last_lon, last_lat, sorted_keys, order, taken, geodesic)
        if e != NOT_MATCHED:
            taken[e] = True
            found[k] = e
            continue
        if not at_end:
            continue
        for i in range(n_begun):
            j = begun[i]
            if j >= 0 and same_place(lon[j], lat[j], lon[k], lat[k], geodesic):
                found[k] = -2 - j
                begun[i] = -1
                break
        if found[k] == NOT_MATCHED:
            begun[n_begun] = k
            n_begun += 1
    return found
