"""Cyclonic and anticyclonic tracks of both hemispheres and all kinds of fields."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.labels.cyclonic import sense_of_points, sense_of_tracks
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.tracksets import Tracks


def tracks(values: list[float], lat: list[float], name: str = "vo", units: str = "", lengths: int = 1) -> TrackSet:
    n = len(values)
    return TrackSet(
        track_id=np.arange(n // lengths),
        start=offsets(np.full(n // lengths, lengths)),
        lon=np.zeros(n, np.float32),
        lat=np.array(lat, np.float32),
        variables=(Variable(name=name, values=np.array(values, np.float32), units=units, missing_value=1e25),),
        frame=np.arange(1, n + 1),
        missing_after=np.zeros(n, np.int32),
    )


LAT = [50.0, 50.0, -50.0, -50.0, 0.0, 30.0]
VALUES = [2.0, -2.0, 2.0, -2.0, 2.0, 1e25]


@pytest.mark.parametrize(
    ("name", "units", "expected"),
    [
        ("added_1", "1e-5 s-1", [1, -1, -1, 1, 1, 0]),
        ("added_1", "s**-1", [1, -1, -1, 1, 1, 0]),
        ("vo", "", [1, -1, -1, 1, 1, 0]),
        ("streamfunction", "m2 s-1", [-1, 1, 1, -1, -1, 0]),
        ("msl", "Pa", [-1, 1, -1, 1, -1, 0]),
        ("z", "m", [-1, 1, -1, 1, -1, 0]),
    ],
)
def test_sign_and_hemisphere(name: str, units: str, expected: list[int]) -> None:
    assert sense_of_points(tracks(VALUES, LAT, name, units)).tolist() == expected


def test_what_is_not_said_can_be() -> None:
    data = tracks(VALUES, LAT, "intensity")
    with pytest.raises(TracksError, match="nothing says what 'intensity' is"):
        sense_of_points(data)
    with pytest.raises(TracksError, match="allowed are vorticity"):
        sense_of_points(data, quantity="vortex")
    assert sense_of_points(data, quantity="vorticity").tolist() == [1, -1, -1, 1, 1, 0]
    assert sense_of_points(data, quantity="anomaly").tolist() == [-1, 1, -1, 1, -1, 0]
    with pytest.raises(TracksError, match="there are intensity"):
        sense_of_points(data, by="msl")


@pytest.mark.parametrize(("low", "units"), [(980.0, "hPa"), (98000.0, "Pa")])
def test_whole_pressures_do_not_say(low: float, units: str) -> None:
    data = tracks([low, 1.01 * low], [40.0, 40.0], "msl", units)
    with pytest.raises(TracksError, match="no anomalies"):
        sense_of_points(data)
    kinds = {"kind": np.array(["NH_lows", "NH_highs"], object)}
    assert sense_of_points(replace(data, labels=kinds)).tolist() == [1, -1]


def test_searches_say_it_first() -> None:
    kinds = np.array(["NH_cyclones", "NH_anticyclones", "SH_cyclones"], object)
    data = replace(tracks([-1.0, 2.0, 3.0], [50, 50, -50], "intensity"), labels={"kind": kinds})
    assert sense_of_points(data).tolist() == [1, -1, 1]
    assert Tracks(data).select(cyclonic=True).track_id.tolist() == [0, 2]
    assert Tracks(data).select(cyclonic=False).track_id.tolist() == [1]
    for name in ("north", "flow_NH", "highres"):
        other = replace(data, labels={"kind": np.array(["NH_cyclones", name, "SH_cyclones"], object)})
        with pytest.raises(TracksError, match="nothing says"):
            sense_of_points(other)


def test_signs_that_may_have_been_turned() -> None:
    south = tracks([2.0, 3.0], [50.0, -50.0], "vo")
    with pytest.raises(TracksError, match="nowhere negative in the Southern Hemisphere"):
        sense_of_points(south)
    assert sense_of_points(south, quantity="vorticity").tolist() == [1, -1]
    assert sense_of_points(tracks([2.0, 3.0], [50.0, 40.0], "vo")).tolist() == [1, 1]
    with pytest.raises(TracksError, match="nowhere negative"):
        sense_of_points(tracks([2.0, 3.0], [50.0, 40.0], "msl", "hPa"))


def test_tracks_by_most_of_their_points() -> None:
    data = tracks([1, 1, -1, 1, -1, 1e25], [20, 20, 20, 20, 20, 20], "vo", lengths=3)
    assert sense_of_tracks(data, sense_of_points(data)).tolist() == [1, 0]
    labelled = Tracks(data).label(cyclonic=True)
    assert labelled.labels["cyclonic"].tolist() == [1, 0]
    assert labelled.point_labels["cyclonic"].tolist() == [1, 1, -1, 1, -1, 0]
    assert Tracks(data).select(cyclonic=True).n_tracks == 1
    empty = data.of_tracks(slice(0, 0))
    assert Tracks(empty).label(cyclonic=True).n_tracks == 0
