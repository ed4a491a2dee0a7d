"""Files that are cut off and have bytes changed: an error of ours or a reading, never another error."""

from __future__ import annotations

import gzip
import random
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field
from stormtrack.errors import UserInputError
from stormtrack.formats.fields.track_binary import TrackBinaryWriter


def _track(folder: Path, work: Path) -> bytes:
    with TrackBinaryWriter(work / "t", np.arange(0, 360, 45), np.array([-60, -20, 20, 60])) as writer:
        for k in range(3):
            writer.write_frame(np.full((4, 8), k, np.float32))
    return (work / "t").read_bytes()


SOUND: dict[str, tuple[Callable[[Path, Path], bytes], dict[str, Any]]] = {
    "track": (_track, {}),
    "pp": (lambda folder, _: (folder / "pp_missing_data/mdi_test_1000_3.pp").read_bytes(), {"grid": "own"}),
    "grib": (lambda folder, _: (folder / "grib_missing_values/fields_with_missing_values.grib").read_bytes(), {}),
    "classic": (
        lambda folder, _: gzip.decompress((folder / "netcdf_gz/example_1.nc.gz").read_bytes()),
        {"variable": "temp", "level": 850},
    ),
    "gzip": (lambda folder, _: (folder / "netcdf_gz/example_1.nc.gz").read_bytes(), {"variable": "rh"}),
}


@pytest.mark.parametrize("kind", SOUND)
def test_damaged_files_are_read_or_refused(real_files: Path, tmp_path: Path, kind: str) -> None:
    if kind == "grib":
        pytest.importorskip("eccodes")
    make, options = SOUND[kind]
    sound, draw = make(real_files / "fields", tmp_path), random.Random(4)
    outcomes = set()
    for _ in range(60):
        data = bytearray(sound[: draw.randrange(1, len(sound))] if draw.random() < 0.3 else sound)
        for _ in range(draw.randrange(4)):
            data[draw.randrange(min(len(data), 4000))] = draw.randrange(256)
        (tmp_path / "in").write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with open_field(tmp_path / "in", **options) as found:
                    found.load()
                outcomes.add("read")
            except UserInputError as problem:
                assert str(tmp_path / "in") in str(problem) or "variable" in str(problem)
                outcomes.add("refused")
    assert outcomes == {"read", "refused"}
