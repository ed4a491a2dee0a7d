"""Whole runs of the goldens: their inputs, run in a folder."""

from __future__ import annotations

import lzma
from pathlib import Path

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers

EXTENSION = "_x"
STEMS = ("stat_trs_scl", "stat_trs", "phase_trs", "init_trs", "disp_trs", "ff_trs")


def output_name(stored: str) -> str:
    """Name of an output of the run that a golden is stored under another name of."""
    for stem in STEMS:
        if stored.startswith(stem):
            return stem + EXTENSION + stored[len(stem) :]
    return stored


def unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def run(folder: Path, answers: str, grid: bytes, tracks: bytes) -> None:
    """Run answers on a grid file and a track file called `tracks`."""
    (folder / "grid.nc").write_bytes(grid)
    (folder / "tracks").write_bytes(tracks)
    run_answers(answers.encode(), input_path=folder / "grid.nc", extension=EXTENSION, folder=folder, report=Silent())
