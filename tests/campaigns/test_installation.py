"""Where the code lies, where HOME is, and how many files a task makes: what matters on clusters."""

from __future__ import annotations

import importlib.resources
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from tests.campaigns.support import (
    MARK,
    NIGHTLY,
    PATIENCE,
    PRODUCTS,
    ROOT,
    TASKS,
    contents,
    finished,
    processes_of,
    recorded,
    start,
    wait_for,
)
from tests.ranks import launched

AUDIT = """
import os, sys
OPENING = {"open", "os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "os.link"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def hook(event, args):
    if event in OPENING and (event != "open" or (isinstance(args[2], int) and args[2] & WRITING)):
        path = args[0] if event != "os.symlink" else args[1]
        if isinstance(path, (str, bytes)):
            os.write(report, os.fsencode(event) + b" " + os.path.abspath(os.fsencode(path)) + b"\\n")
report = os.open(os.environ["AUDIT"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(hook)
"""


def audited(path: Path, *options: str, **variables: str) -> list[tuple[str, Path]]:
    """What a run in one process writes: the event and the file."""
    report = path.parent / "audit"
    status, said = finished(start(path, "--backend=serial", *options, before=AUDIT, AUDIT=str(report), **variables))
    assert status == 0, said
    lines = [line.partition(" ") for line in report.read_text().splitlines()]
    return [(event, Path(name)) for event, _, name in lines]


def test_nothing_is_written_beside_the_code(place: Path, undisturbed: dict[str, bytes]) -> None:
    home = place / "nowhere" / "home"
    written = audited(place / "campaign.toml", HOME=str(home), PYTHONDONTWRITEBYTECODE="1")
    assert contents(place / "results") == undisturbed
    allowed = {place / "results", ROOT / "build"}  # an editable installation keeps a log of its builds
    outside = {name for _, name in written if not allowed & {*name.parents} and name != Path("/dev/null")}
    assert outside <= {place / "results", place}, outside
    assert not home.parent.exists()


def test_home_is_missing_or_cannot_be_written(place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    code = "import os; [os.environ.pop(name, None) for name in ('HOME', 'XDG_CACHE_HOME', 'USER', 'LOGNAME')]"
    status, said = finished(start(path, "--backend=processes", "--workers=2", before=code))
    assert status == 0, said
    assert contents(place / "results") == undisturbed
    shutil.rmtree(place / "results")
    (place / "file").write_text("no folder")
    status, said = finished(start(path, "--backend=serial", HOME=str(place / "file" / "home")))
    assert status == 0, said
    assert contents(place / "results") == undisturbed


def test_a_task_makes_one_file_and_one_link(place: Path) -> None:
    written = audited(place / "campaign.toml")
    made: dict[str, int] = {}
    for event, name in written:
        if event == "os.symlink":
            made["links"] = made.get("links", 0) + 1
        elif event == "open" and place / "results" in name.parents:
            kind = "staged" if "staged" in name.parts else "run" if ".stormtrack" in name.parts else "manifest"
            made[kind] = made.get(kind, 0) + 1
    tasks = TASKS + PRODUCTS
    assert made["links"] == tasks + 1, "claims of the tasks, and of the manifest"
    assert made["staged"] <= 2 * tasks, "an output is opened once, statistics and metrics by NetCDF's library once more"
    assert made["manifest"] == 1
    assert made["run"] <= 2 + 2, "who it is, its journal, and signs of life"


def _copy(package: Traversable, to: Path) -> None:
    """The files of a package, wherever its installation has them (an editable one: in several folders)."""
    to.mkdir(parents=True)
    for one in package.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            _copy(one, to / one.name)
        elif one.is_file():
            (to / one.name).write_bytes(one.read_bytes())


def test_a_read_only_package(place: Path, undisturbed: dict[str, bytes]) -> None:
    """A copy of the installed package, without a single byte written beside it."""
    site = place / "site"
    _copy(importlib.resources.files("stormtrack"), site / "stormtrack")
    files = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    for path in (site, *files):
        path.chmod(path.stat().st_mode & ~0o222)
    code = "import sys; sys.meta_path[:] = [one for one in sys.meta_path if 'editable' not in repr(one).lower()]\n"
    code += f"sys.path.insert(0, {str(site)!r})"
    try:
        run = start(place / "campaign.toml", "--backend=serial", before=code, PYTHONPATH=str(site))
        status, said = finished(run)
        assert status == 0, said
        assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == files
    finally:
        for path in (site, *files):
            path.chmod(0o755)
    assert contents(place / "results") == undisturbed


SCRIPTS = sorted((ROOT / "hpc").glob("*/*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_scripts_can_be_parsed(script: Path) -> None:
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = script.read_text()
    assert re.search(r"^#(SBATCH|PBS) ", text, re.MULTILINE)
    for option in re.findall(r"stormtrack (?:run|status) [^|\n]*(?:\\\n[^|\n]*)?", text):
        for name in re.findall(r"--[a-z-]+", option):
            assert name in _options(), f"{name} in {script}"


def _options() -> str:
    shown = [
        subprocess.run(
            [sys.executable, "-m", "stormtrack.cli.main", name, "--help"], capture_output=True, text=True, cwd=ROOT
        ).stdout
        for name in ("run", "status")
    ]
    return "".join(shown)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
@pytest.mark.parametrize(("status", "left"), [(0, 0), (1, 3), (2, 5), (75, 5), (9, 5), (137, 5)])
def test_a_job_is_submitted_again_if_that_helps(script: Path, status: int, left: int, tmp_path: Path) -> None:
    """After 75, and under MPI when a rank was lost; with stand-ins for the batch system, MPI and stormtrack."""
    again = status == 75 or (status > 2 and script.name == "mpi.sh")
    stands = tmp_path / "bin"
    stands.mkdir()
    for name, code in (
        (
            "stormtrack",
            f'[ "$1" = status ] && {{ echo \'{{\n "left": {left}\n}}\'; exit 75; }}; echo "$@" >> ran; exit {status}',
        ),
        ("srun", 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"'),
        ("mpiexec", 'exec "$@"'),
        ("sbatch", 'echo "$TURN $@" >> submitted'),
        ("qsub", 'echo "$@" >> submitted'),
    ):
        (stands / name).write_text(f"#!/bin/bash\n{code}\n")
        (stands / name).chmod(0o755)
    environment = {"PATH": f"{stands}:/usr/bin:/bin", "PBS_O_WORKDIR": str(tmp_path), "CAMPAIGN": "c.toml"}
    done = subprocess.run(
        ["bash", str(script), "c.toml"], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == (0 if again else status), done.stderr
    assert (tmp_path / "ran").read_text().startswith("run c.toml --backend ")
    submitted = tmp_path / "submitted"
    assert submitted.exists() is again
    if again:
        assert "2" in submitted.read_text().split(",")[-1] + submitted.read_text().split()[0]
        last = subprocess.run(
            ["bash", str(script), "c.toml"],
            env={**environment, "TURN": "20"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert last.returncode == status and len(submitted.read_text().splitlines()) == 1


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_job_is_stopped_and_its_successor_finishes(script: Path, place: Path, undisturbed: dict[str, bytes]) -> None:
    """The scripts with stormtrack itself: SIGTERM as at the limit of time, then what was submitted is run."""
    stands = place / "bin"
    stands.mkdir()
    command = f'exec {" ".join(launched(2)) if script.name == "mpi.sh" else ""} "$@"'
    for name, code in (
        ("stormtrack", f'exec {sys.executable} -m stormtrack.cli.main "$@"'),
        ("srun", 'while [ "${1#--}" != "$1" ]; do shift; done; ' + command),
        ("mpiexec", command),
        ("sbatch", "echo again >> submitted"),
        ("qsub", "echo again >> submitted"),
    ):
        (stands / name).write_text(f"#!/bin/bash\n{code}\n")
        (stands / name).chmod(0o755)
    paths = {"PATH": f"{stands}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PBS_O_WORKDIR": str(place)}
    environment = {**os.environ, **paths, MARK: str(place), "SLURM_CPUS_PER_TASK": "2", "NCPUS": "2"}
    for turn in range(2):
        job = subprocess.Popen(["bash", str(script), "campaign.toml"], env=environment, cwd=place, text=True)
        if turn == 0:
            wait_for(lambda: recorded(place / "results") >= 2)
            for pid in processes_of(place / "campaign.toml"):
                if pid != job.pid and b"stormtrack.cli.main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGTERM)
        assert job.wait(timeout=PATIENCE) == 0
        assert (place / "submitted").exists()
    assert (place / "submitted").read_text() == "again\n", "the second job has finished"
    assert contents(place / "results") == undisturbed


def test_images_are_built_from_what_is_there() -> None:
    """What can be looked at without Docker and Apptainer: files, packages and extras that they name."""
    docker = (ROOT / "hpc" / "containers" / "Dockerfile").read_text()
    definition = (ROOT / "hpc" / "containers" / "stormtrack.def").read_text()
    extras = (ROOT / "pyproject.toml").read_text().partition("[project.optional-dependencies]")[2]
    for text in (docker, definition):
        assert "gfortran" in text and "g++" in text and "libgfortran5" not in text
        for extra in re.findall(r"\[([a-z]+)\]\"", text):
            assert re.search(rf"^{extra} = ", extras, re.MULTILINE)
    instructions = {line.split()[0] for line in docker.splitlines() if line and not line.startswith(("#", " "))}
    assert instructions <= {"FROM", "RUN", "COPY", "ENV", "ENTRYPOINT"}
    sections = re.findall(r"^%(\w+)", definition, re.MULTILINE)
    assert set(sections) == {"files", "post", "environment", "test", "runscript"}
    assert definition.count("Bootstrap: docker") == definition.count("Stage: ") == 2
