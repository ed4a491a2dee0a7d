"""A DataArray as a TRACK binary file.

References
----------
Specification 01, sections 7.2 and 11.1. Parity: the layout is that of TRACK's own files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..formats.fields.track_binary import TrackBinaryWriter
from .source import ArraySource


def write_track_binary(array: Any, path: Path | str, *, dates: bool = False, missing: float | None = None) -> Path:
    """Write a field frame by frame: rows from south to north, longitudes from 0 to 360.

    Parameters
    ----------
    array : xarray.DataArray
        Axes time, lat, lon, as `open_field` gives it.
    path : path
        Replaced if it exists; complete when it appears.
    dates : bool
        Give every frame a line ``TIME YYYYMMDDHH``, by which TRACK sees missing frames, in place of ``FRAME``.
    missing : float, optional
        Written in place of NaN and infinite values.

    Returns
    -------
    Path

    Raises
    ------
    FieldError
        If values are missing and `missing` is not given, or `dates` is asked for and times are no whole hours.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import stormtrack as st
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = st.write_track_binary(st.sample_field(2), pathlib.Path(folder) / "vo.dat")
    ...     st.open_field(path).sizes["time"]
    2
    """
    source = ArraySource(array)
    lines = _lines(array) if dates else [None] * source.n_frames
    rows = slice(None, None, -1 if source.lat[0] > source.lat[-1] else 1)
    with TrackBinaryWriter(path, source.lon, source.lat[rows]) as writer:
        for number, line in enumerate(lines, start=1):
            frame = source.read(number)
            assert frame is not None
            writer.write_frame(_filled(frame, number, missing)[rows], line)
    return Path(path)


def _filled(frame: F32, number: int, missing: float | None) -> F32:
    known = np.isfinite(frame)
    if known.all():
        return frame
    if missing is None:
        raise FieldError(
            f"frame {number} holds {np.count_nonzero(~known)} NaN or infinite values, for which TRACK's files have no "
            "mark: fill them, or say what to write in their place (missing=VALUE)"
        )
    return np.where(known, frame, np.float32(missing))


def _lines(array: Any) -> list[str | None]:
    """A line with the date for every frame."""
    if "time" not in array.coords or array["time"].dtype.kind not in "MO":
        raise FieldError("the frames have no dates to be written; leave dates away")
    lines: list[str | None] = []
    for k, value in enumerate(np.atleast_1d(array["time"].values)):
        text = str(value.astype("datetime64[s]")) if isinstance(value, np.datetime64) else value.isoformat()
        if text[13:19] != ":00:00":
            raise FieldError(f"frame {k + 1} is of {text}, but TRACK's times are whole hours; leave dates away")
        lines.append(f"TIME {text[:13].replace('-', '').replace('T', '')}\n")
    return lines
