"""The benchmark of fields along tracks: its answers ask for what its call asks for."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import stormtrack as st
from benchmarks import along
from stormtrack.errors import FieldWarning
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers


def test_answers_and_call_give_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xarray")
    monkeypatch.setattr(along, "FRAMES", 40)
    monkeypatch.setattr(along, "TRACKS", 12)
    points = along.prepare(tmp_path)
    words = along.answers(along.FIELDS, chained=False).encode()
    run_answers(words, input_path=tmp_path / "a.nc", extension=along.EXTENSION, folder=tmp_path, report=Silent())
    tracks = st.read_tracks(tmp_path / f"ff_trs{along.EXTENSION}")
    assert tracks.n_tracks == 12 and 0 < tracks.n_points == points
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldWarning)
        radii = (along.OUTER, along.INNER)
        found = tracks.sample(tmp_path / "all.nc", "max", radii, time="frame", engine="track")
    found.write(tmp_path / "called", format="track", lossy=True)
    assert (tmp_path / "called").read_bytes() == (tmp_path / along.ADDED).read_bytes()
