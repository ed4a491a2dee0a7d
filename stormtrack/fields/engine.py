"""TRACK's binary and ASCII files as a backend of xarray: ``xr.open_dataset("specfil_x", engine="track")``.

Parity: values bitwise those of the readers of the dialogue.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr
from xarray.backends import BackendEntrypoint

from ..errors import FieldError, StormtrackError
from .own_kinds import FORMATS, open_own
from .places import place_of_file
from .times import decode


class TrackBackend(BackendEntrypoint):  # type: ignore[misc]
    """What xarray calls; found by it through the entry point ``xarray.backends``."""

    description = "TRACK binary and ASCII files of fields"
    open_dataset_parameters = ("filename_or_obj", "drop_variables", "decode_times", "newline_separated")

    def open_dataset(
        self,
        filename_or_obj: Any,
        *,
        drop_variables: str | Iterable[str] | None = None,
        decode_times: bool = True,
        newline_separated: bool | None = None,
    ) -> Any:
        """The fields of a file as the variable ``field`` (time, lat, lon), lazily.

        Parameters
        ----------
        filename_or_obj : str or path
        drop_variables : str or iterable of str, optional
        decode_times : bool
            Make dates of the times that frames carry, if they carry any.
        newline_separated : bool, optional
            Whether a byte follows every record of a binary file; by default seen from the file.

        Raises
        ------
        FieldError
            If it is no such file, or damaged.
        """
        path = os.fspath(filename_or_obj)
        place = place_of_file(Path(path))
        if place.kind not in FORMATS or place.packed:
            what = f"packed by {place.packed}" if place.packed else f"no field of TRACK's, but {place.what}"
            raise FieldError(f"'{path}' is {what}: stormtrack.open_field opens it")
        opened = open_own(path, path, place.kind, newline_separated)
        (dataset,) = opened.datasets
        if decode_times and "time" in dataset.variables:
            stored = dataset.variables["time"]
            dates = xr.Variable(("time",), decode(stored, "time").values, {"standard_name": "time"})
            dataset = dataset.assign_coords(time=dates)
        dataset = dataset.drop_vars([drop_variables] if isinstance(drop_variables, str) else drop_variables or [])
        dataset.set_close(opened.close)
        return dataset

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        """Whether a local file is one of TRACK's, by its content; never raises."""
        try:
            place = place_of_file(Path(filename_or_obj))
        except (StormtrackError, OSError, ValueError, TypeError):
            return False
        return place.kind in FORMATS and not place.packed
