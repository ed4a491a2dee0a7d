"""The core on arrays beside the drop-in run of the same fields, and what it refuses."""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.backends.processes import Processes
from stormtrack.backends.threads import Threads
from stormtrack.core import TimeMean, detect, link, splice
from stormtrack.errors import FieldError, GridError, LinkError
from stormtrack.formats.fields.track_binary import TrackBinaryWriter
from stormtrack.formats.track.links_read import read_links
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.grid.projections import project_grid
from stormtrack.grid.tracking import Region, TrackingGrid
from stormtrack.model.features import Features
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.settings.detection import AddedField, FeatureType, RefinementSettings
from stormtrack.settings.linking import LinkSettings, ParameterSet
from stormtrack.settings.splice import TrackFilters
from stormtrack.settings.spline import SplineSettings
from stormtrack.settings.startup import AzimuthalTarget, ProjectionSettings
from stormtrack.testing import assert_bitwise
from stormtrack.tracks.join import track_set

ROOT = Path(__file__).resolve().parents[2]
LINKING = "n 0.2 0.8 n n n n 15.0 1.0 n n n n 0 0 n"
PLAIN = f"n 0 0 y n y y g n 1 73 1 35 n n n n n 1.0 n 1 n 1 1 10 e y y 1 4 n n n n n n 0 n n 0 n {LINKING}"
"""Answers of the run that the example makes without them."""


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """The names that the example of docs/design.md leaves behind."""
    example = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "design.md").read_text(), re.DOTALL)
    assert example is not None
    assert len(example.group(1).splitlines()) <= 25
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as out:
        exec(example.group(1), names)
    assert len(out.getvalue().splitlines()) == names["tracks"].n_tracks > 1
    return names


def drop_in(folder: Path, shown: dict[str, Any], answers: str) -> TrackSet:
    """Tracks of a run of answers on the fields of the example."""
    with TrackBinaryWriter(folder / "in.dat", shown["lon"], shown["lat"]) as writer:
        for field in shown["fields"]:
            writer.write_frame(np.asarray(field, np.float32))
    run_answers(
        answers.encode(), input_path=folder / "in.dat", extension="_x", folder=folder, report=Silent(), strict=True
    )
    _, features = read_objects(folder / "objout.new_x")
    return track_set(features, read_links(folder / "tdump_x").over(features))


def assert_same_tracks(actual: TrackSet, expected: TrackSet) -> None:
    """Ids, frames and gaps are equal, and so are positions and values to the six decimals of TRACK's files."""
    assert_bitwise(actual.track_id, expected.track_id)
    assert_bitwise(actual.start, expected.start)
    assert_bitwise(actual.frame, expected.frame)
    assert_bitwise(actual.missing_after, expected.missing_after)
    for name in ("lon", "lat", "intensity"):
        ours = np.array([float(f"{value:f}") for value in getattr(actual, name)], np.float32)
        theirs = np.array([float(f"{value:f}") for value in getattr(expected, name)], np.float32)
        assert_bitwise(ours, theirs, name)


def test_the_example_gives_the_tracks_of_the_drop_in_run(shown: dict[str, Any], tmp_path: Path) -> None:
    assert_same_tracks(shown["tracks"], drop_in(tmp_path, shown, PLAIN))


def test_frames_one_by_one_in_any_number_of_workers(shown: dict[str, Any]) -> None:
    grid, settings, expected = shown["grid"], shown["detection"], shown["features"]

    def one_by_one() -> Iterator[np.ndarray]:
        yield from shown["fields"]

    assert_same_features(detect(one_by_one(), grid, settings), expected)
    assert_same_features(detect(list(shown["fields"]), grid, settings, backend=Threads(3)), expected)
    with Processes(2) as processes:
        assert_same_features(detect(one_by_one(), grid, settings, backend=processes), expected)


def assert_same_features(actual: Features, expected: Features) -> None:
    for name in ("frame", "object_start", "feature_start", "x", "y", "intensity", "missing_after"):
        assert_bitwise(getattr(actual, name), getattr(expected, name), name)


@pytest.mark.parametrize("kind", [2, 4])
def test_on_a_projection_positions_come_back_as_degrees(shown: dict[str, Any], kind: int) -> None:
    working = shown["grid"].grid
    target = AzimuthalTarget(latitude=90.0, longitude=0.0, region=(1, 73, 19, 35), nx=49, ny=49)
    projected = project_grid(working, ProjectionSettings(group=1, kind=kind, targets=(target,)))
    surface = SplineSettings(kind="smoopy")
    grid = pickle.loads(pickle.dumps(TrackingGrid(grid=working, projected=projected, surface=surface)))
    settings = replace(shown["detection"], border_search=False, periodic_x=False, feature_type=FeatureType.SURFACE_FIT)
    settings = replace(settings, refinement=RefinementSettings())
    found = detect(shown["fields"], grid, settings)
    assert found.projection.is_geographic
    assert found.n_features == 10
    assert np.abs(found.x - (60.0 + 5.0 * np.arange(10))).max() < 0.5
    assert np.abs(found.y - 40.0).max() < 0.5
    on_the_map = detect(shown["fields"], replace(grid, geodesic=False), settings)
    assert on_the_map.projection.kind == kind
    assert np.hypot(on_the_map.x, on_the_map.y).max() < 2.0


def test_a_region_counts_from_0(shown: dict[str, Any]) -> None:
    north = replace(shown["grid"], area=Region(0, 73, 18, 35))
    found = detect(shown["fields"], north, shown["detection"])
    assert found.n_features == 10
    assert (found.y == 40.0).all()
    assert north.region.numbers == (1, 73, 19, 35)
    with pytest.raises(GridError, match="does not lie in the grid"):
        detect(shown["fields"], replace(north, area=Region(0, 74, 18, 35)), shown["detection"])


def test_node_numbers_become_coordinates(shown: dict[str, Any]) -> None:
    settings = replace(shown["detection"], feature_type=FeatureType.GRID_MAXIMA)
    found = detect(shown["fields"], replace(shown["grid"], area=Region(2, 73, 18, 35)), settings)
    assert not found.on_nodes
    assert_bitwise(found.x, np.arange(60, 110, 5, dtype=np.float32))


def test_a_mean_a_threshold_and_a_second_field(shown: dict[str, Any]) -> None:
    grid, settings, fields = shown["grid"], shown["detection"], shown["fields"]
    working = np.zeros((35, 73), np.float32)
    raised = detect(fields + 2.0, grid, settings, mean=TimeMean(subtracted=working + np.float32(2.0)))
    assert raised.n_features == 20
    assert np.abs(raised.intensity - 6.0).max() < 1e-5
    assert detect(fields, grid, settings, mean=TimeMean(threshold=working + np.float32(7.0))).n_features == 0
    nodes = replace(settings, feature_type=FeatureType.GRID_MAXIMA, added=AddedField())
    assert np.abs(detect(fields, grid, nodes, added=-fields).intensity).max() == 0.0


def test_times_stay_with_the_frames(shown: dict[str, Any]) -> None:
    times = Times(values=np.arange(10) * 6, units="hours since 2000-01-01", calendar="standard")
    features = detect(shown["fields"], shown["grid"], shown["detection"], times=times)
    tracks = link(features, settings_of_links()).tracks
    assert tracks.time is not None
    assert tracks.time.units == times.units
    assert_bitwise(tracks.time.values, (tracks.frame - 1) * 6)


def settings_of_links() -> LinkSettings:
    return LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(ParameterSet(dmax=15.0, phimax=1.0),))


def test_parts_are_spliced_as_their_files_are(shown: dict[str, Any], tmp_path: Path) -> None:
    parts = [
        link(detect(shown["fields"][first:last], shown["grid"], shown["detection"]), settings_of_links())
        for first, last in ((0, 6), (4, 10))
    ]
    tracks = splice(parts, first_frames=[1, 2], matching=True)
    assert_bitwise(tracks.frame, np.tile(np.arange(1, 11), 2))
    assert tracks.n_tracks == 2
    fewest = TrackFilters(min_points=11, max_points=1000)
    assert splice(parts, first_frames=[1, 2], matching=True, filters=fewest).n_filled == 0
    assert splice(parts, filters=replace(fewest, min_points=6)).n_filled == 4


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_missing_values_are_refused_where_they_are_used(shown: dict[str, Any], bad: float) -> None:
    fields = np.array(shown["fields"], np.float32)
    fields[3, 1, 7] = bad
    with pytest.raises(FieldError, match=r"frame 4: 1 of 2520 values .* row 2, column 8, longitude 35, latitude -80"):
        detect(fields, shown["grid"], shown["detection"])
    assert detect(fields, shown["grid"], shown["detection"], keep_missing=True).n_frames == 10
    north = replace(shown["grid"], area=Region(0, 73, 18, 35))
    assert detect(fields, north, replace(shown["detection"], border_search=False, periodic_x=False)).n_frames == 10


def test_what_cannot_be_used(shown: dict[str, Any]) -> None:
    grid, settings = shown["grid"], shown["detection"]
    with pytest.raises(FieldError, match=r"frame 1 has shape \(35, 71\), the grid \(35, 72\)"):
        detect(shown["fields"][:, :, :-1], grid, settings)
    with pytest.raises(FieldError, match="no frame"):
        detect([], grid, settings)
    with pytest.raises(GridError, match="periodic x boundaries need the border search"):
        detect(shown["fields"], grid, replace(settings, border_search=False))
    nodes = replace(settings, feature_type=FeatureType.GRID_MAXIMA, added=AddedField())
    with pytest.raises(FieldError, match="the added field ends before frame 4"):
        detect(shown["fields"], grid, nodes, added=shown["fields"][:3])
    with pytest.raises(LinkError, match="3 frames are too few"):
        link(detect(shown["fields"][:3], grid, settings), settings_of_links())
