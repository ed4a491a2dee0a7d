"""Readers: numbers in text, records of TRACK binary files, chunked NetCDF, roles of dimensions."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.errors import FieldError
from stormtrack.io.fields import open_fields, open_source
from stormtrack.io.fields.roles import dimension_roles
from stormtrack.io.fields.text_numbers import to_float32
from stormtrack.settings.startup import FieldSelection
from stormtrack.testing import assert_bitwise
from tests.io_fields.sample_files import LAT, LON, frames, write_binary, write_netcdf

BINARY = FieldSelection(format=0, newline_separated=True)
NC = FieldSelection(format=4, by_name=True)


def libc_float32(word: bytes) -> np.float32:
    strtof = ctypes.CDLL(None).strtof
    strtof.restype = ctypes.c_float
    return np.float32(strtof(word, None))


@settings(max_examples=300, deadline=None)
@given(st.floats(-(2.0**120), 2.0**120, width=32), st.integers(-3, 3), st.integers(6, 60))
def test_decimals_are_rounded_once_like_the_c_library(value: float, nudge: int, digits: int) -> None:
    low = np.float32(value)
    high = np.nextafter(low, np.float32(np.inf))
    middle = (float(low) + float(high)) / 2
    text = f"{middle:.{digits}e}".encode()
    mantissa, exponent = text.split(b"e")
    nudged = mantissa[:-1] + str((int(mantissa[-1:]) + nudge) % 10).encode() + b"e" + exponent
    for word in (text, nudged, repr(float(low)).encode()):
        assert_bitwise(to_float32([word]), np.array([libc_float32(word)]))


@pytest.mark.parametrize(
    "word", [b"1e-45", b"7e-46", b"1.1754943e-38", b"3.4028236e38", b"1e39", b"-1e-50", b"+5.", b".5"]
)
def test_ends_of_the_range(word: bytes) -> None:
    assert_bitwise(to_float32([word]), np.array([libc_float32(word)]))


@pytest.mark.parametrize("label", ["FRAME {:6d}\n", "FRAME {:d}\n", "{:d} TIME 2025120100 x\n", "\n"])
@pytest.mark.parametrize("newline", [True, False])
def test_binary_records_in_any_order(tmp_path: Path, label: str, newline: bool) -> None:
    values = frames(shape=(12, len(LAT), len(LON)))
    path = tmp_path / "a.dat"
    write_binary(path, values[:0], label)
    content = path.read_bytes().replace(b"     0\n", b"    12\n", 1)
    for k, frame in enumerate(values):
        content += label.format(k + 1).encode() + frame.tobytes() + (b"\n" if newline else b"")
    path.write_bytes(content)
    with open_fields(str(path), FieldSelection(format=0, newline_separated=newline)) as source:
        assert (source.n_frames, source.nx, source.ny) == (12, 12, 4)
        assert_bitwise(source.lon, LON)
        assert source.frame_time(1) == (2025120100 if "TIME" in label else 0)
        out = np.empty((4, 12), np.float32)
        for k in (1, 11, 2, 12, 12, 5):
            got = source.read_frame(k, out if k % 2 else None)
            assert got is not None
            assert_bitwise(got, values[k - 1])
            assert source.frame_text(k) == label.format(k)[:-1]
        assert source.read_frame(13) is None
        assert source.frame_text(13) == ""
        with pytest.raises(FieldError, match="counted from 1"):
            source.read_frame(0)


def test_time_stamps_of_the_golden_file(goldens: Path) -> None:
    with open_fields(str(goldens / "formats" / "inputs" / "vo_time_11.dat"), BINARY) as source:
        times = [source.frame_time(k) for k in range(1, source.n_frames + 1)]
    assert times[0] > 2025000000
    assert len(times) == 11
    assert times == sorted(times)


def test_a_header_over_many_lines_and_run_together(tmp_path: Path) -> None:
    values = frames(shape=(1, 2, 3))
    head = b"  3\n 2   1 \n0.\n  1e1 2.0E+01\n-5.5\n+7.25 trailing words\n"
    (tmp_path / "a.dat").write_bytes(head + b"FRAME\n" + values.tobytes())
    with open_fields(str(tmp_path / "a.dat"), FieldSelection(format=0)) as source:
        assert source.lon.tolist() == [0.0, 10.0, 20.0]
        assert source.lat.tolist() == [-5.5, 7.25]
        got = source.read_frame(1)
        assert got is not None
        assert_bitwise(got, values[0])
    (tmp_path / "b.dat").write_bytes(b"3 2 1\n-100.000-50.00-10.00\n-5.5 7.25\nFRAME\n" + values.tobytes())
    with open_source(str(tmp_path / "b.dat"), 0) as source:
        assert source.lon.tolist() == [-100.0, -50.0, -10.0]


def test_ascii_frames(tmp_path: Path) -> None:
    body = "F 1\n1 2 3\n4e0 5 6 rest of the line\nF 2 TIME 2000010106\n-1-2-3 4\n5\n6\n\n"
    (tmp_path / "a.txt").write_text("3 2 3\n0 1 2\n5 6\n" + body)
    with open_fields(str(tmp_path / "a.txt"), FieldSelection(format=1)) as source:
        for number, expected in ((2, [-1, -2, -3, 4, 5, 6]), (1, [1, 2, 3, 4, 5, 6])):
            got = source.read_frame(number)
            assert got is not None
            assert got.ravel().tolist() == expected
        assert source.frame_time(2) == 2000010106
        assert source.read_frame(3) is None
        assert source.notes == ["the header announces 3 frames, the file holds 2"]


def test_ascii_frames_longer_than_a_block(tmp_path: Path) -> None:
    values = np.random.default_rng(2).normal(size=(2, 300, 400)).astype(np.float32)
    lines = ["400 300 2\n", " ".join(map(str, range(400))), "\n", " ".join(f"{v / 4}" for v in range(300)), "\n"]
    for k, frame in enumerate(values):
        lines.append(f"FRAME {k + 1}\n")
        lines += [" ".join(f"{v:.9e}" for v in row) + "\n" for row in frame]
    (tmp_path / "a.txt").write_text("".join(lines))
    with open_fields(str(tmp_path / "a.txt"), FieldSelection(format=1)) as source:
        for k in (1, 2):
            got = source.read_frame(k)
            assert got is not None
            assert_bitwise(got, values[k - 1])


def test_chunked_compressed_netcdf(tmp_path: Path) -> None:
    values = frames(shape=(30, len(LAT), len(LON)))
    path = write_netcdf(tmp_path / "a.nc", values, kind="NETCDF4", chunks=(15, 2, 5), unlimited=True)
    with open_fields(path, NC) as source:
        for k in (30, 1, 15, 16):
            got = source.read_frame(k)
            assert got is not None
            assert_bitwise(got, values[k - 1])
        assert source.read_frame(31) is None


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", ">f4", ">f8"])
def test_types_become_float32(tmp_path: Path, kind: str) -> None:
    numbers = np.random.default_rng(3).integers(0, 120, (2, len(LAT), len(LON)))
    values = (numbers * 1.37 if "f" in kind else numbers).astype(kind)
    path = write_netcdf(tmp_path / "a.nc", values, kind="NETCDF4", attributes={"scale_factor": 0.1, "add_offset": 7.3})
    with open_fields(path, NC) as source:
        got = source.read_frame(2)
        assert got is not None
        expected = values[1].astype(np.float32) * np.float32(0.1) + np.float32(7.3)
        assert_bitwise(got, expected)
        assert bool(source.notes) == (np.dtype(kind).newbyteorder("=").str[1:] not in ("i2", "i4", "f4", "f8"))


def test_attributes_of_ignored_types(tmp_path: Path) -> None:
    values = frames()
    path = write_netcdf(tmp_path / "a.nc", values, attributes={"scale_factor": np.int8(3)})
    with open_fields(path, NC) as source:
        got = source.read_frame(1)
        assert got is not None
        assert_bitwise(got, values[0])
        assert any("ignored" in note for note in source.warnings)


def test_two_dimensional_field_has_one_frame(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "a.nc", frames()[0], ("lat", "lon"))
    with open_fields(path, NC) as source:
        assert source.n_frames == 0
        assert source.read_frame(1) is not None
        assert source.read_frame(2) is None


@pytest.mark.parametrize("coards", [True, False])
def test_levels_as_frames(tmp_path: Path, coards: bool) -> None:
    # As the original does: without a time dimension the first axis holds the frames.
    values = frames()
    path = write_netcdf(tmp_path / "a.nc", values, ("lev", "lat", "lon"), coordinates={"lev": [1000, 850, 500]})
    with open_fields(path, FieldSelection(format=4, by_name=True, coards=coards)) as source:
        assert (source.level is not None) == (not coards)
        if not coards:
            source.apply(FieldSelection(format=4, by_name=True, level=850.0))
        for k in (1, 2, 3):
            got = source.read_frame(k)
            assert got is not None
            assert_bitwise(got, values[k - 1])


def test_five_dimensions(tmp_path: Path) -> None:
    values = frames(shape=(3, 2, 2, len(LAT), len(LON)))
    path = write_netcdf(
        tmp_path / "a.nc",
        values,
        ("time", "ens", "lev", "lat", "lon"),
        coordinates={"ens": [1, 2], "lev": [1000, 850]},
    )
    chosen = FieldSelection(format=4, by_name=True, level=850.0, additional=2.0)
    with open_fields(path, chosen) as source:
        for k in (1, 3):
            got = source.read_frame(k)
            assert got is not None
            assert_bitwise(got, values[k - 1, 1, 1])
        source.use_first_levels()
        got = source.read_frame(1)
        assert got is not None
        assert_bitwise(got, values[0, 0, 0])


@pytest.mark.parametrize(
    ("dimensions", "missing", "coards", "axes"),
    [
        (("time", "lat", "lon"), (), False, {"time": 0, "latitude": 1, "longitude": 2}),
        (("time", "lat", "lon"), ("time",), False, {"time": 0, "latitude": 1, "longitude": 2}),
        (("time", "hgt", "lat", "lon"), (), True, {"time": 0, "level": 1, "latitude": 2, "longitude": 3}),
        (("time", "hgt", "lat", "lon"), (), False, {"additional": 0, "time": 1, "latitude": 2, "longitude": 3}),
        (("lev", "time", "lat", "lon"), (), False, {"level": 0, "time": 1, "latitude": 2, "longitude": 3}),
        (("time", "hgt", "lat", "lon"), ("hgt",), False, {"time": 0, "level": 1, "latitude": 2, "longitude": 3}),
        (("valid_time", "y", "x"), (), False, {"time": 0, "latitude": 1, "longitude": 2}),
    ],
)
def test_roles(dimensions: tuple[str, ...], missing: tuple[str, ...], coards: bool, axes: dict[str, int]) -> None:
    roles = dimension_roles(dimensions, set(dimensions) - set(missing), coards=coards)
    assert roles.axes == axes
    assert roles.mapped == ("y" in dimensions)
