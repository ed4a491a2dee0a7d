"""Places around points in a frame of their own: discs and boxes with north or the direction of motion up.

TRACK's regions (`region_kernels`) have the same places, but for the direction of motion, which is that of one segment
there; here it is given.

Parity: not applicable; float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Places around a point.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    distance, azimuth : float64, shape (n,)
        Radians: from the point, and clockwise from the direction that is up.
    """

    shape: tuple[int, int]
    distance: F64
    azimuth: F64


def disc(radii: F64, azimuths: F64) -> Places:
    """Circles (degrees), at azimuths (degrees clockwise from up): rows are circles."""
    r, a = np.meshgrid(np.radians(radii), np.radians(azimuths), indexing="ij")
    return Places(shape=(len(radii), len(azimuths)), distance=r.ravel(), azimuth=a.ravel())


def box(y: F64, x: F64) -> Places:
    """Latitudes and longitudes (degrees) of a grid on which the point lies at (0, 0) and up is north."""
    north, east = (one.ravel() for one in np.meshgrid(np.radians(y), np.radians(x), indexing="ij"))
    up, right, forth = np.sin(north), np.cos(north) * np.sin(east), np.cos(north) * np.cos(east)
    return Places(
        shape=(len(y), len(x)),
        distance=np.arctan2(np.hypot(up, right), forth),
        azimuth=np.arctan2(right, up),
    )


def positions(lon: F32 | F64, lat: F32 | F64, up: F64, mirrored: Mask, places: Places) -> tuple[F64, F64]:
    """Longitudes and latitudes (degrees) of places around points.

    Parameters
    ----------
    lon, lat : float, shape (n_points,)
        Degrees. At a pole, north is where the longitude says.
    up : float64, shape (n_points,)
        Direction that is up: radians clockwise from north.
    mirrored : bool, shape (n_points,)
        Azimuths run counter-clockwise.
    places : Places

    Returns
    -------
    (float64, float64), shape (n_points, n)
    """
    phi, theta = (np.radians(np.asarray(one, np.float64))[:, None] for one in (lon, lat))
    bearing = up[:, None] + np.where(mirrored, -1.0, 1.0)[:, None] * places.azimuth
    reach, along = np.sin(places.distance), np.cos(places.distance)
    east, north = reach * np.sin(bearing), reach * np.cos(bearing)
    outward = along * np.cos(theta) - north * np.sin(theta)
    z = along * np.sin(theta) + north * np.cos(theta)
    x = outward * np.cos(phi) - east * np.sin(phi)
    y = outward * np.sin(phi) + east * np.cos(phi)
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


class Moments:
    """Numbers, means and deviations of groups of samples that come bit by bit; NaN is left out.

    Parameters
    ----------
    n_groups, n : int
        Groups, and values of each sample.

    Attributes
    ----------
    count : int64, shape (n_groups, n)
    mean : float64, shape (n_groups, n)
        0 where nothing was counted.

    References
    ----------
    Chan, Golub and LeVeque (1983), The American Statistician 37, 242.
    """

    def __init__(self, n_groups: int, n: int) -> None:
        self.count = np.zeros((n_groups, n), np.int64)
        self.mean = np.zeros((n_groups, n))
        self._squares = np.zeros((n_groups, n))

    def add(self, group: int, samples: F32) -> None:
        """Samples (float32, shape (k, n)) of a group."""
        values, known = samples.astype(np.float64), np.isfinite(samples)
        here = known.sum(axis=0)
        mean = np.divide(np.where(known, values, 0.0).sum(axis=0), here, out=np.zeros(len(here)), where=here > 0)
        squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
        before = self.count[group]
        together = np.maximum(before + here, 1)
        apart = mean - self.mean[group]
        self._squares[group] += squares + np.where(here > 0, apart**2 * before * here / together, 0.0)
        self.mean[group] += apart * here / together
        self.count[group] += here

    @property
    def std(self) -> F64:
        """Standard deviations (divided by the number); 0 where nothing was counted."""
        deviation: F64 = np.sqrt(self._squares / np.maximum(self.count, 1))
        return deviation
