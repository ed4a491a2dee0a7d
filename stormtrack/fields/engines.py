"""Places opened by their kind: lazy datasets with times as stored, values unpacked and fill values as NaN.

Parity: not applicable.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from ..errors import FieldError, MissingPackageError, UserInputError
from ..storage.classic_netcdf import ClassicFormatError, read_header
from ..storage.packages import need
from .kinds import Kind, TrackFile
from .local_copy import LocalCopy
from .opened import Opened
from .packed import decoded
from .places import Place
from .remote import Access
from .remote_file import RemoteFile

_AS_STORED: dict[str, Any] = {
    **{f"decode_{what}": False for what in ("times", "timedelta", "coords")},
    "mask_and_scale": False,
    "cache": False,
}
"""Times are decoded by `times`, which knows other calendars than the file's, values by `packed`; attributes are read by
`coordinates`."""


def open_place(place: Place, access: Access, group: str | None = None) -> Opened:
    """Open a file or store.

    Parameters
    ----------
    place : Place
    access : Access
    group : str, optional
        Group of a NetCDF-4 file or Zarr store.

    Raises
    ------
    FieldError
        If it is damaged, holds no fields, or needs a package that is not installed.
    """
    if isinstance(place.kind, TrackFile):
        raise FieldError(f"'{place.address}' holds {place.kind.what}, no fields; what reads it: {place.kind.command}")
    copy = LocalCopy(place, access) if place.packed or (place.remote and place.kind in _COPIED) else None
    path = place.address if copy is None else copy.path
    try:
        opened = _OPENERS[place.kind](path, place, access, group)
    except BaseException:
        if copy is not None:
            copy.close()
        raise
    if copy is not None:
        opened.closers.append(copy.close)
    return opened


def _dataset(name: str, opening: Callable[[], Any]) -> Any:
    """What xarray opens; its complaints become ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decoded(opening())
    except UserInputError:
        raise
    except ImportError as problem:
        raise MissingPackageError(f"'{name}' needs a package that is not installed: {problem}") from problem
    except Exception as problem:
        if isinstance(problem.__cause__, FieldError):
            raise problem.__cause__ from problem
        if "group not found" in str(problem):
            raise FieldError(
                f"'{name}' has no such group ({_brief(problem)}); correct --group, or leave it out"
            ) from problem
        raise FieldError(
            f"'{name}' cannot be opened, it seems to be damaged or cut off: {_brief(problem)}"
        ) from problem


def _brief(problem: BaseException) -> str:
    text = " ".join(str(problem).split())
    return f"{type(problem).__name__}: {text[:300]}" if text else type(problem).__name__


def _netcdf(path: str, place: Place, access: Access, group: str | None) -> Opened:
    if place.remote and not place.packed and place.kind is Kind.NETCDF4:
        return _remote_netcdf4(place, access, group)
    if place.kind is Kind.NETCDF3:
        _check_whole(path, place.address)
    opened = _dataset(place.address, lambda: xr.open_dataset(path, engine="netcdf4", group=group, **_AS_STORED))
    kind = place.kind if isinstance(place.kind, Kind) else Kind.NETCDF4
    out = Opened(name=place.address, kind=kind, datasets=[opened])
    if kind is not Kind.NETCDF3 and not len(opened.variables):
        out.groups = _groups(path)
    return out


def _check_whole(path: str, name: str) -> None:
    """Refuse a classic file that ends too early: the NetCDF library would read zeros there."""
    try:
        with Path(path).open("rb") as stream:
            end, size = read_header(stream).end, Path(path).stat().st_size
    except ClassicFormatError as problem:
        raise FieldError(f"'{name}' is damaged: its NetCDF header is cut off or not valid ({problem})") from problem
    if end > size:
        raise FieldError(f"'{name}' is cut off: its header announces {end} bytes, {size} are there; get the whole file")


def _groups(path: str) -> list[str]:
    import netCDF4

    with netCDF4.Dataset(path) as dataset:
        return list(dataset.groups)


def _remote_netcdf4(place: Place, access: Access, group: str | None) -> Opened:
    need("h5netcdf", "remote", f"'{place.address}' is NetCDF-4 on a server, and reading it")
    file = RemoteFile(place.address, access)
    opened = _dataset(place.address, lambda: xr.open_dataset(file, engine="h5netcdf", group=group, **_AS_STORED))
    return Opened(name=place.address, kind=Kind.NETCDF4, datasets=[opened], closers=[file.close])


def _opendap(path: str, place: Place, access: Access, group: str | None) -> Opened:
    opened = _dataset(path, lambda: xr.open_dataset(path, engine="netcdf4", **_AS_STORED))
    return Opened(name=place.address, kind=Kind.OPENDAP, datasets=[opened])


def _zarr(path: str, place: Place, access: Access, group: str | None) -> Opened:
    from .zarr_store import open_references, open_zarr

    opener = open_zarr if place.kind is Kind.ZARR else open_references
    opened = _dataset(place.address, lambda: opener(path, access, group, _AS_STORED))
    return Opened(name=place.address, kind=Kind.ZARR if place.kind is Kind.ZARR else Kind.REFERENCES, datasets=[opened])


def _grib(path: str, place: Place, access: Access, group: str | None) -> Opened:
    from .grib import open_grib

    return open_grib(path, place.address)


def _own(path: str, place: Place, access: Access, group: str | None) -> Opened:
    from .own_kinds import open_own

    assert isinstance(place.kind, Kind)
    return open_own(path, place.address, place.kind)


_OPENERS: Mapping[Any, Callable[[str, Place, Access, str | None], Opened]] = {
    Kind.NETCDF3: _netcdf,
    Kind.NETCDF4: _netcdf,
    Kind.OPENDAP: _opendap,
    Kind.ZARR: _zarr,
    Kind.REFERENCES: _zarr,
    Kind.GRIB: _grib,
    Kind.BINARY: _own,
    Kind.ASCII: _own,
    Kind.PP: _own,
}
_COPIED = {Kind.NETCDF3, Kind.GRIB, Kind.BINARY, Kind.ASCII, Kind.PP}
"""Kinds that are copied from a server before they are read."""
