"""Tracks as tables."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from stormtrack.errors import UserInputError
from stormtrack.formats import registry
from stormtrack.model.tracks import TrackSet, offsets

from .drawn_tracks import FEW, Drawing, assert_same, track_sets
from .made_tracks import made_tracks


@FEW
@given(track_sets(Drawing(empty=False, any_bits=False)))
def test_a_data_frame_and_back(tracks: TrackSet) -> None:
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import from_dataframe, to_dataframe

    frame = to_dataframe(tracks)
    assert list(frame)[:4] == ["track_id", "time", "lon", "lat"]
    assert_same(from_dataframe(frame), tracks)


def test_rows_in_another_order() -> None:
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import from_dataframe, to_dataframe

    tracks = made_tracks()
    frame = to_dataframe(tracks)
    assert_same(
        from_dataframe(frame.sort_values("track_id", kind="stable", ascending=False)), in_order(tracks, (2, 0, 1))
    )
    mixed = from_dataframe(frame.sort_values("time", kind="stable"))
    assert mixed.track_id.tolist() == [12, 7, 3] and mixed.lengths.tolist() == [6, 3, 4]
    some = from_dataframe(frame[frame.time < "2025-11-25"])
    assert some.n_points == int((frame.time < "2025-11-25").sum()) and some.labels["kind"].tolist()


def in_order(tracks: TrackSet, order: tuple[int, ...]) -> TrackSet:
    """The same tracks, in another order."""
    points = np.concatenate([np.arange(tracks.start[k], tracks.start[k + 1]) for k in order])
    which = np.array(order)
    labels = {name: values[which] for name, values in tracks.labels.items()}
    lengths = tracks.lengths[which]
    return replace(tracks.take(points, offsets(lengths)), track_id=tracks.track_id[which], labels=labels)


def test_tracks_that_share_an_id() -> None:
    pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import from_dataframe, to_dataframe

    tracks = replace(made_tracks(), track_id=np.array([7, 3, 7]))
    assert_same(from_dataframe(to_dataframe(tracks)), tracks)
    with pytest.raises(UserInputError, match="renumber"):
        to_dataframe(replace(tracks, track_id=np.array([7, 7, 3])))


@FEW
@given(track_sets(Drawing(empty=False, any_bits=False)))
def test_csv_and_back(tracks: TrackSet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        registry.write_track_set(tracks, path)
        assert registry.identify(path).name == "csv"
        found = registry.read_track_set(path)
    if tracks.n_points:
        assert_same(found, tracks, but=("history",))
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
        assert_same(registry.read_track_set(path), tracks, but=("history",))
