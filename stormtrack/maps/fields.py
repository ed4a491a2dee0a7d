"""Maps of fields on a grid of longitudes and latitudes, with dots where something is significant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64, Mask
from ..errors import UserInputError
from .choosing import MapOptions, chosen_projection
from .frame import Map, empty_map, matplotlib_needed
from .projections import PolarStereographic, Projection
from .segments import points_on_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVELS = 11
_MOST_TICKS = 4
"""On each side of 0."""
_P_VALUES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0)
_MOST_DOTS = 60
"""Dots along a side of the map at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """What a map shows.

    Attributes
    ----------
    lon, lat : float64, shape (nx,), (ny,)
        Degrees, ascending.
    values : float64, shape (ny, nx)
        NaN where there are none.
    name : str
        What it is, for the title.
    units : str
    significant : bool, shape (ny, nx), optional
        Where dots are.
    kind : str
        ``"p-value"``, ``"flag"``, or empty.
    """

    lon: F64
    lat: F64
    values: F64
    name: str = ""
    units: str = ""
    significant: Mask | None = None
    kind: str = ""


def field_map(field: Field, options: MapOptions) -> Figure:
    """A map of a field.

    Parameters
    ----------
    field : Field
    options : MapOptions

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
    Filled contours; values of both signs are red and blue with the same limits, white around 0; others run from light
    to dark.
    """
    matplotlib_needed()
    projection = chosen_projection(options)
    found = empty_map(projection, options.title if options.title is not None else field.name)
    lon, lat, values = _widened(field, projection)
    x, y = projection.xy(*np.meshgrid(lon, lat))
    fill((found.figure, found.axes), (x, y, values), field, options.limits).set_clip_path(found.border)
    if field.significant is not None:
        _dot(found, field)
    return found.figure


def fill(
    place: tuple[Figure, Axes], drawn: tuple[F64, F64, F64], field: Field, limits: tuple[float, float] | None
) -> Any:
    """Filled contours with their colour bar.

    Parameters
    ----------
    place : (Figure, Axes)
    drawn : (x, y, values), float64, shape (m, n)
        Positions on the axes, and what is drawn there; NaN where there is nothing.
    field : Field
        Whose values decide about levels and colours.
    limits : (float, float), optional
        Of the colours.

    Raises
    ------
    UserInputError
        If all values are missing.
    """
    from matplotlib.colors import BoundaryNorm

    if not np.isfinite(field.values).any():
        raise UserInputError(f"'{field.name}' has no values to draw: all are missing")
    figure, axes = place
    levels, colours, beyond = _scale(field, limits)
    norm = BoundaryNorm(levels, 256, extend=beyond)
    x, y, values = drawn
    look = {"levels": levels, "cmap": colours, "norm": norm, "extend": beyond}
    contours = axes.contourf(x, y, np.ma.masked_invalid(values), zorder=1, **look)
    bar = figure.colorbar(contours, ax=axes, shrink=0.75, pad=0.03, aspect=28)
    if field.kind == "flag":
        bar.set_ticks([0.0, 1.0], labels=["no", "yes"])
    elif levels[0] == -levels[-1]:
        bar.set_ticks(_on_both_sides(levels))
    if field.kind != "flag" and field.units and field.units != "1":
        bar.set_label(field.units)
    return contours


def _widened(field: Field, projection: Projection) -> tuple[F64, F64, F64]:
    """Lines and values that reach over the border of the map: round the globe, and to the poles."""
    lon, lat, values = field.lon, field.lat, field.values
    window = projection.window
    step = float(np.median(np.diff(lon))) if len(lon) > 1 else 360.0
    is_round = len(lon) > 2 and abs(lon[-1] - lon[0] + step - 360.0) < 0.5 * step
    if is_round:
        lat, values = _to_the_poles(lat, values)
    turns = [360.0 * k for k in range(-2, 3)]
    columns = np.concatenate([lon + turn for turn in turns])
    wide = np.concatenate([values] * len(turns), axis=1)
    margin = 0.0 if isinstance(projection, PolarStereographic) else step
    chosen = (columns >= window.west - margin - 1e-6) & (columns <= window.east + margin + 1e-6)
    columns, wide = columns[chosen], wide[:, chosen]
    if is_round and isinstance(projection, PolarStereographic):  # close the circle with the first column
        columns, wide = np.append(columns, columns[0] + 360.0), np.concatenate([wide, wide[:, :1]], axis=1)
    elif not is_round and len(columns):
        gap = np.flatnonzero(np.diff(columns) > 1.5 * step)  # between two turns of a limited area nothing is drawn
        columns = np.insert(columns, gap + 1, columns[gap] + 0.5 * step)
        wide = np.insert(wide, gap + 1, np.nan, axis=1)
    height = float(np.max(np.diff(lat))) if len(lat) > 1 else 180.0
    rows = (lat >= window.south - height - 1e-6) & (lat <= window.north + height + 1e-6)
    if np.count_nonzero(rows) < 2 or len(columns) < 2:
        raise UserInputError(f"'{field.name}' has no grid points in this region")
    return columns, lat[rows], wide[rows]


def _to_the_poles(lat: F64, values: F64) -> tuple[F64, F64]:
    """A row at each pole that lies beyond the last one by a step at most: the mean of that row."""
    step = float(np.median(np.diff(lat)))
    if 0.0 < lat[0] + 90.0 <= step:
        lat, values = np.append(-90.0, lat), np.concatenate([_mean_row(values[0]), values])
    if 0.0 < 90.0 - lat[-1] <= step:
        lat, values = np.append(lat, 90.0), np.concatenate([values, _mean_row(values[-1])])
    return lat, values


def _mean_row(row: F64) -> F64:
    return np.full((1, len(row)), row.mean())


def _scale(field: Field, limits: tuple[float, float] | None) -> tuple[Any, Any, str]:
    """Levels, colours, and on which sides values lie beyond."""
    from matplotlib import colormaps
    from matplotlib.ticker import MaxNLocator

    known = field.values[np.isfinite(field.values)]
    low, high = float(known.min()), float(known.max())
    if field.kind == "flag":
        return [-0.5, 0.5, 1.5], colormaps["Greys"], "neither"
    if field.kind == "p-value" and limits is None:
        return list(_P_VALUES), colormaps["cividis_r"].reversed(), "neither"
    if limits is None:
        both = low < 0.0 < high
        limits = (-max(-low, high), max(-low, high)) if both else (low, high)
        if limits[0] == limits[1]:
            limits = limits[0], limits[1] + 1.0
    even = limits[0] == -limits[1]
    steps = [1, 2, 4, 10] if even else [1, 2, 2.5, 5, 10]  # halves of a step are short numbers, too
    levels = MaxNLocator(_LEVELS, steps=steps, symmetric=even).tick_values(*limits)
    if even:
        levels = _around_zero(levels)
    beyond = {(True, True): "both", (True, False): "min", (False, True): "max", (False, False): "neither"}
    sides = beyond[low < levels[0], high > levels[-1]]
    if limits[0] < 0.0 < limits[1]:
        return levels, colormaps["RdBu_r"], sides
    return levels, colormaps["YlGnBu_r" if limits[1] <= 0.0 else "YlGnBu"], sides


def _around_zero(levels: F64) -> F64:
    """Levels with the same steps, of which the middle two stand on both sides of 0."""
    step = levels[1] - levels[0]
    most = np.ceil(max(-levels[0], levels[-1]) / step)
    out: F64 = (np.arange(-most - 1.0, most + 1.0) + 0.5) * step
    return out


def _on_both_sides(levels: F64) -> F64:
    """Some of the levels around 0, the same above and below."""
    above = levels[levels > 0.0]
    above = above[:: 1 + (len(above) - 1) // _MOST_TICKS]
    out: F64 = np.concatenate([-above[::-1], above])
    return out


def _dot(found: Map, field: Field) -> None:
    """Dots where the field is significant, not nearer than they can be seen."""
    assert field.significant is not None
    lon, lat = np.meshgrid(field.lon, field.lat)
    visible = points_on_map(lon.ravel(), lat.ravel(), found.projection)[2].reshape(lon.shape)
    rows, columns = (np.count_nonzero(visible.any(axis=axis)) for axis in (1, 0))
    thin = slice(None, None, 1 + rows // _MOST_DOTS), slice(None, None, 1 + columns // (2 * _MOST_DOTS))
    marked = field.significant[thin]
    x, y, _ = points_on_map(lon[thin][marked], lat[thin][marked], found.projection)
    dots = found.axes.scatter(x, y, s=4, c="black", linewidths=0, zorder=5, label="significant")
    dots.set_clip_path(found.border)
    found.figure.legend(handles=[dots], loc="outside lower center", frameon=False, fontsize=9, markerscale=2)
