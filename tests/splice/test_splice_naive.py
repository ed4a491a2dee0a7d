"""Joining, merging and filters against the slow second implementation, on random sets."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import columns
from stormtrack.testing import assert_bitwise
from stormtrack.tracks.filters import apply_filters
from stormtrack.tracks.join import join
from stormtrack.tracks.merge import merge
from tests.naive import splice as naive
from tests.splice.splice_cases import random_filters, random_merge, random_sets

FIELD_CHOICES: tuple[tuple[bool, ...], ...] = ((), (), (True,), (False, True))


def assert_same(tracks: TrackSet, entries: list[naive.Entry]) -> None:
    assert tracks.lengths.tolist() == [len(e.points) for e in entries]
    points = [p for e in entries for p in e.points]
    assert tracks.frame.tolist() == [p.frame for p in points]
    assert tracks.missing_after.tolist() == [p.missing for p in points]
    assert tracks.object_number is not None and tracks.object_number.tolist() == [p.obj for p in points]
    assert_bitwise(tracks.lon, np.array([p.x for p in points], np.float32), "lon")
    assert_bitwise(tracks.lat, np.array([p.y for p in points], np.float32), "lat")
    assert_bitwise(tracks.intensity, np.array([p.value for p in points], np.float32), "value")
    cells = [c for v in tracks.variables[1:] for c in columns(v)]
    extra = np.stack(cells, axis=1) if cells else np.zeros((len(points), 0), np.float32)
    assert_bitwise(extra, np.array([p.extra for p in points], np.float32).reshape(extra.shape), "shape and fields")


@pytest.mark.parametrize("block", range(4))
def test_random_splices(block: int) -> None:
    joined_tracks = merged_tracks = passed = failed = 0
    for seed in range(block * 100, block * 100 + 100):
        rng = np.random.default_rng(seed)
        shape = bool(rng.random() < 0.5)
        fields = FIELD_CHOICES[rng.integers(0, len(FIELD_CHOICES))]
        geodesic, matching = bool(rng.random() < 0.8), bool(rng.random() < 0.8)
        sets = random_sets(rng, shape=shape, fields=fields)
        entries = naive.join(sets, matching, geodesic)
        tracks = join(sets, matching=matching, geodesic=geodesic)
        assert_same(tracks, entries)
        joined_tracks += sum(s.n_tracks for s in sets) - len(entries)
        settings = random_merge(rng)
        if settings is not None:
            before = tracks.n_filled
            tracks = merge(tracks, settings, geodesic=geodesic)
            naive.merge(entries, settings, geodesic)
            assert_same(tracks, entries)
            merged_tracks += before - tracks.n_filled
        filters = random_filters(
            rng, len(fields), max((p.frame for e in entries for p in e.points), default=2), len(entries)
        )
        with np.errstate(all="ignore"):
            kept = naive.filtered(entries, filters, fields, 4 * shape, geodesic)
        left = apply_filters(tracks, filters, geodesic=geodesic)
        assert (left.lengths > 0).tolist() == kept
        assert left.lengths.tolist() == np.where(kept, tracks.lengths, 0).tolist()
        passed += sum(kept)
        failed += len(kept) - sum(kept)
    assert joined_tracks > 100 and merged_tracks > 50 and passed > 100 and failed > 100
