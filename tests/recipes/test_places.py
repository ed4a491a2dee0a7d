"""``stormtrack track`` on seasons of ERA5 wherever they lie, GRIB, and a series larger than the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

from stormtrack.cli.main import main
from tests.fields.servers import http_server, s3_bucket

pytestmark = pytest.mark.filterwarnings("ignore:.*(Zarr format 3|Consolidated metadata|numcodecs).*")
SEASONS = {"vo850": "vorticity-nh-t42", "msl": "mslp-t63"}


def season(acceptance: Path, name: str) -> Path:
    return acceptance / f"era5_{name}_2025-2026_djf_2.5x2.5.zarr"


def tracks_of(path: Path) -> Any:
    with xr.open_dataset(path) as data:
        return data.load().drop_attrs()


@pytest.mark.parametrize("engine", ["track", "fast"])
@pytest.mark.parametrize("name", SEASONS)
def test_a_season_of_era5_in_one_command(acceptance: Path, tmp_path: Path, name: str, engine: str) -> None:
    pytest.importorskip("zarr")
    words = ["track", str(season(acceptance, name)), "--preset", SEASONS[name], "--engine", engine, "--quiet"]
    assert main([*words, "--min-points", "8", "--min-displacement", "10", "-o", str(tmp_path / "t.nc")]) == 0
    data = tracks_of(tmp_path / "t.nc")
    first, last = data.time.values.min(), data.time.values.max()
    assert str(first)[:13] == "2025-12-01T00" and str(last)[:13] == "2026-02-28T18"
    lows = data.sizes["trajectory"] / len(set(data.kind.values))
    assert 150 < lows < 700  # a hemisphere's winter season has a few hundred that last two days and travel
    assert data.row_size.min() >= 8


def test_tracks_over_http_and_from_a_private_bucket_are_those_from_the_disk(acceptance: Path, tmp_path: Path) -> None:
    for package in ("aiohttp", "s3fs", "zarr", "moto.server"):
        pytest.importorskip(package)
    store = season(acceptance, "vo850")
    with http_server(acceptance) as server, s3_bucket() as bucket:
        bucket.put(store, store.name)
        found = []
        for k, (address, options) in enumerate(
            (
                (store, {}),
                (f"{server.url}/{store.name}", {}),
                (f"s3://{bucket.name}/{store.name}", bucket.options),
            )
        ):
            words = ["track", str(address), "--preset", "vorticity-nh-t42", "--engine", "fast", "--quiet"]
            out = tmp_path / f"{k}.nc"
            assert main([*words, "--storage-options", json.dumps(options), "-o", str(out)]) == 0
            found.append(tracks_of(out))
    assert found[0].sizes["obs"] > 10_000
    assert found[1].identical(found[0]) and found[2].identical(found[0])


def test_a_server_that_stops_answering_half_way_leaves_nothing(acceptance: Path, tmp_path: Path, capfd: Any) -> None:
    pytest.importorskip("aiohttp")
    pytest.importorskip("zarr")
    with http_server(acceptance) as server:
        server.fault = lambda here, path: "503" if len(here.asked) > 20 else ""
        address = f"{server.url}/{season(acceptance, 'vo850').name}"
        words = ["track", address, "--preset", "vorticity-nh-t42", "--engine", "fast", "--attempts", "2", "--quiet"]
        assert main([*words, "-o", str(tmp_path / "t.nc")]) == 2
    assert "503" in capfd.readouterr().err
    assert not list(tmp_path.iterdir())


LIMITED = """
import resource, sys
from stormtrack.cli.main import main
small, large, out, share = sys.argv[1:]
words = ["--preset", "vorticity-nh-t42", "--truncation", "21", "--engine", "fast", "--quiet", "-o", out]
for _ in range(3):  # everything is imported, tables are made, and the C library has the memory that it keeps
    assert main(["track", small, *words]) == 0
def held():
    return next(1024 * int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmData"))
limit = held() + int(share)
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
sys.exit(main(["track", large, *words]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_series_ten_times_larger_than_the_memory_allowed(tmp_path: Path) -> None:
    """What may be used besides what a short run holds already is a tenth of the series."""
    from netCDF4 import Dataset

    lat, lon, frames = np.linspace(90, -90, 361), np.arange(0.0, 360.0, 0.5), 1280
    bumps = [(x, y) for x in range(0, 360, 40) for y in (-50, 50)]
    field = sum(
        np.sign(y) * np.exp(-((((lon - x + 180) % 360 - 180) / 9) ** 2) - ((lat[:, None] - y) / 6) ** 2)
        for x, y in bumps
    )
    stored = (np.round(4.0 * field, 2) * 1e-5).astype("f4")
    for name, count in (("small.nc", 40), ("large.nc", frames)):
        with Dataset(tmp_path / name, "w") as data:
            for dim, values, units in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
                data.createDimension(dim, len(values))
                data.createVariable(dim, "f4", (dim,)).units = units
                data[dim][:] = values
            data.createDimension("time", None)
            data.createVariable("time", "i4", ("time",)).units = "hours since 2000-01-01"
            data["time"][:] = 6 * np.arange(count)
            vo = data.createVariable(
                "vo", "f4", ("time", "lat", "lon"), zlib=True, complevel=1, chunksizes=(1, 361, 720)
            )
            vo.units = "s-1"
            for k in range(count):
                vo[k] = np.roll(stored, 2 * k, axis=1)
    size = 4 * frames * len(lat) * len(lon)
    places = [str(tmp_path / name) for name in ("small.nc", "large.nc", "out.nc")]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *places, str(size // 10)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with xr.open_dataset(tmp_path / "out.nc") as data:
        assert int(data.frame.max()) == frames and data.sizes["trajectory"] >= 9
