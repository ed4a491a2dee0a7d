"""Runs that are killed, stopped, starved of room, and set on one another: nothing is lost, nothing done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from stormtrack.campaigns.claims import PRIVATE
from tests.campaigns.support import (
    PRODUCTS,
    TASKS,
    contents,
    finished,
    left_over,
    recorded,
    records,
    run,
    start,
    wait_for,
)

TIMES = 50 if os.environ.get("STORMTRACK_NIGHTLY") else 3
LONGEST = 6.0
"""Seconds: kills fall from before the first task to behind the last one."""
BACKENDS = os.environ.get("STORMTRACK_BACKENDS", "serial,processes").split(",")


def finish_as(path: Path, whole: dict[str, bytes], *options: str) -> None:
    """Go on until all is done, and compare."""
    results = path.parent / "results"
    status, said = finished(start(path, *options))
    assert status == 0, said
    assert contents(results) == whole
    assert left_over(results) == []
    assert len(records(results)) == TASKS + PRODUCTS


def whole_so_far(path: Path, whole: dict[str, bytes]) -> None:
    """What lies there is complete, and is what an undisturbed run gives."""
    for name, data in contents(path.parent / "results").items():
        assert whole[name] == data, name


def kill(run: subprocess.Popen[str]) -> None:
    """Kill the run itself; its workers have to notice."""
    run.kill()
    run.communicate()


@pytest.mark.parametrize("backend", BACKENDS)
def test_killed_at_any_time(backend: str, place: Path, undisturbed: dict[str, bytes]) -> None:
    """Killed again and again at random times, then left alone: the bytes of an undisturbed run."""
    path, delays = place / "campaign.toml", random.Random(f"{backend} {TIMES}")
    options = (f"--backend={backend}", "--workers=2") if backend != "serial" else ("--backend=serial",)
    for _ in range(TIMES):
        wait = delays.uniform(0.5, LONGEST)
        one = start(path, *options)
        end = time.monotonic() + wait
        while time.monotonic() < end and one.poll() is None:
            time.sleep(0.01)
        kill(one)
        whole_so_far(path, undisturbed)
        if recorded(place / "results") >= TASKS + PRODUCTS:
            finish_as(path, undisturbed, *options)
            for file in (place / "results").rglob("*.nc"):
                file.unlink()  # begin again: these tasks have to be done anew
            (place / "results" / "manifest.json").unlink()
    finish_as(path, undisturbed, *options)


def test_asked_to_stop_it_can_be_submitted_again(place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    one = start(path, "--backend=processes", "--workers=2")
    wait_for(lambda: recorded(place / "results") >= 2, one)
    one.send_signal(signal.SIGTERM)
    status, said = finished(one)
    assert status == 75, said
    assert "the same command goes on" in said and "Traceback" not in said
    assert left_over(place / "results") == []
    whole_so_far(path, undisturbed)
    done = len(records(place / "results"))
    assert 2 <= done < TASKS + PRODUCTS
    finish_as(path, undisturbed)


def test_interrupted_it_says_so(place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    one = start(path, "--backend=serial")
    wait_for(lambda: recorded(place / "results") >= 1, one)
    one.send_signal(signal.SIGINT)
    status, said = finished(one)
    assert status == 130 and "the same command goes on" in said
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


def test_a_full_disk(place: Path, undisturbed: dict[str, bytes]) -> None:
    """No file may become larger than a limit: the first output is larger."""
    path = place / "campaign.toml"
    limit = min(map(len, undisturbed.values())) // 2
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    for backend in ("serial", "processes"):
        status, said = finished(start(path, f"--backend={backend}", before=code))
        assert status == 1, said
        assert "File too large" in said and "user limit" in said and "Traceback" not in said
        assert contents(place / "results") == {}
        assert left_over(place / "results") == []
    finish_as(path, undisturbed)


def test_no_room_for_the_manifest(place: Path, undisturbed: dict[str, bytes]) -> None:
    """Outputs fit, the manifest does not: the journal is kept, and joins the manifest when there is room."""
    path = place / "campaign.toml"
    limit = max(map(len, undisturbed.values())) + 1
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


def test_two_runs_share_the_tasks(place: Path, undisturbed: dict[str, bytes]) -> None:
    path = place / "campaign.toml"
    both = [start(path, "--backend=serial", "--verbose") for _ in range(2)]
    ends = [finished(one) for one in both]
    assert [status for status, _ in ends] == [0, 0], ends
    counts = [int(said.rpartition(" of them now")[0].rpartition(" ")[2]) for _, said in ends]
    assert sum(counts) == TASKS + PRODUCTS, "nothing is done twice"
    assert contents(place / "results") == undisturbed
    assert left_over(place / "results") == []


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
