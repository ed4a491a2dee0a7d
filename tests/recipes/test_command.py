"""The command ``stormtrack track``: what it opens, writes, tells and refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

from stormtrack import rotational_wind
from stormtrack.cli.main import main
from stormtrack.sample import write_sample

FRAMES = 6
OPTIONS = ("--preset", "vorticity-nh-t42", "--truncation", "21")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=FRAMES, truncation=21)
    return folder / "vo_sample.nc"


def track(*words: Any) -> int:
    return main(["track", *map(str, words)])


def tracks_of(path: Path) -> Any:
    with xr.open_dataset(path) as data:
        return data.load()


def test_tracks_have_dates_and_are_read_by_others(sample: Path, tmp_path: Path, capfd: Any) -> None:
    assert track(sample, *OPTIONS, "-o", tmp_path / "t.nc") == 0
    data = tracks_of(tmp_path / "t.nc")
    assert data.attrs["featureType"] == "trajectory" and "vorticity-nh-t42" in data.attrs["source"]
    assert int(data.row_size.sum()) == data.sizes["obs"] > 0 and set(data.kind.values) == {"NH_cyclones"}
    first, last = np.datetime64("2000-01-01T00"), np.datetime64("2000-01-02T06")
    assert data.time.values.min() == first and data.time.values.max() == last
    hours = (data.time.values - first) / np.timedelta64(1, "h")
    np.testing.assert_array_equal(hours, 6 * (data.frame.values - 1))
    assert float(data.lat.min()) > -1 and float(data.intensity.min()) >= 1.0 and data.intensity.units == "1e-5 s-1"
    said = capfd.readouterr()
    assert said.out == "" and "objects" in said.err


def test_the_calendar_is_the_one_of_the_file(sample: Path, tmp_path: Path) -> None:
    with xr.open_dataset(sample, decode_times=False) as data:
        data = data.load()
    data.time.attrs["calendar"] = "360_day"
    data.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert track(tmp_path / "in.nc", *OPTIONS, "-o", tmp_path / "t.nc") == 0
    with xr.open_dataset(tmp_path / "t.nc", decode_times=False) as found:
        assert found.time.calendar == "360_day"


def test_a_field_without_dates_gives_numbers_of_frames(sample: Path, tmp_path: Path, capfd: Any) -> None:
    with xr.open_dataset(sample) as data:
        data.drop_vars("time").load().to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert track(tmp_path / "in.nc", *OPTIONS, "-o", tmp_path / "t.nc") == 0
    data = tracks_of(tmp_path / "t.nc")
    assert "frame" in data.time.long_name and "frame" not in data.variables
    assert data.time.dtype == np.int64 and data.time.values.max() == FRAMES
    assert "warning" in capfd.readouterr().err


def test_members_are_tracked_one_by_one(sample: Path, tmp_path: Path) -> None:
    with xr.open_dataset(sample) as data:
        both = xr.concat([data, data.isel(lon=slice(None, None, 1)) * 1.0], "number").load()
    both["number"] = ("number", [3, 7], {"standard_name": "realization"})
    for name, variable in both.data_vars.items():
        variable.attrs = data[name].attrs
    both.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert track(tmp_path / "in.nc", *OPTIONS, "--member", "all", "-o", tmp_path / "t.nc") == 0
    data = tracks_of(tmp_path / "t.nc")
    counts = [int((data.number.values == member).sum()) for member in (3, 7)]
    assert counts[0] == counts[1] > 0 and sum(counts) == data.sizes["trajectory"]


@pytest.mark.parametrize("engine", ["track", "fast"])
def test_winds_give_the_tracks_of_their_vorticity(sample: Path, tmp_path: Path, engine: str) -> None:
    with xr.open_dataset(sample) as data:
        vorticity = data[next(name for name, v in data.data_vars.items() if v.ndim == 3)].load()
    u, v = rotational_wind(vorticity, engine="fast")
    winds = xr.Dataset({"u": u.assign_attrs(units="m s-1"), "v": v.assign_attrs(units="m s-1")})
    winds.to_netcdf(tmp_path / "uv.nc", engine="netcdf4")
    for source, options, name in (
        (tmp_path / "uv.nc", ("--winds", "u", "v"), "winds.nc"),
        (sample, (), "field.nc"),
    ):
        assert track(source, *options, *OPTIONS, "--engine", engine, "-o", tmp_path / name) == 0
    from_winds, direct = (tracks_of(tmp_path / name) for name in ("winds.nc", "field.nc"))
    assert abs(from_winds.sizes["obs"] - direct.sizes["obs"]) <= 0.1 * direct.sizes["obs"]
    assert abs(float(from_winds.intensity.max()) / float(direct.intensity.max()) - 1) < 0.05


def test_kept_files_lie_in_their_folder(sample: Path, tmp_path: Path) -> None:
    assert track(sample, *OPTIONS, "-o", tmp_path / "t.nc", "--keep", tmp_path / "kept", "--threads", "2") == 0
    assert track(sample, *OPTIONS, "-o", tmp_path / "u.nc", "--quiet") == 0
    assert tracks_of(tmp_path / "t.nc").drop_attrs().identical(tracks_of(tmp_path / "u.nc").drop_attrs())
    names = {path.name for path in (tmp_path / "kept").iterdir()}
    assert {"filtered.dat", "tdump_NH_cyclones", "objout_NH_cyclones", "initial_NH_cyclones"} <= names


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "-o OUT.nc"),
        (("-o", "t.nc"), "--preset"),
        (("--preset", "x", "-o", "t.nc"), "there is no preset 'x'"),
        (("--preset", "mslp-t63", "-o", "t.nc"), "no unit of sea level pressure"),
        (("--preset", "vorticity-t42", "-o", "t.txt"), ".nc (cf)"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--truncation", "5"), "6 or more"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--truncation", "90"), "90"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--threshold", "0"), "above 0"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--threads", "0"), "--threads 0"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--level", "850"), "level"),
        (("--preset", "vorticity-t42", "-o", "t.nc", "--winds", "u", "v"), "u"),
        ((*OPTIONS, "-o", "no/where/t.nc"), "no/where"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert track(sample, *words) == 2
    assert message in capfd.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_input_is_never_the_output_and_outputs_are_looked_at_first(
    sample: Path, tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "in.nc"
    data.write_bytes(sample.read_bytes())
    assert track(data, *OPTIONS, "-o", data) == 2
    assert "name another output" in capfd.readouterr().err and data.read_bytes() == sample.read_bytes()
    monkeypatch.setattr("stormtrack.trackers.hodges.find_tracks", None)
    (tmp_path / "folder.nc").mkdir()
    assert track(data, *OPTIONS, "-o", tmp_path / "folder.nc") == 2
    assert track(data, *OPTIONS, "-o", tmp_path / "no" / "t.nc") == 2


@pytest.mark.parametrize(
    ("u", "v", "names", "message"),
    [
        ({"units": "kg"}, {}, "uv", "m s-1"),
        ({"units": "knots"}, {"units": "knots"}, "uv", "m s-1"),
        ({"standard_name": "eastward_wind"}, {"standard_name": "northward_wind"}, "vu", "is the northward wind"),
        ({"long_name": "U component of wind"}, {"long_name": "V component of wind"}, "vu", "is the northward wind"),
        ({}, {}, "uu", "named for both"),
    ],
)
def test_winds_that_are_none_or_exchanged(
    sample: Path, tmp_path: Path, capfd: Any, u: dict[str, str], v: dict[str, str], names: str, message: str
) -> None:
    with xr.open_dataset(sample) as data:
        field = data[next(name for name, var in data.data_vars.items() if var.ndim == 3)].load()
    winds = xr.Dataset({"u": field.drop_attrs().assign_attrs(u), "v": field.drop_attrs().assign_attrs(v)})
    for name in field.dims:
        winds[name].attrs = field[name].attrs
    winds.to_netcdf(tmp_path / "uv.nc", engine="netcdf4")
    assert track(tmp_path / "uv.nc", *OPTIONS, "--winds", *names, "-o", tmp_path / "t.nc") == 2
    assert message in capfd.readouterr().err and not (tmp_path / "t.nc").exists()


def test_presets_are_listed(capfd: Any) -> None:
    assert track("--list-presets") == 0
    assert "vorticity-nh-t42" in capfd.readouterr().out
