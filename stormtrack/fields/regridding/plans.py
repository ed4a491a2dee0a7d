"""Which way a field is brought to another grid, or why it has to be.

Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...arrays import F64
from ...errors import GridError
from ..horizontal import Horizontal, reduced_rows
from .curvilinear import linear
from .healpix import nested_of_ring, ring_pixels, ring_rows
from .rotated import to_rotated, true_positions
from .rows import Rows
from .targets import OWN, Target, target_of
from .weights import Weights, between_axes, one_each

_ORDER = "healpix_order"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regridding:
    """How a field is brought to another grid.

    Attributes
    ----------
    lat, lon : float64
        Rows, south to north, and columns.
    convert : Weights
    description : str
        For attributes and messages.
    """

    lat: F64
    lon: F64
    convert: Weights
    description: str


def regridding(horizontal: Horizontal, wanted: Any, where: str) -> Regridding | None:
    """What has to be done to a field; None if it can be used as it is.

    Parameters
    ----------
    horizontal : Horizontal
    wanted : optional
        What the user says about the grid.
    where : str
        For messages.

    Raises
    ------
    GridError
        If the field cannot be used on its own grid and nothing is wanted, or it cannot be brought to the one wanted.
    """
    kind = horizontal.facts.kind
    if wanted is None or (isinstance(wanted, str) and wanted == OWN):
        if horizontal.plain or (kind == "rotated" and wanted is not None and horizontal.pole is not None):
            return None
        raise GridError(_needed(horizontal, where, asked=wanted is not None))
    if kind == "unstructured":
        raise GridError(_needed(horizontal, where, asked=True))
    target = target_of(wanted)
    plan = _PLANS[kind](horizontal, target, where)
    method = "nearest point" if target.nearest else "bilinear"
    return replace(plan, description=f"{method} from {horizontal.facts} to {target.name}")


def _needed(horizontal: Horizontal, where: str, *, asked: bool) -> str:
    """Why a field has to be brought to another grid, and how."""
    kind, facts = horizontal.facts.kind, horizontal.facts
    if kind == "unstructured":
        return (
            f"{where}: the grid is unstructured ({facts}): points without rows and columns. It cannot be tracked or "
            "regridded here; interpolate it first (for example by cdo remapbil,r360x180)"
        )
    if kind == "spectral":
        return (
            f"{where}: the values are spectral coefficients ({facts}), no field on a grid; transform them (cdo sp2gp)"
        )
    options = {
        "rotated": "grid=STEP (--grid STEP, degrees) regrids it"
        + (
            ", grid='own' keeps rotated coordinates, whose true positions follow from the pole"
            if horizontal.pole
            else ""
        ),
        "curvilinear": "grid=STEP (--grid STEP, degrees) regrids it to longitudes and latitudes",
    }.get(kind, f"grid={_suggestion(horizontal)} (--grid) regrids it; also a step in degrees")
    only = " A curvilinear or reduced grid has no own rows and columns of longitudes and latitudes." if asked else ""
    return f"{where}: the grid is {_article(kind)} {facts}.{only} Say what to do: {options}"


def _article(kind: str) -> str:
    return "an" if kind[0].lower() in "aeiou" else "a"


def _suggestion(horizontal: Horizontal) -> str:
    details = horizontal.facts.details
    if "N" in details:
        return f"'F{details['N']}'"
    return f"'F{2 * details['nside']}'" if "nside" in details else "1.0"


def _of_rows(rows: Rows, target: Target, axes: int) -> Regridding:
    lat, lon = _mesh(target)
    weights = one_each(rows.nearest(lat, lon)) if target.nearest else rows.bilinear(lat, lon)
    return _regridding(target, weights, axes)


def _regridding(target: Target, weights: Weights, axes: int) -> Regridding:
    shape = (len(target.lat), len(target.lon))
    return Regridding(lat=target.lat, lon=target.lon, convert=weights.on(shape, axes), description="")


def _mesh(target: Target) -> tuple[F64, F64]:
    lat, lon = np.meshgrid(target.lat, target.lon, indexing="ij")
    return lat.ravel(), lon.ravel()


def _reduced(horizontal: Horizontal, target: Target, where: str) -> Regridding:
    lat, lon = horizontal.positions
    starts = reduced_rows(lat, lon)
    assert starts is not None
    rows = Rows.of(lat=lat[starts[:-1]], count=np.diff(starts), first=lon[starts[:-1]])
    return _of_rows(rows, target, 1)


def _healpix(horizontal: Horizontal, target: Target, where: str) -> Regridding:
    nside = int(horizontal.facts.details["nside"])
    if horizontal.nested is None:
        raise GridError(
            f"{where}: the file does not tell how its HEALPix pixels are numbered; say it by "
            f"select={{'{_ORDER}': 'ring'}} or 'nested'"
        )
    lat, lon = _mesh(target)
    weights = one_each(ring_pixels(nside, lat, lon)) if target.nearest else ring_rows(nside).bilinear(lat, lon)
    if horizontal.nested:
        weights = replace(weights, permutation=nested_of_ring(nside))
    return _regridding(target, weights, 1)


def _plain(horizontal: Horizontal, target: Target, where: str) -> Regridding:
    lat, lon = horizontal.positions
    if horizontal.facts.covers_globe:
        count = np.full(len(lat), len(lon), np.int64)
        return _of_rows(Rows.of(lat=lat, count=count, first=np.full(len(lat), lon[0])), target, 2)
    part = target.within(float(lat.min()), float(lat.max()), float(lon[0]), float(lon[-1]))
    return _regridding(part, between_axes(lat, lon, *_mesh(part), nearest=target.nearest), 2)


def _rotated(horizontal: Horizontal, target: Target, where: str) -> Regridding:
    if horizontal.pole is None:
        raise GridError(f"{where}: the grid is rotated, but the file does not tell its pole (grid_north_pole_latitude)")
    lat, lon = horizontal.positions
    y, x = np.meshgrid(lat, lon, indexing="ij")
    true_lat, true_lon = true_positions(y.ravel(), x.ravel(), horizontal.pole)
    part = target.within(*_box(true_lat, true_lon))
    rotated = to_rotated(*_mesh(part), horizontal.pole)
    return _regridding(part, between_axes(lat, lon, *rotated, nearest=target.nearest), 2)


def _curvilinear(horizontal: Horizontal, target: Target, where: str) -> Regridding:
    if target.nearest:
        raise GridError(f"{where}: a curvilinear grid is regridded linearly; leave ' nearest' away")
    lat, lon = horizontal.positions
    known = np.isfinite(lat + lon)
    part = target.within(*_box(lat[known], lon[known]))
    return _regridding(part, linear((lat, lon), part.lat, part.lon), 2)


def _box(lat: F64, lon: F64) -> tuple[float, float, float, float]:
    """South, north, west and east of points: longitudes from behind the widest gap."""
    sorted_lon = np.unique(np.round(lon % 360.0, 6))
    gaps = np.diff(np.concatenate([sorted_lon, [sorted_lon[0] + 360.0]]))
    widest = int(np.argmax(gaps))
    south, north = float(lat.min()), float(lat.max())
    if gaps[widest] < 10.0:
        pole = 90.0 if north > -south else -90.0  # a grid all round holds the pole, or is a belt
        return min(south, pole), max(north, pole), 0.0, 360.0
    west = float(sorted_lon[(widest + 1) % len(sorted_lon)])
    east = west + 360.0 - float(gaps[widest])
    west = west - 360.0 if west > 180.0 and east > 360.0 else west
    return south, north, west, west + 360.0 - float(gaps[widest])


_PLANS = {
    "regular": _plain,
    "Gaussian": _plain,
    "uneven": _plain,
    "rotated": _rotated,
    "curvilinear": _curvilinear,
    "reduced Gaussian": _reduced,
    "reduced": _reduced,
    "HEALPix": _healpix,
}
