"""Asked to end by a signal: no unfinished file is left, and the status says which signal."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from stormtrack.cli._errors import reported
from stormtrack.cli._terminal import Terminal
from tests.reports.commands import PATIENCE, command, environment
from tests.reports.fields import LAT, LON, binary_answers, write_binary

MANY = 12_000
"""Frames of many features, enough that the run is still at work long after its first output has begun."""


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    noise = np.random.default_rng(1).normal(size=(1, len(LAT), len(LON))).astype(np.float32)
    return write_binary(tmp_path_factory.mktemp("series") / "in.dat", noise.repeat(MANY, axis=0))


def start(folder: Path, series: Path, *, ignored: signal.Signals | None = None) -> subprocess.Popen[bytes]:
    """Start the run and wait until it writes."""

    def prepare() -> None:
        if ignored is not None:
            signal.signal(ignored, signal.SIG_IGN)

    (folder / "answers").write_text("\n".join(binary_answers(MANY).split()))
    with (folder / "answers").open("rb") as answers:
        process = subprocess.Popen(
            command("track", "-i", str(series), "-f", "_t"),
            cwd=folder,
            env=environment(),
            stdin=answers,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,
        )
    end = time.monotonic() + PATIENCE
    while not list(folder.glob(".objout_t.partial-*")):
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stopped_run_leaves_no_unfinished_file(sign: signal.Signals, series: Path, tmp_path: Path) -> None:
    process = start(tmp_path, series)
    process.send_signal(sign)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + sign, said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["answers", "initial_t"]
    assert b"Traceback" not in said
    assert (b"interrupted" if sign == signal.SIGINT else sign.name.encode()) in said


def test_a_hangup_that_is_ignored_stays_ignored(series: Path, tmp_path: Path) -> None:
    """``nohup track ...`` goes on when the terminal is closed."""
    process = start(tmp_path, series, ignored=signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stop_that_a_library_swallows_is_heard(sign: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    """netCDF4 swallows what a handler raises while it looks for an attribute: the next step of the loop stops."""
    begun = []

    def work() -> int:
        for number in Terminal("a command", quiet=True).progress(range(3), "steps", 3):
            begun.append(number)
            with suppress(KeyboardInterrupt):
                os.kill(os.getpid(), sign)
        return 0

    before = signal.getsignal(sign)
    assert reported("a command", work) == 128 + sign
    assert begun == [0]
    assert ("interrupted" if sign == signal.SIGINT else sign.name) in capsys.readouterr().err
    assert signal.getsignal(sign) is before
    assert reported("a command", lambda: len(list(Terminal("a command").progress(range(3), "steps", 3)))) == 3
