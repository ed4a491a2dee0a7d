"""Changed copies of every kind of file: the harness must name the place."""

from __future__ import annotations

import gzip
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from parity.command import main
from parity.compare import difference
from parity.kinds import kind_of

# a bar stands for the blank at the end of a line
OBJECTS = """7 1 0
PROJ_DETAILS
1 2
90.000000 0.000000
REGION_DETAILS
1 150 1 150
ADDITIONAL_FIELDS
  0   0 &
FRAME  1  NMISS 0
OBJ_NUM  1
BOUNDARY_STATE  0
FRAME_FEATURE_NUM 1
OBJECT  1
POINT_NUM  2
3 4 1.500000e+00|
4 4 1.250000e+00|
BOUNDARY_NUM  1
3 4 1.500000e+00|
OBJECT_FEATURE_NUM  1
-0.996831 -1.298846 1.465430e+00 0.201893 -0.741466 0.670991 7.023405e-03|
FRAME  12  NMISS 0
OBJ_NUM  2
BOUNDARY_STATE  -1
FRAME_FEATURE_NUM 3
OBJECT  1
POINT_NUM  0
BOUNDARY_NUM  0
OBJECT_FEATURE_NUM  1
-0.638824 -1.334760 3.193835e+00 0.169809 0.986543 -0.163500 2.740999e-02|
OBJECT  2
POINT_NUM  0
BOUNDARY_NUM  0
OBJECT_FEATURE_NUM  2
-1.587295 -0.677981 1.142180e+00 0.587280 -nan 0.507574 0.000000e+00|
-1.612200 45.123456 1.342180e+00 0.587280 -0.861608 0.507574 0.000000e+00|
""".replace("|", " ")

LINKS = """0.100000 0.800000
0.113446 1.000000
TRACK_No. 2
TRACK_Id. 1
POINT_No. 2
1 3 1|
2 4 1 1|
TRACK_Id. 5
POINT_No. 3
4 1 1|
5 1 2|
6 2 1|
""".replace("|", " ")

TRACKS = """1
0 0
TRACK_NUM         2 ADD_FLD    1   1 &1
TRACK_ID  1
POINT_NUM  1
1 10.500000 45.250000 3.500000e+00 & 1.000000e+00 & 0.100000 0.200000 0.300000 4.000000e-02|
TRACK_ID  7
POINT_NUM  2
3 11.500000 46.250000 3.600000e+00 & 2.000000e+00 & 0.100000 0.200000 0.300000 4.000000e-02|
4 12.500000 47.250000 3.700000e+00 & 3.000000e+00 & 0.100000 0.200000 0.300000 4.000000e-02 2
""".replace("|", " ")

GRID_POSITIONS = "TRACK_NUM         1\nTRACK_ID  3\nPOINT_NUM  2\n1 99 54\n2 98 54\n"
INITIAL = "0\ny\nn\ny\ng\ny\n1\n0\n150\n150\n"

CHANGES = [
    ("objout", OBJECTS, "45.123456", "45.123457", "frame 12 object 2 feature 2 column y: 45.123457 != 45.123456"),
    ("objout", OBJECTS, "-nan", "nan", "frame 12 object 2 feature 1 column orientation x: nan != -nan"),
    ("objout", OBJECTS, "4 4 1.250000e+00", "4 4 1.250001e+00", "frame 1 object 1 point 2 column value: 1.250001e+00"),
    ("objout", OBJECTS, "NUM  1\n3 4 1.5", "NUM  1\n3 5 1.5", "frame 1 object 1 boundary point 1 column y: 5 != 4"),
    ("objout", OBJECTS, "OBJ_NUM  2", "OBJ_NUM  3", "frame 12 OBJ_NUM: 3 != 2"),
    ("objout", OBJECTS, "1 150 1 150", "1 150 1 149", "header column 4: 149 != 150"),
    ("objout.new", OBJECTS, "12  NMISS 0", "12  NMISS 1", "frame 12 FRAME: 1 != 0"),
    ("tdump", LINKS, "5 1 2", "5 1 1", "track 5 point 2 column feature: 1 != 2"),
    ("tdump", LINKS, "2 4 1 1 ", "2 4 1 ", "track 1 point 2: 3 columns != 4 columns"),
    ("tdump", LINKS, "0.113446", "0.113447", "header column 1: 0.113447 != 0.113446"),
    ("idump", LINKS, "TRACK_Id. 5", "TRACK_Id. 4", "track 5 TRACK_Id.: 4 != 5"),
    ("ff_trs", TRACKS, "47.250000", "47.250001", "track 7 point 2 column latitude: 47.250001 != 47.250000"),
    ("ff_trs", TRACKS, "& 2.0", "& 2.1", "track 7 point 1 column additional value 1: 2.100000e+00 != 2.000000e+00"),
    ("ff_trs", TRACKS, "4.000000e-02 2", "4.000000e-02 3", "track 7 point 2 column missing frames: 3 != 2"),
    ("tr_grid", GRID_POSITIONS, "98 54", "98 55", "track 3 point 2 column row of the grid: 55 != 54"),
    ("initial_x", INITIAL, "150\n150", "150\n120", "answer 10 column 1: 120 != 150"),
    ("notes", "one\ntwo 2\n", "two 2", "two 3", "line 2 column 2: 3 != 2"),
    ("objout", OBJECTS, OBJECTS[OBJECTS.index("OBJECT  2") :], "", "ours ends after frame 12 object 1 feature 1"),
]


@pytest.mark.parametrize(("name", "text", "old", "new", "place"), CHANGES)
def test_first_difference_is_named(name: str, text: str, old: str, new: str, place: str) -> None:
    changed = text.replace(old, new)
    assert changed != text
    found = difference(changed.encode(), text.encode(), name)
    assert found is not None
    assert found.startswith(place), found
    assert difference(text.encode(), text.encode(), name) is None


def test_kinds_are_told_from_content() -> None:
    kinds = {"objects": OBJECTS, "links": LINKS, "tracks": TRACKS, "grid positions": GRID_POSITIONS, "text": INITIAL}
    assert {kind: kind_of(text.encode()) for kind, text in kinds.items()} == {kind: kind for kind in kinds}
    assert kind_of(INITIAL.encode(), "initial_s") == "answers"
    assert kind_of(b"\x00\x01") == "bytes"


def test_a_change_of_layout_alone_is_a_difference() -> None:
    found = difference(LINKS.replace("1 3 1 \n", "1 3 1\n").encode(), LINKS.encode(), "tdump")
    assert found is not None
    assert "'1 3 1' != '1 3 1 '" in found


def field_file(values: np.ndarray, labels: str = "FRAME %6d\n") -> bytes:
    frames, ny, nx = values.shape
    out = b"%6d %6d %6d\n" % (nx, ny, frames)
    out += b"".join(b"%12.5f " % (10.0 * k) for k in range(nx)) + b"\n"
    out += b"".join(b"%12.5f " % (5.0 * k) for k in range(ny)) + b"\n"
    for k in range(frames):
        out += (labels % (k + 1)).encode() + values[k].astype("<f4").tobytes() + b"\n"
    return out


def test_fields_name_frame_row_and_column() -> None:
    values = np.arange(3 * 4 * 5, dtype=np.float32).reshape(3, 4, 5)
    other = values.copy()
    other[1, 2, 3] = np.nextafter(other[1, 2, 3], np.float32(np.inf))
    found = difference(field_file(other), field_file(values))
    assert found is not None
    assert found.startswith("frame 2 row 3 column 4: 33.0000038 != 33 (x 30.00000 y 10.00000")
    assert difference(field_file(values[:2]), field_file(values)) == "2 frames != 3 frames"
    assert "label" in str(difference(field_file(values, "FRAME %5d \n"), field_file(values)))
    zero = np.zeros((1, 4, 5), np.float32)
    assert "0 != -0 " in str(difference(field_file(zero), field_file(-zero)))


def netcdf(path: Path, *, latitude: float = 45.5, flag: int = 1, last: float = 2.0) -> Path:
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as data:
        data.createDimension("tracks", 2)
        data.createDimension("record", None)
        for name, values in (("FIRST_PT", [0, 2]), ("NUM_PTS", [2, 3])):
            data.createVariable(name, "i4", ("tracks",))[:] = values
        data["FIRST_PT"].setncattr("flag", flag)
        data.createVariable("latitude", "f4", ("record",))[:] = [1, 2, 3, latitude, last]
    return path


def test_netcdf_names_variable_track_and_point(tmp_path: Path) -> None:
    good = netcdf(tmp_path / "a.nc").read_bytes()
    changed = netcdf(tmp_path / "b.nc", latitude=45.25).read_bytes()
    assert str(difference(changed, good)).startswith("track 2 point 2 column latitude: ")
    attribute = netcdf(tmp_path / "c.nc", flag=2).read_bytes()
    assert str(difference(attribute, good)).startswith("variable FIRST_PT attribute flag: ")
    not_a_number = netcdf(tmp_path / "d.nc", last=np.nan).read_bytes()
    assert difference(not_a_number, not_a_number) is None
    assert "point 3" in str(difference(not_a_number, good))


def test_netcdf_layout_may_differ(tmp_path: Path) -> None:
    good = netcdf(tmp_path / "a.nc")
    with netCDF4.Dataset(tmp_path / "b.nc", "w", format="NETCDF3_CLASSIC") as new, netCDF4.Dataset(good) as old:
        for name, dimension in old.dimensions.items():
            new.createDimension(name, None if dimension.isunlimited() else len(dimension))
        for name in ("FIRST_PT", "NUM_PTS", "latitude"):
            new.createVariable(name, old[name].dtype, old[name].dimensions)
        new["latitude"][:] = old["latitude"][:]
        for name in ("NUM_PTS", "FIRST_PT"):
            new[name][:] = old[name][:]
        new["FIRST_PT"].setncattr("flag", old["FIRST_PT"].getncattr("flag"))
    assert difference((tmp_path / "b.nc").read_bytes(), good.read_bytes()) is None


def test_compare_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, packed = tmp_path / "tdump_a", tmp_path / "tdump_b", tmp_path / "tdump_c.gz"
    good.write_text(LINKS)
    bad.write_text(LINKS.replace("6 2 1", "6 2 2"))
    packed.write_bytes(gzip.compress(LINKS.encode()))
    assert main(["compare", str(good), str(packed)]) == 0
    assert capsys.readouterr().out == "identical\n"
    assert main(["compare", str(bad), str(good)]) == 1
    assert capsys.readouterr().out.startswith("track 5 point 3 column feature: 2 != 1")
    assert main(["compare", str(good), str(tmp_path / "absent")]) == 2
    assert "absent" in capsys.readouterr().err
    assert main(["compare", str(good), str(tmp_path)]) == 2
