"""Frames on workers of every kind: the same bytes, messages and errors as on one thread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.backends import Backend
from stormtrack.backends.processes import Processes
from stormtrack.errors import FieldError
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from tests.ranks import launched, reading
from tests.run.small_runs import COLUMNS, FILTERED, FRAMES, ROWS, UNPROJECTED


def outputs(answers: str, folder: Path, series: Path, backend: Backend | None = None) -> tuple[Any, list[str]]:
    """All outputs of a run, and what it told."""
    folder.mkdir()
    report = Silent()
    run_answers(answers.encode(), input_path=series, extension="_t", folder=folder, report=report, workers=backend)
    return {path.name: path.read_bytes() for path in folder.iterdir()}, [*report.notes, *report.warnings]


@pytest.mark.parametrize("kind", ["projected", *UNPROJECTED])
@pytest.mark.parametrize("backend", ["processes", "dask"])
def test_the_same_bytes(backend: str, kind: str, sample: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    answers = (sample / kind).read_text()
    expected = outputs(answers, tmp_path / "1", sample / FILTERED)
    assert len(expected[0]) >= 4
    assert outputs(answers, tmp_path / "2", sample / FILTERED, request.getfixturevalue(backend)) == expected


class Told(Processes):
    """Tells which fields came back from its workers."""

    def map(self, task: Any, items: Any, *, in_order: bool = True) -> Any:
        self.came = 0
        for block in super().map(task, items, in_order=in_order):
            self.came += sum(frame.field is not None for frame in block.frames)
            yield block


@pytest.mark.parametrize("shares_disk", [True, False])
def test_fields_are_written_where_they_are_made(shares_disk: bool, sample: Path, tmp_path: Path) -> None:
    answers = (sample / "sphery").read_text()
    expected = outputs(answers, tmp_path / "1", sample / FILTERED)
    with Told(2) as workers:
        workers.shares_disk = shares_disk
        assert outputs(answers, tmp_path / "2", sample / FILTERED, workers) == expected
        assert workers.came == (0 if shares_disk else FRAMES)


def test_more_frames_asked_for_than_there_are(processes: Processes, sample: Path, tmp_path: Path) -> None:
    answers = (sample / "sphery").read_text().replace(f" 1 1 {FRAMES} ", f" 1 1 {FRAMES + 5} ")
    assert answers != (sample / "sphery").read_text()
    found = [outputs(answers, tmp_path / str(n), sample / FILTERED, n) for n in (None, processes)]
    assert found[0] == found[1]


def test_a_bad_frame(processes: Processes, sample: Path, tmp_path: Path) -> None:
    data = bytearray((sample / FILTERED).read_bytes())
    start = data.index(b"FRAME %6d\n" % (FRAMES - 2)) + len(b"FRAME 123456\n")
    size = 4 * (COLUMNS * ROWS)
    np.frombuffer(data, np.float32, size // 4, start)[size // 8] = np.nan
    series = tmp_path / "series"
    series.write_bytes(data)
    problems = []
    for number, backend in enumerate((None, processes)):
        with pytest.raises(FieldError, match=f"frame {FRAMES - 2}") as caught:
            outputs((sample / "sphery").read_text(), tmp_path / str(number), series, backend)
        problems.append(str(caught.value))
        assert [path.name for path in (tmp_path / str(number)).iterdir()] == ["initial_t"]
    assert problems[0] == problems[1]


def test_an_added_field_is_read_here(processes: Processes, sample: Path, tmp_path: Path) -> None:
    added = tmp_path / "added"
    added.write_bytes((sample / FILTERED).read_bytes())
    answers = (sample / "nodes").read_text().split()
    where = answers.index("4.0") + 1
    answers[where : where + 1] = ["y", "n", str(added)]
    text = "\n".join(answers) + "\n"
    files, told = outputs(text, tmp_path / "1", sample / FILTERED)
    others, more = outputs(text, tmp_path / "2", sample / FILTERED, processes)
    assert others == files
    assert [note for note in more if note not in told] == [
        "a field is added from another file: this process alone detects, the backend processes is not used"
    ]


@pytest.mark.parametrize("ranks", [1, 2])
def test_ranks_of_mpi(ranks: int, sample: Path, tmp_path: Path) -> None:
    answers = (sample / "sphery").read_text()
    expected, told = outputs(answers, tmp_path / "1", sample / FILTERED)
    folder = tmp_path / "ranks"
    folder.mkdir()
    (tmp_path / "answers").write_text(answers)
    words = [*launched(ranks), sys.executable, "-m", "stormtrack.cli.track", "--backend", "mpi"]
    words += ["-i", str(sample / FILTERED), "-f", "_t"]
    words = reading(str(tmp_path / "answers"), words)
    done = subprocess.run(words, input=answers, text=True, cwd=folder, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == expected
    assert [line for line in done.stderr.splitlines() if "warning" in line] == []
    assert all(text in done.stderr for text in told)
