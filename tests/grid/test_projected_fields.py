"""Fields on conic and rotated grids: goldens of the original through answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.testing import assert_bitwise
from tests.menus.golden_cases import EXTENSION, copy_files, golden, read_binary


@pytest.mark.parametrize("case", ["proj_albers", "proj_lambert", "proj_eqd_conic", "proj_rotated"])
def test_golden(case: str, goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = golden(goldens / "preprocessing", case)
    folder = tmp_path / "run"
    data = copy_files(run, folder)
    monkeypatch.chdir(folder)
    text = ("\n".join(run.answers.split()) + "\n").encode()
    run_answers(text, input_path=data, extension=EXTENSION, folder=folder, report=Silent())
    expected = run.outputs["interp_thGX"]
    got = read_binary((folder / "interp_thGX").read_bytes())
    assert got.header == str(expected["header"])
    assert_bitwise(got.x, expected["x"], "x")
    assert_bitwise(got.y, expected["y"], "y")
    assert_bitwise(got.data, expected["data"], "field")
