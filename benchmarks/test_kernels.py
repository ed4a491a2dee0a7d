"""Single kernels on a fixed synthetic series, timed by pytest-benchmark: ``python -m benchmarks kernels``."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.replay import KERNELS, Call, record_run

ROUNDS = {"linking 62 frames": 15, "linking 240 frames": 8, "fit rectangle": 25, "frame": 40}
MANY = 60


@pytest.fixture(scope="session")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Call]:
    """One call of each kernel; linking of 62 and of 240 frames."""
    short, long = (record_run(tmp_path_factory.mktemp(f"run{frames}"), frames) for frames in (62, 240))
    named = {name: call for name, call in short.items() if name != "linking"}
    if "linking" in short:
        named |= {"linking 62 frames": short["linking"], "linking 240 frames": long["linking"]}
    return named


NAMES = [*(name for name in KERNELS if name != "linking"), "linking 62 frames", "linking 240 frames"]


@pytest.mark.parametrize("name", NAMES)
def test_kernel(name: str, calls: dict[str, Call], benchmark: Any) -> None:
    if name not in calls:
        pytest.skip("not in this source tree")
    call = calls[name]
    benchmark.pedantic(call.replay, setup=call.fresh, rounds=ROUNDS.get(name, MANY), warmup_rounds=2)
