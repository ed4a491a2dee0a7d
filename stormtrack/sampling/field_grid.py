"""Grids of fields that are sampled: in order for caps, and for TRACK's interpolation, over the poles too.

Parity: values between grid points have TRACK's bits (`interpolation_kernels`) wherever TRACK has a value; between the
last row and a pole, where it has none, rows beyond the pole are those of the opposite meridian.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F64, I64, Array, Mask
from . import interpolation_kernels
from .caps import Globe, globe
from .lines import Frame, Lines

BEYOND = 2
"""Rows beyond a pole: bicubic interpolation at the pole takes two."""
_EVEN = 1.0e-3
KINDS = {"nearest": 1, "linear": 2, "bicubic": 3}
"""Interpolation, and what TRACK's kernel calls it."""


class FieldGrid:
    """A grid of longitudes and latitudes.

    Parameters
    ----------
    lon : float64, shape (nx,)
        Degrees, increasing, without a column that repeats the first.
    lat : float64, shape (ny,)
        Degrees, increasing or decreasing.

    Attributes
    ----------
    lon, lat : float64, shapes (nx,), (ny,)
        Increasing; longitudes of a grid that goes round begin between 0 and the first step.
    closed : bool
        The columns go all round.
    caps : Globe
    """

    def __init__(self, lon: F64, lat: F64) -> None:
        steps = np.diff(lon)
        self.closed = len(lon) > 2 and abs(float(lon[-1] - lon[0]) + float(np.median(steps)) - 360.0) < 0.02
        self._columns: slice | I64 = slice(None)
        if self.closed:
            turned = (lon + 1.0e-6) % 360.0 - 1.0e-6
            if not (np.diff(turned) > 0).all():
                self._columns = np.argsort(turned)
            lon = turned[self._columns]
        self._rows = slice(None, None, -1 if len(lat) > 1 and lat[0] > lat[-1] else 1)
        self.lon, self.lat = lon, lat[self._rows]
        self.caps: Globe = globe(self.lon, self.lat, closed=self.closed)
        self._ends = self._covered()
        self._mirrored = self._rows_beyond()
        self._lines = self._track_lines()

    def _covered(self) -> tuple[float, float]:
        """South and north end: a pole that is no farther than a step and a half from the last row belongs to it."""
        south, north = float(self.lat[0]), float(self.lat[-1])
        if not self.closed or len(self.lat) < 2:
            return south, north
        first, last = self.lat[1] - self.lat[0], self.lat[-1] - self.lat[-2]
        return (-90.0 if south + 90.0 <= 1.5 * first else south), (90.0 if 90.0 - north <= 1.5 * last else north)

    def _rows_beyond(self) -> tuple[int, int]:
        """How many rows of the opposite meridian follow at the south and at the north end."""
        n = len(self.lon)
        even = n % 2 == 0 and np.ptp(np.diff(self.lon)) < _EVEN
        enough = len(self.lat) > BEYOND
        south, north = (even and enough and abs(end) == 90.0 for end in self._ends)
        return (BEYOND if south else 0), (BEYOND if north else 0)

    def _track_lines(self) -> Lines:
        """Lines as TRACK has them: float32, with the first column again at the end."""
        lat, beyond = self.lat, self._mirrored
        south, north = self._mirror(lat, 0), self._mirror(lat, 1)
        parts = [(-180.0 - south)[: beyond[0]][::-1], lat, (180.0 - north)[: beyond[1]]]
        rows = np.concatenate(parts).astype(np.float32)
        lon = np.append(self.lon, self.lon[0] + 360.0) if self.closed else self.lon
        columns = lon.astype(np.float32)
        cosine = np.cos(np.radians(rows.astype(np.float64))).astype(np.float32)
        one = np.float32(1.0)
        return Lines(columns, rows, self.closed, np.full(len(columns), one), np.full(len(rows), one), cosine)

    def _mirror(self, rows: F64, end: int) -> F64:
        """Rows next to the south (0) or north (1) pole, the nearest first, without a row on the pole."""
        ordered = rows if end == 0 else rows[::-1]
        on_pole = abs(abs(float(self.lat[0 if end == 0 else -1])) - 90.0) < 1.0e-6
        return ordered[int(on_pole) :]

    def ordered(self, frame: Array) -> F64:
        """A frame (ny, nx) as it is stored, in the order of `lat` and `lon`: float64."""
        out: F64 = np.ascontiguousarray(frame[self._rows][:, self._columns], np.float64)
        return out

    def for_track(self, values: F64) -> Frame:
        """An ordered frame for TRACK's kernels: float32, closed, over the poles."""
        south, north = self._mirrored
        half = len(self.lon) // 2
        parts = [
            np.roll(self._mirror(values, 0)[:south][::-1], half, axis=1),
            values,
            np.roll(self._mirror(values, 1)[:north], half, axis=1),
        ]
        rows = np.concatenate(parts) if south or north else values
        closed = np.concatenate([rows, rows[:, :1]], axis=1) if self.closed else rows
        out = np.ascontiguousarray(closed, np.float32)
        return Frame(out, ~np.isfinite(out), False)

    def covers(self, lon: F32 | F64, lat: F32 | F64) -> Mask:
        """Which points (degrees) lie on the grid: bool, shape (n,)."""
        low, high = self._ends
        inside: Mask = (lat >= low - 1.0e-5) & (lat <= high + 1.0e-5)
        if not self.closed:
            inside &= self.within(lon) <= self.lon[-1] + 1.0e-5
        return inside

    def within(self, lon: F32 | F64) -> F64:
        """Longitudes within the circle from the first column on: float64 degrees."""
        start = float(self.lon[0])
        turned = np.asarray(lon, np.float64)
        out = np.where((turned >= start) & (turned < start + 360.0), turned, (turned - start) % 360.0 + start)
        return np.where((out - start > 359.999) & (not self.closed), start, out)

    def at(self, frame: Frame, lon: F32 | F64, lat: F32 | F64, kind: str) -> F32:
        """Values at points by TRACK's interpolation, of a frame of `for_track`; NaN where there is none.

        Parameters
        ----------
        frame : Frame
        lon, lat : float, shape (n,)
            Degrees.
        kind : {"nearest", "linear", "bicubic"}
        """
        x = self.within(lon).astype(np.float32)
        y = np.clip(np.asarray(lat), self._lines.lat[0], self._lines.lat[-1]).astype(np.float32)
        out = np.empty(len(x), np.float32)
        x = np.clip(x, self._lines.lon[0], self._lines.lon[-1])
        interpolation_kernels.interpolate(self._lines, frame, x, y, KINDS[kind], out)
        out[out >= np.float32(interpolation_kernels.UNDEFINED)] = np.nan
        if kind == "bicubic" and not self.closed:  # the kernel takes columns of the other side
            out[(x < self._lines.lon[1]) | (x > self._lines.lon[-2])] = np.nan
        return out
