"""A short synthetic series, and master runs on it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from stormtrack.cli.main import main
from stormtrack.pipeline.report import Silent
from stormtrack.pipeline.run import run_answers
from stormtrack.sample import write_sample

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 20
OPTIONS = ["-c=C", "-i=series.dat", "-f=_m", "-k=initial.T21_NH", "-n=1,8", "-s=RUNDATIN.VOR"]
"""Chunks 1-8, 6-15, 13-37."""
PRIVATE_FILES = {"manifest.json", "stormtrack.log"}


def command(*options: str) -> list[str]:
    """The command line of a run in its own process."""
    return [sys.executable, "-m", "stormtrack.cli.main", "master", *OPTIONS, *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def master(*options: str) -> int:
    """A run in this process (its chunks run in others)."""
    return main(["master", *OPTIONS, *options])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a case folder but manifest and log; the lists of chunks without the folder's own place."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    place = str(folder.resolve()).encode()
    return {n: data.replace(place, b"CASE") for n, data in found.items() if n not in PRIVATE_FILES}


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
