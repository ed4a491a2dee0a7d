"""What this program writes, read by other programs: huracanpy, xarray, pandas, pyarrow, geopandas."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.formats import registry
from stormtrack.formats.cf.dataset import from_huracanpy, to_huracanpy, to_xarray
from stormtrack.formats.moments import to_texts
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet

from .drawn_tracks import assert_same
from .made_tracks import made_tracks

CALENDARS = ("standard", "360_day", "noleap")


@contextmanager
def of_others() -> Iterator[None]:
    """Their warnings are theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def written(tracks: TrackSet, path: Path, **options: Any) -> str:
    registry.write_track_set(tracks, path, **options)
    return str(path)


def huracanpy() -> Any:
    with of_others():
        return pytest.importorskip("huracanpy")


@pytest.mark.parametrize("calendar", CALENDARS)
def test_huracanpy_opens_netcdf(calendar: str, tmp_path: Path) -> None:
    module, tracks = huracanpy(), made_tracks(calendar)
    path = written(tracks, tmp_path / "t.nc")
    with of_others():
        data = module.load(path)
    assert data.track_id.values.tolist() == np.repeat(tracks.track_id, tracks.lengths).tolist()
    np.testing.assert_array_equal(data.lon.values, tracks.lon)
    assert str(data.time.values[0])[:13].replace(" ", "T") == {"standard": "2025-11-24T18"}.get(
        calendar, str(to_first_date(tracks))
    )
    again = from_huracanpy(data)
    assert_same(again, replace(tracks, labels={}), but=("history",))  # of tracks it keeps the ids


def to_first_date(tracks: TrackSet) -> str:
    import cftime

    assert tracks.time is not None
    date = cftime.num2date(int(tracks.time.values[0]), tracks.time.units, tracks.time.calendar)
    return str(date.isoformat())[:13]


@pytest.mark.parametrize("calendar", CALENDARS)
def test_functions_of_huracanpy_work(calendar: str, tmp_path: Path) -> None:
    module, tracks = huracanpy(), made_tracks(calendar)
    path = written(tracks, tmp_path / "t.nc")
    with of_others():
        data = module.load(path)
        seasons = module.info.season(data.track_id, data.lat, data.time)
        density = module.calc.density(data.lon, data.lat)
        matched = module.assess.match([data, data], names=["a", "b"])
        module.save(data, str(tmp_path / "again.nc"))
    year, month = (int(part) for part in to_first_date(tracks).split("-")[:2])
    south = year + (month > 6)  # where a season begins in July
    assert [np.asarray(seasons)[k] for k in tracks.start[:-1]] == [year, year, south]
    assert float(np.nansum(density)) == tracks.n_points
    assert sorted(matched.id_a.tolist()) == sorted(tracks.track_id.tolist()) and list(matched.id_a) == list(
        matched.id_b
    )
    if calendar == "standard":
        with of_others():
            speed = module.calc.translation_speed(data.lon, data.lat, data.time, data.track_id)
        ends = tracks.start[1:] - 1
        assert np.isnan(np.asarray(speed)[ends]).all() and np.isfinite(np.delete(np.asarray(speed), ends)).all()
    again = registry.read_track_set(tmp_path / "again.nc")
    assert sorted(again.track_id.tolist()) == sorted(tracks.track_id.tolist()) and again.n_points == tracks.n_points


@pytest.mark.parametrize("calendar", CALENDARS)
def test_huracanpy_opens_text(calendar: str, tmp_path: Path) -> None:
    module, tracks = huracanpy(), made_tracks(calendar)
    with of_others():
        data = module.load(written(tracks, tmp_path / "ff_trs", format="track", lossy=True), source="track")
    np.testing.assert_allclose(data.lon.values, tracks.lon, rtol=1e-6)
    assert str(data.time.values[0])[:13] == to_first_date(tracks)
    steps = replace(tracks, time=None, start_time=None)
    with of_others():
        data = module.load(written(steps, tmp_path / "steps", format="track", lossy=True), source="track")
    assert data.time.values.tolist() == tracks.frame.tolist()


@pytest.mark.parametrize("calendar", CALENDARS)
def test_the_dataset_for_huracanpy_is_as_it_loads_it(calendar: str, tmp_path: Path) -> None:
    module, tracks = huracanpy(), replace(made_tracks(calendar), labels={})
    with of_others():
        loaded = module.load(written(tracks, tmp_path / "t.nc"))
    ours = to_huracanpy(tracks)
    assert set(ours.variables) == set(loaded.variables)
    for name in ours.variables:
        np.testing.assert_array_equal(ours[name].values, loaded[name].values)
    with of_others():
        module.save(ours, str(tmp_path / "saved.nc"))
    assert_same(from_huracanpy(ours), tracks)


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("end", [".nc", ".zarr"])
def test_xarray_opens_what_is_written(calendar: str, end: str, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    if end == ".zarr":
        pytest.importorskip("zarr")
    tracks = made_tracks(calendar)
    path = written(tracks, tmp_path / f"t{end}")
    with xarray.open_dataset(path, engine="zarr" if end == ".zarr" else "netcdf4") as data:
        assert data.sizes == {"trajectory": 3, "obs": 13}
        assert data.attrs["featureType"] == "trajectory" and data.attrs["Conventions"] == "CF-1.11"
        roles = [n for n, v in data.variables.items() if v.attrs.get("cf_role") == "trajectory_id"]
        sized = [n for n, v in data.variables.items() if "sample_dimension" in v.attrs]
        assert (roles, sized) == (["track_id"], ["row_size"])
        assert data.track_id.dtype == np.int64 and data.intensity.dtype == data.lon.dtype == np.float32
        assert data.kind.values.tolist() == tracks.labels["kind"].tolist()
        assert int(np.isnan(data.wind).sum()) == 3
        assert str(data.time.values[0]).replace(" ", "T")[:13] == to_first_date(tracks)
        assert "stormtrack" in data.attrs["history"]


def test_datasets_of_huracanpy_become_tracks() -> None:
    module = huracanpy()
    with of_others():
        data = module.load(module.example_TE_file, source="tempestextremes")
    tracks, read = from_huracanpy(data), registry.read_track_set(module.example_TE_file)
    assert tracks.lengths.tolist() == read.lengths.tolist()
    np.testing.assert_array_equal(tracks.lon, read.lon)
    assert tracks.time is not None and read.time is not None and to_texts(tracks.time) == to_texts(read.time)


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("end", [".nc", "2.zarr", "3.zarr"])
def test_files_that_xarray_writes_of_our_dataset(calendar: str, end: str, tmp_path: Path) -> None:
    pytest.importorskip("xarray")
    tracks = made_tracks(calendar)
    path, data = tmp_path / f"t{end}", to_xarray(tracks)
    with of_others():
        if end == ".nc":
            data.to_netcdf(path)
        else:
            pytest.importorskip("zarr")
            data.to_zarr(path, zarr_format=int(end[0]))
    assert_same(registry.read_track_set(path), tracks)


def test_history_is_continued(tmp_path: Path) -> None:
    first = tmp_path / "a.nc"
    registry.write_track_set(made_tracks(), first, command="first words")
    registry.write_track_set(registry.read_track_set(first), tmp_path / "b.nc", command="more words")
    lines = str(registry.read_track_set(tmp_path / "b.nc").attributes["history"]).splitlines()
    assert ["first words" in lines[0], "more words" in lines[1], len(lines)] == [True, True, 2]


def test_pandas_reads_csv(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    tracks = made_tracks()
    frame = pandas.read_csv(written(tracks, tmp_path / "t.csv"), parse_dates=["time"])
    assert list(frame)[:6] == ["track_id", "time", "lon", "lat", "intensity", "mslp"]
    assert frame.time.iloc[0] == pandas.Timestamp("2025-11-24 18:00") and frame.time.dtype.kind == "M"
    np.testing.assert_array_equal(frame.lon.to_numpy(np.float32), tracks.lon)
    assert frame.wind.isna().sum() == 3 and frame.kind.iloc[-1] == "SH_cyclones"


def test_pandas_and_pyarrow_read_parquet(tmp_path: Path) -> None:
    pandas, parquet = pytest.importorskip("pandas"), pytest.importorskip("pyarrow.parquet")
    tracks = made_tracks()
    path = written(tracks, tmp_path / "t.parquet")
    frame, table = pandas.read_parquet(path), parquet.read_table(path)
    assert frame.intensity.dtype == np.float32 and frame.time.dtype.kind == "M" and frame.wind.isna().sum() == 3
    np.testing.assert_array_equal(table["intensity"].to_numpy(), tracks.intensity)


def test_parquet_that_pandas_wrote_of_our_frame(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import to_dataframe

    tracks = made_tracks()
    to_dataframe(tracks).to_parquet(tmp_path / "t.parquet")
    assert_same(registry.read_track_set(tmp_path / "t.parquet"), tracks)


@pytest.mark.parametrize("other", [b"{}", b'{"attributes": {}}', b"[]", b"{"])
def test_attributes_are_found_where_pandas_itself_stores_them(other: bytes, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import to_dataframe

    tracks, path = made_tracks(), tmp_path / "t.parquet"
    to_dataframe(tracks).to_parquet(path)
    table = parquet.read_table(path)
    for attributes in (table.schema.metadata[b"PANDAS_ATTRS"], b"[1]"):
        held = {b"PANDAS_ATTRS": attributes, b"pandas": other}
        parquet.write_table(table.replace_schema_metadata(held), path)
        read = registry.read_track_set(path)
        assert read.track_id.tolist() == tracks.track_id.tolist()
        if attributes != b"[1]":
            assert_same(read, tracks)


@pytest.mark.parametrize("end", ["geojson", "kml"])
def test_geopandas_reads_lines(end: str, tmp_path: Path) -> None:
    with of_others():
        geopandas = pytest.importorskip("geopandas")
        shapes = geopandas.read_file(written(made_tracks(), tmp_path / f"t.{end}"))
    assert len(shapes) == 3
    assert shapes.total_bounds[0] == -180 and shapes.total_bounds[2] == 180
    parts = [len(getattr(shape, "geoms", [shape])) for shape in shapes.geometry]
    assert parts == [1, 2, 1] and shapes.crs.to_epsg() in (4326, 4979)
    if end == "geojson":
        assert shapes.track_id.tolist() == [7, 3, 12] and shapes.kind.tolist()[-1] == "SH_cyclones"


def test_a_set_without_dates_is_opened_too(tmp_path: Path) -> None:
    module, tracks = huracanpy(), replace(made_tracks(), time=None)
    path = written(tracks, tmp_path / "t.nc")
    with of_others():
        data = module.load(path)
    assert data.time.values.tolist() == tracks.frame.tolist()


def test_dates_that_are_not_known(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    tracks = made_tracks()
    assert tracks.time is not None
    values = tracks.time.values.copy()
    values[2] = np.iinfo(np.int64).min
    times = Times(values=values, units=tracks.time.units, calendar="standard")
    with xarray.open_dataset(written(replace(tracks, time=times), tmp_path / "t.nc")) as data:
        assert np.isnat(data.time.values).tolist() == [k == 2 for k in range(13)]
