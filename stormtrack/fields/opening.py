"""`open_field`: one lazy field of whatever files, folders, stores and addresses are named.

Parity: not applicable.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from ..errors import FieldError, FieldWarning, did_you_mean
from .choosing import Choice, candidates_of
from .engines import open_place
from .kinds import Kind
from .opened import Opened
from .piece import piece_of
from .places import places
from .remote import Access, Patience
from .series import SeriesRules, array_of, series_of
from .times import check_calendar


def open_field(
    paths: Any,
    variable: str | None = None,
    level: float | str | None = None,
    member: Any = None,
    *,
    start: Any = None,
    select: Mapping[str, Any] | None = None,
    axes: Mapping[str, str] | None = None,
    calendar: str | None = None,
    group: str | None = None,
    grid: Any = None,
    stride: int = 1,
    overlap: str = "error",
    storage_options: Mapping[str, Any] | None = None,
    patience: Patience | None = None,
) -> Any:
    """Open one field, lazily.

    Parameters
    ----------
    paths : str, path, or a list of them
        Files, folders, patterns, Zarr stores, kerchunk references, addresses (``https://``, ``s3://``, ``gs://``,
        OPeNDAP), all of one series; or an xarray Dataset or DataArray.
    variable : str, optional
        Name, standard name or long name; needed where there are several fields.
    level : float or str, optional
        Level wanted; pressures in hPa or Pa (850, 85000 and ``'850 hPa'`` are the same), or ``'all'``.
    member, start : optional
        Member, and start of a forecast; or ``'all'``.
    select : mapping, optional
        Any other axis by its name to a value (or its number, where it has no values), or ``'all'``; ``healpix_order``
        to ``'ring'`` or ``'nested'`` where a file does not tell it.
    axes : mapping, optional
        ``lat``, ``lon``, ``time``, ``level``, ``member`` to the name of a dimension or coordinate, where the file does
        not tell them.
    calendar : str, optional
        CF calendar in place of a missing or wrong one.
    group : str, optional
        Group of a NetCDF-4 file or Zarr store.
    grid : optional
        What to do with grids that are no rows and columns of longitudes and latitudes: ``'own'`` (rotated ones stay as
        they are), a step in degrees, ``'F48'`` or ``'N48'`` (Gaussian), ``'T42'``; ``'... nearest'`` in place of
        bilinear interpolation; or (lat, lon), both increasing. Plain grids are regridded too if this is given.
    stride : int
        Every so many frames, counted over the whole series.
    overlap : {'error', 'first', 'last'}
        Which of two frames of the same time in different files counts.
    storage_options : mapping, optional
        For fsspec: keys, endpoints, ...
    patience : Patience, optional
        Time-outs and attempts on servers.

    Returns
    -------
    xarray.DataArray
        Axes ``time``, ``lat``, ``lon`` (a field without a time axis has one frame, with a time if the file tells it),
        and before them what was kept by ``'all'``. Nothing but coordinates has been read. ``close()`` closes the files.

    Raises
    ------
    FieldError, GridError
        If something is missing, damaged, contradictory, or has to be chosen; the message says how.
    MissingPackageError
        If a package is not installed.

    Warns
    -----
    FieldWarning
        Of frames without dates, uneven times, gaps, contradictory units, and what was left out.

    Examples
    --------
    >>> import stormtrack as st
    >>> data = st.sample_field(3).to_dataset()
    >>> st.open_field(data, "vo", grid=5.0).shape
    (3, 37, 72)
    """
    rules = SeriesRules(stride=stride, overlap=overlap)
    access = Access(storage_options=storage_options or {}, patience=patience or Patience())
    choice = _choice(variable, level=level, member=member, start=start, select=select, axes=axes, calendar=calendar)
    opened, left_out = open_all(paths, access, group)
    try:
        array, told = _one_field(opened, choice, rules, grid)
    except BaseException:
        close_all(opened)
        raise
    for text in (*left_out, *(w for one in opened for w in one.warnings), *told):
        warnings.warn(text, FieldWarning, stacklevel=2)
    return array


def open_fields(paths: Any, variables: Sequence[str] | None = None, **options: Any) -> dict[str, Any]:
    """Open several fields of the same files, lazily.

    Parameters
    ----------
    paths
        As in `open_field`.
    variables : sequence of str, optional
        None: every field of the first file.
    **options
        Further arguments of `open_field`.

    Returns
    -------
    dict of str to xarray.DataArray
        By their names in the files; closing one closes all.

    Raises
    ------
    FieldError, GridError, MissingPackageError
        As `open_field`.
    """
    known = inspect.signature(open_field).parameters
    unknown = [name for name in options if name not in known or name in ("paths", "variable")]
    if unknown:
        raise FieldError(f"there is no option '{unknown[0]}'{did_you_mean(unknown[0], known)}")
    rules = SeriesRules(stride=options.pop("stride", 1), overlap=options.pop("overlap", "error"))
    access = Access(
        storage_options=options.pop("storage_options", None) or {}, patience=options.pop("patience", None) or Patience()
    )
    group, grid = options.pop("group", None), options.pop("grid", None)
    opened, left_out = open_all(paths, access, group)
    try:
        names = variables or list(dict.fromkeys(c.name for c in candidates_of(opened[0], _choice(None, **options))))
        found = [_one_field(opened, _choice(name, **options), rules, grid) for name in names or (None,)]
    except BaseException:
        close_all(opened)
        raise
    told = (*left_out, *(w for one in opened for w in one.warnings), *(text for _, texts in found for text in texts))
    for text in dict.fromkeys(told):
        warnings.warn(text, FieldWarning, stacklevel=2)
    return {str(array.name): array for array, _ in found}


def _choice(variable: str | None, **wanted: Any) -> Choice:
    """What is wanted of the files, as `open_field` is told it."""
    check_calendar(wanted.get("calendar"))
    given = {name: value for name, value in wanted.items() if value is not None}
    return Choice(variable=variable, **given)


def _one_field(opened: list[Opened], choice: Choice, rules: SeriesRules, grid: Any) -> tuple[Any, tuple[str, ...]]:
    """A field of files that are open, and what the user should look at."""
    series = series_of([piece_of(one, choice) for one in opened], rules)
    array = array_of(series, grid)
    array.set_close(_Closing(opened))
    return array, series.warnings


class _Closing:
    """Closes what an array was opened from; a copy of the array in another process has nothing to close."""

    def __init__(self, opened: list[Opened]) -> None:
        self._opened = opened

    def __call__(self) -> None:
        close_all(self._opened)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Closing, ([],)


def open_all(paths: Any, access: Access, group: str | None = None) -> tuple[list[Opened], list[str]]:
    """Everything that is named, opened; and what was left out, in words."""
    if isinstance(paths, (xr.Dataset, xr.DataArray)):
        return [_of_object(paths)], []
    found, left_out = places(paths, access)
    opened: list[Opened] = []
    try:
        for place in found:
            opened.append(open_place(place, access, group))
    except BaseException:
        close_all(opened)
        raise
    return opened, left_out


def _of_object(given: Any) -> Opened:
    if isinstance(given, xr.DataArray):
        given = given.to_dataset(name=given.name or "field", promote_attrs=True)
    return Opened(name="xarray object", kind=Kind.XARRAY, datasets=[given])


def close_all(opened: list[Opened]) -> None:
    """Close everything but what the user gave open."""
    for one in opened:
        if one.kind is not Kind.XARRAY:
            one.close()
