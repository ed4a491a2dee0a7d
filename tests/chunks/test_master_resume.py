"""Killed and resumed: the same bytes, nothing left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.chunks.master_support import command, contents, environment

STEPS = 8
PATIENCE = 120.0


def finished_steps(case: Path) -> int:
    try:
        return len(json.loads((case / "manifest.json").read_text())["steps"])
    except FileNotFoundError:
        return -1 if not list(case.glob(".stormtrack-*")) else 0


def start(*options: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("-o=out", *options),
        env={**environment(), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stop_after(steps: int, case: Path, sign: signal.Signals, *options: str, wait: float = 0.0) -> tuple[int, str]:
    """Start a run and end it once it has finished so many steps; its status and messages."""
    run = start(*options)
    end = time.monotonic() + PATIENCE
    while finished_steps(case) < steps and run.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)
    time.sleep(wait)
    run.send_signal(sign)
    _, err = run.communicate(timeout=PATIENCE)
    return run.returncode, err


def processes_in(place: Path) -> list[str]:
    """Commands of the processes whose current folder is `place`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == place and process.name != str(os.getpid()):
                found.append((process / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found


def assert_finishes_as(case: Path, whole: dict[str, bytes], *options: str) -> None:
    run = start(*options)
    _, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    assert contents(case) == whole
    assert not [p.name for p in case.iterdir() if p.name.startswith(".")]


def test_killed_again_and_again(place: Path, whole_run: dict[str, bytes]) -> None:
    case = place / "out" / "C"
    delays = random.Random(5)
    for steps in (0, 2, 5):
        status, said = stop_after(steps, case, signal.SIGKILL, "--workers=2", wait=delays.uniform(0.0, 0.02))
        assert "resource_tracker" not in said and "leaked" not in said
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert steps <= finished_steps(case) < STEPS
    end = time.monotonic() + 10.0
    while processes_in(place) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes_in(place) == [], "workers do not outlive a killed run"
    (case / ".manifest.json.partial-1-1").write_bytes(b"as a run leaves it that is killed while it writes")
    assert_finishes_as(case, whole_run)


ZONES = b"3\n0 360 -90 -20 6.5\n0 360 -20 20 3.0\n0 360 20 90 6.5\n"
"""The standard regional limits, as a file."""
READS_OF_ZONES = 2
"""Times that a chunk reads them: for linking, and for the last filter."""


def feed_one_chunk(pipe: Path) -> None:
    """Give the regional limits to the first chunk that asks for them; the next one waits for ever."""
    for _ in range(READS_OF_ZONES):
        with pipe.open("wb") as out:
            out.write(ZONES)
        time.sleep(0.05)  # the reader has to see the end of the file before the pipe is opened again


def stopped_in_the_second_chunk(place: Path, sign: signal.Signals, *options: str) -> tuple[int, str]:
    """Start a run, let it finish one chunk, and end it while it waits in the next; its status and messages."""
    os.mkfifo(place / "zone.dat0")
    run = start(*options, DATZN=str(place / "zone.dat"))
    feeder = threading.Thread(target=feed_one_chunk, args=(place / "zone.dat0",), daemon=True)
    feeder.start()
    feeder.join(PATIENCE)
    end = time.monotonic() + PATIENCE
    while finished_steps(place / "out" / "C") < 1:
        assert run.poll() is None and time.monotonic() < end
        time.sleep(0.005)
    run.send_signal(sign)
    _, err = run.communicate(timeout=PATIENCE)
    return run.returncode, err


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_asked_to_stop(sign: signal.Signals, status: int, place: Path, whole_run: dict[str, bytes]) -> None:
    case, scratch = place / "out" / "C", place / "scratch"
    scratch.mkdir()
    options = (f"--scratch={scratch}",)
    found, err = stopped_in_the_second_chunk(place, sign, *options)
    assert found == status, err
    assert finished_steps(case) == 1
    assert "steps; the same command goes on" in err and "Traceback" not in err
    assert not [p.name for p in case.iterdir() if p.name.startswith(".")]
    assert list(scratch.iterdir()) == []
    assert all(whole_run[name] == data for name, data in contents(case).items())
    assert_finishes_as(case, whole_run, *options)


def test_an_outside_scratch_folder_of_a_killed_run_is_removed(place: Path, whole_run: dict[str, bytes]) -> None:
    case, scratch = place / "out" / "C", place / "scratch"
    scratch.mkdir()
    (scratch / "stormtrack-not-ours").mkdir()
    options = (f"--scratch={scratch}",)
    status, _ = stop_after(6, case, signal.SIGKILL, *options)
    assert status == -signal.SIGKILL
    assert len(list(scratch.iterdir())) == 2
    assert_finishes_as(case, whole_run, *options)
    assert [p.name for p in scratch.iterdir()] == ["stormtrack-not-ours"]
