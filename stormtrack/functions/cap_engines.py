"""The two ways in which fields are sampled at points: exact caps, and TRACK's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64, Array
from ..errors import FieldError, GridError, TracksError
from ..sampling import caps, window_kernels
from ..sampling.field_grid import FieldGrid
from ..sampling.lines import Frame, lines_of
from ..sampling.surfaces import FrameSurfaces
from ..settings.spline import SplineSettings
from .axes import Horizontal
from .track import WorkingOrder

WIDER = 1.0
"""Degrees by which TRACK's window is wider than the cap, as in its usual answers (specification 06, section 2.9)."""

_WIDEST = 89.0
"""TRACK divides by the cosine of the window's radius."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Where fields are sampled, and what counts there.

    Attributes
    ----------
    lon, lat : float32, shape (n_points,)
        Degrees.
    low, high : float64, shape (n_points,)
        Least and largest values that count for means, deviations, areas and numbers.
    columns : frozenset of int
        Results of caps that are wanted: columns of `sampling.caps`.
    """

    lon: F32
    lat: F32
    low: F64
    high: F64
    columns: frozenset[int]


class ExactCaps:
    """Great circles in float64; values between grid points by TRACK's interpolation, over the poles too.

    Parameters
    ----------
    points : Points
    lon, lat : float64, shapes (nx,), (ny,)
        Of the grid, as stored.
    radii : (float, float)
        Degrees: of TRACK's window, which only TRACK's engine takes, and of the cap.
    interpolation : {"nearest", "linear", "bicubic", "spline"}
    """

    def __init__(self, points: Points, lon: F64, lat: F64, radii: tuple[float, float], interpolation: str) -> None:
        self.grid, self._points = FieldGrid(lon, lat), points
        self._x, self._y = self.grid.within(points.lon), points.lat.astype(np.float64)
        self._radius, self._interpolation = radii[1], interpolation
        self._spline = _Spline(lon, lat, closed=self.grid.closed) if interpolation == "spline" else None
        self._stored: Array = np.zeros((0, 0), np.float32)
        self._ordered: F64 | None = None
        self._framed: Frame | None = None

    def take(self, frame: Array) -> None:
        """The frame (ny, nx), as stored, that is sampled from now on."""
        self._stored, self._ordered, self._framed = frame, None, None

    def _values(self) -> F64:
        if self._ordered is None:
            self._ordered = self.grid.ordered(self._stored)
        return self._ordered

    def values(self, some: I64) -> F64:
        """Values at some of the points; NaN where there is none."""
        x, lat = self._x[some], self._points.lat[some]
        if self._spline is not None:
            return self._spline.values(self._stored, x, lat)
        if self._framed is None:
            self._framed = self.grid.for_track(self._values())
        return self.grid.at(self._framed, x, lat, self._interpolation).astype(np.float64)

    def caps(self, some: I64) -> F64:
        """Results of the caps around some of the points, in the columns of `sampling.caps`: float64, shape (n, ...)."""
        out = np.empty((len(some), caps.N_RESULTS + 1))
        asked = caps.Limits(self._radius, self._points.low[some], self._points.high[some])
        caps.caps(self.grid.caps, self._values(), self._x[some], self._y[some], asked, out)
        return out


class TrackCaps(ExactCaps):
    """TRACK's windows and weights, in float32.

    Parity: bitwise with specification 06, sections 2.4 to 2.6.
    """

    def __init__(self, points: Points, lon: F64, lat: F64, radii: tuple[float, float], interpolation: str) -> None:
        super().__init__(points, lon, lat, radii, interpolation)
        if radii[0] > _WIDEST:
            raise TracksError(f"radius: a window of {radii[0]:g} degrees; up to {_WIDEST:g} by engine='track'")
        self._order = _track_order(lon, lat, closed=self.grid.closed)
        self._lines = lines_of(self._order.grid)
        self._outer, self._inner = (np.float32(one) for one in radii)

    def caps(self, some: I64) -> F64:
        """As `ExactCaps.caps`, with TRACK's numbers, only what is wanted; the rest is NaN."""
        frame, wanted = self._order.working(self._stored), self._points.columns
        framed = Frame(frame, ~np.isfinite(frame), False)
        lon, lat = self._points.lon[some], self._points.lat[some]
        x = np.where(lon < 0, lon + np.float32(360.0), lon)
        out = np.full((len(x), caps.N_RESULTS + 1), np.nan)
        for at, sign, strict in (
            (caps.MAX, 1, False),
            (caps.MIN, -1, False),
            (caps.LOCAL_MAX, 1, True),
            (caps.LOCAL_MIN, -1, True),
        ):
            if at not in wanted:
                continue
            found = np.empty((len(x), 3), np.float32)
            sought = window_kernels.Sought(self._outer, self._inner, sign, strict)
            window_kernels.extrema(self._lines, framed, x, lat, np.zeros(len(x), np.float32), sought, found)
            out[:, at : at + 3] = found[:, [2, 0, 1]]
        if wanted & {caps.MEAN, caps.STD, caps.AREA}:
            out[:, caps.MEAN : caps.MEAN + 3] = self._areas(framed, x, lat, self._points.low[some])
        out[out >= window_kernels.UNDEFINED * 0.99] = np.nan
        return out

    def _areas(self, framed: Frame, x: F32, lat: F32, least: F64) -> F32:
        low = least.astype(np.float32)
        asked = window_kernels.Asked(self._outer, self._inner, bool((low > -np.inf).any()), False)
        found = np.empty((len(x), 3), np.float32)
        window_kernels.area_statistics(self._lines, framed, x, lat, low, asked, found)
        return found


class _Spline:
    """TRACK's surface through all values of a frame (smoopy without smoothing)."""

    def __init__(self, lon: F64, lat: F64, *, closed: bool) -> None:
        self._order = _track_order(lon, lat, closed=closed)
        lines = lines_of(self._order.grid)
        self._ends = lines.lon[[0, -1]], lines.lat[[0, -1]]
        self._surfaces = FrameSurfaces(SplineSettings(kind="smoopy", smoothing=0.0), lines)

    def values(self, frame: Array, lon: F64, lat: F32) -> F64:
        """Values at points; NaN beyond the first and last row and column."""
        working = self._order.working(frame)
        if not np.isfinite(working).all():
            raise FieldError(
                "interpolation='spline' goes through all values of a frame, and some are NaN; use 'linear' or 'bicubic'"
            )
        x = lon.astype(np.float32)
        (west, east), (south, north) = self._ends
        x = np.where(x < west, x + np.float32(360.0), x)
        inside = (x >= west) & (x <= east) & (lat >= south) & (lat <= north)
        out = np.full(len(x), np.nan)
        if inside.any():
            surface = self._surfaces.fit(working)
            out[inside] = self._surfaces.values(surface, x[inside].astype(np.float64), lat[inside].astype(np.float64))
        return out


def _track_order(lon: F64, lat: F64, *, closed: bool) -> WorkingOrder:
    if closed and abs(float(np.abs(lon).min())) > 1.0e-5:
        raise GridError(
            f"no column lies on longitude 0 (the nearest on {lon[np.argmin(np.abs(lon))]:g}): TRACK would count "
            "longitudes from its first column on. Use engine='fast', and another interpolation than 'spline'"
        )
    axes = Horizontal(lat_dim="lat", lon_dim="lon", lat_name="lat", lon_name="lon", lat=lat, lon=lon)
    return WorkingOrder(axes, periodic=closed)


ENGINES: dict[str, type[ExactCaps]] = {"fast": ExactCaps, "track": TrackCaps}
"""Engines by their names."""
