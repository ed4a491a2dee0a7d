"""Goldens of menu functions on single frames through answers: all output files."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.testing import assert_bitwise
from tests.menus.golden_cases import EXTENSION, copy_files, golden, read_binary

CASES = [
    *("ls_msl_T15", "ls_msl_T15_sub", "ls_bands", "ls_mask"),
    *("vor_fd", "vor_fd_nowrap", "vor_fd_periodic", "vor_fd_euclid", "speed", "ke", "vor_geo_msl", "vor_geo_sphery"),
    *("ing_T42_smoopy", "ing_T42_nopoles", "ing_T42_periodic", "ing_T42_sphery", "ing_file_smoopy"),
    *("grad_msl", "grad_geowind", "grad_tfp", "grad_tfp_sphery"),
    *("dct_vo_pfa", "dct_vo_pow2", "dct_reflect"),
    *("vor_bs", "vor_bs_periodic", "vor_bs_euclid", "vor_bs_sphery"),
]


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = golden(goldens / "preprocessing", case)
    folder = tmp_path / "run"
    data = copy_files(run, folder)
    monkeypatch.chdir(folder)
    before = set(folder.iterdir())
    text = ("\n".join(run.answers.split()) + "\n").encode()
    run_answers(text, input_path=data, extension=EXTENSION, folder=folder, report=Silent())
    written = {path.name for path in folder.iterdir()} - {path.name for path in before} - {f"initial{EXTENSION}"}
    assert written == set(run.outputs)
    for name, expected in run.outputs.items():
        got = read_binary((folder / name).read_bytes())
        assert got.header == str(expected["header"]) and got.header_bytes == int(expected["header_bytes"]), name
        assert got.labels == [str(label) for label in expected["labels"]], name
        assert_bitwise(got.x, expected["x"], f"{name} x")
        assert_bitwise(got.y, expected["y"], f"{name} y")
        assert_bitwise(got.data, expected["data"], name)
