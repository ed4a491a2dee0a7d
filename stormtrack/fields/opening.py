"""`open_field`: one lazy field of whatever files, folders, stores and addresses are named.

Parity: not applicable.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from ..errors import FieldError, FieldWarning
from .choosing import Choice
from .engines import need_xarray, open_place
from .kinds import Kind
from .opened import Opened
from .piece import Piece, piece_of
from .places import places
from .remote import Access, Patience
from .series import SeriesRules, joined
from .times import check_calendar


def open_field(
    paths: Any,
    variable: str | None = None,
    *,
    level: float | str | None = None,
    member: Any = None,
    start: Any = None,
    select: Mapping[str, Any] | None = None,
    axes: Mapping[str, str] | None = None,
    calendar: str | None = None,
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
        Any other axis by its name to a value (or its number, where it has no values), or ``'all'``; ``group`` to the
        name of a group.
    axes : mapping, optional
        ``lat``, ``lon``, ``time``, ``level``, ``member`` to the name of a dimension or coordinate, where the file does
        not tell them.
    calendar : str, optional
        CF calendar in place of a missing or wrong one.
    grid : optional
        What to do with grids that are no rows and columns of longitudes and latitudes: ``'own'`` (rotated ones stay as
        they are), a step in degrees, ``'F48'`` or ``'N48'`` (Gaussian), ``'T42'``; ``'... nearest'`` in place of
        bilinear interpolation. Plain grids are regridded too if this is given.
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
        Axes ``time``, ``lat``, ``lon`` (a field without a time axis: ``lat``, ``lon``, or one frame if its time is
        known), and before them what was kept by ``'all'``. Nothing but coordinates has been read. ``close()`` closes
        the files.

    Raises
    ------
    FieldError, GridError
        If something is missing, damaged, contradictory, or has to be chosen; the message says how.

    Warns
    -----
    FieldWarning
        Of uneven times, gaps, and what was left out.
    """
    check_calendar(calendar)
    rules = SeriesRules(stride=stride, overlap=overlap, grid=grid)
    chosen = dict(select or {})
    group = chosen.pop("group", None)
    choice = Choice(
        variable=variable, level=level, member=member, start=start, select=chosen, axes=axes or {}, calendar=calendar
    )
    access = Access(storage_options=storage_options or {}, patience=patience or Patience())
    opened, notes = open_all(paths, access, group)
    try:
        pieces = [piece_of(one, choice) for one in opened]
        out, warned = joined(pieces, rules)
    except BaseException:
        close_all(opened)
        raise
    for text in (*notes, *(w for one in opened for w in one.warnings), *warned):
        warnings.warn(text, FieldWarning, stacklevel=2)
    out.set_close(lambda: close_all(opened))
    return out


def open_all(paths: Any, access: Access, group: str | None = None) -> tuple[list[Opened], list[str]]:
    """Everything that is named, opened; and what is to be said about it."""
    xarray = need_xarray()
    if isinstance(paths, (xarray.Dataset, xarray.DataArray)):
        return [_of_object(paths)], []
    found, notes = places(paths, access)
    opened: list[Opened] = []
    try:
        for place in found:
            opened.append(open_place(place, access, group))
    except BaseException:
        close_all(opened)
        raise
    return opened, notes


def _of_object(given: Any) -> Opened:
    xarray = need_xarray()
    if isinstance(given, xarray.DataArray):
        given = given.to_dataset(name=given.name or "field", promote_attrs=True)
    return Opened(name="xarray object", kind=Kind.XARRAY, datasets=[given])


def close_all(opened: list[Opened]) -> None:
    """Close everything."""
    for one in opened:
        if one.kind is not Kind.XARRAY:
            one.close()


__all__ = ["FieldError", "Piece", "close_all", "open_all", "open_field"]
