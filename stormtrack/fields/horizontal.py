"""The horizontal grid of a variable: which of its axes it takes, and where its points lie.

Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .coordinates import GRID_LAT, GRID_LON, LAT, LON, Axis, X, Y, along, attribute, two_dimensional
from .grids import Axes, GridFacts, axes_in_order, in_degrees

_ROTATED = "rotated_latitude_longitude"
_HEALPIX = "healpix"
_CELLS = re.compile(r"(cells?|ncells?|pix(els?)?|healpix|npix|hp.*|values|i|x|point|points)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizontal:
    """Where the values of a variable lie.

    Attributes
    ----------
    dims : tuple of str
        Horizontal axes of the variable, rows before columns; one for grids without rows and columns.
    facts : GridFacts
    lat, lon : ndarray, optional
        Degrees: along the two axes of a plain or rotated grid (then in its own system), or of every point.
    pole : (float, float), optional
        Latitude and longitude of the North Pole of a rotated grid.
    columns : int
        Columns used from the left: what follows repeats the first ones.
    nested : bool, optional
        Numbering of HEALPix points; None where nothing says it.
    """

    dims: tuple[str, ...]
    facts: GridFacts
    lat: Array = field(default_factory=lambda: np.zeros(0))
    lon: Array = field(default_factory=lambda: np.zeros(0))
    pole: tuple[float, float] | None = None
    columns: int = 0
    nested: bool | None = None

    @property
    def positions(self) -> tuple[F64, F64]:
        """`lat` and `lon` in float64."""
        return self.lat.astype(np.float64), self.lon.astype(np.float64)

    @property
    def plain(self) -> bool:
        """Whether rows and columns have true latitudes and longitudes."""
        return self.facts.kind in ("regular", "Gaussian", "uneven")


def horizontal_of(dataset: Any, variable: Any, axes: Sequence[Axis], where: str) -> Horizontal | None:
    """The horizontal grid of a variable; None if it has none that is known.

    Raises
    ------
    GridError
        If its coordinates cannot be used.
    """
    if variable.attrs.get("GRIB_gridType") == "sh":
        facts = GridFacts(
            kind="spectral", shape=(variable.shape[-1],), details={"truncation": variable.attrs["GRIB_J"]}
        )
        return Horizontal(dims=(str(variable.dims[-1]),), facts=facts)
    by_role: dict[str, Axis] = {}
    for axis in axes:
        by_role.setdefault(axis.role, axis)
    lat, lon = by_role.get(LAT), by_role.get(LON)
    if lat is not None and lon is not None and lat.coordinate and lon.coordinate:
        return _plain(dataset, variable, (lat, lon), where)
    healpix = _healpix(dataset, variable, axes)
    if healpix is not None:
        return healpix
    for axis in axes:
        names = along(dataset, axis.dim)
        if names is not None:
            return _scattered(dataset, axis.dim, names)
    return _of_two_dimensions(dataset, variable, by_role, where)


def _of_two_dimensions(dataset: Any, variable: Any, by_role: dict[str, Axis], where: str) -> Horizontal | None:
    rotated = by_role.get(GRID_LAT), by_role.get(GRID_LON)
    mapping = _mapping(dataset, variable)
    if all(rotated) or (
        mapping.get("grid_mapping_name") == _ROTATED
        and all(by_role.get(role) and by_role[role].coordinate for role in (Y, X))
    ):
        rows, columns = rotated if all(rotated) else (by_role[Y], by_role[X])
        if rows is not None and columns is not None and rows.coordinate and columns.coordinate:
            return _rotated(dataset, (rows, columns), mapping, where)
    names = two_dimensional(dataset, variable)
    if names is None:
        return None
    return _curvilinear(dataset, variable, names, mapping)


def _values(dataset: Any, name: str) -> Array:
    variable = dataset.variables[name]
    return in_degrees(np.asarray(variable.values), attribute(variable, "units"))


def _plain(dataset: Any, variable: Any, axes: tuple[Axis, Axis], where: str) -> Horizontal:
    lat, lon = (_values(dataset, str(axis.coordinate)) for axis in axes)
    ordered: Axes = axes_in_order(lat, lon, where)
    return Horizontal(
        dims=(axes[0].dim, axes[1].dim),
        facts=ordered.facts,
        lat=ordered.lat,
        lon=ordered.lon,
        columns=len(ordered.lon),
    )


def _mapping(dataset: Any, variable: Any) -> dict[str, Any]:
    """Attributes of the grid mapping."""
    name = attribute(variable, "grid_mapping").partition(":")[0].split(" ")[0]
    if name in dataset.variables:
        return dict(dataset.variables[name].attrs)
    for other in dataset.variables:
        held = dataset.variables[other]
        if held.ndim == 0 and attribute(held, "grid_mapping_name"):
            return dict(held.attrs)
    return {}


def _number(attributes: dict[str, Any], name: str) -> float | None:
    try:
        return float(np.atleast_1d(attributes[name])[0])
    except (KeyError, ValueError, TypeError, IndexError):
        return None


def _rotated(dataset: Any, axes: tuple[Axis, Axis], mapping: dict[str, Any], where: str) -> Horizontal:
    lat, lon = (_values(dataset, str(axis.coordinate)) for axis in axes)
    ordered = axes_in_order(lat, lon, where)
    pole = [_number(mapping, f"grid_north_pole_{name}") for name in ("latitude", "longitude")]
    known = pole[0] is not None and pole[1] is not None
    turned = _number(mapping, "north_pole_grid_longitude") or 0.0
    if turned:
        raise GridError(
            f"{where}: the rotated grid is turned by {turned:g} degrees besides (north_pole_grid_longitude), "
            "which is not read; interpolate it to longitudes and latitudes first"
        )
    details = {"pole": f"{pole[0]:g} N {pole[1]:g} E" if known else "not told", **ordered.facts.details}
    return Horizontal(
        dims=(axes[0].dim, axes[1].dim),
        facts=GridFacts(kind="rotated", shape=ordered.facts.shape, details=details, notes=ordered.facts.notes),
        lat=ordered.lat,
        lon=ordered.lon,
        pole=(float(pole[0] or 0.0), float(pole[1] or 0.0)) if known else None,
        columns=len(ordered.lon),
    )


def _curvilinear(dataset: Any, variable: Any, names: tuple[str, str], mapping: dict[str, Any]) -> Horizontal:
    own = dataset.variables[names[0]].dims
    dims = tuple(str(dim) for dim in own)
    lat, lon = (np.asarray(_values(dataset, name), np.float64) for name in names)
    if tuple(dataset.variables[names[1]].dims) != own:
        lon = lon.T
    kind = str(mapping.get("grid_mapping_name", "curvilinear")).replace("_", " ")
    details = {"coordinates": f"{names[0]} and {names[1]} along {', '.join(dims)}", **_extent(lat, lon)}
    if kind != "curvilinear":
        details = {"projection": kind, **details}
    return Horizontal(
        dims=dims,
        facts=GridFacts(kind="curvilinear", shape=lat.shape, details=details),
        lat=lat,
        lon=lon,
        columns=lat.shape[1],
    )


def _extent(lat: F64, lon: F64) -> dict[str, Any]:
    with np.errstate(invalid="ignore"):
        return {
            "lat": f"{np.nanmin(lat):g} to {np.nanmax(lat):g}",
            "lon": f"{np.nanmin(lon):g} to {np.nanmax(lon):g}",
        }


def _scattered(dataset: Any, dim: str, names: tuple[str, str]) -> Horizontal:
    """Points along one axis: a reduced grid if they lie in rows, else a grid without order."""
    lat, lon = (np.asarray(_values(dataset, name), np.float64) for name in names)
    details: dict[str, Any] = {"coordinates": f"{names[0]} and {names[1]} along {dim}", **_extent(lat, lon)}
    kind = "unstructured"
    rows = reduced_rows(lat, lon)
    if rows is not None:
        from .grids import gaussian_number

        number = gaussian_number(lat[rows[:-1]])
        kind = "reduced Gaussian" if number else "reduced"
        details = {**({"N": number} if number else {}), "rows": len(rows) - 1, **details}
    return Horizontal(
        dims=(dim,),
        facts=GridFacts(kind=kind, shape=lat.shape, details=details, covers_globe=rows is not None),
        lat=lat,
        lon=lon,
    )


def reduced_rows(lat: F64, lon: F64) -> Array | None:
    """Where each row of a reduced grid begins, and the end of the last; None if the points form no such rows.

    A row has one latitude and longitudes evenly spaced all round.
    """
    if len(lat) < 8:
        return None
    starts = np.concatenate([[0], np.flatnonzero(np.diff(lat) != 0.0) + 1, [len(lat)]])
    counts = np.diff(starts)
    steps = np.diff(lat[starts[:-1]])
    if len(counts) < 4 or not ((steps > 0).all() or (steps < 0).all()) or counts.min() < 4:
        return None
    for first, count in zip(starts[:-1], counts, strict=True):
        row = lon[first : first + count]
        if np.abs((np.diff(row) - 360.0 / count + 180.0) % 360.0 - 180.0).max() > 2.0e-3:
            return None
    return starts


def _healpix(dataset: Any, variable: Any, axes: Sequence[Axis]) -> Horizontal | None:
    """A HEALPix grid told by its grid mapping or by attributes; its numbering may stay open."""
    mapping = _mapping(dataset, variable)
    named = str(mapping.get("grid_mapping_name", "")).lower() == _HEALPIX or any(
        "healpix" in k.lower() for k in mapping
    )
    attributes = {**dataset.attrs, **variable.attrs, **mapping}
    named = named or any(k.lower().startswith("healpix") for k in attributes)
    for axis in axes:
        length = int(dataset.sizes[axis.dim])
        nside = healpix_nside(length)
        if not nside or not (named or "healpix" in axis.dim.lower()):
            continue
        if not _CELLS.fullmatch(axis.dim) and along(dataset, axis.dim) is None:
            continue
        return _healpix_grid(axis.dim, nside, attributes)
    return None


def healpix_nside(points: int) -> int:
    """Nside of a HEALPix grid with so many points; 0 if there is none."""
    nside = round((points / 12) ** 0.5)
    return nside if nside > 0 and 12 * nside * nside == points else 0


def _healpix_grid(dim: str, nside: int, attributes: dict[str, Any]) -> Horizontal:
    order = ""
    for name, value in attributes.items():
        if name.lower() in ("healpix_order", "order", "indexing_scheme", "healpix_scheme", "ordering", "pixel_order"):
            order = str(value).lower()
    stated = _number(attributes, "healpix_nside") or _number(attributes, "nside")
    if stated is not None and int(stated) != nside:
        raise GridError(
            f"the HEALPix grid of {dim} says nside {int(stated)}, but its {12 * nside**2} points mean {nside}"
        )
    nested = None if not order else order.startswith("nest")
    numbering = "not told" if nested is None else "nested" if nested else "ring"
    return Horizontal(
        dims=(dim,),
        facts=GridFacts(
            kind="HEALPix",
            shape=(12 * nside * nside,),
            details={"nside": nside, "numbering": numbering},
            covers_globe=True,
        ),
        nested=nested,
    )
