"""Object and track files as users keep them: gzipped, put together by cat, or no such files at all."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.reports.commands import refused, run, track, warnings_of
from tests.reports.fields import ANSWERS, START, WHOLE, write

MENU = f"{START.format(coards='n')} {WHOLE[:-1]} y 1"
SPLICE = f"{MENU} n 0 1 {{objects}} {{links}} 1 n 2 100 n n n n a n n n 0"
FILTER = f"{MENU} y y {{tracks}} s 2 100 n n n n a n n n 0"
LOAD = f"{START.format(coards='n')} {WHOLE} y 2 n n n n y y y {{links}} y n n 0"
TRACKS = """{flag}0 0
TRACK_NUM         2 ADD_FLD    0   0 &
TRACK_ID  1
POINT_NUM  3
{f1} 10.000000 20.000000 1.500000e+00{shape}
{f2} 12.000000 21.000000 2.500000e+00{shape}
{f3} 14.000000 22.000000 3.500000e+00{shape}
TRACK_ID  2
POINT_NUM  2
{f1} 50.000000 -20.000000 4.500000e+00{shape}
{f2} 52.000000 -21.000000 5.500000e+00{shape}
"""
PLAIN = TRACKS.format(flag="0\n", f1=1, f2=2, f3=3, shape="")
OLD = TRACKS.format(flag="", f1=1, f2=2, f3=3, shape="")
SHAPED = TRACKS.format(flag="1\n", f1=1, f2=2, f3=3, shape=" 0.1 0.2 0.3 4.0e+00")
WEIGHTED = TRACKS.format(flag="0\nPER_INFO 1      1.00000\n", f1=1, f2=2, f3=3, shape="")
PROJECTED = PLAIN.replace("0 0\nTRACK", "1 2\n90.000000 0.000000\nTRACK")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of linking and its splice."""
    folder = tmp_path_factory.mktemp("results")
    write(folder / "in.nc")
    assert track(folder, ANSWERS).returncode == 0
    done = track(folder, SPLICE.format(objects="objout.new_t", links="tdump_t"))
    assert done.returncode == 0, done.stderr
    return folder


def summary(folder: Path, *arguments: str) -> str:
    """What is said, without the line that names the files."""
    done = run("stormtrack", folder, "summary", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.partition("\n")[2]


@pytest.mark.parametrize("name", ["tr_trs_t", "ff_trs_t", "ff_trs_t.nc", "tdump_t", "idump_t"])
def test_summary_of_gzipped_files(name: str, results: Path, tmp_path: Path) -> None:
    expected = summary(results, name)
    assert "tracks            2\n" in expected
    for file in (name, "objout.new_t"):
        (tmp_path / f"{file}.gz").write_bytes(gzip.compress((results / file).read_bytes()))
    assert summary(tmp_path, f"{name}.gz") == expected
    assert summary(tmp_path, name) == expected, "a name whose file has been gzipped since"
    whole = (tmp_path / f"{name}.gz").read_bytes()
    (tmp_path / f"{name}.gz").write_bytes(whole[: len(whole) // 2])
    refused(run("stormtrack", tmp_path, "summary", f"{name}.gz"), "gzipped, but damaged or cut off")


def test_a_splice_and_a_filter_of_gzipped_files(results: Path, tmp_path: Path) -> None:
    shutil.copy(results / "in.nc", tmp_path)
    for name in ("objout.new_t", "tdump_t", "tr_trs_t"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress((results / name).read_bytes()))
    for answers in (
        SPLICE.format(objects="objout.new_t.gz", links="tdump_t.gz"),
        SPLICE.format(objects="objout.new_t", links="tdump_t"),
        FILTER.format(tracks="tr_trs_t.gz"),
    ):
        done = track(tmp_path, answers, "-i", "in.nc", "-f", "_g")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "ff_trs_g").read_bytes() == (results / "ff_trs_t").read_bytes()
        assert (tmp_path / "ff_trs_g.nc").read_bytes() == (results / "ff_trs_t.nc").read_bytes()


@pytest.mark.parametrize(
    "text", [PLAIN, OLD, SHAPED, WEIGHTED, PROJECTED], ids=["plain", "old", "shaped", "weighted", "projected"]
)
def test_summary_of_track_files_put_together(text: str, tmp_path: Path) -> None:
    (tmp_path / "one").write_text(text)
    (tmp_path / "all").write_text(3 * text)
    one, joined = summary(tmp_path, "one"), summary(tmp_path, "all")
    assert "tracks            2\n" in one and "tracks            6\n" in joined
    assert "points            5, frames 1 to 3" in one and "points            15, frames 1 to 3" in joined
    (tmp_path / "all.gz").write_bytes(2 * gzip.compress(text.encode()))
    assert "tracks            4\n" in summary(tmp_path, "all.gz")


def test_damage_in_a_later_file_is_found_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "all").write_text(PLAIN + PLAIN.replace("12.000000", "twelve"))
    line = PLAIN.count("\n") + 7
    refused(run("stormtrack", tmp_path, "summary", "all"), f"all, line {line}:")


def test_summary_of_linking_files_put_together(results: Path, tmp_path: Path) -> None:
    for name in ("tdump_t", "objout.new_t"):
        (tmp_path / name).write_bytes(2 * (results / name).read_bytes())
    assert "tracks            4\n" in summary(tmp_path, "tdump_t")
    shutil.copy(results / "objout.new_t", tmp_path / "single")
    refused(run("stormtrack", tmp_path, "summary", "tdump_t", "single"), "2 files put together", "holds 1")


def test_runs_read_the_first_file_as_track_does_and_say_so(results: Path, tmp_path: Path) -> None:
    shutil.copy(results / "in.nc", tmp_path)
    shutil.copy(results / "objout.new_t", tmp_path)
    for name in ("tdump_t", "tr_trs_t"):
        (tmp_path / name).write_bytes(2 * (results / name).read_bytes())
    for answers, name in (
        (SPLICE.format(objects="objout.new_t", links="tdump_t"), "tdump_t"),
        (FILTER.format(tracks="tr_trs_t"), "tr_trs_t"),
    ):
        line = (results / name).read_bytes().count(b"\n") + 1
        done = track(tmp_path, answers, "-i", "in.nc", "-f", "_q")
        assert done.returncode == 0
        (warning,) = warnings_of(done)
        assert f"{name}, line {line}: another file begins here" in warning
        assert (tmp_path / "ff_trs_q").read_bytes() == (results / "ff_trs_t").read_bytes()
    (tmp_path / "links").write_bytes(2 * (results / "tdump_t").read_bytes())
    done = track(tmp_path, LOAD.format(links="links"))
    assert done.returncode == 0, done.stderr
    assert ["another file begins here" in warning for warning in warnings_of(done)] == [True]
    (tmp_path / "objout.new_t").write_bytes(2 * (results / "objout.new_t").read_bytes())
    done = track(tmp_path, SPLICE.format(objects="objout.new_t", links="tdump_t"), "-i", "in.nc", "-f", "_q")
    refused(done, "objout.new_t, line", "another object file begins here")


def test_dates(tmp_path: Path) -> None:
    dated = TRACKS.format(flag="0\n", f1=1999123118, f2=2000010100, f3=2000010106, shape="")
    dated = dated.replace("ID  1", "ID  1 START_TIME 1999123118").replace("ID  2", "ID  2 START_TIME 1999123118")
    (tmp_path / "dated").write_text(dated)
    (tmp_path / "frames").write_text(PLAIN)
    said = summary(tmp_path, "dated")
    assert "points            5, 1999-12-31 18 h to 2000-01-01 06 h" in said
    assert "largest value     5.5 at 52.00 -21.00, 2000-01-01 00 h, track 2" in said
    said = summary(tmp_path, "frames", "--start", "2000022812", "--step", "12")
    assert "points            5, 2000-02-28 12 h to 2000-02-29 12 h" in said
    refused(run("stormtrack", tmp_path, "summary", "frames", "--start", "2000010100"), "--step belong together")
    refused(run("stormtrack", tmp_path, "summary", "frames", "--start", "200", "--step", "6"), "is no date")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + bytes(50), "ZIP archive"),
        (b"<html><body>404</body></html>", "HTML"),
        (b"\xef\xbb\xbf" + PLAIN.encode(), "byte order mark (BOM)"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "NetCDF-4"),
        (np.arange(100, dtype="<f4").tobytes(), "a binary file"),
    ],
)
def test_other_files_are_named_and_not_shown(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    done = run("stormtrack", tmp_path, "summary", "file")
    refused(done, "file: this is", said)
    assert done.stderr.isprintable() or done.stderr.rstrip("\n").isprintable()
