"""Candidates for matching: the same pairs as if every track were compared with every other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.errors import UserInputError
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import INTENSITY, Variable
from stormtrack.utilities import pairing
from stormtrack.utilities.pairing import MAXIMUM, Matching, Nearby, Side, match


def storms(rng: np.random.Generator, n: int, gaps: bool) -> TrackSet:
    """Slow tracks in a small part of the globe, over the date line and near the pole, so that many are near."""
    lengths = rng.integers(1, 9, n)
    start = offsets(lengths)
    place = np.repeat(np.arange(n), lengths)
    number = np.arange(int(start[-1])) - start[:-1][place]
    frame = rng.integers(1, 12, n)[place] + number * (1 + (gaps & (rng.random(n) < 0.2))[place])
    lat = rng.choice([0.0, 85.0], n)[place] + rng.uniform(-3, 3, int(start[-1]))
    lon = (360.0 + rng.uniform(-6, 6, n)[place] + rng.uniform(-1, 1, int(start[-1]))) % 360.0
    return TrackSet(
        track_id=np.arange(n),
        start=start,
        lon=lon.astype(np.float32),
        lat=lat.astype(np.float32),
        variables=(Variable(name=INTENSITY, values=rng.random(int(start[-1])).astype(np.float32)),),
        frame=frame,
        missing_after=np.zeros(int(start[-1]), np.int32),
    )


class Everything(Nearby):
    """All tracks that overlap in time."""

    def candidates(self, one: Side, i: int, free: np.ndarray) -> np.ndarray:
        times = one.times[one.own(i)]
        return np.flatnonzero(free & (self._firsts <= times[-1]) & (self._lasts >= times[0]))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("nearest", [False, True])
def test_the_same_pairs(seed: int, nearest: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    settings = Matching(strength=MAXIMUM, nearest=nearest, distance=float(rng.uniform(0.1, 4.0)), overlap=0.3)
    if seed % 3 == 0:
        settings = replace(settings, first_points=2)
    gaps = seed >= 8
    sides = [Side(storms(rng, 60, gaps), settings) for _ in range(2)]

    def outcome() -> object:
        try:
            found = match(sides[0], sides[1], settings)
        except UserInputError as error:
            return str(error)
        return found.pairs, found.separation.tolist(), found.part.tolist(), found.several

    few = outcome()
    monkeypatch.setattr(pairing, "Nearby", Everything)
    assert outcome() == few
    assert isinstance(few, str) == gaps


def test_points_out_of_order_are_left_to_the_comparison() -> None:
    settings = Matching(strength=MAXIMUM, nearest=False, distance=0.5, overlap=0.3)
    rng = np.random.default_rng(5)
    data = storms(rng, 20, False)
    turned = replace(data, frame=data.frame[::-1].copy())
    free = np.ones(20, np.bool_)
    for one, two in ((data, turned), (turned, data)):
        sides = Side(one, settings), Side(two, settings)
        falling = [i for i in range(20) if (np.diff(sides[0].times[sides[0].own(i)]) <= 0).any()]
        for i in range(20) if two is turned else falling:
            expected = Everything(sides[1], 0.5).candidates(sides[0], i, free)
            assert np.array_equal(Nearby(sides[1], 0.5).candidates(sides[0], i, free), expected)
    assert falling


def test_few_are_compared() -> None:
    rng = np.random.default_rng(1)
    settings = Matching(strength=MAXIMUM, nearest=False, distance=0.5, overlap=0.3)
    one, two = (Side(storms(rng, 60, False), settings) for _ in range(2))
    free = np.ones(60, np.bool_)
    few = sum(len(Nearby(two, 0.5).candidates(one, i, free)) for i in range(60))
    every = sum(len(Everything(two, 0.5).candidates(one, i, free)) for i in range(60))
    assert few < every / 3
