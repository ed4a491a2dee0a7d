"""Motion and other times beside those of huracanpy (another program, other formulas)."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from tests.tracksets.made_up import storms

pytest.importorskip("huracanpy", reason="the program to compare with")
TRACKS = storms(60, seed=9)
ELLIPSOID = 6.0e-3
"""Largest relative difference of distances on the sphere and on WGS84, where huracanpy measures (its formula for the
sphere gives other distances than the chord)."""


@pytest.fixture(scope="module")
def other() -> Any:
    """huracanpy, and the tracks as it has them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import huracanpy

        return huracanpy, TRACKS.to_huracanpy()


def test_distances_from_point_to_point(other: Any) -> None:
    huracanpy, records = other
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = huracanpy.calc.distance(records.lon, records.lat, track_id=records.track_id)
    along = 1000.0 * TRACKS.distance()
    inner = np.flatnonzero(np.diff(TRACKS.owner) == 0)
    np.testing.assert_allclose(along[inner + 1] - along[inner], np.asarray(found)[inner], rtol=ELLIPSOID)


def test_speeds_of_translation(other: Any) -> None:
    huracanpy, records = other
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = huracanpy.calc.translation_speed(records.lon, records.lat, records.time, records.track_id)
    theirs, ours = np.asarray(found, np.float64), TRACKS.speed("forward")
    known = np.isfinite(ours)
    assert np.isfinite(theirs[known]).all()
    np.testing.assert_allclose(ours[known], theirs[known], rtol=ELLIPSOID)


def test_strongest_and_first_points(other: Any) -> None:
    huracanpy, records = other
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        apex = huracanpy.calc.apex_vals(records, records.vorticity, records.track_id)
        genesis = huracanpy.calc.gen_vals(records, records.time, records.track_id)
    assert np.sort(apex.lon.values).tolist() == np.sort(TRACKS.maximum().lon).tolist()
    assert np.sort(genesis.lat.values).tolist() == np.sort(TRACKS.genesis().lat).tolist()
