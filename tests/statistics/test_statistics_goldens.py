"""Statistics of the goldens: the bytes of every file."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest

from tests.statistics.golden_runs import output_name, run, unpacked

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
