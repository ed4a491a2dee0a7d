"""A small campaign (2 years, 2 signs, 2 hemispheres, products), and what its runs leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from stormtrack.cli.main import main
from stormtrack.sample.grids import gaussian
from stormtrack.sample.series import write_series
from tests.ranks import launched

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
MARK = "STORMTRACK_TEST_PLACE"
"""In the environment of all processes of a run, by which they are found wherever they have got to."""
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
TASKS, PRODUCTS = 8, 6 if NIGHTLY else 5
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
MEANS = """
[[products]]
name = "means"
kind = "statistics"
over = ["year", "sign", "hemisphere"]
output = "pooled/statistics.nc"
grid = "10"
periods = 2.0
"""
"""Statistics too, which import xarray: a second for each run, so nightly only."""
OPTIONS = {
    "serial": ("--backend=serial",),
    "threads": ("--backend=threads", "--workers=2"),
    "processes": ("--backend=processes", "--workers=2"),
    "dask": ("--backend=dask", "--workers=2"),
    "mpi": ("--backend=mpi",),
}
"""By which a run gets its workers."""
RANKS = 3
PACKAGES = {"dask": "distributed", "mpi": "mpi4py"}


def write_place(folder: Path, frames: int = 8) -> Path:
    """Write two years and the campaign's file; its name."""
    for year in (2000, 2001):
        write_series(folder / f"vo_{year}.nc", gaussian(21), frames, seed=year)
    path = folder / "campaign.toml"
    path.write_text(TEXT + MEANS * NIGHTLY)
    return path


def run(path: Path, *options: str) -> int:
    """A run in this process."""
    try:
        return main(["run", str(path), *options])
    except SystemExit as leaving:
        return int(leaving.code or 0)


def start(
    path: Path,
    *options: str,
    before: str = "",
    launcher: Sequence[str] = (),
    python_path: Sequence[Path] = (),
    **variables: str,
) -> subprocess.Popen[str]:
    """A run in its own process.

    Parameters
    ----------
    path : Path
    options : str
    before : str
        Python that it executes first.
    launcher : sequence of str
        What starts it, such as mpiexec.
    python_path : sequence of Path
        Where Python looks first.
    variables : str
        Of the environment.
    """
    code = f"{before}\nfrom stormtrack.cli.main import command\ncommand()"
    return subprocess.Popen(
        [*launcher, sys.executable, "-c", code, "run", str(path), *options],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*map(str, python_path), str(ROOT), os.environ.get("PYTHONPATH", "")]),
            MARK: str(path.parent),
            **variables,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def start_with(
    backend: str, path: Path, *options: str, launcher: Sequence[str] = (), **more: Any
) -> subprocess.Popen[str]:
    """A run with one of the backends."""
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend], reason=f"{PACKAGES[backend]} is not installed")
    ranks = launched(RANKS) if backend == "mpi" else []
    return start(path, *OPTIONS[backend], *options, launcher=[*launcher, *ranks], **more)


def backends(suite: tuple[str, ...]) -> list[str]:
    """Backends that are tried: in the suite these, else all, or what ``STORMTRACK_BACKENDS`` names."""
    named = os.environ.get("STORMTRACK_BACKENDS")
    return named.split(",") if named else [*OPTIONS] if NIGHTLY else [*suite]


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


def finish_as(path: Path, whole: dict[str, bytes], backend: str = "serial") -> None:
    """Go on until all is done, and compare."""
    results = path.parent / "results"
    status, said = finished(start_with(backend, path))
    assert status == 0, said
    assert contents(results) == whole
    assert left_over(results) == []
    assert len(records(results)) == TASKS + PRODUCTS


def whole_so_far(path: Path, whole: dict[str, bytes]) -> None:
    """What lies there is complete, and is what an undisturbed run gives."""
    for name, data in contents(path.parent / "results").items():
        assert whole[name] == data, name


def environment_of(pid: int | str) -> dict[str, str]:
    """With which a process was started; empty if it is gone."""
    try:
        told = Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return {}
    return {name: value for name, _, value in (one.partition("=") for one in told.split("\0"))}


def processes_of(path: Path) -> Iterator[int]:
    """All processes of the runs of a campaign that live."""
    for folder in Path("/proc").glob("[0-9]*"):
        if environment_of(folder.name).get(MARK) == str(path.parent):
            yield int(folder.name)
