"""Every bad input gets a FieldError that says what, where and what to do."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import FieldError, NotSupportedError
from stormtrack.grid.missing import MissingValues
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.netcdf.roles import dimension_roles
from stormtrack.sources.opening import open_file, open_source
from stormtrack.testing import assert_bitwise
from tests.sources.sample_files import LAT, LON, SHAPE, frames, write_binary, write_netcdf

NC = FieldSelection(format=4, by_name=True)
BINARY = FieldSelection(format=0, newline_separated=True)
PP = FieldSelection(format=3)


@pytest.mark.parametrize("format", [0, 1, 3, 4])
def test_missing_folder_empty_and_foreign_files(tmp_path: Path, format: int) -> None:
    with pytest.raises(FieldError, match="does not exist"):
        open_file(str(tmp_path / "nothing"), format)
    with pytest.raises(FieldError, match="is a folder"):
        open_file(str(tmp_path), format)
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(FieldError, match="is empty"):
        open_file(str(tmp_path / "empty"), format)
    (tmp_path / "text").write_text("these are not data\n" * 20)
    with pytest.raises(FieldError, match="not a usable"):
        open_file(str(tmp_path / "text"), format)


def test_wrong_format_says_which_one_it_is(tmp_path: Path) -> None:
    netcdf = write_netcdf(tmp_path / "a.nc", frames())
    binary = write_binary(tmp_path / "a.dat", frames())
    with pytest.raises(FieldError, match="looks like NetCDF: answer 4"):
        open_file(netcdf, 0)
    with pytest.raises(FieldError, match="looks like TRACK binary: answer 0"):
        open_file(binary, 4)
    (tmp_path / "a.grib").write_bytes(b"GRIB" + bytes(200))
    with pytest.raises(FieldError, match="GRIB"):
        open_file(str(tmp_path / "a.grib"), 4)


def test_utf_is_not_supported(tmp_path: Path) -> None:
    with pytest.raises(NotSupportedError, match=r"01, section 7\.5"):
        open_file(str(tmp_path / "any"), 2)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(b"x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FieldError, match="cannot be read: Permission denied"):
        open_file(str(path), 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 9.96921e36])
def test_unusable_values_are_named_with_frame_count_and_place(tmp_path: Path, bad: float) -> None:
    values = frames()
    values[1, 2, 5] = values[1, 3, 7] = bad
    with open_source(write_netcdf(tmp_path / "a.nc", values), NC) as source:
        assert source.read(1, check=MissingValues(source).check) is not None
        with pytest.raises(FieldError, match=r"frame 2: 2 of 48 values .* longitude 150, latitude 20"):
            source.read(2, check=MissingValues(source).check)
        assert source.read(2) is not None
        kept = MissingValues(source, keep=True)
        assert source.read(2, check=kept.check) is not None
        assert kept.frames == {2: 2}


@pytest.mark.parametrize("name", ["missing_value", "_FillValue"])
def test_packed_missing_values_are_found_before_scaling(tmp_path: Path, name: str) -> None:
    values = np.arange(48, dtype=np.int16).reshape(1, 4, 12)
    packing = {"scale_factor": 0.5, "add_offset": 3.0, name: np.int16(13)}
    with open_source(write_netcdf(tmp_path / "a.nc", values, attributes=packing), NC) as source:
        with pytest.raises(FieldError, match=r"1 of 48 .*\(missing \(13\)\) is in row 2, column 2"):
            source.read(1, check=MissingValues(source).check)
        frame = source.read(1)
        assert frame is not None
        assert frame[1, 1] == 9.5


def test_nan_in_a_binary_file(tmp_path: Path) -> None:
    values = frames()
    values[2, 0, 0] = np.nan
    source = open_source(write_binary(tmp_path / "a.dat", values), BINARY)
    with source, pytest.raises(FieldError, match=r"frame 3: 1 of 48 .* longitude 0, latitude -60"):
        source.read(3, check=MissingValues(source).check)


@pytest.mark.parametrize("unlimited", [False, True])
@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"])
def test_cut_off_classic_netcdf(tmp_path: Path, kind: str, unlimited: bool) -> None:
    path = tmp_path / "a.nc"
    write_netcdf(path, frames(), kind=kind, unlimited=unlimited)
    with open_source(str(path), NC) as source:
        assert all(source.read(k) is not None for k in (1, 2, 3))
    path.write_bytes(path.read_bytes()[:-250])
    with open_source(str(path), NC) as source:
        assert source.read(1) is not None
        with pytest.raises(FieldError, match=r"cut off in frame [23] of 3"):
            source.read(2)
            source.read(3)


def test_cut_off_netcdf4(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    write_netcdf(path, frames(), kind="NETCDF4")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FieldError, match="not a usable NetCDF"):
        open_source(str(path), NC)


def test_cut_off_binary(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    write_binary(path, frames())
    whole = path.read_bytes()
    record = 13 + 4 * 48 + 1
    path.write_bytes(whole[: -record - 30])
    with open_source(str(path), BINARY) as source:
        assert source.n_frames == 3
        assert source.read(1) is not None
        with pytest.raises(FieldError, match="cut off in frame 2 of 3: 163 of 192 bytes"):
            source.read(2)
    path.write_bytes(whole[:-record])
    with open_source(str(path), BINARY) as source:
        assert source.read(2) is not None
        assert source.read(3) is None
        assert source.notes == ["the header announces 3 frames, the file holds 2"]


def test_forgotten_newlines_are_noticed(tmp_path: Path) -> None:
    with open_source(write_binary(tmp_path / "a.dat", frames()), FieldSelection(format=0)) as source:
        assert source.read(1) is not None
        with pytest.raises(FieldError, match="answer 'y'"):
            source.read(2)


def test_cut_off_ascii_and_words_in_it(tmp_path: Path) -> None:
    head = "3 2 2\n0 1 2\n5 6\n"
    for body, problem in (
        ("F 1\n1 2 3 4 5 6\nF 2\n1 2 3 4\n", "cut off in frame 2 of 2: 4 of 6 values"),
        ("F 1\n1 2 3 4 5 6\nF 2\n1 2 3 x 5 6\n", "frame 2 .* value 4 is 'x'"),
    ):
        (tmp_path / "a.txt").write_text(head + body)
        with open_source(str(tmp_path / "a.txt"), FieldSelection(format=1)) as source:
            assert source.read(1) is not None
            with pytest.raises(FieldError, match=problem):
                source.read(2)
    (tmp_path / "a.txt").write_text("3 2 2\n0 1 2\n5 north\n")
    with pytest.raises(FieldError, match="only 4 coordinates"):
        open_file(str(tmp_path / "a.txt"), 1)


def test_variables_levels_and_types(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    write_netcdf(path, frames(shape=(2, 2, 4, 12)), ("time", "lev", "lat", "lon"), coordinates={"lev": [1000, 850]})
    with netCDF4.Dataset(path, "a") as data:
        data.createVariable("word", "S1", ("lon",))
    with open_file(str(path), 4) as file:
        assert [c.name for c in file.candidates] == ["f", "word"]
        for variable, by_name, problem in (
            ("g", True, "no variable 'g'; it holds: 4 f"),
            (77, False, "no variable number 77"),
            (None, True, "several fields; name one of"),
            ("word", True, "1 dimensions"),
        ):
            with pytest.raises(FieldError, match=problem):
                file.source(FieldSelection(format=4, by_name=by_name, variable=variable))
        level_axis = file.choices(FieldSelection(format=4, by_name=True, variable="f")).level
        assert level_axis is not None
        assert (level_axis.name, level_axis.values, level_axis.asked) == ("lev", (1000.0, 850.0), True)
        for level, by_name, problem in ((500.0, True, "lev' holds 1000, 850"), (2, False, "allowed: 0 to 1")):
            with pytest.raises(FieldError, match=problem):
                file.source(FieldSelection(format=4, by_name=by_name, variable="f" if by_name else 4, level=level))


def test_dimensions_that_cannot_be_used() -> None:
    every = {"time", "lat", "lon", "lev", "ens", "extra"}
    for dimensions, coards, problem in (
        (("lon",), False, "1 dimensions"),
        (("a", "b", "time", "lev", "lat", "lon"), False, "6 dimensions"),
        (("time", "lat", "cell"), False, "no longitude"),
        (("time", "lon", "lat"), False, "must be the last two"),
        (("ens", "extra", "lev", "lat", "lon"), False, "no place among"),
        (("step", "lat", "lon"), True, "no place among"),
    ):
        variables = every - {"step"}
        with pytest.raises(FieldError, match=problem):
            dimension_roles(dimensions, variables, coards=coards)


def test_levels_without_coordinate(tmp_path: Path) -> None:
    four = ("time", "depth", "lat", "lon")
    path = write_netcdf(tmp_path / "a.nc", frames(shape=(3, 2, 4, 12)), four, without=["depth"])
    with pytest.raises(FieldError, match="'depth' of 'f' has 2 entries but no coordinate"):
        open_source(path, NC)
    path = write_netcdf(tmp_path / "b.nc", frames(shape=SHAPE).reshape(3, 1, 4, 12), four, without=["depth"])
    with open_source(path, NC) as source:
        frame = source.read(2)
        assert frame is not None
        assert frame.tobytes() == frames(shape=SHAPE)[1].tobytes()
        assert any("TRACK reads zeros" in note for note in source.notes)


def test_curvilinear_coordinates(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as data:
        for name, length in (("lat", 4), ("lon", 12)):
            data.createDimension(name, length)
        data.createVariable("lat", "f4", ("lat", "lon"))
        data.createVariable("lon", "f4", ("lat", "lon"))
        data.createVariable("f", "f4", ("lat", "lon"))
    with pytest.raises(FieldError, match="curvilinear"):
        open_source(str(path), NC)


def test_pp_that_cannot_be_used(goldens: Path, tmp_path: Path) -> None:
    whole = (goldens / "formats" / "inputs" / "ncvar" / "b04.pp").read_bytes()
    path = tmp_path / "a.pp"
    path.write_bytes(np.frombuffer(whole, "<u4").astype(">u4").tobytes())
    with open_source(str(path), PP) as source, open_source(str(goldens / "formats/inputs/ncvar/b04.pp"), PP) as plain:
        assert any("big-endian" in note for note in source.notes)
        assert_bitwise(source.lat, plain.lat)
        assert_bitwise(source.read(2), plain.read(2))
    path.write_bytes(whole[:-100])
    with open_source(str(path), PP) as source, pytest.raises(FieldError, match="cut off in field 3"):
        source.read(3)
    packed = bytearray(whole)
    packed[4 + 20 * 4] = 1
    path.write_bytes(packed)
    with open_source(str(path), PP) as source, pytest.raises(FieldError, match="LBPACK 1"):
        source.read(1)
    assert len(LON) * len(LAT) == 48
