"""Runs that are killed, stopped, starved of room, and set on one another: nothing is lost, nothing done twice."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from stormtrack.campaigns.claims import PRIVATE
from tests.campaigns.support import (
    NIGHTLY,
    PRODUCTS,
    TASKS,
    backends,
    contents,
    finish_as,
    finished,
    left_over,
    processes_of,
    recorded,
    records,
    run,
    start,
    start_with,
    wait_for,
    whole_so_far,
)

SLOWLY = """
import time
from stormtrack.campaigns.runner import Run
settle = Run._settle
Run._settle = lambda self, outcome: (settle(self, outcome), time.sleep(0.2))
"""
"""A rest behind every record, so that a signal comes long before the end however busy the machine is."""


def processes_asked(run: subprocess.Popen[str], path: Path, whom: str) -> list[int]:
    """Which processes get a signal: the one that was started, or all (as batch systems and terminals do)."""
    return [run.pid] if whom == "head" else [run.pid, *(pid for pid in processes_of(path) if pid != run.pid)]


@pytest.mark.parametrize("whom", ["head", "all"] if NIGHTLY else ["head"])
@pytest.mark.parametrize("backend", backends(("processes",)))
def test_asked_to_stop_it_can_be_submitted_again(
    backend: str, whom: str, place: Path, undisturbed: dict[str, bytes]
) -> None:
    path = place / "campaign.toml"
    one = start_with(backend, path, before=SLOWLY)
    wait_for(lambda: recorded(place / "results") >= 2, one)
    for pid in processes_asked(one, path, whom):
        os.kill(pid, signal.SIGTERM)
    status, said = finished(one)
    assert status == 75, said
    assert "the same command goes on" in said and "Traceback" not in said
    assert left_over(place / "results") == []
    whole_so_far(path, undisturbed)
    done = len(records(place / "results"))
    assert 2 <= done < TASKS + PRODUCTS
    finish_as(path, undisturbed)


@pytest.mark.parametrize("backend", backends(("serial", "dask")))
def test_interrupted_it_says_so(backend: str, place: Path, undisturbed: dict[str, bytes]) -> None:
    """Ctrl-C, which all processes of the terminal get: two lines and no more."""
    path = place / "campaign.toml"
    one = start_with(backend, path, before=SLOWLY)
    wait_for(lambda: recorded(place / "results") >= 1, one)
    os.killpg(one.pid, signal.SIGINT)
    status, said = finished(one)
    assert status == 130, said
    of_mpi = ("ranks are still at work", "MPI_Abort")  # where ranks had to be ended
    stopped, interrupted = (line for line in said.splitlines() if not any(text in line for text in of_mpi))
    assert "stopped: " in stopped and "the same command goes on" in stopped and interrupted == "stormtrack: interrupted"
    assert left_over(place / "results") == []
    finish_as(path, undisturbed)


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except (OSError, IndexError):
            continue
    return found


def is_worker(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_a_worker_that_is_killed_is_replaced(place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    one = start(path, "--backend=processes", "--workers=2")
    wait_for(lambda: any(map(is_worker, children(one.pid))), one)
    wait_for(lambda: list((place / "results" / PRIVATE / "claims").glob("*")), one)
    os.kill(next(filter(is_worker, children(one.pid))), signal.SIGKILL)
    status, said = finished(one)
    assert status == 0, said
    assert contents(place / "results") == undisturbed


@pytest.mark.parametrize("backend", [name for name in backends(("serial", "processes")) if name != "mpi"])
def test_no_file_may_be_so_large(backend: str, place: Path, undisturbed: dict[str, bytes]) -> None:
    """No file may become larger than a limit: the first output is larger. (So is the memory that ranks share.)"""
    path = place / "campaign.toml"
    limit = min(map(len, undisturbed.values())) // 2
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    status, said = finished(start_with(backend, path, before=code))
    assert status == 1, said
    assert "File too large" in said and "user limit" in said and "Traceback" not in said
    assert contents(place / "results") == {}
    assert left_over(place / "results") == []
    finish_as(path, undisturbed)


SMALL_DISK = """\
mount -t tmpfs -o size=$1k tmpfs "$2" || exit 99
kept=$3; results=$2; shift 3
"$@"; status=$?
cp -a "$results"/. "$kept"
exit $status
"""
"""In a name space of its own a small disk lies where the results go; what is on it in the end is kept."""


def on_a_small_disk(place: Path, backend: str, kibibytes: int) -> tuple[int, str]:
    """A run whose results have so much room; status and messages."""
    results, kept = place / "results", place / "kept"
    results.mkdir()
    kept.mkdir()
    before = ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", str(kibibytes), str(results), str(kept)]
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here (unshare, tmpfs)")
    done = finished(start_with(backend, place / "campaign.toml", launcher=before))
    results.rmdir()
    kept.rename(results)
    return done


@pytest.mark.parametrize("kibibytes", [20, 100, 300, 800, 880] if NIGHTLY else [300])
@pytest.mark.parametrize("backend", backends(("processes",)))
def test_a_full_disk(backend: str, kibibytes: int, place: Path, undisturbed: dict[str, bytes]) -> None:
    """Room for some outputs, for all tracks and no statistics (which HDF5 writes, and does not say why it cannot)."""
    status, said = on_a_small_disk(place, backend, kibibytes)
    assert status == 1, said
    assert "No space left" in said and "free some space" in said and "Traceback" not in said
    whole_so_far(place / "campaign.toml", undisturbed)
    assert all(name.startswith("journal") for name in left_over(place / "results"))
    finish_as(place / "campaign.toml", undisturbed)


def test_no_room_for_the_manifest(place: Path, undisturbed: dict[str, bytes]) -> None:
    """Outputs fit, the manifest does not: the journal is kept, and joins the manifest when there is room."""
    path = place / "campaign.toml"
    limit = 2 * max(map(len, undisturbed.values()))  # the library of HDF5 needs more meanwhile
    journal = place / "results" / PRIVATE / "journal"
    journal.mkdir(parents=True)
    record = b'{"task": "of an earlier campaign", "output": "x", "settings": "' + b"0" * limit + b'"}\n'
    (place / "results" / "manifest.json").write_bytes(b'{"format": 1, "tasks": [\n' + record + b"]}\n")
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    status, said = finished(start(path, "--backend=serial", before=code))
    assert "the manifest could not be written" in said and "journal" in said
    assert status == 0, said
    assert contents(place / "results") == undisturbed
    assert run(path) == 0
    assert len(records(place / "results")) == TASKS + PRODUCTS + 1


def check_shared(both: list[subprocess.Popen[str]], place: Path, undisturbed: dict[str, bytes]) -> None:
    """Two runs on one campaign end well, have done each task once between them, and the bytes are those of one."""
    ends = [finished(one) for one in both]
    assert [status for status, _ in ends] == [0, 0], ends
    counts = [int(said.rpartition(" of them now")[0].rpartition(" ")[2]) for _, said in ends]
    assert sum(counts) == TASKS + PRODUCTS, "nothing is done twice"
    assert contents(place / "results") == undisturbed
    assert left_over(place / "results") == []


PAIRS = [("serial", "serial"), ("processes", "threads"), ("dask", "processes"), ("mpi", "dask"), ("mpi", "mpi")]


@pytest.mark.parametrize("pair", PAIRS if NIGHTLY else PAIRS[:1], ids="-".join)
def test_two_runs_share_the_tasks(pair: tuple[str, str], place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    both = [start_with(backend, path, "--verbose") for backend in pair]
    check_shared(both, place, undisturbed)


JUMPING = """\
import time
real = {name: getattr(time, name) for name in ("time", "time_ns")}
def day():
    return (0, 86400, -86400 * 365)[int(time.monotonic() * 3) % 3]
time.time = lambda: real["time"]() + day()
time.time_ns = lambda: real["time_ns"]() + day() * 10**9
"""
"""Three times a second the clock jumps: to tomorrow, to last year, back."""


@pytest.mark.parametrize("backend", backends(("processes",)))
def test_a_clock_that_jumps(backend: str, place: Path, undisturbed: dict[str, bytes]) -> None:
    """In all processes of two runs at once; the bytes are the same and nothing is done twice."""
    path, site = place / "campaign.toml", place / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(JUMPING)
    check = "import time; assert time.time.__name__ == '<lambda>'"
    both = [start_with(name, path, before=check, python_path=[site]) for name in (backend, "serial")]
    check_shared(both, place, undisturbed)


def test_a_run_that_does_not_wait(place: Path) -> None:
    path = place / "campaign.toml"
    one = start(path, "--backend=serial", before="import time")
    wait_for(lambda: list((place / "results" / PRIVATE / "claims").glob("*")), one)
    one.send_signal(signal.SIGSTOP)
    try:
        claims = list((place / "results" / PRIVATE / "claims").iterdir())
        assert run(path, "--no-wait", "--backend=serial") == (75 if claims else 0)
    finally:
        one.send_signal(signal.SIGCONT)
    status, said = finished(one)
    assert status == 0, said
