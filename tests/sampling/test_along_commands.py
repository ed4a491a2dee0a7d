"""`stormtrack along` and `stormtrack composite`: what they write is what the methods give; bad input ends with 2."""

from __future__ import annotations

from pathlib import Path

import pytest

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.tracksets import example
from tests.sampling.test_along_tracks import made_field

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tracks with dates and without, and a file of two fields."""
    monkeypatch.chdir(tmp_path)
    example.tracks().write("t.nc")
    example.tracks(dates=False).write("ff", format="track", lossy=True)
    field = made_field()
    xr.Dataset({"w": field, "q": field * 2}).to_netcdf("f.nc")
    return tmp_path


def ran(words: str) -> int:
    return main(words.split())


def test_along_writes_what_the_method_gives(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("along t.nc f.nc --radius 900km --how value,max --how mean --threshold -2 -o o.nc") == 0
    assert "w_value, w_max, w_mean, q_value, q_max, q_mean at 13 points in 'o.nc'" in capsys.readouterr().err
    expected = example.tracks().sample("f.nc", ["value", "max", "mean"], "900km", threshold=-2)
    assert st.read_tracks("o.nc") == expected
    assert ran("along t.nc f.nc --variable q --interpolation nearest --name near -o o.csv -q") == 0
    assert st.read_tracks("o.csv") == example.tracks().sample(
        "f.nc", variable="q", interpolation="nearest", name="near"
    )
    assert ran("along ff f.nc --start 2000010100 --step 6h --variable w -o o.nc -q") == 0
    assert st.read_tracks("o.nc")["w_value"].tolist() == expected["w_value"].tolist()
    words = "along ff f.nc --time frame --variable w --radius 10 --how min --engine track --format track -o ff_2 -q"
    assert ran(words) == 0
    assert "ADD_FLD    1   3 &1" in Path("ff_2").read_text()
    assert ran("along ff_2 f.nc --time frame --variable q --format track -o ff_3 -q") == 0
    assert "ADD_FLD    2   4 &10" in Path("ff_3").read_text()


def test_composite_writes_what_the_method_gives(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "composite t.nc f.nc --variable w --radius 10 --spacing 5 --align maximum --lags -12 0 1d --up motion -o c.nc"
    )
    assert ran(words) == 0
    assert "composite of 5 points in 'c.nc'" in capsys.readouterr().err
    expected = example.tracks().composite(
        "f.nc", 10, 5, variable="w", align="maximum", lags=[-12, 0, "1d"], up="motion"
    )
    assert xr.open_dataset("c.nc", decode_timedelta=False).equals(expected)
    assert ran("composite t.nc f.nc --shape box --mirror --azimuths 8 --radius 1000km --spacing 500km -o c.nc -q") == 0
    assert set(xr.open_dataset("c.nc", decode_timedelta=False).data_vars) == {
        f"{n}_{s}" for n in "wq" for s in ("mean", "std", "count")
    }


BAD = [
    ("along ff f.nc -o o.nc", "--start and --step"),
    ("along t.nc f.nc -o o.nc --how mox", "did you mean 'max'"),
    ("along t.nc f.nc -o o.nc --how max,", "a word is missing between commas"),
    ("along t.nc f.nc -o o.nc --how max", "--radius 5"),
    ("along t.nc f.nc -o o.nc --radius 300", "half way round the globe"),
    ("along t.nc f.nc -o t.nc", "'t.nc' is a file that is read"),
    ("along t.nc f.nc -o f.nc", "'f.nc' is a file that is read"),
    ("along t.nc nope.nc -o o.nc", "'nope.nc' does not exist"),
    ("along t.nc f.nc -o o.foo", "the name does not say in which format"),
    ("along t.nc f.nc -o o.nc --variable z", "has no field 'z'; it holds: w(time 40"),
    ("along f.nc t.nc -o o.nc", "without tracks"),
    ("along t.nc f.nc -o o.nc --stride 3", "has no frame for"),
    ("composite t.nc f.nc -o o.nc --radius 10 --spacing 3", "spacing='3' does not divide radius='10'"),
    ("composite ff f.nc -o o.nc --align maximum", "--start and --step"),
    ("composite t.nc f.nc -o o.nc --lags soon", "are about an event"),
    ("composite t.nc f.nc -o f.nc", "'f.nc' is a file that is read"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[words for words, _ in BAD])
def test_bad_input(folder: Path, capsys: pytest.CaptureFixture[str], words: str, said: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert ran(words) == 2
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
