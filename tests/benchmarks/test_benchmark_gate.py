"""The gate on made-up timings: noise passes, slowness does not, new kernels are no failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.gate import OK, SLOWER, judge, slower
from benchmarks.kernels import Installed, installed
from benchmarks.measure import BenchmarkError

BASE, HEAD = Installed(Path("base")), Installed(Path("head"))


class Clock:
    """Hands out prepared timings of the two, the last ones again and again."""

    def __init__(self, base: list[dict[str, float]], head: list[dict[str, float]]) -> None:
        self.prepared = {BASE: base, HEAD: head}
        self.order: list[Installed] = []

    def __call__(self, of: Installed) -> dict[str, float]:
        self.order.append(of)
        rest = self.prepared[of]
        return rest.pop(0) if len(rest) > 1 else rest[0]


def test_equal_timings_pass_after_the_rounds_asked_for() -> None:
    clock = Clock([{"fit": 1e-3}], [{"fit": 1.1e-3}])
    status, text = judge(BASE, HEAD, 1.2, 2, clock)
    assert status == OK
    assert "no kernel is slower" in text
    assert clock.order == [BASE, HEAD, HEAD, BASE]


def test_a_slower_kernel_fails_and_is_named() -> None:
    status, text = judge(BASE, HEAD, 1.2, 2, Clock([{"fit": 1e-3, "shape": 1e-3}], [{"fit": 1.3e-3, "shape": 1e-3}]))
    assert status == SLOWER
    assert text.splitlines()[-1] == "slower by more than 1.2: fit"


def test_a_slow_moment_is_timed_again() -> None:
    clock = Clock([{"fit": 1e-3}], [{"fit": 2e-3}, {"fit": 2e-3}, {"fit": 1e-3}])
    status, _ = judge(BASE, HEAD, 1.2, 2, clock)
    assert status == OK
    assert len(clock.order) == 8


def test_new_and_removed_kernels_are_shown_and_do_not_fail() -> None:
    status, text = judge(BASE, HEAD, 1.2, 1, Clock([{"old": 1e-3}], [{"new": 9.0}]))
    assert status == OK
    assert "old" in text
    assert "new" in text


@pytest.mark.parametrize(("base", "head", "bad"), [(1e-6, 3e-6, []), (1e-5, 1.6e-5, ["k"]), (1e-3, 1.19e-3, [])])
def test_differences_below_the_clock_do_not_count(base: float, head: float, bad: list[str]) -> None:
    assert slower({"k": base}, {"k": head}, 1.2) == bad


def test_interpreters_are_given_or_found_in_a_tree(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    with pytest.raises(BenchmarkError, match=r"python is no program; .*tools/setup\.sh"):
        installed(tmp_path)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert installed(tmp_path) == installed(python) == Installed(python)
    assert installed(None) == Installed(Path(sys.executable))
