"""Limits of the last zonal and adaptive filter: tables and sets are read again for it (04, section 2.1, prompt 12)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..settings.linking import FinalFilter
from .limits import Limits, adaptive_lines, converted, zone_rows


def final_limits(limits: Limits, final: FinalFilter, geodesic: bool) -> Limits:
    """Limits of the run with what was answered for the last filter.

    Parameters
    ----------
    limits : Limits
        Limits of the exchanges; the parameters stay.
    final : FinalFilter
        Its tables replace those of the run where given.
    geodesic : bool
        Norm.

    Returns
    -------
    Limits
        With as many sets as in linking, whatever number is answered.
    """
    dmax, phimax = limits.dmax, limits.phimax
    if final.pairs:
        dmax = np.array([converted(pair[0], geodesic) for pair in final.pairs], np.float32)
        phimax = np.array([pair[1] for pair in final.pairs], np.float32)
    zones, smoothness = limits.zones, limits.smoothness
    if final.zone_tables:
        zones = tuple(zone_rows(table, geodesic) for table in final.zone_tables)
    if final.adapt_tables:
        smoothness = np.stack([adaptive_lines(table, geodesic) for table in final.adapt_tables])
    return replace(limits, dmax=dmax, phimax=phimax, zones=zones, smoothness=smoothness)
