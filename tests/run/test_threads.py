"""Frames on several threads: the same bytes as on one, errors as on one, nothing left behind."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import FieldError
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from tests.run.small_runs import COLUMNS, FILTERED, FRAMES, ROWS, UNPROJECTED


def outputs(sample: Path, answers: str, folder: Path, threads: int, series: Path | None = None) -> dict[str, bytes]:
    """All outputs of a run."""
    folder.mkdir()
    run_answers(
        answers.encode(),
        input_path=series or sample / FILTERED,
        extension="_t",
        folder=folder,
        report=Silent(),
        threads=threads,
    )
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["projected", *UNPROJECTED])
def test_any_number_of_threads_gives_the_same_bytes(kind: str, sample: Path, tmp_path: Path) -> None:
    answers = (sample / kind).read_text()
    expected = outputs(sample, answers, tmp_path / "1", 1)
    assert len(expected) >= 4
    for threads in (2, 3, 9):
        assert outputs(sample, answers, tmp_path / str(threads), threads) == expected


def test_more_frames_asked_for_than_there_are(sample: Path, tmp_path: Path) -> None:
    answers = (sample / "sphery").read_text().replace(f" 1 1 {FRAMES} ", f" 1 1 {FRAMES + 5} ")
    assert answers != (sample / "sphery").read_text()
    whole = outputs(sample, (sample / "sphery").read_text(), tmp_path / "whole", 1)
    for threads in (1, 3):
        found = outputs(sample, answers, tmp_path / str(threads), threads)
        assert found["interp_th_t"] == whole["interp_th_t"] and found["tdump_t"] == whole["tdump_t"]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_bad_frame_ends_the_run_and_leaves_nothing(threads: int, sample: Path, tmp_path: Path) -> None:
    data = bytearray((sample / FILTERED).read_bytes())
    bad_frame = FRAMES - 2
    start = data.index(b"FRAME %6d\n" % bad_frame) + len(b"FRAME 123456\n")
    size = 4 * (COLUMNS * ROWS)
    values = np.frombuffer(data, np.float32, size // 4, start)
    assert np.isfinite(values).all() and np.abs(values).max() < 1.0
    values[size // 8] = np.nan
    series = tmp_path / "series"
    series.write_bytes(data)
    with pytest.raises(FieldError, match=f"frame {bad_frame}"):
        outputs(sample, (sample / "sphery").read_text(), tmp_path / "run", threads, series)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["initial_t"]
    assert not [thread for thread in threading.enumerate() if thread.name == "frame"]


def open_files() -> set[str]:
    """Names of the files that this process has open."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one of this very listing
            found.add(str(entry.readlink()))
    return found


@pytest.mark.parametrize("threads", [1, 2])
def test_the_file_of_an_added_field_is_closed(sample: Path, tmp_path: Path, threads: int) -> None:
    added = tmp_path / "added"
    answers = (sample / "nodes").read_text().split()
    where = answers.index("4.0") + 1
    answers[where : where + 1] = ["y", "n", str(added)]
    text = "\n".join(answers) + "\n"
    content = (sample / FILTERED).read_bytes()
    added.write_bytes(content)
    plain = outputs(sample, (sample / "nodes").read_text(), tmp_path / "plain", threads)
    assert outputs(sample, text, tmp_path / "whole", threads)["objout_t"] != plain["objout_t"]
    assert str(added) not in open_files()
    for bad in (content[:-5000], b"    65     4      6\n" + b"1 " * 69 + b"\n"):  # cut off, another grid
        added.write_bytes(bad)
        with pytest.raises(FieldError):
            outputs(sample, text, tmp_path / f"bad{len(bad)}", threads)
        assert str(added) not in open_files()
