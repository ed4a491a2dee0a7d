"""Tracks as a Zarr store, in the layout of the NetCDF file; the folder appears whole or not at all.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import OutputError, TrackFileError, UserInputError
from ...model.tracks import TrackSet
from ...storage.outputs import whole_folder
from ...storage.packages import need
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.history import PROGRAM, continued
from ..given import Given
from .dataset import raw_dataset, stored_of
from .netcdf import described
from .shapes import holds_tracks, layout_of

_MARKS = ("zarr.json", ".zgroup", ".zmetadata")
_FORMAT = 2
"""Of Zarr: the one in which the type of texts is settled."""


def recognise(given: Given) -> bool:
    """Whether it is a Zarr store with trajectories."""
    if not _is_store(given.path):
        return False
    try:
        with _opened(given) as dataset:
            return holds_tracks(stored_of(dataset, given.name))
    except TrackFileError:
        return False


def read(given: Given) -> TrackSet:
    """Read all tracks, labels and attributes."""
    with _opened(given) as dataset:
        try:
            return decode(layout_of(stored_of(dataset, given.name)))
        except TrackFileError:
            raise
        except UserInputError as problem:
            raise TrackFileError(str(problem), path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """Nothing is lost."""
    return []


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write; a Zarr store of tracks of that name is replaced, and nothing else.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history of the store, which is continued.
    """
    need("zarr", "zarr", f"'{path}'")
    if path.exists() and not recognise(Given(path)):
        raise OutputError(f"'{path}' is there and no Zarr store of tracks: remove it, or choose another name")
    layout = described(encode(continued(tracks, command)))
    dataset = _plain(raw_dataset(layout, layout.attributes))
    with whole_folder(path, replace=True) as partial:
        dataset.to_zarr(partial, mode="w", zarr_format=_FORMAT, consolidated=True, write_empty_chunks=True)


def _plain(dataset: Any) -> Any:
    """The dataset with attributes of Python's types: JSON says float32 in fewer digits than float64 needs."""
    for held in (dataset, *dataset.variables.values()):
        held.attrs = {k: v.tolist() if isinstance(v, np.ndarray | np.generic) else v for k, v in held.attrs.items()}
    return dataset


def _is_store(path: Path) -> bool:
    return path.is_dir() and any((path / mark).is_file() for mark in _MARKS)


def _opened(given: Given) -> Any:
    """The dataset, not decoded."""
    need("zarr", "zarr", f"'{given.name}' (Zarr)")
    xarray = need("xarray", "zarr", f"'{given.name}' (Zarr)")
    try:
        return xarray.open_dataset(given.path, engine="zarr", decode_cf=False)
    except (OSError, ValueError, KeyError, RuntimeError) as problem:
        raise TrackFileError(f"cannot be read as Zarr ({problem})", path=given.name) from problem
