"""Texts written a slice at a time are those of one go, and little of them is held."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from stormtrack.formats.packing import file_sink
from stormtrack.formats.registry import read_track_set, write_track_set
from stormtrack.formats.track import groups_write
from stormtrack.formats.track.groups_write import write_groups
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import INTENSITY, Variable
from stormtrack.text import print_groups


class Pieces:
    """Keeps what is written, piece by piece."""

    def __init__(self) -> None:
        self.all: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.all.append(data)


@pytest.mark.parametrize("at_once", [1, 2, 7, 50, 100_000])
def test_slices_make_the_same_text(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups_write, "ROWS_AT_ONCE", at_once)
    rng = np.random.default_rng(at_once)
    for _ in range(30):
        n = int(rng.integers(0, 40))
        starts = np.concatenate(([3], 3 + np.cumsum(rng.integers(0, 9, n)))).astype(np.int64)
        values = rng.normal(size=(starts[-1] + 5, 2)).astype(np.float32)
        numbers = np.arange(len(values))
        parts = [("T %d %f\n", [np.arange(n), np.ones(n)], None), ("%d %f %e\n", [numbers, values], starts)]
        out = Pieces()
        write_groups(out, parts)
        assert b"".join(out.all) == print_groups(parts)
        most = int(np.diff(starts).max(initial=0)) + 1
        assert all(piece.count(b"\n") <= at_once + most for piece in out.all)


def test_nothing_is_written_of_nothing() -> None:
    out = Pieces()
    write_groups(out, [])
    assert out.all == []


def made_tracks(n: int) -> TrackSet:
    rng = np.random.default_rng(n)
    start = np.concatenate(([0], np.cumsum(rng.integers(0, 6, n)))).astype(np.int64)
    points = int(start[-1])
    lon, lat, value = (rng.uniform(0, 90, points).astype(np.float32) for _ in range(3))
    return TrackSet(
        track_id=np.arange(1, n + 1),
        start=start,
        lon=lon,
        lat=lat,
        frame=np.arange(points) + 1,
        missing_after=np.zeros(points, np.int32),
        variables=(Variable(name=INTENSITY, values=value),),
    )


def test_a_track_file_is_written_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracks = made_tracks(300)
    write_track_set(tracks, tmp_path / "whole", format="track")
    monkeypatch.setattr(groups_write, "ROWS_AT_ONCE", 10)
    write_track_set(tracks, tmp_path / "pieces", format="track")
    write_track_set(tracks, tmp_path / "packed.gz", format="track")
    expected = (tmp_path / "whole").read_bytes()
    assert (tmp_path / "pieces").read_bytes() == expected
    packed = (tmp_path / "packed.gz").read_bytes()
    assert packed == gzip.compress(expected, mtime=0)
    assert read_track_set(tmp_path / "pieces").n_points == tracks.n_points


def test_a_file_that_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    for name in ("plain", "packed.gz"):
        with pytest.raises(ValueError, match="halfway"), file_sink(tmp_path / name) as out:
            out.write(b"some of it")
            raise ValueError("halfway")
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_packed_is_packed_as_a_whole(tmp_path: Path) -> None:
    with file_sink(tmp_path / "a.gz") as out:
        out.write(b"one ")
        out.write(b"two")
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"one two"
