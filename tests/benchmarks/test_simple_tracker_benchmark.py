"""The benchmark of the simple tracker: its table, and that its inputs are what it says."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="linking nearest neighbours needs scipy")

from benchmarks.simple_tracker import Growth, Season, centres_of_frames, fields_of_season, table
from stormtrack.settings.simple import CentreSettings, NearestSettings
from stormtrack.simple import detect, link


def test_table() -> None:
    season = Season(centres=300, tracks=40, detecting=0.2, linking=0.3)
    text = table(season, [Growth(centres=100, cpu=0.001), Growth(centres=1000, cpu=0.009)])
    assert "together: reached" in text and "| 1000 | 9.00 | 9.0 times |" in text and "at most: reached" in text


def test_what_is_missed_is_said() -> None:
    season = Season(centres=300, tracks=40, detecting=0.8, linking=0.3)
    text = table(season, [Growth(centres=100, cpu=0.001), Growth(centres=1000, cpu=0.013)])
    assert text.count("not reached") == 2


def test_inputs() -> None:
    fields = fields_of_season(3)
    found = detect(fields, np.arange(144) * 2.5, np.linspace(-90, 90, 73), CentreSettings(sign="min"), periodic=True)
    assert 40 < found.n_features / 3 < 200
    centres = centres_of_frames(500, 4)
    assert centres.frame_start.tolist() == [0, 500, 1000, 1500, 2000]
    assert 500 < link(centres, NearestSettings()).n_tracks < 1000
