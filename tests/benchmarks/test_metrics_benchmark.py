"""The benchmark of metrics runs, and its tracks are what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.command import main
from benchmarks.metrics import SEASON, synthetic


def test_the_season_is_the_one_of_the_target() -> None:
    tracks = synthetic(SEASON, 90, seed=1)
    assert tracks.n_tracks == 2934 and 23_000 <= tracks.n_points <= 24_000
    assert abs(tracks.lat).max() <= 90 and tracks.time is not None and tracks.time.known.all()


def test_it_measures_and_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "m.json"
    assert main(["metrics", "--years", "1", "--repeat", "1", "--json", str(out)]) == 0
    said, found = capsys.readouterr().out, json.loads(out.read_text())
    assert "2934 tracks" in said and found["season"]["ATA"] > 0 and found["years_mib"] > 10
