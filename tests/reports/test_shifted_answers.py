"""A property of the data that shifts the answers is named as the cause."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.reports.commands import refused, run, track, warnings_of
from tests.reports.fields import ANSWERS, LAT, LINKING, LON, START, WHOLE, vortices, write

SHAPED = "n n y 10.0 n {threshold} n 1 n 1 1 5 e n 1 7 y 0 n n n n 0 0. y o n 1 0 n n n y 0. 0 0 n n 0 n"
"""Maxima with shapes and areas: the last 0 but one of the first frame answers area.refine."""


def shaped(threshold: float) -> str:
    return f"{START.format(coards='n')} {WHOLE} {SHAPED.format(threshold=threshold)} {LINKING}"


def test_a_run_in_step_says_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    done = track(tmp_path, shaped(10.0))
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_found_in_any_frame(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    done = track(tmp_path, shaped(1000.0))
    first, *rest = warnings_of(done)
    assert "no features were found in any of the 5 frames" in first
    assert "(scaled by 10) is 60" in first and "the threshold 1000" in first and "area.refine" in first
    assert rest
    assert len(done.stderr.splitlines()) <= 7
    assert ".py:" not in done.stderr and "UserWarning" not in done.stderr


def test_nothing_found_without_a_question_that_depends_on_it(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    done = track(tmp_path, ANSWERS.replace("n n n n 1.0", "n n n n 99."))
    assert done.returncode == 0
    (warning,) = warnings_of(done)
    assert "no features were found" in warning and "unscaled" in warning and "fit the questions" not in warning


def test_nothing_found_in_the_first_frames(tmp_path: Path) -> None:
    values = vortices()
    values[:2] = 0.0
    write(tmp_path / "in.nc", values)
    done = track(tmp_path, shaped(10.0))
    assert "no feature with an area before frame 3: area.refine is asked there" in warnings_of(done)[0]


DISORDERED = {
    "shifted": (np.roll(np.arange(36), 18), "column 19 (0) follows column 18 (350); sort the columns"),
    "turned": (np.arange(36)[::-1], "column 2 (340) follows column 1 (350); turn the axis round"),
    "one exchanged": (np.array([*range(10), 11, 10, *range(12, 36)]), "column 12 (100) follows column 11 (110)"),
}


@pytest.mark.parametrize("kind", DISORDERED)
def test_longitudes_out_of_order(kind: str, tmp_path: Path) -> None:
    order, said = DISORDERED[kind]
    write(tmp_path / "in.nc", vortices()[:, :, order].copy(), axes={"lon": LON[order]})
    done = track(tmp_path, ANSWERS)
    refused(done, said)
    assert len(done.stderr.splitlines()) < 4
    assert "longitudes do not increase" in done.stderr.splitlines()[-1]


def test_longitudes_out_of_order_where_track_comes_to_a_result(tmp_path: Path) -> None:
    """Maxima on the grid need no order; a warning, and TRACK's bytes (compared in the live tests of the grid)."""
    order = DISORDERED["shifted"][0]
    write(tmp_path / "in.nc", vortices()[:, :, order].copy(), axes={"lon": LON[order]})
    done = track(tmp_path, ANSWERS.replace("n y g n 1 37", "n g n 1 36"))
    assert done.returncode == 0
    assert [w.startswith("the longitudes do not increase") for w in warnings_of(done)] == [True]


def test_questions_of_the_grid_are_named(tmp_path: Path) -> None:
    """Answers for a grid without poles and equator, given to one with them."""
    lat = np.linspace(-90.0, 90.0, 19)
    write(tmp_path / "in.nc", vortices(lat=lat), axes={"lat": lat, "lon": LON - 180.0})
    done = track(tmp_path, ANSWERS)
    refused(done, "These data raise the questions")
    for part in (
        "grid.correct_0_360 (longitudes -180 to 170)",
        "grid.keep_equator",
        "grid.keep_south_pole",
        "grid.keep_north_pole",
    ):
        assert part in done.stderr.splitlines()[-1]


def test_questions_that_are_not_asked_are_named(tmp_path: Path) -> None:
    part = LON[:20]
    write(tmp_path / "in.nc", vortices(lon=part), axes={"lon": part})
    refused(track(tmp_path, ANSWERS), "do not raise grid.make_periodic (the longitudes do not go all round from 0)")


def test_an_error_without_a_shift_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    done = track(tmp_path, ANSWERS.replace("e n 1 4", "e n 1 5"))
    refused(done, "prompt 'feature_type'")
    assert "These data" not in done.stderr


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe"])
def test_answers_behind_a_byte_order_mark(mark: bytes, tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    done = track(tmp_path, mark + "\n".join(ANSWERS.split()).encode())
    refused(done)
    assert "byte order mark (BOM)" in warnings_of(done)[0]


def test_a_series_of_three_frames(tmp_path: Path) -> None:
    write(tmp_path / "in.nc", vortices(frames=3))
    done = track(tmp_path, ANSWERS)
    assert done.returncode == 0
    assert "3 frames are too few" in done.stderr and "only repeat? is asked" in done.stderr
    assert "prompt ''" not in done.stderr
    assert "answers left over at the end are never read" in done.stderr


def test_a_built_in_template_of_master(tmp_path: Path) -> None:
    """No minima at all: the run of the minima says so, whatever follows."""
    run("stormtrack", tmp_path, "sample", "-o", ".", "--frames", "6", "--truncation", "21")
    done = run("track", tmp_path, "-i", "vo_sample.nc", "-f", "_s", answers=(tmp_path / "specfilt.in").read_bytes())
    assert done.returncode == 0, done.stderr
    band = tmp_path / "specfil_band001._s_band001"
    data = band.read_bytes()
    head = data.index(b"FRAME")
    size = 4 * 64 * 32
    frames = []
    for k in range(6):
        at = head + k * (13 + size + 1)
        values = np.abs(np.frombuffer(data[at + 13 : at + 13 + size], "<f4"))
        frames.append(data[at : at + 13] + values.astype("<f4").tobytes() + b"\n")
    (tmp_path / "series.dat").write_bytes(data[:head] + b"".join(frames))
    done = run(
        "stormtrack",
        tmp_path,
        *("master", "-c=C", "-i=series.dat", "-f=_m", "-k=initial.T21_NH", "-s=RUNDATIN.VOR", "-o=out"),
    )
    assert "MIN: no features were found in any of the 6 frames" in warnings_of(done)[0]
    assert len(LAT) == 18
