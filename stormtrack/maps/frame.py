"""An empty map: border, coastlines, meridians and parallels with their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64
from ..errors import MissingPackageError
from .coastlines import coastlines
from .projections import LambertConformal, PolarStereographic, Projection
from .segments import Segments, on_map, segments_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COAST, LINES, TEXT = "0.35", "0.75", "0.2"
"""Shades of grey."""
_STEPS = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0)
_MOST_LINES = 7
_HEIGHT = 5.6
_WIDEST = 11.0


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """A map to draw on.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes
    projection : Projection
    border : matplotlib.patches.Polygon
        What is drawn is cut at it.
    """

    figure: Figure
    axes: Axes
    projection: Projection
    border: Any

    def add(self, artist: Any) -> Any:
        """Add a collection, cut at the border."""
        self.axes.add_collection(artist, autolim=False)
        artist.set_clip_path(self.border)
        return artist

    def lines(self, segments: Segments, **look: Any) -> Any:
        """Draw segments; gives the collection, and keeps their order after cutting in `along`."""
        from matplotlib.collections import LineCollection

        return self.add(LineCollection(on_plane(segments, self.projection), **look))


def matplotlib_needed() -> None:
    """Say how to get Matplotlib if it is not there.

    Raises
    ------
    MissingPackageError
        If it is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as problem:
        raise MissingPackageError(
            "maps need the package 'matplotlib', which is not installed: pip install 'stormtrack[plot]'"
        ) from problem


def on_plane(segments: Segments, projection: Projection) -> F64:
    """Ends of segments on the plane: float64, shape (n, 2, 2)."""
    x, y = projection.xy(segments.lon, segments.lat)
    return np.stack([x, y], axis=2)


def empty_map(projection: Projection, title: str) -> Map:
    """A map without data."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Polygon

    x, y = projection.border()
    wide, high = float(np.ptp(x)), float(np.ptp(y))
    height = min(_HEIGHT, _WIDEST * high / wide)
    figure = Figure(figsize=(height * wide / high + 1.2, height + 1.2), layout="constrained", dpi=150)
    axes = figure.add_subplot()
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(title, fontsize=11, wrap=True, pad=16)
    axes.set_xlim(x.min() - 0.01 * wide, x.max() + 0.01 * wide)
    axes.set_ylim(y.min() - 0.01 * high, y.max() + 0.01 * high)
    border = Polygon(np.stack([x, y], axis=1), closed=True, fill=False, edgecolor=TEXT, linewidth=0.9, zorder=6)
    axes.add_patch(border)
    found = Map(figure, axes, projection, border)
    found.lines(_graticule(projection), colors=LINES, linewidths=0.4, zorder=2.5)
    found.lines(on_map(segments_of(*coastlines()), projection), colors=COAST, linewidths=0.7, zorder=3)
    _write_degrees(found)
    return found


def _step(length: float) -> float:
    return next((step for step in _STEPS if length / step <= _MOST_LINES), _STEPS[-1])


def _values(low: float, high: float) -> F64:
    step = _step(high - low)
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def _meridians(projection: Projection) -> F64:
    window = projection.window
    values = _values(window.west, window.east)
    if isinstance(projection, PolarStereographic):
        values = np.arange(-180.0, 180.0, 30.0)
    return values


def _graticule(projection: Projection) -> Segments:
    """Meridians and parallels as segments."""
    window = projection.window
    x, y = np.linspace(window.west, window.east, 181), np.linspace(window.south, window.north, 61)
    lines = [(np.full(len(y), lon), y) for lon in _meridians(projection)]
    lines += [(x, np.full(len(x), lat)) for lat in _values(window.south, window.north) if abs(lat) < 90.0]
    lon, lat = (np.stack([one[:-1], one[1:]], axis=1) for one in map(np.concatenate, zip(*lines, strict=True)))
    apart = (np.abs(np.diff(lon, axis=1))[:, 0] < 10.0) & (np.abs(np.diff(lat, axis=1))[:, 0] < 10.0)
    return Segments(lon[apart], lat[apart], np.zeros((int(apart.sum()), 2)))


def longitude_text(lon: float) -> str:
    """``150°W``."""
    value = (lon + 180.0) % 360.0 - 180.0
    side = "" if value in (0.0, -180.0) else "E" if value > 0 else "W"
    return f"{abs(value):g}°{side}"


def latitude_text(lat: float) -> str:
    """``30°S``."""
    return f"{abs(lat):g}°{'' if lat == 0 else 'N' if lat > 0 else 'S'}"


def _write_degrees(found: Map) -> None:
    """Labels outside the border: longitudes round a pole or below, latitudes at the left."""
    projection, window = found.projection, found.projection.window
    if isinstance(projection, PolarStereographic):
        for lon in _meridians(projection):
            _label(found, longitude_text(lon), (lon, projection.limit))
        for lat in _values(window.south, window.north)[::2]:
            if abs(lat) < 90.0 and lat != projection.limit:
                _label(found, latitude_text(lat), (projection.centre + 15.0, lat), (0.0, 0.0))
        return
    for lon in _meridians(projection):
        _label(found, longitude_text(lon), (lon, window.south), (0.0, -1.0))
    for lat in _values(window.south, window.north):
        crowded = isinstance(projection, LambertConformal) and lat == window.south  # by the first meridian's label
        if not crowded:
            _label(found, latitude_text(lat), (window.west, lat), (-1.0, 0.0))


def _label(found: Map, text: str, place: tuple[float, float], away: tuple[float, float] | None = None) -> None:
    """A label beside a place on the border (longitude, latitude), away from the origin if no direction is given."""
    from matplotlib.patheffects import withStroke

    x, y = (float(v) for v in found.projection.xy(np.array(place[0]), np.array(place[1])))
    if away is None:
        length = float(np.hypot(x, y))
        away = x / length, y / length
    sides = ("right", "center", "left"), ("top", "center", "bottom")
    across, upright = (names[1 + round(part)] for names, part in zip(sides, away, strict=True))
    halo = [withStroke(linewidth=2, foreground="white")]
    found.axes.annotate(
        text,
        (x, y),
        xytext=(5 * away[0], 5 * away[1]),
        textcoords="offset points",
        ha=across,
        va=upright,
        fontsize=7.5,
        color=TEXT,
        annotation_clip=False,
        path_effects=halo,
        zorder=7,
    )
