"""Statistics as plans: answers become a plan, TOML, and answers again that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans.test_answers import converted
from tests.statistics.drawn_statistics import Case
from tests.statistics.golden_runs import EXTENSION, unpacked
from tests.statistics.test_statistics_goldens import extra_cases, extra_tracks, extras


@pytest.mark.parametrize("case", extra_cases())
def test_goldens_come_back(goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.chdir(tmp_path)
    folder, extra = goldens / "statistics", extras(goldens)
    (tmp_path / "grid.nc").write_bytes(unpacked(folder / "in" / "vo850_24.nc.xz"))
    (tmp_path / "tracks").write_bytes(extra_tracks(folder, str(extra[f"stat/{case}/tracks"])))
    plan = converted(str(extra[f"stat/{case}/answers"]), tmp_path / "grid.nc", tmp_path, EXTENSION)
    assert [type(request).__name__ for request in plan.menu] == ["SpliceRequest", "StatisticsRequest"]


@pytest.mark.parametrize("seed", range(20, 32))
def test_drawn_runs_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.chdir(tmp_path)
    words = Case(seed, tmp_path).words()
    assert len(converted(words, tmp_path / "in.nc", tmp_path, EXTENSION).menu) == 2
