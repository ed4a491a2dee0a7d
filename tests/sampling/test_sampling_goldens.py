"""Additional fields of the goldens: the bytes of every file."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers

EXTENSION = "_x"
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


def unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def run(folder: Path, goldens: Path, answers: str, name: str, tracks: bytes) -> None:
    """Run answers on an input of the goldens and a track file called `tracks`."""
    for field in ("msl_24.nc", "vo850_24.nc"):
        (folder / field).write_bytes(unpacked(goldens / "statistics" / "in" / f"{field}.xz"))
    (folder / "tracks").write_bytes(tracks)
    words = "\n".join([*answers.split(), ""]).encode()
    run_answers(words, input_path=folder / name, extension=EXTENSION, folder=folder, report=Silent())


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
