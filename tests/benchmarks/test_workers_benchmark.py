"""The benchmark of workers: what it measures, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")

from benchmarks.workers import Detecting, Timing, table, timing
from stormtrack.backends.threads import Threads


def test_a_short_series(tmp_path: Path) -> None:
    found = timing(Detecting(tmp_path, 4), Threads(2), repeats=1, tasks=10)
    assert found.backend == "threads" and found.wall > 0 and found.serial_cpu > 0
    assert Detecting(tmp_path, 4).run(Threads(1)) > 50


def test_what_is_missed_is_said() -> None:
    fast = {"wall": 0.5, "cpu": 1.0, "serial_wall": 1.0, "serial_cpu": 1.0, "task_ms": 1.0}
    text = table([Timing(backend="processes", **fast), Timing(backend="dask", **{**fast, "cpu": 1.5, "task_ms": 30.0})])
    assert "| processes | 1.00 / 0.50 | 2.00 | 1.00 / 1.00 | 2.00 | 1.00 | 1.9 reached, 10 ms reached |" in text
    assert text.endswith("| 1.00 / 1.50 | 1.33 | 30.00 | 1.9 reached, 25 ms not reached |")
