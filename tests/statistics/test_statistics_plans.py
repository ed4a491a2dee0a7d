"""Statistics as plans: answers become a plan, TOML, and answers again that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.option_cases import load_option_cases
from tests.plans.test_answers import converted
from tests.statistics.drawn_statistics import Case
from tests.statistics.golden_runs import EXTENSION, unpacked


def test_goldens_come_back(goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = goldens / "statistics"
    cases = [case for case in load_option_cases(folder / "extra06", tmp_path) if case.name.startswith("stat/")]
    assert len(cases) == 10
    for case in cases:
        monkeypatch.chdir(case.folder)
        (case.folder / "grid.nc").write_bytes(unpacked(folder / "in" / "vo850_24.nc.xz"))
        answers = (case.folder / "answers.in").read_text()
        plan = converted(answers, case.folder / "grid.nc", case.folder, EXTENSION)
        assert [type(request).__name__ for request in plan.menu] == ["SpliceRequest", "StatisticsRequest"]


@pytest.mark.parametrize("seed", range(20, 32))
def test_drawn_runs_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.chdir(tmp_path)
    words = Case(seed, tmp_path).words()
    assert len(converted(words, tmp_path / "in.nc", tmp_path, EXTENSION).menu) == 2
