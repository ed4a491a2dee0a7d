"""Statistics of the goldens: the bytes of every file."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.testing import assert_bitwise
from tests.statistics.golden_runs import EXTENSION, output_name, run, unpacked

CASES = {
    "stats_T63_area": ("gridT63.nc", "ff_trs_pos"),
    "stats_T63_unsmooth": ("gridT63.nc", "ff_trs_aniso0"),
    "stats_5deg_area": ("grid_5deg.nc", "ff_trs_pos"),
    "stats_5deg_unsmooth": ("grid_5deg.nc", "ff_trs_aniso0"),
    "stats_old_kernels": ("vo850_24.nc", "ff_trs_aniso0"),
    "stats_stereo_wght": ("vo850_24.nc", "tr_trs_weighted"),
    "stats_mixed": ("grid_5deg.nc", "ff_trs_pos"),
}


def golden_grid(inputs: Path, name: str) -> bytes:
    """A grid file of the goldens, or of the wheel; of its 18432 points only the coordinates matter."""
    if name != "gridT63.nc":
        return unpacked(inputs / f"{name}.xz")
    spec = importlib.util.find_spec("pyTRACK")
    if spec is None or spec.origin is None:
        pytest.skip("the grid file lies in the wheel track-pylib, which is not installed (extra 'oracle')")
    return (Path(spec.origin).parent / "data" / name).read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_case(goldens: Path, tmp_path: Path, case: str) -> None:
    folder = goldens / "statistics" / case
    grid, tracks = CASES[case]
    inputs = goldens / "statistics" / "in"
    run(tmp_path, (folder / "answers.in").read_text(), golden_grid(inputs, grid), unpacked(inputs / f"{tracks}.xz"))
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        found = (tmp_path / output_name(name)).read_bytes()
        stored = folder / f"{name}.xz"
        if stored.exists() and not name.endswith(".nc"):
            assert found == unpacked(stored), name
        assert hashlib.sha256(found).hexdigest() == digest, name


def test_all_cases_are_tested(goldens: Path) -> None:
    assert set(CASES) == {path.name for path in (goldens / "statistics").glob("stats_*")}


def extra_cases() -> list[str]:
    return ["ico_ind", "old2", "old_fisher", "wcv", "wold", "wno2", "wtd", "noph", "f8", "f8m"]


def extras(goldens: Path) -> dict[str, np.ndarray]:
    with np.load(goldens / "statistics" / "extra06" / "extra06.npz") as file:
        return {key: file[key] for key in file.files if key.startswith("stat/")}


def extra_tracks(folder: Path, name: str) -> bytes:
    if name == "CH":
        return unpacked(folder / "add_min_search" / "ff_trs_addfld.xz")
    if name == "CH2":
        return with_field(unpacked(folder / "in" / "ff_trs_24.xz"), folder)
    return unpacked(folder / "in" / f"{name}.xz")


def with_field(tracks: bytes, folder: Path) -> bytes:
    """A track file with the field that another golden (case add/iter) found at its points."""
    with np.load(folder / "extra06" / "extra06.npz") as file:
        header, values = str(file["add/iter/header"]), iter(file["add/iter/values"].tolist())
    lines = tracks.decode().splitlines()
    for k, line in enumerate(lines):
        words = line.split(" ")
        if line.startswith("TRACK_NUM"):
            lines[k] = header
        elif k > 2 and words[0].isdigit():
            added = "".join(f"{value:e} & " for value in next(values))
            lines[k] = " ".join(words[:4]) + " & " + added + " ".join(words[4:])
    return "\n".join([*lines, ""]).encode()


@pytest.mark.parametrize("case", extra_cases())
def test_extra_case(goldens: Path, tmp_path: Path, case: str) -> None:
    folder = goldens / "statistics"
    extra = extras(goldens)
    tracks = extra_tracks(folder, str(extra[f"stat/{case}/tracks"]))
    words = str(extra[f"stat/{case}/answers"]).replace(" ", "\n") + "\n"
    run(tmp_path, words, unpacked(folder / "in" / "vo850_24.nc.xz"), tracks)
    text = (tmp_path / f"stat_trs{EXTENSION}").read_text()
    assert text.splitlines()[:7] == str(extra[f"stat/{case}/header"]).splitlines()
    with netCDF4.Dataset(tmp_path / f"stat_trs{EXTENSION}_1.nc") as file:
        file.set_auto_mask(False)
        names = [name for name in file.variables if file[name].ndim == 2 and not name.startswith("spare")]
        found = np.array([file[name][:] for name in names])
    assert_bitwise(found, extra[f"stat/{case}/fields"])


def test_all_extra_cases_are_tested(goldens: Path) -> None:
    assert set(extra_cases()) == {key.split("/")[1] for key in extras(goldens)}
