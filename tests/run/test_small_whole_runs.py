"""What whole runs write and tell, on a small file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stormtrack.answers import Conversation
from stormtrack.errors import AnswersError, FieldError
from stormtrack.formats.track.links_read import read_links
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from tests.reports.commands import environment
from tests.reports.fields import (
    ANSWERS,
    BEFORE,
    FIRST,
    LINKING,
    START,
    WHOLE,
    binary_answers,
    vortices,
    write,
    write_binary,
)

OPEN = f"{START.format(coards='n')} {WHOLE}"
MENU = f"{START.format(coards='n')} 1 37 1 18 y"


def run(folder: Path, answers: str, **options: object) -> Silent:
    """Run in `folder` on its file ``in.nc``; what the run told."""
    report = Silent()
    data = "\n".join(answers.split()).encode() + b"\n"
    run_answers(data, input_path=folder / "in.nc", extension="_t", folder=folder, report=report, **options)  # type: ignore[arg-type]
    return report


UNUSED = (
    *("numpy.ma", "xarray", "netCDF4", "scipy", "numba"),
    *("stormtrack.core.detecting", "stormtrack.core.linking", "stormtrack.run.elsewhere"),
    *("stormtrack.tracks.join", "stormtrack.model.tracks", "stormtrack.settings.splice"),
    *("stormtrack.settings.least_squares", "stormtrack.settings.spectral", "stormtrack.settings.time_mean"),
)
"""What a plain run of one pass does not use."""


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"in.nc"}


def test_a_run_imports_what_it_uses(tmp_path: Path) -> None:
    """Start-up is a good part of a short run: frozen dataclasses take 0.3 ms each."""
    write_binary(tmp_path / "in.dat")
    code = (
        "import sys\nfrom stormtrack.cli.track import main\nassert main(['-i', 'in.dat', '-f', '_t']) == 0\n"
        f"sys.stderr.write(' '.join(name for name in {UNUSED} if name in sys.modules))\n"
    )
    answers = "\n".join(binary_answers().split()).encode() + b"\n"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, input=answers, capture_output=True, env=environment()
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tdump_t").exists() and done.stderr == b""


def test_another_attempt_does_not_filter_points_again(tmp_path: Path) -> None:
    """Specification 04, section 2.1: ``y`` at #9 starts anew with the same points, ``y`` at #15 filters them again."""
    write(tmp_path / "in.nc")
    attempt, again = LINKING.replace("1.0 n n", "1.0 n y n n n n 30.0 1.0 n n"), LINKING[:-1] + "y"
    run(tmp_path, f"{OPEN} {BEFORE} {FIRST} {attempt}")
    once = {"initial_t", "interp_th_t", "objout_t", "objout.new_t", "idump_t", "idump_t_", "tdump_t"}
    assert written(tmp_path) == once
    for name in once:
        (tmp_path / name).unlink()
    run(tmp_path, f"{OPEN} {BEFORE} {FIRST} {again} {LINKING.removeprefix('n ')}")
    assert written(tmp_path) == once | {"objout.new_t_", "tdump_t_"}


def test_tracks_of_the_run_itself_are_the_final_ones(tmp_path: Path) -> None:
    """Specification 04, section 2.1, #1: existing tracks are those of `tdump`, unless another file is named."""
    write(tmp_path / "in.nc")
    run(tmp_path, ANSWERS)
    (tmp_path / "idump_t").write_text("0.1 0.8\n0.5 1.0\nTRACK_No. 0\n")
    run(tmp_path, f"{OPEN} y 2 n n n n y y n y n n 0")
    before, after = (read_links(tmp_path / name) for name in ("tdump_t", "tdump_t_"))
    assert before.start.tolist() == after.start.tolist() == [0, 5, 10]
    assert after.frame.tolist() == before.frame.tolist() and after.object.tolist() == before.object.tolist()


def test_a_splice_of_no_tracks_is_told(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    report = run(tmp_path, f"{MENU} 1 n 0 0 n 3 9 n n n n a n n n 0")
    assert report.warnings == ["there are no tracks: the track files will be empty"]
    assert written(tmp_path) == {"initial_t", "tr_trs_t", "tr_trs_t.nc", "ff_trs_t", "ff_trs_t.nc"}


def test_values_kept_although_they_are_missing_are_told_once(tmp_path: Path) -> None:
    values = vortices()
    values[1, 2, 3] = values[3, 4:6, 5] = np.nan
    write(tmp_path / "in.nc", values)
    (told,) = run(tmp_path, ANSWERS, keep_missing=True).warnings
    assert "2 of the frames used hold NaN" in told and "the first is frame 2 with 1" in told


def test_the_dialogue_is_shown_whether_it_ends_well_or_not(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    shown: list[Conversation] = []
    run(tmp_path, ANSWERS, show_dialogue=shown.append)
    with pytest.raises(AnswersError, match="repeat"):
        run(tmp_path, ANSWERS[:-1], show_dialogue=shown.append)
    assert [conversation.reads[-1].key for conversation in shown] == ["repeat?", "plot_track"]


@pytest.mark.parametrize(
    ("frames", "used"), [("2 1 5", [2, 3, 4, 5]), ("1 2 99", [1, 3, 5]), ("3 2 3", [3, 5]), ("4 2 4", [4])]
)
def test_frames_from_the_first_to_the_last(frames: str, used: list[int], tmp_path: Path) -> None:
    """Specification 01, section 10: two frames at least, if there are two; the last may lie beyond the data."""
    write(tmp_path / "in.nc")
    rest = LINKING if len(used) > 3 else LINKING.removesuffix("n n n 0 0 n") + "n n"
    run(tmp_path, f"{OPEN} {BEFORE.replace('1 1 5', frames)} {FIRST} {rest}")
    lines = (tmp_path / "objout_t").read_text().splitlines()
    assert [int(line.split()[1]) for line in lines if line.startswith("FRAME ")] == used


@pytest.mark.parametrize(
    ("what", "instead"), [("the field 'vo'", "it is read as converted"), ("the time coordinate 'time'", "not needed")]
)
def test_number_types_that_the_original_refuses(what: str, instead: str, tmp_path: Path) -> None:
    """Specification 01, section 7.1: types but int16, int32, float32 and float64 end a run; here a strict one."""
    if "field" in what:
        write(tmp_path / "in.nc", vortices().astype("i1"))
    else:
        write(tmp_path / "in.nc", axes={"time": np.arange(5, dtype="i8")})
    with pytest.raises(FieldError, match=f"{what}.* is of type int(8|64), which TRACK refuses"):
        run(tmp_path, ANSWERS, strict=True)
    (note,) = run(tmp_path, ANSWERS).notes
    assert note.startswith(what) and instead in note


@pytest.mark.parametrize(("linking", "told", "last"), [("n n n", 4, "prompt 'offset?'"), ("nn n", 4, "3 more answers")])
def test_of_many_misread_answers_the_first_are_told(linking: str, told: int, last: str, tmp_path: Path) -> None:
    """A word of two letters is two of them; four are told one by one, of more the first three."""
    write(tmp_path / "in.nc")
    before, after = BEFORE.replace("n n n n 1.0", "nn nn 1.0"), LINKING.replace("0.8 n n n", f"0.8 {linking}")
    warnings = run(tmp_path, f"{OPEN} {before} {FIRST} {after}").warnings
    assert len(warnings) == told and last in warnings[-1]


def test_a_time_average_is_read_from_behind_its_first_line(tmp_path: Path) -> None:
    """Specification 01, section 3: `user_tavg`; a binary one is a frame of the input without the lines of the grid."""
    average = np.zeros((18, 36), np.float32)
    average[5, 20] = 1.5
    (tmp_path / "user_tavg_t").write_bytes(b"FRAME      1\n" + average.astype("<f4").tobytes() + b"\n")
    write_binary(tmp_path / "in.nc")
    run(tmp_path, f"n 0 0 y n y g n {WHOLE} {BEFORE.removesuffix('n')}y s y {FIRST} {LINKING}")
    _, features = read_objects(tmp_path / "objout_t")
    first = slice(0, int(features.feature_start[features.object_start[1]]))
    found = zip(features.x[first].tolist(), features.y[first].tolist(), features.intensity[first].tolist(), strict=True)
    assert [(x, y, round(value, 3)) for x, y, value in found] == [(60.0, 40.0, 5.554), (200.0, -35.0, 4.5)]
