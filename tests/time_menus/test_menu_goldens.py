"""The goldens of the time functions of the menu, bit for bit, through drop-in runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from stormtrack.testing import assert_bitwise
from tests.time_menus.beside_wheel import Case, our_outputs
from tests.time_menus.series_data import NAME

EXTENSION = "GX"
ALL_FILES = (
    *("weights.txt", "weights_l.txt", "mean.nc", "newgrid.txt"),
    *(f"avg{k}_{part}.nc" for k in (0, 1) for part in ("mean", "wsum", "var")),
)
CASES = (
    *("tavg_sub", "tavg_load", "tavg_weighted", "tavg_bin", "lanczos", "lanczos_read", "timespec"),
    *("convert", "extract_scale", "extract_fill1", "extract_fill3", "spline_smooth", "combine10"),
)


def write_binary_series(source: Path, path: Path) -> None:
    """The series as the goldens' TRACK binary file: south to north, a newline after each frame."""
    with netCDF4.Dataset(source) as data:
        data.set_auto_mask(False)
        frames, lon, lat = np.array(data["vo"][:], "f4")[:, ::-1], data["lon"][:], data["lat"][:][::-1]
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (len(lon), len(lat), len(frames)))
        for axis in (lon, lat):
            for k in range(0, len(axis), 10):
                out.write(b"".join(b"%12.5f " % v for v in axis[k : k + 10]) + b"\n")
        for k, frame in enumerate(frames):
            out.write(b"FRAME %6d\n" % (k + 1) + frame.astype("<f4").tobytes() + b"\n")


def golden_case(folder: Path, golden: Any) -> Case:
    """The run of a golden."""
    name = str(golden["input"])

    def lay_out(place: Path) -> None:
        for file in ALL_FILES:
            shutil.copy(folder / file, place)
        if name == "series.dat":
            write_binary_series(folder / "in_vo850_series.nc", place / NAME)
        else:
            shutil.copy(folder / name, place / NAME)

    return Case(lay_out=lay_out, answers=str(golden["answers"]), extension=EXTENSION)


def contents(data: bytes, golden: Any, name: str) -> dict[str, Any]:
    """What an output holds, under the names of the golden's arrays."""
    if data[:3] == b"CDF":
        return _netcdf(data)
    if f"{name}|text" in golden:
        return {"text": data.decode("latin-1")}
    shape = golden[f"{name}|data"].shape
    head = len(str(golden[f"{name}|head"])) if f"{name}|head" in golden else int(golden[f"{name}|header_bytes"])
    return {**_frames(data, shape, head), "head": data[:head].decode(), "header": data.split(b"\n", 1)[0].decode()}


def _netcdf(data: bytes) -> dict[str, Any]:
    with netCDF4.Dataset("output", memory=data) as file:
        file.set_auto_maskandscale(False)
        found = {key: np.array(variable[:]) for key, variable in file.variables.items()}
        dims = [f"{k}:{len(v)}:{'U' if v.isunlimited() else 'F'}" for k, v in file.dimensions.items()]
    return {**found, "_dims": np.array(dims)}


def _frames(data: bytes, shape: tuple[int, ...], position: int) -> dict[str, Any]:
    fields, labels = [], []
    size = 4 * shape[1] * shape[2]
    while position < len(data):
        end = data.index(b"\n", position)
        labels.append(data[position:end].decode())
        position = end + 1
        if len(fields) < shape[0]:
            fields.append(np.frombuffer(data, "<f4", size // 4, position).reshape(shape[1:]))
            assert data[position + size : position + size + 1] == b"\n"
            position += size + 1
    return {"data": np.array(fields), "labels": np.array(labels)}


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, goldens: Path, tmp_path: Path) -> None:
    folder = goldens / "preprocessing"
    with np.load(folder / f"{case}.npz") as golden:
        out = our_outputs(golden_case(folder, golden), tmp_path / "ours")
        names = {key.rpartition("|")[0] for key in golden.files if "|" in key}
        assert set(out) == names | {f"initial{EXTENSION}"}
        for name in names:
            found = contents(out[name], golden, name)
            for key in (key for key in golden.files if key.startswith(f"{name}|")):
                part = key.rpartition("|")[2]
                if part in found:
                    _compare(found[part], golden[key], key)
                else:
                    assert part in ("x", "y", "header_bytes"), key


def _compare(found: Any, wanted: Any, key: str) -> None:
    if wanted.dtype.kind == "U":
        assert np.array(found).tolist() == wanted.tolist(), key
    else:
        assert_bitwise(found, wanted, key)
