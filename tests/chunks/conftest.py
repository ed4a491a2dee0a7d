"""A short synthetic series, and an undisturbed master run on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample
from tests.chunks.master_support import FRAMES, contents, master


@pytest.fixture(scope="session")
def filtered_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    files = write_sample(folder, frames=FRAMES, seed=3, truncation=21)
    answers = (folder / files.filter_answers).read_bytes()
    run_answers(answers, input_path=folder / files.series, extension="_s", folder=folder, report=Silent())
    (folder / "specfil_band001._s_band001").rename(folder / "series.dat")
    return folder


@pytest.fixture
def place(filtered_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the series and its start-up answers, the current one of the test."""
    for name in ("series.dat", "initial.T21_NH"):
        shutil.copy2(filtered_sample / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def whole_run(filtered_sample: Path) -> dict[str, bytes]:
    """Results of an undisturbed run with one worker."""
    before = Path.cwd()
    os.chdir(filtered_sample)
    try:
        assert master("-o=whole", "--quiet") == 0
    finally:
        os.chdir(before)
    return contents(filtered_sample / "whole" / "C")
