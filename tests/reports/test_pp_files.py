"""PP files of any byte order, number type, level and pole: read rightly, or refused at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.reports.commands import Done, refused, track, warnings_of
from tests.reports.fields import BEFORE, FIRST, LINKING, vortices, write_pp

ANSWERS = f"n 0 3 n y g n 1 37 1 18 n {BEFORE} {FIRST} {LINKING}"


def run(folder: Path, *options: str, answers: str = ANSWERS) -> Done:
    return track(folder, answers, "-i", "in.pp", "-f", "_t", *options)


@pytest.fixture
def expected(tmp_path: Path) -> bytes:
    """Objects of the usual file."""
    folder = tmp_path / "usual"
    folder.mkdir()
    write_pp(folder / "in.pp")
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "objout_t").read_bytes()


def test_big_endian_files_are_read(expected: bytes, tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", marks=">", words=">")
    done = run(tmp_path)
    assert done.returncode == 0
    assert "big-endian" in done.stderr
    assert (tmp_path / "objout_t").read_bytes() == expected


@pytest.mark.parametrize(("marks", "words"), [("<", ">"), (">", "<")])
def test_a_mixture_of_byte_orders_is_refused_at_once(marks: str, words: str, tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", marks=marks, words=words)
    done = run(tmp_path)  # a hang would run into the time limit of the command
    refused(done, "record marks are", "the words between them", "18 and 36")


@pytest.mark.parametrize("word", [18, 19])
@pytest.mark.parametrize("value", [0, 1, -5, 2_000_000_000])
def test_impossible_sizes_are_refused_at_once(word: int, value: int, tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", integers={word: value})
    refused(run(tmp_path), "its first field has", str(value))


def test_whole_numbers_are_read_as_numbers(tmp_path: Path) -> None:
    whole = np.rint(vortices()).astype(np.int32)
    write_pp(tmp_path / "in.pp", whole, integers={39: 2})
    done = run(tmp_path)
    assert done.returncode == 0
    assert "whole numbers (LBUSER1 2)" in done.stderr
    reals = tmp_path / "reals"
    reals.mkdir()
    write_pp(reals / "in.pp", whole.astype(np.float32))
    assert run(reals).returncode == 0
    assert (tmp_path / "objout_t").read_bytes() == (reals / "objout_t").read_bytes()


def test_missing_data_are_noticed(tmp_path: Path) -> None:
    values = vortices()
    values[1, 3, 4] = -1.0e30
    write_pp(tmp_path / "in.pp", values)
    refused(run(tmp_path), "frame 2: 1 of 648", "missing (-1e+30)", "--keep-missing")


def test_several_levels_in_one_file(tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", levels=(850.0, 500.0))
    done = run(tmp_path)
    assert done.returncode == 0
    assert "not one series: level 850 of quantity 75, level 500 of quantity 75" in done.stderr


def test_a_rotated_pole(tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", integers={16: 101}, reals={56: 38.0, 57: 190.0})
    done = run(tmp_path, answers=ANSWERS.replace("n 0 3 n", "n 0 3 y n"))
    assert done.returncode == 0
    assert len(warnings_of(done)) == 1
    assert "rotated" in done.stderr and "latitude 38, longitude 190" in done.stderr


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (
            (0, 6, 12, 30, 36),
            "from frame 3 (1990-12-01 12:00) to frame 4 (1990-12-02 06:00) it is 18 hours, a gap of 2",
        ),
        ((0, 6, 6, 12, 18), "duplicate times: frame 2 (1990-12-01 06:00) and frame 3"),
        ((0, 12, 6, 18, 24), "not in order: frame 3 (1990-12-01 06:00) comes after frame 2 (1990-12-01 12:00)"),
    ],
)
def test_odd_times(hours: tuple[int, ...], said: str, expected: bytes, tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", hours=hours)
    done = run(tmp_path)
    assert done.returncode == 0
    assert said in warnings_of(done)[0]
    assert (tmp_path / "objout_t").read_bytes() == expected


def test_extra_data_behind_the_values(tmp_path: Path) -> None:
    write_pp(tmp_path / "in.pp", np.zeros((2, 19, 36), np.float32), integers={18: 18, 20: 36})
    refused(run(tmp_path), "field 1: 36 words of extra data (LBEXT)")


def test_files_of_the_unified_model_that_are_no_pp(tmp_path: Path) -> None:
    for code, kind in ((">i8", "fieldsfile"), ("<i4", "fieldsfile")):
        header = np.zeros(256, code)
        header[:5] = (20, 1, 5, 0, 3)
        (tmp_path / "in.pp").write_bytes(header.tobytes())
        refused(run(tmp_path), kind, "not PP")
