"""Notes about a linking that takes long: sweeps and exchanges, ever more rarely."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..linking.result import SweepSeries
from .report import Report

FIRST = 5.0
"""Seconds before the first note; the others come after twice the time each."""


class LinkingNotes:
    """What `linking.driver.link` is to call: tells a report how far a long linking is.

    Parameters
    ----------
    report : Report
    clock : callable
        Seconds.
    """

    def __init__(self, report: Report, clock: Callable[[], float] = time.monotonic) -> None:
        self._report, self._clock = report, clock
        self._begun, self._due = clock(), FIRST

    def __call__(self, series: SweepSeries) -> None:
        """Tell, if it is time to."""
        passed = self._clock() - self._begun
        if passed < self._due:
            return
        self._due = 2.0 * passed
        done = "looking for pairs of points within reach"
        if series.sweeps > 0 or series.exchanges > 0:
            direction = "forward" if series.forward else "backward"
            done = f"{series.sweeps} sweeps with {series.exchanges} exchanges in this {direction} series"
        self._report.note(f"linking: {done}, {passed:.0f} s in all so far")
