"""Tracks as lines on maps and globes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from stormtrack.errors import TrackFileError
from stormtrack.formats import registry
from stormtrack.formats.geo.lines import lines_of
from stormtrack.model.tracks import TrackSet

from .drawn_tracks import FEW, Drawing, assert_same, track_sets


@pytest.mark.parametrize("name", ["geojson", "kml"])
@FEW
@given(tracks=track_sets(Drawing(any_bits=False)))
def test_everything_comes_back(name: str, tracks: TrackSet) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{name}"
        registry.write_track_set(tracks, path)
        assert registry.identify(path).name == name
        assert_same(registry.read_track_set(path), tracks, but=("history",))
        if name == "geojson":
            json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("lon", "lat", "lines"),
    [
        ([170, 190], [10, 30], [[(170, 10), (180, 20)], [(-180, 20), (-170, 30)]]),
        ([-170, 170], [0, 10], [[(-170, 0), (-180, 5)], [(180, 5), (170, 10)]]),
        ([170, 180, 190], [0, 1, 2], [[(170, 0), (180, 1)], [(-180, 1), (-170, 2)]]),
        ([359, 1], [0, 2], [[(-1, 0), (1, 2)]]),
        ([200], [5], [[(-160, 5)]]),
        ([], [], []),
        ([10, np.nan, 30], [1, 2, 3], [[(10, 1), (30, 3)]]),
    ],
)
def test_lines_are_cut_at_the_date_line(
    lon: list[float], lat: list[float], lines: list[list[tuple[float, float]]]
) -> None:
    assert lines_of(np.array(lon, np.float32), np.array(lat, np.float32)) == lines


@pytest.mark.parametrize("text", ['{"type": "FeatureCollection"}', '{"type": "FeatureCollection", "features": [1]}'])
def test_geojson_of_others_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(TrackFileError, match="did not write"):
        registry.read_track_set(tmp_path / "x")


def test_kml_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.kml").write_text("<kml><Document/></kml>")
    with pytest.raises(TrackFileError, match="did not write"):
        registry.read_track_set(tmp_path / "x.kml")
