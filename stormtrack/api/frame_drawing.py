"""What a map of a frame, as detection sees it, shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Mask
from ..core.looking import LARGE, Look
from ..maps.detection import DetectionView, Marked
from .frame_places import inside, to_sphere
from .frame_words import checked_place, of_minima, reasons_of

_MARGIN = 15.0
"""Degrees around a place that a map of it shows."""
_POLAR = 70.0


def drawn(seen: Look, units: str, title: str) -> DetectionView:
    """What a map of a frame shows."""
    sign = -1.0 if of_minima(seen) else 1.0
    one = seen.candidates
    reasons = np.array(one.reason, object)
    reached = np.abs(one.value) < LARGE

    def marked(which: Mask, reason: str) -> Marked:
        lon, lat, value = (
            np.where(reached, a, b)[which].astype(np.float64)
            for a, b in ((one.lon, one.grid_lon), (one.lat, one.grid_lat), (one.value, one.grid_value))
        )
        grid_lon, grid_lat = one.grid_lon[which].astype(np.float64), one.grid_lat[which].astype(np.float64)
        return Marked(lon=lon, lat=lat, grid_lon=grid_lon, grid_lat=grid_lat, value=sign * value, reason=reason)

    return DetectionView(
        x=seen.grid.x.astype(np.float64),
        y=seen.grid.y.astype(np.float64),
        to_sphere=to_sphere(seen),
        inside=inside(seen),
        field=sign * seen.field.astype(np.float64),
        threshold=sign * seen.settings.threshold,
        objects=seen.objects,
        small=seen.small,
        marked=[marked(reasons == "", ""), *(marked(reasons == reason, reason) for reason in reasons_of(seen))],
        units=units,
        title=title,
    )


def around(lon: float, lat: float, projection: str) -> dict[str, Any]:
    """Region and projection of a map around a place: near a pole all meridians."""
    checked_place((lon, lat))
    south, north = max(-90.0, lat - _MARGIN), min(90.0, lat + _MARGIN)
    if abs(lat) > _POLAR and projection == "auto":
        return {"region": (0.0, 360.0, south, north), "projection": "north" if lat > 0.0 else "south"}
    width = min(170.0, _MARGIN / max(0.09, float(np.cos(np.radians(lat)))))
    return {"region": (lon - width, lon + width, south, north)}
