"""Cases of statistics and additional fields in the harness."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from parity.command import DIFFERENT, IDENTICAL, UNUSABLE, main


@pytest.mark.parametrize("case", ["add_two_fields", "add_radial_dir3", "stats_5deg_area"])
def test_identical(goldens: Path, case: str) -> None:
    assert main(["run", str(goldens / "statistics" / case)]) == IDENTICAL


def test_another_digest_is_a_difference(goldens: Path, tmp_path: Path) -> None:
    (tmp_path / "in").symlink_to(goldens / "statistics" / "in")
    folder = tmp_path / "add_value_nearest"
    folder.mkdir()
    shutil.copy(goldens / "statistics" / "add_value_nearest" / "answers.in", folder)
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  ff_trs_addfld\n")
    assert main(["run", str(folder)]) == DIFFERENT


def test_missing_inputs_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.in").write_text("n\n")
    (tmp_path / "SHA256SUMS").write_text("")
    assert main(["run", str(tmp_path)]) == UNUSABLE
    assert "msl_24.nc" in capsys.readouterr().err


def test_options_of_statistics_and_added_fields(goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(goldens / "statistics" / "extra06"), "--jobs", "2"]) == IDENTICAL
    assert "53 of 53 outputs identical" in capsys.readouterr().out


def test_other_results_of_options_are_differences(goldens: Path, tmp_path: Path) -> None:
    (tmp_path / "in").symlink_to(goldens / "statistics" / "in")
    with np.load(goldens / "statistics" / "extra06" / "extra06.npz") as file:
        held = {key: file[key] for key in file.files if key.startswith(("stat/noph/", "add/off/"))}
    held["stat/noph/fields"][4, 3, 2] += 1.0
    held["add/off/values"][7, 0] += 1.0
    (tmp_path / "options").mkdir()
    np.savez(tmp_path / "options" / "some.npz", **held)
    assert main(["run", str(tmp_path / "options")]) == DIFFERENT


def test_a_file_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "some.npz").write_bytes(b"PK")
    assert main(["run", str(tmp_path)]) == UNUSABLE
    assert "some.npz: cannot be read" in capsys.readouterr().err
