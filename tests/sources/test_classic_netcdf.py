"""Classic NetCDF: headers as the library writes them, frames as it reads them, damaged files."""

from __future__ import annotations

import io
import itertools
import struct
import time
import tracemalloc
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from netCDF4 import Dataset

from stormtrack.errors import FieldError
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.netcdf.classic_frames import ClassicFrames
from stormtrack.sources.opening import open_file, open_source
from stormtrack.storage.classic_netcdf import (
    RECORDS,
    ClassicFormatError,
    Header,
    Variable,
    big_endian,
    is_classic,
    read_header,
)
from stormtrack.testing import assert_bitwise

KINDS = {
    "NETCDF3_CLASSIC": ("i1", "i2", "i4", "f4", "f8"),
    "NETCDF3_64BIT_OFFSET": ("i1", "i2", "i4", "f4", "f8"),
    "NETCDF3_64BIT_DATA": ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"),
}


def _write(path: Path, kind: str = "NETCDF3_CLASSIC", *, unlimited: bool = False) -> None:
    with Dataset(path, "w", format=kind) as file:
        file.history = "x" * 70_000
        for name, size in (("time", None if unlimited else 3), ("lat", 4), ("lon", 8)):
            file.createDimension(name, size)
            values = file.createVariable(name, "f8", (name,))
            values.units, values.valid_range = "something odd", np.array([1.0, 2.0, 3.0])
        field = file.createVariable("vo", "f4", ("time", "lat", "lon"))
        field.setncatts({"long_name": "vö", "missing_value": np.float32(9e20), "flags": np.arange(5, dtype="i2")})
        for name, size in (("time", 3), ("lat", 4), ("lon", 8)):
            file[name][:] = np.arange(size)
        field[:] = 1.0


def _header(path: Path) -> Header:
    with path.open("rb") as stream:
        return read_header(stream)


@pytest.mark.parametrize("unlimited", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_headers_of_the_library(tmp_path: Path, kind: str, unlimited: bool) -> None:
    path = tmp_path / "a.nc"
    _write(path, kind, unlimited=unlimited)
    header = _header(path)
    assert header.dimensions == [("time", RECORDS if unlimited else 3), ("lat", 4), ("lon", 8)]
    assert [v.name for v in header.variables] == ["time", "lat", "lon", "vo"]
    assert header.records == (3 if unlimited else 0)
    attributes = header.variables[3].attributes
    assert attributes["long_name"] == "vö".encode()
    assert np.asarray(attributes["missing_value"]).tolist() == [np.float32(9e20)]
    assert np.asarray(attributes["flags"]).tolist() == [0, 1, 2, 3, 4]
    place, data = header.places()["vo"], path.read_bytes()
    assert bool(place.stride) == unlimited
    values = place.values(data, header.records)
    assert values is not None and len(values) == 96 and (values == 1.0).all()
    end = place.begin + (2 * place.stride if unlimited else 0) + place.size
    assert place.values(data[:end], header.records) is not None
    assert place.values(data[: end - 1], header.records) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("unlimited", [False, True])
def test_frames_equal_those_of_the_library(tmp_path: Path, kind: str, unlimited: bool) -> None:
    path = tmp_path / "a.nc"
    sizes = {"t": 3, "l": 2, "y": 3, "x": 5}
    rng = np.random.default_rng(5)
    with Dataset(path, "w", format=kind) as file:
        for name, size in sizes.items():
            file.createDimension(name, None if unlimited and name == "t" else size)
        for number, (code, dims) in enumerate(itertools.product(KINDS[kind], ("tyx", "tlyx", "yx", "lyx"))):
            variable = file.createVariable(f"v{number}", code, tuple(dims))
            variable.note = "x" * (number % 7)
            shape = [sizes[d] for d in dims]
            raw = rng.integers(0, 256, int(np.prod(shape)) * np.dtype(code).itemsize, dtype=np.uint8)
            variable[:] = raw.view(code).reshape(shape)
    frames = ClassicFrames.of(str(path))
    assert frames is not None
    with Dataset(path) as file:
        file.set_auto_maskandscale(False)
        for name, variable in file.variables.items():
            assert frames.hold(name)
            for entry in itertools.product(*(range(n) for n in variable.shape[:-2])):
                out = np.empty(variable.shape[-2:], np.float32)
                frames.read(name, entry, out)
                with np.errstate(over="ignore", invalid="ignore"):
                    assert_bitwise(out, np.asarray(variable[entry]).astype(np.float32), name)
    frames.close()


def test_records_of_one_odd_variable_are_not_padded(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    values = np.arange(45, dtype="i1").reshape(3, 3, 5)
    with Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in (("t", None), ("y", 3), ("x", 5)):
            file.createDimension(name, size)
        file.createVariable("v", "i1", ("t", "y", "x"))[:] = values
    assert _header(path).places()["v"].stride == 15
    frames = ClassicFrames.of(str(path))
    assert frames is not None
    out = np.empty((3, 5), np.float32)
    frames.read("v", (2,), out)
    frames.close()
    assert out.tolist() == values[2].tolist()


def test_latitudes_along_the_records_are_left_to_the_library(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in (("lat", None), ("lon", 6)):
            file.createDimension(name, size)
            file.createVariable(name, "f4", (name,))[:] = np.arange(6) * 10
        file.createVariable("vo", "f4", ("lat", "lon"))[:] = np.arange(36).reshape(6, 6)
    with open_source(str(path), FieldSelection(format=4, by_name=True)) as source:
        frame = source.read(1)
    assert frame is not None and frame.ravel().tolist() == list(range(36))


@pytest.mark.parametrize("version", [1, 2])
def test_files_written_are_read_by_the_library(version: int) -> None:
    kinds = [big_endian(k) for k in ("i1", "i2", "f4", "f8")]
    variables = [Variable(name=f"f{i}", axes=(0,), kind=k, attributes={"a": b"xyz"}) for i, k in enumerate(kinds)]
    variables += [Variable(name=f"r{i}", axes=(1, 0), kind=k) for i, k in enumerate(kinds)]
    header = Header(dimensions=[("n", 3), ("r", RECORDS)], variables=variables, records=2, version=version)
    values = {f"f{i}": np.arange(3, dtype=k.newbyteorder("=")) + i for i, k in enumerate(kinds)}
    table = np.zeros(2, header.record_type)
    for i in range(4):
        table[f"r{i}"] = np.arange(6).reshape(2, 3) * (i + 1)
    data = header.start_of_file(values) + table.tobytes()
    with netCDF4.Dataset("inmemory.nc", memory=data) as file:
        for i in range(4):
            assert file[f"f{i}"][:].tolist() == values[f"f{i}"].tolist()
            assert file[f"r{i}"][:].tolist() == (np.arange(6).reshape(2, 3) * (i + 1)).tolist()
            assert file[f"f{i}"].a == "xyz"
    again = read_header(io.BytesIO(data))
    assert (again.dimensions, again.records, again.version) == (header.dimensions, 2, version)
    assert again.encoded() == header.encoded()


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    _write(path)
    place = _header(path).places()["vo"]
    path.write_bytes(path.read_bytes()[: place.begin + place.size - 100])
    with open_source(str(path), FieldSelection(format=4, by_name=True, coards=True)) as source:
        assert source.read(2) is not None
        with pytest.raises(FieldError, match=r"a\.nc' is cut off in frame 3 of 3: \d+ bytes, at least \d+ needed"):
            source.read(3)


@pytest.mark.parametrize("kept", [5, 40, 100, 1000])
def test_a_damaged_header_is_refused_before_the_library_sees_it(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.nc"
    _write(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FieldError, match=r"a\.nc' is damaged: its NetCDF header is cut off or not valid"):
        open_file(str(path), 4)


@pytest.mark.parametrize("start", [b"", b"CDF", b"CDF\x03", b"CDF\x04....", b"\x89HDF\r\n\x1a\n", b"GRIB"])
def test_other_files(start: bytes) -> None:
    assert not is_classic(start)
    with pytest.raises(ClassicFormatError, match="not a classic NetCDF file"):
        read_header(io.BytesIO(start))


def _sound_header(kind: str, tmp_path: Path) -> bytes:
    path = tmp_path / f"{kind}.nc"
    with Dataset(path, "w", format=kind) as file:
        file.title = "t"
        for name, size in (("time", None), ("lat", 4), ("lon", 8)):
            file.createDimension(name, size)
        file.createVariable("vo", "f4", ("time", "lat", "lon")).units = "s**-1"
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_cut_at_every_byte(tmp_path: Path, kind: str) -> None:
    data = _sound_header(kind, tmp_path)
    end = read_header(io.BytesIO(data)).variables[0].begin
    for size in range(end):
        with pytest.raises(ClassicFormatError):
            read_header(io.BytesIO(data[:size]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", [0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0xFFFFFFFC, 100_000, 1])
def test_impossible_numbers_cost_neither_time_nor_memory(tmp_path: Path, kind: str, word: int) -> None:
    data = _sound_header(kind, tmp_path) + bytes(1 << 20)
    end = read_header(io.BytesIO(data)).variables[0].begin
    tracemalloc.start()
    began = time.process_time()
    for at in range(4, end, 4):
        damaged = data[:at] + struct.pack(">I", word) + data[at + 4 :]
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        try:
            read_header(io.BytesIO(damaged)).places()
        except ClassicFormatError as problem:
            assert "(byte " in str(problem)
        assert tracemalloc.get_traced_memory()[1] - before < 40 << 20
    tracemalloc.stop()
    assert time.process_time() - began < 30


def test_many_variables_take_no_longer_each(tmp_path: Path) -> None:
    kind = big_endian("f4")
    variables = [Variable(name=f"v{i}", axes=(0,), kind=kind) for i in range(20_000)]
    data = Header(dimensions=[("r", RECORDS)], variables=variables).encoded()
    began = time.process_time()
    assert len(read_header(io.BytesIO(data)).places()) == 20_000
    assert time.process_time() - began < 10
