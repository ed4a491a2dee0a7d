"""Tracks as tables."""

from __future__ import annotations

import pytest
from hypothesis import given

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
