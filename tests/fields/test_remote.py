"""Files and stores on servers: the same values as from the disk, and what happens when servers fail."""

from __future__ import annotations

import importlib
import json
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("aiohttp", reason="addresses need stormtrack[remote]")
pytest.importorskip("zarr")

from stormtrack import open_field, write_track_binary
from stormtrack.errors import FieldError
from stormtrack.fields.remote import Access, Patience
from stormtrack.fields.remote_file import BLOCK, BLOCKS, RemoteFile
from stormtrack.fields.source import ArraySource
from stormtrack.testing import assert_bitwise
from tests.fields.servers import Bucket, Server, http_server, s3_bucket
from tests.fields.test_opening import hours, made, saved
from tests.reports.dap_server import serving

HASTY = Patience(attempts=3, timeout=2.0, first_wait=0.01, longest_wait=0.02)
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*(Zarr format 3|vlen-utf8|Consolidated metadata|numcodecs).*",
    "ignore:.*frames have numbers for times",
    "ignore:The .fastparquet. engine is deprecated",
)


@pytest.fixture(scope="module")
def field() -> Any:
    return made(time=hours(n=24), lat=np.linspace(80, -80, 33), lon=np.arange(0, 360, 5.625))


@pytest.fixture(scope="module")
def folder(field: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same field in every kind of file."""
    where = tmp_path_factory.mktemp("served")
    saved(field, where / "four.nc", encoding={"msl": {"chunksizes": (6, 33, 64), "zlib": True}})
    field.to_netcdf(where / "three.nc", engine="netcdf4", format="NETCDF3_64BIT")
    chunks = {"msl": {"chunks": (5, 33, 64)}}
    field.to_dataset().to_zarr(where / "two.zarr", zarr_format=2, encoding=chunks, consolidated=True)
    field.to_dataset().to_zarr(where / "three.zarr", zarr_format=3, encoding=chunks, consolidated=True)
    field.to_dataset().to_zarr(where / "plain.zarr", zarr_format=3, encoding=chunks, consolidated=False)
    dated = field.assign_coords(time=xr.decode_cf(field.to_dataset()).time)
    write_track_binary(dated.isel(lat=slice(None, None, -1)), where / "specfil", dates=True)
    (where / "raw").write_bytes(b"head" + field.values.tobytes())
    return where


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are fetched in so small parts that several are needed."""
    monkeypatch.setattr("stormtrack.fields.remote_file.BLOCK", 1 << 14)
    monkeypatch.setattr("stormtrack.fields.remote_file._BLOCKS_KEPT", 4)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with http_server(folder) as started:
        yield started


@pytest.fixture(scope="module")
def bucket(folder: Path) -> Iterator[Bucket]:
    pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    with s3_bucket() as made_here:
        for path in folder.iterdir():
            made_here.put(path, f"data/{path.name}")
        yield made_here


KINDS = ["four.nc", "three.nc", "two.zarr", "three.zarr", "specfil"]
STORED = [*KINDS, "plain.zarr"]


def assert_same(found: Any, field: Any, name: str) -> None:
    values = field.values[:, ::-1] if name == "specfil" else field.values
    assert str(found.time.values[-1])[:13] == "2000-03-05T12"
    assert_bitwise(found[7].values, np.ascontiguousarray(values[7]))
    source = ArraySource(found)
    for number in range(1, 25):
        assert_bitwise(source.read(number), np.ascontiguousarray(values[number - 1]))


@pytest.mark.parametrize("name", KINDS)
def test_over_http_as_from_the_disk(server: Server, field: Any, name: str) -> None:
    with open_field(f"{server.url}/{name}", patience=HASTY) as found:
        assert_same(found, field, name)


@pytest.mark.parametrize("name", STORED)
def test_from_a_private_bucket_as_from_the_disk(bucket: Bucket, field: Any, name: str) -> None:
    with open_field(f"s3://{bucket.name}/data/{name}", storage_options=bucket.options, patience=HASTY) as found:
        assert_same(found, field, name)


def test_a_store_that_http_cannot_list(server: Server) -> None:
    with pytest.raises(FieldError, match="not consolidated, and a server of HTTP does not list"):
        open_field(f"{server.url}/plain.zarr", patience=HASTY)


@pytest.mark.parametrize("name", ["four.nc", "two.zarr"])
def test_a_private_bucket_does_not_let_strangers_in(bucket: Bucket, name: str) -> None:
    options = {"anon": True, "client_kwargs": bucket.options["client_kwargs"]}
    with pytest.raises(FieldError, match=rf"s3://.*{name}.*(not allowed|no such file)"):
        open_field(f"s3://{bucket.name}/data/{name}", storage_options=options, patience=HASTY)


def test_patterns_and_folders_of_a_bucket(bucket: Bucket, field: Any, tmp_path: Path) -> None:
    for k in range(3):
        bucket.put(saved(field.isel(time=slice(8 * k, 8 * k + 8)), tmp_path / f"{k}.nc"), f"parts/{k}.nc")
    for address in (f"s3://{bucket.name}/parts/*.nc", f"s3://{bucket.name}/parts"):
        with open_field(address, storage_options=bucket.options, patience=HASTY) as found:
            assert_bitwise(found.values, field.values)


def test_only_what_is_needed_is_fetched(server: Server, field: Any, folder: Path) -> None:
    with open_field(f"{server.url}/two.zarr", patience=HASTY) as found:
        found[12].load()
    assert [path for _, path in server.asked if "/msl/" in path and not path.endswith(("zarray", "zattrs"))] == [
        "/two.zarr/msl/2.0.0"
    ]
    file = RemoteFile(f"{server.url}/raw", Access(patience=HASTY))
    server.asked.clear()
    assert file.bytes_at(4, 8) == (folder / "raw").read_bytes()[4:12]
    assert file.bytes_at(100, 8) == (folder / "raw").read_bytes()[100:108]
    assert server.requests("raw") == 1


@pytest.mark.parametrize("name", ["four.nc", "three.zarr"])
def test_a_remote_array_can_be_sent_to_other_processes(server: Server, bucket: Bucket, field: Any, name: str) -> None:
    for address, options in ((server.url, {}), (f"s3://{bucket.name}/data", bucket.options)):
        with open_field(f"{address}/{name}", storage_options=options, patience=HASTY) as found:
            assert_bitwise(pickle.loads(pickle.dumps(found))[3].values, field.values[3])


def test_a_remote_file_can_be_sent_to_other_processes(server: Server) -> None:
    file = pickle.loads(pickle.dumps(RemoteFile(f"{server.url}/raw", Access(patience=HASTY))))
    assert file.read(4) == b"head"


def test_a_server_without_ranges_is_asked_once(server: Server, field: Any) -> None:
    server.ranges = False
    with open_field(f"{server.url}/four.nc", patience=HASTY) as found:
        assert_same(found, field, "four.nc")


# failures


def failing(times: int, kind: str) -> Any:
    """The first so many requests for every place fail."""
    seen: dict[str, int] = {}

    def fault(server: Server, path: str) -> str:
        seen[path] = seen.get(path, 0) + 1
        return kind if seen[path] <= times else ""

    return fault


@pytest.mark.parametrize("name", ["four.nc", "three.nc", "two.zarr"])
@pytest.mark.parametrize("kind", ["503", "429", "cut", "reset"])
@pytest.mark.usefixtures("small_blocks")
def test_reads_are_tried_again(server: Server, field: Any, name: str, kind: str) -> None:
    server.fault = failing(2, kind)
    with open_field(f"{server.url}/{name}", patience=HASTY) as found:
        assert_same(found, field, name)


def test_waits_grow_and_vary(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Patience(first_wait=1.0, longest_wait=6.0)
    waits = [[patience.wait(k) for _ in range(200)] for k in (1, 2, 3, 4, 9)]
    for found, expected in zip(waits, (1, 2, 4, 6, 6), strict=True):
        assert 0.75 * expected <= min(found) < max(found) <= 1.25 * expected


@pytest.mark.parametrize("name", ["four.nc", "two.zarr"])
@pytest.mark.parametrize("kind", ["503", "reset", "hang"])
@pytest.mark.usefixtures("small_blocks")
def test_a_store_that_stops_answering_half_way_ends_with_an_error(server: Server, name: str, kind: str) -> None:
    patience = Patience(attempts=3, timeout=1.5, first_wait=0.01, longest_wait=0.02)
    with open_field(f"{server.url}/{name}", patience=patience) as found:
        found[0].load()
        before = len(server.asked)
        server.fault = lambda server, path: kind
        begun = time.monotonic()
        source = ArraySource(found)
        with pytest.raises(FieldError, match=r"failed 3 times in a row .*The server may be down or overloaded"):
            for number in range(1, 25):
                source.read(number)
        assert time.monotonic() - begun < 15.0
        assert len(server.asked) - before == (6 if kind == "reset" else 3)  # aiohttp itself asks again once


def test_what_will_not_go_away_is_not_tried_again(server: Server) -> None:
    with pytest.raises(FieldError, match=r"absent.nc.*no such file or object \(404\)"):
        open_field(f"{server.url}/absent.nc", patience=HASTY)
    server.fault = lambda server, path: "403"
    server.asked.clear()
    with pytest.raises(FieldError, match=r"four.nc.*403.*check the address and the log-in"):
        open_field(f"{server.url}/four.nc", patience=HASTY)
    assert len(server.asked) <= 8


def test_no_server_at_all() -> None:
    with pytest.raises(FieldError, match="failed 3 times in a row"):
        open_field("http://127.0.0.1:9/in.nc", patience=HASTY)


def test_options_and_protocols_that_are_not_known() -> None:
    with pytest.raises(FieldError, match="magic://"):
        open_field("magic://bucket/in.nc")


# references


@pytest.mark.parametrize("where", ["disk", "http"])
def test_kerchunk_references(server: Server, field: Any, folder: Path, tmp_path: Path, where: str) -> None:
    target = str(folder / "raw") if where == "disk" else f"{server.url}/raw"
    size = field.values[0].nbytes
    refs: dict[str, Any] = {".zgroup": json.dumps({"zarr_format": 2})}

    def array(name: str, values: Any, chunks: Any, **attrs: Any) -> None:
        meta = {"zarr_format": 2, "shape": values.shape, "chunks": chunks, "dtype": values.dtype.str, "order": "C"}
        refs[f"{name}/.zarray"] = json.dumps({**meta, "compressor": None, "filters": None, "fill_value": None})
        refs[f"{name}/.zattrs"] = json.dumps(attrs)

    for name in ("time", "lat", "lon"):
        values = field[name].values
        array(name, values, values.shape, _ARRAY_DIMENSIONS=[name], **field[name].attrs)
        (tmp_path / name).write_bytes(values.tobytes())
        refs[f"{name}/0"] = "base64:" + __import__("base64").b64encode(values.tobytes()).decode()
    array("msl", field.values, (1, *field.shape[1:]), _ARRAY_DIMENSIONS=["time", "lat", "lon"])
    refs |= {f"msl/{k}.0.0": [target, 4 + k * size, size] for k in range(24)}
    (tmp_path / "refs.json").write_text(json.dumps({"version": 1, "refs": refs}))
    with open_field(tmp_path / "refs.json", patience=HASTY) as found:
        assert_same(found, field, "refs")
        if where == "http":
            server.fault = lambda server, path: "503"
            with pytest.raises(FieldError, match="failed 3 times in a row"):
                found[5].load()


def test_references_to_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "refs.json").write_text('{"version": 1, "refs": {".zgroup": "{}"')
    with pytest.raises(FieldError, match=r"no valid JSON"):
        open_field(tmp_path / "refs.json")


def test_blocks_are_kept_within_bounds(server: Server, folder: Path) -> None:
    (folder / "big").write_bytes(bytes(24 * BLOCK))
    for _ in range(3):
        file = RemoteFile(f"{server.url}/big", Access(patience=HASTY))
        for start in range(0, 24 * BLOCK, BLOCK):
            file.bytes_at(start, 10)
    assert len(BLOCKS) == 64
    (folder / "big").unlink()


def test_opendap(tmp_path: Path) -> None:
    array = made(time=hours(), lat=np.linspace(60, -60, 4))
    saved(array, tmp_path / "in.nc", encoding={"time": {"dtype": "i4"}})
    with serving(tmp_path / "in.nc") as address, open_field(address, patience=HASTY) as found:
        assert_bitwise(found.values, array.values)
        assert str(found.time.values[1])[:13] == "2000-02-29T00"


@pytest.mark.parametrize("name", ["msl", "vo850"])
def test_a_season_of_era5_from_the_disk_over_http_and_from_a_bucket(
    acceptance: Path, bucket: Bucket, name: str
) -> None:
    path = acceptance / f"era5_{name}_2025-2026_djf_2.5x2.5.zarr"
    with xr.open_dataset(path, engine="zarr") as expected, http_server(acceptance) as server:
        bucket.put(path, path.name)
        values = expected[name.removesuffix("850")].squeeze().values
        for address, options in (
            (path, {}),
            (f"{server.url}/{path.name}", {}),
            (f"s3://{bucket.name}/{path.name}", bucket.options),
        ):
            with open_field(address, storage_options=options, patience=HASTY) as found:
                assert found.shape == (360, 73, 144)
                assert str(found.time.values[[0, -1]].astype("M8[h]")) == "['2025-12-01T00' '2026-02-28T18']"
                source = ArraySource(found)
                for number in (1, 200, 360):
                    assert_bitwise(source.read(number), values[number - 1])


@pytest.mark.parametrize("packing", ["json", "parquet"])
def test_references_that_kerchunk_makes(field: Any, folder: Path, tmp_path: Path, packing: str) -> None:
    kerchunk = pytest.importorskip("kerchunk.hdf", reason="makes references with kerchunk")
    refs = kerchunk.SingleHdf5ToZarr(str(folder / "four.nc"), inline_threshold=300).translate()
    where = tmp_path / "refs"
    if packing == "json":
        where.write_text(json.dumps(refs))
    else:
        pytest.importorskip("fastparquet", reason="references in Parquet need fastparquet")
        importlib.import_module("kerchunk.df").refs_to_dataframe(refs, str(where), record_size=7)
    with open_field(where, patience=HASTY) as found:
        assert_same(found, field, "refs")
