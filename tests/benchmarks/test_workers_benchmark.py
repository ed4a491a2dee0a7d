"""The benchmark of workers: what it measures, and its table."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")

from benchmarks.campaign import overhead
from benchmarks.workers import Campaigning, Detecting, DropIn, Timing, Work, table, timing
from stormtrack.backends.threads import Threads

ALLOWED = os.sched_getaffinity(0)


@pytest.mark.parametrize("kind", [Detecting, DropIn, Campaigning])
def test_a_short_series(kind: Callable[[Path, int], Work], tmp_path: Path) -> None:
    found = timing(kind(tmp_path, 16), Threads(2), repeats=1, tasks=10)
    assert found.backend == "threads" and min(found.wall, found.serial_cpu, found.free_wall) > 0
    assert len(os.sched_getaffinity(0)) == len(ALLOWED)


def test_what_is_missed_is_said() -> None:
    fast = {
        "speed_up": 2.0,
        "wall": 0.5,
        "cpu": 1.0,
        "serial_wall": 1.0,
        "serial_cpu": 1.0,
        "free_wall": 0.75,
        "task_ms": 1.0,
    }
    slow = {**fast, "cpu": 1.5, "task_ms": 30.0}
    text = table([Timing(backend=name, work="detect", **how) for name, how in (("processes", fast), ("dask", slow))])
    assert (
        "| processes | detect | 1.00 / 0.50 (0.75) | 2.00 | 1.00 / 1.00 | 2.00 | 1.00 | 1.9 reached, 10 ms reached |"
        in text
    )
    assert text.endswith("| 1.00 / 1.50 | 1.33 | 30.00 | 1.9 reached, 25 ms not reached |")


def test_what_a_task_of_a_campaign_costs() -> None:
    found = overhead("serial", 1, 20)
    assert found["own_cpu_ms"] > 0.0 and found["wall_ms"] < 1000.0
