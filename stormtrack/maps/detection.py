"""Maps of what detection does with one frame: field, threshold, objects, maxima, what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64, I32, I64, Mask
from ..errors import UserInputError
from .choosing import MapOptions, chosen_projection
from .frame import TEXT, Map, empty_map, matplotlib_needed
from .projections import Projection
from .segments import Segments, on_map, points_on_map, segments_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KEPT, _SMALL, _LEFT_OUT = "black", "0.45", "#d55e00"
_THRESHOLD = "#009e73"
_MOST_VALUES = 40
_MARKS = ("x", "1", "2", "3", "4")
_HALF = 180.0
_WIDE = 90.0
"""A cell that spans more longitudes lies at a pole, where a map with a seam cannot show it."""

Inverse = Callable[[F64, F64], tuple[F64, F64, Mask]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """Maxima of one kind.

    Attributes
    ----------
    lon, lat : float64, shape (n,)
        Of the fitted surface.
    grid_lon, grid_lat : float64, shape (n,)
        Of the grid.
    value : float64, shape (n,)
        As the data have it.
    reason : str
        Why they were left out; empty: they are features.
    """

    lon: F64
    lat: F64
    grid_lon: F64
    grid_lat: F64
    value: F64
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetectionView:
    """A frame as detection sees it.

    Attributes
    ----------
    x, y : float64, shape (nx,), (ny,)
        Axes of the grid on which detection runs.
    to_sphere : callable
        From positions on it to longitudes, latitudes (degrees), and where there are any.
    inside : bool, shape (ny, nx)
        Nodes that hold the field.
    field : float64, shape (ny, nx)
        In `units`, with the sign of the data.
    threshold : float
        The same.
    objects : int32, shape (ny, nx)
        Object of each node, from 1; 0: none.
    small : int64, shape (n,)
        Objects that are left out as too small.
    marked : sequence of Marked
        The features first.
    units : str
    title : str
    """

    x: F64
    y: F64
    to_sphere: Inverse
    inside: Mask
    field: F64
    threshold: float
    objects: I32
    small: I64
    marked: Sequence[Marked]
    units: str = ""
    title: str = ""


def detection_map(view: DetectionView, options: MapOptions) -> Figure:
    """A map of what detection does with a frame.

    Parameters
    ----------
    view : DetectionView
    options : MapOptions
        By default the hemisphere that is searched.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserInputError
        If nothing of the frame lies on the map, or an option cannot be used.
    MissingPackageError
        Without Matplotlib.

    Notes
    -----
    Cells of the grid have the colour of their value, red and blue around 0. The contour of the threshold is linear
    between nodes; objects are bordered cell by cell.
    """
    matplotlib_needed()
    _, lat, there = view.to_sphere(*_nodes(view.x, view.y))
    projection = chosen_projection(options, lat[there & view.inside.ravel()])
    found = empty_map(projection, options.title if options.title is not None else view.title)
    _draw_cells(found, view, options.limits)
    _draw_threshold(found, view)
    is_small = np.isin(view.objects, view.small)
    for which, colour in ((is_small, _SMALL), (~is_small, _KEPT)):
        border = _border(view, np.where(which, view.objects, 0))
        if len(border.lon):
            found.lines(on_map(border, projection), colors=colour, linewidths=0.9, zorder=4.2)
    _explain(found, view, [_mark(found, one, number) for number, one in enumerate(view.marked)])
    return found.figure


def _nodes(x: F64, y: F64) -> tuple[F64, F64]:
    columns, rows = np.meshgrid(x, y)
    return columns.ravel(), rows.ravel()


def _edges(axis: F64) -> F64:
    """Borders of the cells around nodes."""
    middle = 0.5 * (axis[1:] + axis[:-1])
    return np.concatenate([[2 * axis[0] - middle[0]], middle, [2 * axis[-1] - middle[-1]]])


def _draw_cells(found: Map, view: DetectionView, limits: tuple[float, float] | None) -> None:
    """Cells of the grid in the colour of their value."""
    from matplotlib import colormaps
    from matplotlib.collections import PolyCollection

    corners, values = _cells(view, found.projection)
    if not len(values):
        raise UserInputError(
            "nothing of the grid that is searched lies on this map: choose another region or projection"
        )
    most = float(np.abs(values).max()) or 1.0
    low, high = limits or (-most, most)
    cells = PolyCollection(
        corners, cmap=colormaps["RdBu_r"], linewidths=0, antialiaseds=False, rasterized=True, zorder=1
    )
    cells.set_array(values)
    cells.set_clim(low, high)
    found.add(cells)
    bar = found.figure.colorbar(cells, ax=found.axes, shrink=0.75, pad=0.03, aspect=28)
    bar.set_label(view.units)
    if low < view.threshold < high:
        bar.ax.axhline(view.threshold, color=_THRESHOLD, linewidth=1.5)


def _cells(view: DetectionView, projection: Projection) -> tuple[F64, F64]:
    """Corners on the plane of the map, shape (n, 4, 2), and values, of the cells that lie on it."""
    x, y = _edges(view.x), _edges(view.y)
    shape = len(y), len(x)
    lon, lat, there = (one.reshape(shape) for one in view.to_sphere(*_nodes(x, y)))
    order = ((0, 0), (0, 1), (1, 1), (1, 0))
    around = [(slice(j, shape[0] - 1 + j), slice(i, shape[1] - 1 + i)) for j, i in order]
    seen = np.all([there[part] for part in around], axis=0) & view.inside
    corner_lon, corner_lat = (np.stack([one[part][seen] for part in around], axis=1) for one in (lon, lat))
    values, window = view.field[seen], projection.window
    turn = np.zeros(1)
    if projection.has_seam:  # beside the first corner, that at the map's west, and once more a turn further
        first = corner_lon[:, :1]
        corner_lon = first + (corner_lon - first + _HALF) % 360.0 - _HALF
        corner_lon = corner_lon + 360.0 * np.floor((window.west - corner_lon.min(1, keepdims=True)) / 360.0 + 1.0)
        turn = np.array([-360.0, 0.0])
    parts, found = [], []
    for one in turn:
        moved = corner_lon + one
        shown = (corner_lat.max(1) > window.south) & (corner_lat.min(1) < window.north)
        if projection.has_seam:
            shown &= (moved.max(1) > window.west) & (moved.min(1) < window.east) & (np.ptp(moved, axis=1) < _WIDE)
        parts.append(np.stack(projection.xy(moved[shown], corner_lat[shown]), axis=2))
        found.append(values[shown])
    return np.concatenate(parts), np.concatenate(found)


def _draw_threshold(found: Map, view: DetectionView) -> None:
    from contourpy import LineType, contour_generator

    masked = np.ma.array(view.field, mask=~view.inside)
    made: Any = contour_generator(view.x, view.y, masked, line_type=LineType.Separate)
    lines = [line for line in made.lines(view.threshold) if len(line) > 1]
    if not lines:
        return
    points = np.concatenate(lines)
    lon, lat, _ = view.to_sphere(points[:, 0], points[:, 1])
    start = np.cumsum([0, *map(len, lines)])
    found.lines(on_map(segments_of(lon, lat, start), found.projection), colors=_THRESHOLD, linewidths=1.1, zorder=4)


def _border(view: DetectionView, objects: I32) -> Segments:
    """The sides of cells that part an object from what is not of it."""
    x, y = _edges(view.x), _edges(view.y)
    framed = np.pad(objects, 1)
    row, column = np.nonzero(framed[1:-1, 1:] != framed[1:-1, :-1])  # upright: between a column and the next
    ends = [np.stack([x[column], y[row], x[column], y[row + 1]], axis=1)]
    row, column = np.nonzero(framed[1:, 1:-1] != framed[:-1, 1:-1])
    ends.append(np.stack([x[column], y[row], x[column + 1], y[row]], axis=1))
    points = np.concatenate(ends).reshape(-1, 2)
    lon, lat, there = view.to_sphere(points[:, 0], points[:, 1])
    whole = np.repeat(there.reshape(-1, 2).all(1), 2)
    lon, lat = lon[whole], lat[whole]
    return segments_of(lon, lat, np.arange(0, len(lon) + 1, 2))


def _mark(found: Map, points: Marked, number: int) -> Any:
    """Crosses at the grid's maxima, rings at the surface's, lines between; other marks for what was left out."""
    projection, n = found.projection, len(points.lon)
    kept = not points.reason
    colour = _KEPT if kept else _LEFT_OUT
    pairs = (np.stack([points.grid_lon, points.lon], 1).ravel(), np.stack([points.grid_lat, points.lat], 1).ravel())
    if n:
        ways = on_map(segments_of(*pairs, np.arange(0, 2 * n + 1, 2)), projection)
        if len(ways.lon):
            found.lines(ways, colors=colour, linewidths=0.7, zorder=4.4)
    x, y, _ = points_on_map(points.grid_lon, points.grid_lat, projection)
    found.axes.scatter(x, y, s=9, marker="+", c=colour, linewidths=0.6, zorder=4.6)
    x, y, shown = points_on_map(points.lon, points.lat, projection)
    if kept:
        _write_values(found, x, y, points.value[shown])
        look: dict[str, Any] = {"marker": "o", "facecolors": "white", "edgecolors": _KEPT, "linewidths": 0.9, "s": 16}
    else:
        look = {"marker": _MARKS[(number - 1) % len(_MARKS)], "c": colour, "linewidths": 1.2, "s": 22}
    label = f"{n} features" if kept else f"{n} left out: {points.reason}"
    return found.axes.scatter(x, y, label=label, zorder=5, **look)


def _write_values(found: Map, x: F64, y: F64, values: F64) -> None:
    """Values beside features, where there is room for them."""
    from matplotlib.patheffects import withStroke

    if len(values) > _MOST_VALUES:
        return
    halo = [withStroke(linewidth=1.5, foreground="white")]
    for place_x, place_y, value in zip(x.tolist(), y.tolist(), values.tolist(), strict=True):
        text = found.axes.annotate(
            f"{value:.3g}",
            (place_x, place_y),
            xytext=(4, 4),
            textcoords="offset points",
            fontsize=7,
            color=TEXT,
            path_effects=halo,
            zorder=6.5,
        )
        text.set_clip_path(found.border)


def _explain(found: Map, view: DetectionView, marks: Sequence[Any]) -> None:
    """The legend."""
    from matplotlib.lines import Line2D

    count = len(np.setdiff1d(np.unique(view.objects), [0]))
    unit = f" ({view.units})" if view.units else ""
    handles = [
        Line2D([], [], color=_THRESHOLD, label=f"threshold {view.threshold:g}{unit}"),
        Line2D([], [], color=_KEPT, label=f"{count - len(view.small)} objects"),
    ]
    if len(view.small):
        handles.append(Line2D([], [], color=_SMALL, label=f"{len(view.small)} too small"))
    plus = Line2D([], [], color=_KEPT, marker="+", markersize=4, linestyle="", label="maximum on the grid")
    handles += [*marks[:1], plus, *marks[1:]]
    found.figure.legend(
        title="numbers of the whole frame",
        title_fontsize=8,
        handles=handles,
        loc="outside lower center",
        ncols=2,
        frameon=False,
        labelcolor=TEXT,
        fontsize=8,
    )


__all__ = ["DetectionView", "Marked", "detection_map"]
