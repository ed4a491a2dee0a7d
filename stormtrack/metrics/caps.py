"""Grids and caps as the kernels take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64
from .cap_kernels import CONSTANT, CRESSMAN, FISHER, LINEAR, QUADRATIC, UNTOUCHED, Cap, Lines, Room
from .options import MetricOptions

_CODES = {"constant": CONSTANT, "cressman": CRESSMAN, "linear": LINEAR, "quadratic": QUADRATIC, "fisher": FISHER}
_NODES = 64


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of longitudes and latitudes.

    Attributes
    ----------
    lon : float64, shape (n_lon,)
        Degrees, ascending, less than 360 degrees from the first to the last.
    lat : float64, shape (n_lat,)
        Degrees, ascending.
    """

    lon: F64
    lat: F64

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.lat), len(self.lon)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.lon) * len(self.lat)

    def lines(self) -> Lines:
        """What the kernels know of it."""
        theta, turn = np.radians(self.lat), np.radians(self.lon)
        around = np.concatenate((self.lon - 360.0, self.lon, self.lon + 360.0))
        return Lines(
            lat=self.lat,
            sine=np.sin(theta),
            cosine=np.cos(theta),
            around=around,
            east=np.stack((np.cos(turn), np.sin(turn)), axis=1),
            rate=np.array([(len(values) - 1) / max(np.ptp(values), 1.0e-9) for values in (self.lat, around)]),
        )

    def room(self) -> Room:
        """Work arrays."""
        n = self.n_cells
        return Room(
            cell=np.zeros(n, np.int64),
            weight=np.zeros(n),
            touched=np.zeros(n, np.int64),
            most=np.full(n, UNTOUCHED),
            largest=np.zeros(n),
        )


def cap_of(options: MetricOptions) -> Cap:
    """The cap of the options."""
    return Cap(
        radius=float(options.radius),
        earth=float(options.earth_radius),
        border=options.border == "included",
        weighting=_CODES[options.kernel],
        kappa=float(options.kappa),
    )


def area(options: MetricOptions) -> float:
    """Integral of the weight over the cap, km2 (of the constant kernel the area of the cap), by Gauss' quadrature."""
    nodes, parts = np.polynomial.legendre.leggauss(_NODES)
    angle = options.radius / options.earth_radius
    part = 0.5 * (nodes + 1.0)
    kernels = {
        "constant": np.ones(_NODES),
        "cressman": (1.0 - part**2) / (1.0 + part**2),
        "linear": 1.0 - part,
        "quadratic": 1.0 - part**2,
        "fisher": np.exp(options.kappa * (np.cos(part * angle) - 1.0)),
    }
    integral = 0.5 * angle * (parts * kernels[options.kernel] * np.sin(part * angle)).sum()
    return float(2.0 * np.pi * options.earth_radius**2 * integral)
