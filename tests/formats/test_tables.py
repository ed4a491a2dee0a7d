"""Tracks as tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from stormtrack.formats import registry
from stormtrack.model.tracks import TrackSet

from .drawn_tracks import FEW, Drawing, assert_same, track_sets


@FEW
@given(track_sets(Drawing(empty=False, any_bits=False)))
def test_a_data_frame_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import from_dataframe, to_dataframe

    frame = to_dataframe(tracks)
    assert list(frame)[:4] == ["track_id", "time", "lon", "lat"]
    assert_same(from_dataframe(frame), tracks)


@FEW
@given(track_sets(Drawing(empty=False, any_bits=False)))
def test_csv_and_back(tracks: TrackSet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        registry.write_track_set(tracks, path)
        assert registry.identify(path).name == "csv"
        found = registry.read_track_set(path)
    if tracks.n_points:
        assert_same(found, tracks)
    else:  # nothing but the names of columns
        assert found.n_tracks == 0


@FEW
@given(track_sets(Drawing(empty=False)))
def test_parquet_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("pyarrow")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        registry.write_track_set(tracks, path)
        assert registry.identify(path).name == "parquet"
        assert_same(registry.read_track_set(path), tracks)
