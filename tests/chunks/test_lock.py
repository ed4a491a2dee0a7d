"""The lock of a case folder, within one process."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from stormtrack.errors import UserInputError
from stormtrack.run.chunks.layout import LOCK
from stormtrack.run.chunks.lock import CaseLock


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_refused_run_leaves_no_file_open(tmp_path: Path) -> None:
    before = open_files()
    with CaseLock(tmp_path):
        assert open_files() == before + 1
        with pytest.raises(UserInputError, match=f"another run is at work .*process {os.getpid()} on"):
            CaseLock(tmp_path).__enter__()
        assert open_files() == before + 1
    assert open_files() == before and not (tmp_path / LOCK).exists()


def test_the_lock_of_another_machine_is_left_alone(tmp_path: Path) -> None:
    """Whether its run is still at work cannot be known here."""
    text = json.dumps({"pid": 1, "host": "elsewhere.invalid", "scratch": None})
    (tmp_path / LOCK).write_text(text)
    before = open_files()
    with pytest.raises(UserInputError, match=r"process 1 on elsewhere\.invalid"):
        CaseLock(tmp_path).__enter__()
    assert open_files() == before
    assert (tmp_path / LOCK).read_text() == text


def test_a_lock_that_its_holder_removed_meanwhile_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening and locking the file the holder may end; the file held by then is none in the folder."""
    before, flock, ended = open_files(), fcntl.flock, []

    def locked(file: int, how: int) -> None:
        if not ended:
            (tmp_path / LOCK).unlink()
            ended.append(file)
        flock(file, how)

    monkeypatch.setattr("stormtrack.run.chunks.lock.fcntl.flock", locked)
    with CaseLock(tmp_path):
        assert ended and open_files() == before + 1
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()
        with pytest.raises(UserInputError, match="another run"):
            CaseLock(tmp_path).__enter__()
    assert open_files() == before
