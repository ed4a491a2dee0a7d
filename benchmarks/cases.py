"""The cases and what is asked of them, in one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from . import answers
from .answers import Frames
from .inputs import Inputs, Series

Quantity = Literal["ratio", "memory ratio", "seconds", "MiB", "exponent", "speed-up"]
LOWER_IS_BETTER = {"seconds", "MiB", "exponent"}


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of one quantity.

    Attributes
    ----------
    quantity : str
        ``ratio``: processor time of TRACK by ours; ``memory ratio``: peak memory likewise; others: ours.
    required, hoped : float
        To be reached, and to be reached for.
    """

    quantity: Quantity
    required: float
    hoped: float | None = None

    def verdict(self, value: float) -> str:
        """How `value` stands to the target."""
        sign = -1.0 if self.quantity in LOWER_IS_BETTER else 1.0
        if self.hoped is not None and sign * value >= sign * self.hoped:
            return "stretch reached"
        return "reached" if sign * value >= sign * self.required else "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One job.

    Attributes
    ----------
    name, about : str
    series : callable
        Makes the input.
    runs : tuple of str
        Answers, one run each, on the same input.
    manner : str
        A fresh command; the run alone inside a process that has loaded everything; or that with two threads,
        compared with one thread.
    targets : tuple of Target
    compares : bool
        Whether TRACK runs beside it.
    is_long : bool
        Left out by ``--quick``; TRACK runs once only.
    """

    name: str
    about: str
    series: Callable[[Inputs], Series]
    runs: tuple[str, ...]
    manner: Literal["command", "in process", "two threads"] = "command"
    targets: tuple[Target, ...] = ()
    compares: bool = True
    is_long: bool = False


def _chunked(frames: int) -> tuple[str, ...]:
    """Chunks of 62 frames that share three, as TRACK's job script cuts a series."""
    lasts = range(62, frames + 61, 61)
    return tuple(answers.global_vorticity(Frames(max(last - 63, 1), min(last, frames))) for last in lasts)


def _northern(frames: int) -> tuple[str, ...]:
    return (answers.northern_vorticity(Frames(1, frames)),)


CASES = (
    Case(
        name="nh62",
        about="Northern Hemisphere vorticity, T42, 62 frames",
        series=lambda i: i.vorticity(62),
        runs=_northern(62),
        targets=(Target("ratio", 15, 25),),
    ),
    Case(
        name="nh62-inprocess",
        about="the same",
        series=lambda i: i.vorticity(62),
        runs=_northern(62),
        manner="in process",
        targets=(Target("ratio", 40, 60),),
    ),
    Case(
        name="nh240",
        about="the same, 240 frames in one go",
        series=lambda i: i.vorticity(240),
        runs=_northern(240),
        targets=(Target("ratio", 200, 500),),
        is_long=True,
    ),
    Case(
        name="global360",
        about="global vorticity, T42, 360 frames in chunks of 62",
        series=lambda i: i.vorticity(360),
        runs=_chunked(360),
        targets=(Target("ratio", 50, 100),),
        is_long=True,
    ),
    Case(
        name="mslp60",
        about="Northern Hemisphere pressure, T42, 60 frames",
        series=lambda i: i.pressure(60),
        runs=(answers.northern_pressure(Frames(1, 60)),),
        targets=(Target("ratio", 1, 2),),
    ),
    Case(
        name="quarter60",
        about="global vorticity, T42 on 0.25 degrees (1440 x 721), 60 frames",
        series=lambda i: i.quarter(60),
        runs=(answers.quarter_vorticity(Frames(1, 60)),),
        targets=(Target("ratio", 25, 40), Target("memory ratio", 5, 8)),
        is_long=True,
    ),
    Case(
        name="t159",
        about="global random spectrum, T159 on 0.25 degrees, 12 frames with 619 features each",
        series=lambda i: i.random_spectrum(12, 619),
        runs=(answers.quarter_vorticity(Frames(1, 12)),),
        is_long=True,
    ),
    Case(
        name="r02",
        about="Northern Hemisphere vorticity, T42, 30 frames",
        series=lambda i: i.vorticity(62),
        runs=_northern(30),
    ),
    Case(
        name="r02-inprocess",
        about="the same",
        series=lambda i: i.vorticity(62),
        runs=_northern(30),
        manner="in process",
    ),
    Case(
        name="year",
        about="Northern Hemisphere vorticity, T42, 1460 frames in one go",
        series=lambda i: i.vorticity(1460),
        runs=_northern(1460),
        targets=(Target("seconds", 60, 20), Target("MiB", 1000)),
        compares=False,
    ),
    Case(
        name="threads",
        about="detection in Northern Hemisphere vorticity, T42, 365 frames: wall time with one thread and with two",
        series=lambda i: i.vorticity(365),
        runs=_northern(365),
        manner="two threads",
        targets=(Target("speed-up", 1.8),),
        compares=False,
    ),
    Case(
        name="threads-quarter",
        about="the same in global vorticity on 0.25 degrees, 60 frames",
        series=lambda i: i.quarter(60),
        runs=(answers.quarter_vorticity(Frames(1, 60)),),
        manner="two threads",
        targets=(Target("speed-up", 1.8),),
        compares=False,
    ),
)
