"""Additional fields as a plan: to TOML and back, to answers and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.plans.answers import plan_from_answers
from tests.plans.reanswered import answers_again
from tests.sampling.drawn_sampling import Case


@pytest.mark.parametrize("seed", range(30))
def test_drawn_runs_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.chdir(tmp_path)
    words = "\n".join([*Case(seed, tmp_path).words().split(), ""]).encode()
    plan = plan_from_answers(words, "in.nc", extension="_x")
    assert plan.menu
    assert answers_again(plan, "in.nc", "_x")
