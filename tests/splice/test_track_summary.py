"""Summaries of track sets and the command that prints them."""

from __future__ import annotations

import dataclasses
import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stormtrack.cli.main import main
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.model.tracks import no_tracks
from stormtrack.tracks.summary import as_text, summarise
from tests.formats.golden_texts import content
from tests.splice.test_existing_tracks_live import ZEROS

TEXT = b"""0
0 0
TRACK_NUM         3 ADD_FLD    0   0 &
TRACK_ID  4
POINT_NUM  2
1 10.000000 20.000000 1.000000e+00 2
2 11.000000 20.000000 -5.000000e+00
TRACK_ID  7
POINT_NUM  3
2 30.000000 40.000000 2.000000e+00
3 31.000000 41.000000 9.500000e+00
4 32.000000 42.000000 nan
TRACK_ID  9
POINT_NUM  1
4 1.000000 2.000000 9.500000e+00
"""


def test_numbers() -> None:
    found = summarise(parse_tracks(TEXT))
    assert (found.tracks, found.emptied, found.points) == (3, 0, 6)
    assert (found.first, found.last, found.clock) == (1, 4, "")
    assert (found.mean_points, found.longest_points) == (2.0, 3)
    assert (found.mean_frames, found.longest_frames, found.longest_id) == ((4 + 3 + 1) / 3, 4, "4")
    assert found.strongest is not None and found.weakest is not None
    assert (found.strongest.track, found.strongest.moment, found.strongest.lon) == ("7", 3, 31.0)
    assert (found.weakest.track, found.weakest.value) == ("4", -5.0)
    assert (found.genesis_at_start, found.genesis, found.lysis_at_end, found.lysis) == (1, 2, 2, 1)
    assert found.missing_frames == 2


def test_emptied_and_no_tracks() -> None:
    tracks = parse_tracks(TEXT)
    left = summarise(tracks.emptied(np.array([False, True, False])))
    assert (left.tracks, left.emptied, left.points) == (1, 2, 3)
    none = summarise(tracks.emptied(np.zeros(3, bool)))
    assert (none.tracks, none.emptied, none.strongest) == (0, 3, None)
    assert as_text(none, "x") == "x\n  no tracks\n"
    assert summarise(no_tracks()).tracks == 0


def test_values_that_are_all_nan() -> None:
    tracks = parse_tracks(TEXT)
    intensity = dataclasses.replace(tracks.variables[0], values=np.full(6, np.nan, np.float32))
    unknown = dataclasses.replace(tracks, variables=(intensity,))
    assert summarise(unknown).strongest is None
    assert "largest value     none" in as_text(summarise(unknown), "x")


def test_command(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = goldens / "formats" / "r16_missing_frames"
    assert main(["summary", str(folder / "tr_trs_t"), str(folder / "tdump_t"), str(folder / "objout.new_t")]) == 0
    first, second = capsys.readouterr().out.split("tdump_t with")
    assert "tracks            34\n" in first
    assert first.splitlines()[1:3] == second.splitlines()[1:3]
    for line in (5, 6, 7, 8):  # ids differ, all else is the same
        assert first.splitlines()[line].split(", track")[0] == second.splitlines()[line].split(", track")[0]
    (tmp_path / "x.nc").write_bytes(content(folder / "tr_trs_t.nc.gz"))
    assert main(["summary", str(tmp_path / "x.nc")]) == 0
    assert "tracks            34\n" in capsys.readouterr().out


def test_command_on_grid_numbers_and_velocities(
    goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = goldens / "formats" / "r10_vo_tf3"
    assert main(["summary", str(folder / "objout.new_i"), str(folder / "tdump_i")]) == 0
    assert "tracks            102\n" in capsys.readouterr().out
    for name, text in zip(("objout.new", "tdump"), ZEROS, strict=True):
        (tmp_path / name).write_bytes(text)
    assert main(["summary", str(tmp_path / "objout.new"), str(tmp_path / "tdump")]) == 0
    assert "tracks            1\n" in capsys.readouterr().out
    (tmp_path / "v").write_bytes(content(goldens / "statistics" / "stats_mixed" / "phase_trs.xz"))
    assert main(["summary", "--velocity", str(tmp_path / "v")]) == 0
    assert "tracks            115\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "names", [["tr_trs_t", "objout_t"], ["objout.new_t"], ["objout_t", "objout.new_t"], ["missing"]]
)
def test_wrong_files(goldens: Path, names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    folder = goldens / "formats" / "r16_missing_frames"
    assert main(["summary", *(str(folder / n) for n in names)]) == 2
    assert "error" in capsys.readouterr().err


def test_the_object_file_of_the_same_run_is_found_beside_a_track_file(tmp_path: Path) -> None:
    case = Path(__file__).resolve().parents[2] / "fixtures" / "s01_sample_nh"
    for name in ("tdump_max", "objout.new_max"):
        (tmp_path / name).write_bytes(gzip.decompress((case / f"{name}.gz").read_bytes()))
    command = [sys.executable, "-m", "stormtrack.cli.main", "summary", "tdump_max"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert done.returncode == 0 and "objout.new_max" in done.stdout
    (tmp_path / "objout.new_max").rename(tmp_path / "elsewhere")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert done.returncode == 2 and "objout.new" in done.stderr
