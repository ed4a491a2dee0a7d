"""Additional fields of the goldens: the bytes of every file."""

from __future__ import annotations

import hashlib
import lzma
import shutil
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.testing import assert_bitwise

EXTENSION = "_x"
PLACES = "3\n10.0 50.0\n355.0 60.0\n120.5 -20.0\n"
CASES = [
    "add_area_avg_std",
    "add_min_search",
    "add_min_spline",
    "add_radial",
    "add_radial_dir3",
    "add_truemax_nopos",
    "add_two_fields",
    "add_value_bicubic",
    "add_value_bilinear",
    "add_value_nearest",
    "add_value_smoopy",
    "add_value_sphery",
]
EXTRA = [
    "iter",
    "thr_mean",
    "thr_rel",
    "std_only",
    "count",
    "count_out",
    "rm_val",
    "rm_min",
    "off",
    "frames",
    "frames0",
    "neg",
    "miss1",
    "miss1n",
    "miss1c",
    "chain2",
    "iter2",
    "iter3",
    "iterch",
    "spl_max_d",
    "spl_max_nopos",
    "spl_min_sph",
    "matt",
    "matt3",
    "type3",
    "ll_area",
    "ll_max",
    "ll_cub",
    "ll_sph",
    "latlon",
    "rad_dir4",
    "rad_dir1",
    "ll_reg",
]


def unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def run(folder: Path, goldens: Path, answers: str, name: str, tracks: bytes) -> None:
    """Run answers on an input of the goldens and a track file called `tracks`."""
    for field in ("msl_24.nc", "vo850_24.nc"):
        (folder / field).write_bytes(unpacked(goldens / "statistics" / "in" / f"{field}.xz"))
    with_gaps(folder)
    shutil.copy(goldens / "formats" / "inputs" / "vo_ll_20.nc", folder)
    (folder / "locs.dat").write_text(PLACES)
    (folder / "tracks").write_bytes(tracks)
    words = "\n".join([*answers.split(), ""]).encode()
    run_answers(words, input_path=folder / name, extension=EXTENSION, folder=folder, report=Silent())


def with_gaps(folder: Path) -> None:
    """A copy of a field in which some values are missing, as the goldens' README describes it."""
    (folder / "mslm.nc").write_bytes((folder / "msl_24.nc").read_bytes())
    with netCDF4.Dataset(folder / "mslm.nc", "a") as file:
        file.set_auto_maskandscale(False)
        variable = next(v for v in file.variables.values() if v.ndim >= 3)
        variable.missing_value = np.float32(-999)
        values = variable[:]
        gaps = np.random.default_rng(5).random((24, 64, 128)) < 0.03
        variable[:] = np.where(gaps.reshape(values.shape), np.float32(-999), values)


@pytest.mark.parametrize("case", CASES)
def test_case(goldens: Path, tmp_path: Path, case: str) -> None:
    folder = goldens / "statistics" / case
    tracks = unpacked(goldens / "statistics" / "in" / "ff_trs_24.xz")
    run(tmp_path, goldens, (folder / "answers.in").read_text(), "msl_24.nc", tracks)
    (stored,) = folder.glob("*.xz")
    name = stored.stem.replace("ff_trs", f"ff_trs{EXTENSION}")
    assert (tmp_path / name).read_bytes() == unpacked(stored)


def test_all_cases_are_tested(goldens: Path) -> None:
    assert set(CASES) == {path.name for path in (goldens / "statistics").glob("add_*")}


def extras(goldens: Path) -> dict[str, np.ndarray]:
    with np.load(goldens / "statistics" / "extra06" / "extra06.npz") as file:
        return {key.removeprefix("add/"): file[key] for key in file.files if key.startswith("add/")}


def test_all_extra_cases_are_tested(goldens: Path) -> None:
    assert set(EXTRA) == {key.split("/")[0] for key in extras(goldens)}


@pytest.mark.parametrize("case", EXTRA)
def test_extra_case(goldens: Path, tmp_path: Path, case: str) -> None:
    extra, folder = extras(goldens), goldens / "statistics"
    chained = str(extra.get(f"{case}/tracks", "")) == "CHAIN"
    packed = "add_min_search/ff_trs_addfld.xz" if chained else "in/ff_trs_24.xz"
    answers, name = str(extra[f"{case}/answers"]), str(extra[f"{case}/input"])
    run(tmp_path, goldens, answers, name, unpacked(folder / packed))
    if f"{case}/sha256" in extra:
        found = (tmp_path / f"ff_trs{EXTENSION}_addfld_reg").read_bytes()
        assert hashlib.sha256(found).hexdigest() == str(extra[f"{case}/sha256"])
        return
    lines = (tmp_path / f"ff_trs{EXTENSION}_addfld").read_text().splitlines()
    assert str(extra[f"{case}/header"]) in lines
    expected = extra[f"{case}/values"]
    rows = [line.split(" & ")[1:-1] for line in lines if " & " in line]
    values = np.array([[np.float32(cell) for cell in row] for row in rows], np.float32)
    assert_bitwise(values[:, values.shape[1] - expected.shape[1] :], expected)
