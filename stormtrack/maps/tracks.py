"""Maps of tracks: coloured by a value, with marks where they begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64, I64
from ..errors import UserInputError
from ..model.strength import defined, intensity, lowest_is_strongest
from ..model.tracks import TrackSet
from ..model.variables import Variable
from .choosing import MapOptions, chosen_projection
from .frame import TEXT, Map, empty_map, matplotlib_needed, on_plane
from .segments import Segments, on_map, points_on_map, segments_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_MARKED = 400
_MOST_VECTORS = 40_000
_PLAIN = "#0072b2"
"""Blue of Okabe and Ito's palette, which colour-blind people tell from the others."""


def track_map(
    tracks: TrackSet, options: MapOptions, *, by: str | None = None, marks: bool | None = None, title: str = ""
) -> Figure:
    """A map of tracks.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes.
    options : MapOptions
    by : str, optional
        Variable that colours them; None: the intensity.
    marks : bool, optional
        Mark genesis and lysis; None: if there are 400 tracks at most.
    title : str
        Where the options have none.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserInputError
        If there is nothing to draw, or an argument cannot be used.
    MissingPackageError
        Without Matplotlib.

    Notes
    -----
    Between two points a track runs on a great circle; colours are linear between them, and grey where a value is
    missing.
    """
    matplotlib_needed()
    tracks = drawable(tracks)
    chosen = variable_of(tracks, by)
    lon, lat = tracks.lon.astype(np.float64), tracks.lat.astype(np.float64)
    projection = chosen_projection(options, lat)
    found = empty_map(projection, options.title if options.title is not None else title)
    segments = on_map(segments_of(lon, lat, tracks.start), projection)
    if not len(segments.lon) and not points_on_map(lon, lat, projection)[2].any():
        raise UserInputError("no track comes to this map: choose another region or projection")
    values = None if chosen is None else defined(chosen.values, chosen.missing_value).astype(np.float64)
    if chosen is None or values is None or not np.isfinite(values).any():
        _draw(found, segments, colors=_PLAIN, linewidths=_width(tracks))
    else:
        drawn = _draw(found, segments, linewidths=_width(tracks), cmap=_colours(chosen))
        drawn.set_array(_at(values, segments.along))
        drawn.set_clim(*(options.limits or (np.nanmin(values), np.nanmax(values))))
        bar = found.figure.colorbar(drawn, ax=found.axes, shrink=0.75, pad=0.03, aspect=28)
        bar.set_label(f"{chosen.name} ({chosen.units})" if chosen.units else chosen.name)
    if marks or (marks is None and tracks.n_tracks <= _MOST_MARKED):
        _mark(found, lon, lat, tracks.start)
    return found.figure


def drawable(tracks: TrackSet) -> TrackSet:
    """The tracks that have points.

    Raises
    ------
    UserInputError
        If there are none, or they are not on the sphere.
    """
    tracks = tracks.without_empty()
    if not tracks.n_tracks:
        raise UserInputError("there are no tracks to draw")
    if not tracks.projection.is_geographic:
        raise UserInputError("maps need tracks in longitudes and latitudes")
    wrong = ~(np.isfinite(tracks.lon) & (np.abs(tracks.lat) <= 90.0))
    if wrong.any():
        raise UserInputError(f"{np.count_nonzero(wrong)} points have no position on the sphere; drop them first")
    return tracks


def variable_of(tracks: TrackSet, name: str | None) -> Variable | None:
    """The variable of a name, by default the intensity; None of tracks without any.

    Raises
    ------
    UserInputError
        If there is no such variable.
    """
    if name is None:
        return intensity(tracks) if tracks.variables else None
    found = tracks.variable(name)
    if found is None:
        there = ", ".join(v.name for v in tracks.variables) or "none"
        raise UserInputError(f"variable {name!r}: the tracks have none of this name; there are {there}")
    return found


def _colours(chosen: Variable) -> Any:
    """Viridis, from light for weak to dark for strong; grey for missing values."""
    from matplotlib import colormaps

    return colormaps["viridis" if lowest_is_strongest(chosen) else "viridis_r"].with_extremes(bad="0.6")


def _width(tracks: TrackSet) -> float:
    return float(np.clip(2.2 - 0.4 * np.log10(tracks.n_tracks), 0.5, 1.8))


def _at(values: F64, along: F64) -> F64:
    """Values in the middle of segments."""
    middle = along.mean(axis=1)
    first = np.floor(middle).astype(np.int64)
    part = middle - first
    return np.ma.masked_invalid((1.0 - part) * values[first] + part * values[first + 1])


def _draw(found: Map, segments: Segments, **look: Any) -> Any:
    from matplotlib.collections import LineCollection

    lines = on_plane(segments, found.projection)
    many = len(lines) > _MOST_VECTORS
    return found.add(LineCollection(lines, capstyle="round", zorder=4, rasterized=many, **look))


def _mark(found: Map, lon: F64, lat: F64, start: I64) -> None:
    """Rings where tracks begin, crosses where they end, and what these are."""
    looks = (
        ("genesis", start[:-1], {"marker": "o", "facecolors": "white", "edgecolors": "black", "linewidths": 0.8}),
        ("lysis", start[1:] - 1, {"marker": "x", "c": "#d55e00", "linewidths": 1.1}),
    )
    drawn, size = [], float(np.clip(14.0 * np.sqrt(50.0 / (len(start) - 1)), 4.0, 14.0))
    for name, which, look in looks:
        x, y, _ = points_on_map(lon[which], lat[which], found.projection)
        drawn.append(found.axes.scatter(x, y, s=size, zorder=5, label=name, **look))
    found.figure.legend(handles=drawn, loc="outside lower center", ncols=2, frameon=False, labelcolor=TEXT, fontsize=9)
