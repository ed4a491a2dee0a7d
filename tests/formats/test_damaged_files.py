"""Files that were cut off or changed: an error that names the file, or a set of tracks; never anything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats import registry
from stormtrack.model.tracks import TrackSet

from .drawn_tracks import assert_same
from .made_tracks import made_tracks

FORMATS = ("cf", "csv", "parquet", "geojson", "kml")
N_CUTS, N_FLIPS = 40, 80


def written(folder: Path, name: str) -> bytes:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    registry.write_track_set(made_tracks(), folder / "t", format=name)
    return (folder / "t").read_bytes()


def read_or_refused(path: Path, data: bytes, name: str) -> TrackSet | None:
    """What was read; None: it was refused."""
    path.write_bytes(data)
    try:
        found = registry.read_track_set(path, format=name)
    except TrackFileError as problem:
        assert str(path) in str(problem)
        return None
    assert isinstance(found, TrackSet) and int(found.start[-1]) == found.n_points
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_cut_off(name: str, tmp_path: Path) -> None:
    data = written(tmp_path, name)
    for k in range(1, N_CUTS):
        found = read_or_refused(tmp_path / "cut", data[: len(data) * k // N_CUTS], name)
        if found is not None and name != "csv":  # whose rows end anywhere
            assert_same(found, made_tracks(), but=("history",))


@pytest.mark.parametrize("name", FORMATS)
def test_changed_bytes(name: str, tmp_path: Path) -> None:
    data = written(tmp_path, name)
    draw = np.random.default_rng(5)
    for _ in range(N_FLIPS):
        changed = bytearray(data)
        changed[int(draw.integers(len(data)))] ^= 1 << int(draw.integers(8))
        read_or_refused(tmp_path / "changed", bytes(changed), name)
