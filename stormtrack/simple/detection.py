"""Centres of a series of frames.

References
----------
Specification 07, section 1. Parity: see `simple.centres`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import F32, F64
from ..errors import FieldError, GridError, UserInputError
from ..model.features import Features, features_of_points
from ..model.times import Times
from ..settings.simple import CentreSettings
from .centres import find_centres


def detect(
    fields: Iterable[npt.ArrayLike],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    settings: CentreSettings,
    *,
    periodic: bool,
    times: Times | None = None,
) -> Features:
    """Centres of the frames of a series.

    Parameters
    ----------
    fields : iterable of float32 or float64, shape (ny, nx)
        Frames, rows from south to north; taken one by one. NaN and infinite values count as missing.
    lon, lat : array_like, shapes (nx,), (ny,)
        Degrees, increasing.
    settings : CentreSettings
    periodic : bool
        The columns go all round, the first one standing but once.
    times : Times, optional
        Of the frames.

    Returns
    -------
    Features
        One object for each centre, with the raw value of the field at its grid point; frames are numbered 1, 2, ...

    Raises
    ------
    UserInputError
        For settings that are not allowed.
    GridError
        If coordinates do not increase, or the grid is smaller than the window.
    FieldError
        If there is no frame, or one does not fit the grid.

    References
    ----------
    Specification 07, section 1.

    Examples
    --------
    >>> import numpy as np
    >>> from stormtrack.settings.simple import CentreSettings
    >>> from stormtrack.simple import detect
    >>> lon, lat = np.arange(0, 360, 5.0), np.arange(-85, 86, 5.0)
    >>> low = 1000 - 20 * np.exp(-(((lon - 60) / 12) ** 2) - ((lat[:, None] - 40) / 12) ** 2)
    >>> found = detect([low], lon, lat, CentreSettings(sign="min"), periodic=True)
    >>> found.x.tolist(), found.y.tolist(), found.intensity.tolist()
    ([60.0], [40.0], [980.0])
    """
    columns, rows = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    _check(columns, rows, settings)
    counts, parts = [], []
    for number, field in enumerate(fields, 1):
        values = _as_floats(field, (len(rows), len(columns)), number)
        row, column = find_centres(values, settings, periodic=periodic)
        counts.append(len(row))
        parts.append((columns[column], rows[row], values[row, column]))
    if not parts:
        raise FieldError("there is no frame to detect centres in")
    if times is not None and len(times) != len(counts):
        raise FieldError(f"there are {len(counts)} frames and {len(times)} times")
    x, y, intensity = (np.concatenate(values).astype(np.float32) for values in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return features_of_points(frame_start=start, x=x, y=y, intensity=intensity, time=times)


def _check(lon: F64, lat: F64, settings: CentreSettings) -> None:
    if settings.sign not in ("min", "max"):
        raise UserInputError(f"sign '{settings.sign}': 'min' or 'max' is allowed")
    if settings.window < 3 or settings.window % 2 == 0:
        raise UserInputError(f"a window of {settings.window}: an odd number, 3 or more, is allowed")
    if not settings.contrast >= 0.0:
        raise UserInputError(f"a contrast of {settings.contrast:g}: 0 or more is allowed, in the units of the field")
    for name, axis in (("longitudes", lon), ("latitudes", lat)):
        if axis.ndim != 1 or not (np.diff(axis) > 0.0).all():
            raise GridError(f"the {name} have to be one increasing series of numbers; sort rows and columns by them")
        if len(axis) < settings.window:
            raise GridError(f"a grid of {len(axis)} {name} is smaller than the window, {settings.window}")


def _as_floats(field: npt.ArrayLike, shape: tuple[int, int], number: int) -> F32 | F64:
    """A frame as float32 if it is that, else as float64."""
    values: Any = np.asarray(field)
    if values.shape != shape:
        raise FieldError(f"frame {number} has the shape {values.shape}, the grid {shape} (rows, columns)")
    if values.dtype.kind not in "iuf":
        raise FieldError(f"frame {number} holds values of the type {values.dtype}, not numbers")
    floats: F32 | F64 = values.astype(np.float32 if values.dtype == np.float32 else np.float64, copy=False)
    return floats
