"""TRACK's NetCDF with names, units and times: what comes back, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import UserInputError
from stormtrack.formats.registry import read_track_set, write_track_set
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import WEIGHT, Variable
from stormtrack.testing import assert_bitwise
from tests.formats.real_tracks import file_of
from tests.formats.test_track_variants import DATED, PLAIN, read

META = """13
&TIME:
3
units:hours since 2000-01-01 00
start:2000010100
step:6
&INTENSITY:
2
standard_name:vorticity
scale_factor:0.5
&GLOBAL-ATTRIBUTES:
2
history:test
Conventions:CF-1.7
"""


def through(tmp_path: Path, tracks: TrackSet, **options: object) -> TrackSet:
    write_track_set(tracks, tmp_path / "x.nc", format="tr2nc", **options)  # type: ignore[arg-type]
    return read_track_set(tmp_path / "x.nc")


def with_meta(tmp_path: Path, text: str) -> Path:
    (tmp_path / "meta").write_text(text)
    return tmp_path / "meta"


def same(a: TrackSet, b: TrackSet) -> None:
    assert a.track_id.tolist() == b.track_id.tolist() and a.start.tolist() == b.start.tolist()
    for one, other in zip(a.variables, b.variables, strict=True):
        assert (one.name, one.units, one.missing_value) == (other.name, other.units, other.missing_value)
        assert_bitwise(one.values, other.values)
        assert (one.lon is None) == (other.lon is None)
        if one.lon is not None and other.lon is not None:
            assert_bitwise(one.lon, other.lon)
    assert_bitwise(a.lon, b.lon)
    assert (a.time is None) == (b.time is None)
    if a.time is not None and b.time is not None:
        assert (a.time.values.tolist(), a.time.units) == (b.time.values.tolist(), b.time.units)


@pytest.mark.parametrize("text", [PLAIN.replace(" 2\n2 11", " \n2 11"), DATED])
def test_text_comes_back_and_is_the_file_of_a_run(text: str, tmp_path: Path) -> None:
    tracks = read(tmp_path, text)
    same(through(tmp_path, tracks), tracks)
    through(tmp_path, tracks, ids="index")
    assert (tmp_path / "x.nc").read_bytes() == track_netcdf(tracks)


def test_a_public_file_comes_back(tmp_path: Path) -> None:
    tracks = read_track_set(file_of("tr2nc_added10"))
    again = through(tmp_path, tracks)
    same(again, tracks)
    assert again.time is not None and again.time.calendar == "standard"


@pytest.mark.parametrize("kind", ["NETCDF4", "NETCDF3_64BIT_DATA", "NETCDF3_CLASSIC"])
def test_as_others_save_it(kind: str, tmp_path: Path) -> None:
    """NetCDF-4 and other classic kinds, records along a fixed dimension."""
    netcdf = pytest.importorskip("netCDF4")
    with netcdf.Dataset(file_of("tr2nc_added10")) as old, netcdf.Dataset(tmp_path / "x", "w", format=kind) as new:
        for name, axis in old.dimensions.items():
            new.createDimension(name, len(axis))
        for name, variable in old.variables.items():
            told = variable.__dict__
            copy = new.createVariable(
                name, variable.dtype, variable.dimensions, fill_value=told.pop("_FillValue", None)
            )
            copy.setncatts(told)
            for one in (variable, copy):
                one.set_auto_maskandscale(False)
            copy[:] = variable[:]
    same(read_track_set(tmp_path / "x"), read_track_set(file_of("tr2nc_added10")))


@pytest.mark.parametrize("calendar", ["360_day", "noleap", None])
def test_real_times_keep_units_and_calendar(calendar: str | None, tmp_path: Path) -> None:
    tracks = read(tmp_path, PLAIN.replace(" 2\n2 11", " \n2 11"))
    times = Times(values=np.array([0, 45, 45]), units="minutes since 2001-02-28 00:00:00", calendar=calendar)
    again = through(tmp_path, replace(tracks, time=times, frame=np.zeros(3, np.int64)))
    assert again.time is not None
    assert (again.time.values.tolist(), again.time.units) == ([0, 45, 45], times.units)
    assert again.time.calendar == (calendar or "standard")


def test_fractions_of_a_unit_become_whole_numbers_of_a_finer_one(tmp_path: Path) -> None:
    netcdf = pytest.importorskip("netCDF4")
    tracks = read(tmp_path, PLAIN.replace(" 2\n2 11", " \n2 11"))
    times = Times(values=np.array([0, 6, 6]), units="hours since 2000-01-01 00", calendar="standard")
    write_track_set(replace(tracks, time=times), tmp_path / "x.nc", format="tr2nc")
    with netcdf.Dataset(tmp_path / "x.nc", "a") as file:
        file["time"].units, file["time"][:] = " days since 2000-01-01 00", [0.25, 0.5, 1.75]
    again = read_track_set(tmp_path / "x.nc").time
    assert again is not None
    assert (again.values.tolist(), again.units) == ([6, 12, 42], "hours since 2000-01-01 00")


def test_a_metafile_names_and_dates(tmp_path: Path) -> None:
    meta = with_meta(tmp_path, META)
    tracks = replace(read(tmp_path, PLAIN), missing_after=np.zeros(3, np.int32))
    again = through(tmp_path, tracks, meta=meta)
    assert again.variables[0].name == "vorticity" and again.intensity.tolist() == [0.5, -2.5, 1.0]
    assert again.time is not None and again.time.values.tolist() == [0, 6, 6]
    assert again.attributes == {"history": "test"}, "but not what says which conventions the file follows"
    scaled = replace(tracks, variables=(replace(tracks.variables[0], units="s-1"),))
    assert through(tmp_path, scaled, meta=meta).intensity.tolist() == [1.0, -5.0, 2.0], "values in their units"
    hours = Times(values=np.array([18, 24, 24]), units="hours since 1999-12-31 00:00:00", calendar="standard")
    dated = through(tmp_path, replace(tracks, time=hours), meta=meta)
    assert dated.time is not None and dated.time.values.tolist() == [-6, 0, 0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x\n", "line 1: expected the number of the lines"),
        (META.replace("13\n", "15\n", 1), "line 1: 15 lines are announced, 13 follow"),
        (META.replace("history:test", "history"), "line 13: expected 'name:value'"),
        (META.replace("2000-01-01 00\n", "2000-01-01 00:00\n"), "line 4: the value of 'units' has a colon"),
        (META.replace("0.5", "half"), "line 10: 'half' is no number"),
        (META.replace("start:", "begin:"), "TIME has no 'start'"),
        (META.replace("step:", "hours:"), "TIME has no 'step'"),
        (META.replace("&TIME:\n3", "&TIME:\nx"), "line 3: expected the number of attributes of 'TIME'"),
    ],
)
def test_metafiles_that_are_refused(text: str, said: str, tmp_path: Path) -> None:
    tracks = replace(read(tmp_path, PLAIN), missing_after=np.zeros(3, np.int32))
    with pytest.raises(UserInputError) as caught:
        through(tmp_path, tracks, meta=with_meta(tmp_path, text))
    assert said in str(caught.value)
    assert not (tmp_path / "x.nc").exists()


def test_what_the_file_cannot_keep(tmp_path: Path) -> None:
    tracks = read(tmp_path, PLAIN)
    weighted = replace(tracks, variables=(*tracks.variables, Variable(name=WEIGHT, values=tracks.lon)))
    with pytest.raises(UserInputError, match=r"shape and weights \(weight\); numbers of missing frames"):
        through(tmp_path, weighted)
    twice = replace(tracks, variables=(tracks.variables[0], replace(tracks.variables[0])))
    with pytest.raises(UserInputError, match="names of values must differ"):
        through(tmp_path, twice, lossy=True)
    with pytest.raises(UserInputError, match="ids='both'"):
        through(tmp_path, tracks, lossy=True, ids="both")


@pytest.mark.parametrize("name", ["te_narr", "tr2nc_added10"])
def test_others_read_what_is_written(name: str, tmp_path: Path) -> None:
    huracanpy = pytest.importorskip("huracanpy")
    tracks = read_track_set(file_of(name))
    write_track_set(tracks, tmp_path / "x.nc", format="tr2nc", lossy=True)
    found = huracanpy.load(str(tmp_path / "x.nc"), source="netcdf")
    assert found.track_id.values.tolist() == tracks.track_id[tracks.owner].tolist()
    np.testing.assert_allclose(found[tracks.variables[0].name].values, tracks.intensity, rtol=1e-6)
    write_track_set(tracks, tmp_path / "text", format="track", lossy=True)
    found = huracanpy.load(str(tmp_path / "text"), source="track")
    assert found.track_id.values.tolist() == tracks.track_id[tracks.owner].tolist()
    assert str(found.time.values[0])[:13] == {"te_narr": "1980-08-04T18", "tr2nc_added10": "2022-01-13T18"}[name]
    np.testing.assert_allclose(found.lon.values, tracks.lon, rtol=0, atol=6e-7)


def test_others_read_stitchnodes(tmp_path: Path) -> None:
    huracanpy = pytest.importorskip("huracanpy")
    tracks = read_track_set(file_of("te_merra"))
    write_track_set(tracks, tmp_path / "text", format="stitchnodes")
    found = huracanpy.load(str(tmp_path / "text"), source="tempestextremes")
    assert found.i.values.tolist() == tracks.point_labels["i"].tolist()
    np.testing.assert_allclose(found.feature_0.values, tracks.intensity, rtol=1e-6)
