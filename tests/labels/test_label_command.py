"""The command that labels tracks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import stormtrack as st
import stormtrack.tracksets.example as example
from stormtrack.cli.main import main
from stormtrack.errors import TracksError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    example.tracks().write(tmp_path / "t.nc")
    return tmp_path / "t.nc"


def label(file: Path, *options: str) -> st.Tracks:
    out = file.with_name("labelled.nc")
    assert main(["label", str(file), *options, "-o", str(out)]) == 0
    return st.read_tracks(out)


def test_cyclonic(file: Path) -> None:
    found = label(file, "--cyclonic", "--quantity", "vorticity")
    assert found == example.tracks().label(cyclonic=True, quantity="vorticity")
    assert found == label(file, "--cyclonic", "--by", "vorticity", "--quantity", "vorticity")
    for option, ids in (("--cyclonic", [1, 2]), ("--anticyclonic", [3])):
        out = file.with_name("some.nc")
        assert main(["select", str(file.with_name("labelled.nc")), option, "-o", str(out)]) == 0
        assert st.read_tracks(out).track_id.tolist() == ids


MINE = """\
name = "mine"
over_sea = true

[[rules]]
points = 2
thresholds = [{ quantity = "vorticity", least = 3e-05 }, { quantity = "abs_latitude", most = 80 }]
"""


def test_own_criteria_with_a_mask_of_land(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.with_name("mine.toml").write_text(MINE)
    lon, lat = np.arange(0.0, 360.0, 5.0), np.arange(-90.0, 91.0, 5.0)
    values = np.broadcast_to((lon < 90.0).astype(float), (len(lat), len(lon)))
    land = xr.DataArray(values, {"lat": lat, "lon": lon}, ("lat", "lon"), name="lsm", attrs={"units": "1"})
    land.to_dataset().to_netcdf(file.with_name("lsm.nc"))
    options = ["--criteria", str(file.with_name("mine.toml")), "--levels", "vorticity", "vorticity"]
    found = label(file, *options, "--southern", "positive")
    assert found.labels["tc_mine_run"].tolist() == [4, 1, 0]  # of 2 4 6 5 3; 1 2 3 2 1 1; 2 1
    assert found.labels["tc_mine"].tolist() == [True, False, False]
    told = capsys.readouterr().err
    assert "1 of 3 tracks are tropical cyclones (mine)" in told
    assert "no mask of land" in told
    found = label(file, *options, "--southern", "positive", "--land", str(file.with_name("lsm.nc")))
    assert found.labels["tc_mine_run"].tolist() == [0, 1, 0]
    assert "no mask of land" not in capsys.readouterr().err


def test_criteria_shown_are_criteria_that_can_be_given(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "--show", "gale"]) == 0
    file.with_name("gale.toml").write_text(capsys.readouterr().out)
    options = ["--variable", "wind=vorticity", "--units", "vorticity=m s-1"]
    assert label(file, "--criteria", str(file.with_name("gale.toml")), *options) == label(
        file, "--tc", "gale", *options
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "nothing to label"),
        (["--tc", "hodges"], "there are hodges2017"),
        (["--tc", "gale", "--criteria", "x.toml"], "one of them at a time"),
        (["--criteria", "nothing.toml"], "does not exist"),
        (["--wind", "vorticity"], "needed is something like m s-1"),
        (["--wind", "vorticity", "--units", "kt"], "NAME=VALUE is needed"),
        (["--wind", "vorticity", "--by", "vorticity"], "what --cyclonic goes by"),
        (["--phase-space", "t.nc", "--levels", "a"], "levels: of --tc"),
        (["--cyclonic"], "stormtrack label --cyclonic --quantity vorticity"),
        (["--tc", "hodges2017", "--levels", "vo850", "vo200"], "no variable 'vo850'"),
        (["--phase-space", "nothing.nc"], "does not exist"),
        (["--tc", "hodges2017", "--levels", "vorticity", "vorticity", "--land", "nothing.nc"], "does not exist"),
    ],
)
def test_bad_input(
    file: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert main(["label", str(file), *options, "-o", "out.nc"]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in file.parent.iterdir()] == ["t.nc"]


def test_what_is_needed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", str(file), "--cyclonic"]) == 2
    assert "-o OUT" in capsys.readouterr().err
    assert main(["label", "--show", "all"]) == 0
    assert capsys.readouterr().out.startswith("hodges2017: ")
    assert main(["label", "--show", "hodge2017"]) == 2
    assert main(["label", str(file), "--cyclonic", "-o", str(file)]) == 2


def test_selecting_by_labels(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracks = example.tracks().label(wind="vorticity", units={"vorticity": "m s-1"}, cyclonic=True, quantity="vorticity")
    assert tracks.labels["category"].tolist() == [-1, -1, -1]
    strong = tracks.label(wind="vorticity", units={"vorticity": "km h-1"})
    tracks.write(file)
    assert tracks.select(label="cyclonic").n_tracks == 3  # -1 is true as well
    assert tracks.select(label={"cyclonic": 1}).track_id.tolist() == [1, 2]
    assert tracks.select(label={"cyclonic": (1, -1)}).n_tracks == 3
    assert strong.select(label={"category": -1}) == strong
    points = st.Tracks(
        replace(tracks.data, point_labels={"phase": np.array(["warm"] * 5 + ["cold"] * 7 + ["warm"], object)})
    )
    assert points.select(label={"phase": "warm"}).track_id.tolist() == [1, 3]
    assert points.select(label={"phase": "warm"}, at="all").track_id.tolist() == [1]
    assert points.select(label={"phase": "warm"}, cut=True).n_points == 6
    out = file.with_name("some.nc")
    for options, ids in (
        (["cyclonic=1"], [1, 2]),
        (["cyclonic=1", "cyclonic=-1"], [1, 2, 3]),
        (["cyclonic"], [1, 2, 3]),
    ):
        labels = [word for option in options for word in ("--label", option)]
        assert main(["select", str(file), *labels, "-o", str(out)]) == 0
        assert st.read_tracks(out).track_id.tolist() == ids
    assert main(["select", str(file), "--label", "cyclone", "-o", str(out)]) == 2
    assert "did you mean 'cyclonic'?" in capsys.readouterr().err
    truth = st.Tracks(replace(tracks.data, labels={"tc": np.array([True, False, True])}))
    for wanted in (None, True, 1, "true", "1"):
        assert truth.select(label={"tc": wanted}).track_id.tolist() == [1, 3]
    assert truth.select(label={"tc": False}).track_id.tolist() == [2]
    with pytest.raises(TracksError, match="'yes' is no number"):
        truth.select(label={"tc": "yes"})
    with pytest.raises(TracksError, match="label="):
        tracks.select(label=3)  # type: ignore[arg-type]
