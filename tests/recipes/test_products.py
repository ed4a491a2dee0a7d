"""The commands ``stormtrack filter`` and ``stormtrack vorticity``: what they write is what the functions give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

import stormtrack
from stormtrack.cli.main import main
from stormtrack.fields import field_files
from stormtrack.sample import write_sample
from stormtrack.testing import assert_bitwise

BAND = ("--n-min", "6", "--n-max", "15", "--taper", "0.1", "--onto", "T15")


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("products")
    write_sample(folder, frames=7, truncation=21)
    return folder / "vo_sample.nc"


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two frames a block."""
    monkeypatch.setattr(field_files, "_BLOCK", 2 * 4 * 64 * 32)


def call(*words: Any) -> int:
    return main([*map(str, words)])


def read(path: Path) -> Any:
    with xr.open_dataset(path) if path.suffix == ".nc" else xr.open_zarr(path) as data:
        return data.load()


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("engine", ["track", "fast"])
@pytest.mark.parametrize("suffix", ["nc", "zarr"])
def test_a_filtered_file_holds_what_the_function_gives(series: Path, tmp_path: Path, engine: str, suffix: str) -> None:
    if suffix == "zarr":
        pytest.importorskip("zarr")
    out = tmp_path / f"out.{suffix}"
    assert call("filter", series, *BAND, "--engine", engine, "-o", out) == 0
    field = stormtrack.open_field(series)
    whole = stormtrack.spectral_filter(field.load(), 15, 6, taper=0.1, grid="T15", engine=engine)
    found = read(out)[field.name].transpose(*whole.dims)
    assert_bitwise(found.values, whole.values)
    np.testing.assert_array_equal(found.time.values, field.time.values)
    assert found.attrs["units"] == field.attrs["units"]
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.usefixtures("small_blocks")
def test_a_binary_file_is_the_one_that_tracking_keeps(series: Path, tmp_path: Path) -> None:
    band = ("--n-min", "6", "--n-max", "21", "--taper", "0.10000000149011612", "--onto", "T21")
    assert call("filter", series, *band, "-o", tmp_path / "out.dat") == 0
    preset = ("--preset", "vorticity-nh-t42", "--truncation", "21")
    assert call("track", series, *preset, "--keep", tmp_path / "kept", "-o", tmp_path / "t.nc", "--quiet") == 0
    assert (tmp_path / "out.dat").read_bytes() == (tmp_path / "kept" / "filtered.dat").read_bytes()


@pytest.mark.parametrize(
    ("options", "function"),
    [
        (("--lanczos", "1", "3", "--order", "2"), lambda f: stormtrack.lanczos(f, (1, 3), 2)),
        (("--butterworth", "0.6", "1.5", "--order", "1"), lambda f: stormtrack.butterworth(f, (0.6, 1.5), 1)),
        (("--anomaly",), stormtrack.anomaly),
    ],
)
def test_filters_in_time(series: Path, tmp_path: Path, options: tuple[str, ...], function: Any) -> None:
    assert call("filter", series, *options, "-o", tmp_path / "out.nc", "-q") == 0
    expected = function(stormtrack.open_field(series).load())
    assert_bitwise(read(tmp_path / "out.nc")[expected.name].transpose(*expected.dims).values, expected.values)


def test_vorticity_of_winds(series: Path, tmp_path: Path) -> None:
    u, v = stormtrack.rotational_wind(stormtrack.open_field(series).load(), engine="fast")
    xr.Dataset({"u": u, "v": v}).to_netcdf(tmp_path / "uv.nc", engine="netcdf4")
    assert (
        call("vorticity", tmp_path / "uv.nc", "--winds", "u", "v", *BAND, "--engine", "fast", "-o", tmp_path / "o.nc")
        == 0
    )
    expected = stormtrack.vorticity(u, v, n_max=15, n_min=6, taper=0.1, grid="T15", engine="fast")
    found = read(tmp_path / "o.nc")["vo"].transpose(*expected.dims)
    np.testing.assert_allclose(found.values, expected.values, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "out.nc"), "name one filter"),
        (("--n-max", "15", "--anomaly", "-o", "out.nc"), "name one filter"),
        (("--n-max", "5", "--n-min", "9", "-o", "out.nc"), "n-min <= n-max"),
        (("--anomaly", "--n-min", "9", "-o", "out.nc"), "belong to --n-max"),
        (("--lanczos", "1", "3", "-o", "out.nc"), "--order"),
        (("--n-max", "15", "-o", "out.txt"), ".nc (NetCDF-4)"),
        (("--n-max", "15", "-o", "no/where/out.nc"), "no/where"),
        (("--n-max", "15", "--onto", "T0", "-o", "out.nc"), "T0"),
        (("--n-max", "900", "-o", "out.nc"), "900"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(
    series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("filter", series, *words) == 2
    assert message in capfd.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_input_is_not_replaced(series: Path, capfd: Any) -> None:
    before = series.read_bytes()
    assert call("filter", series, *BAND, "-o", series) == 2
    assert "name another output" in capfd.readouterr().err and series.read_bytes() == before


def test_missing_values_leave_no_output(series: Path, tmp_path: Path, capfd: Any) -> None:
    with xr.open_dataset(series) as data:
        data = data.load()
    name = next(name for name, v in data.data_vars.items() if v.ndim == 3)
    data[name][4, 3, 3] = np.nan
    data.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert call("filter", tmp_path / "in.nc", *BAND, "-o", tmp_path / "out.nc") == 2
    assert "nan in frame 5" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.nc"]
