"""Whether a change made kernels slower: both states on the same machine in the same job, in turns.

Noise of a shared machine only ever adds time, so the least of several interleaved rounds is compared, in processor
time. A kernel that looks slower is timed again, with as many rounds more, before it is called slower.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .kernels import Installed, installed, timings

Timings = dict[str, float]
OK, SLOWER = 0, 1
SHORTEST = 5e-6
"""Seconds; differences below this are noise of the clock."""


def fold(least: Timings, found: Timings) -> Timings:
    """Least of each kernel."""
    return {name: min(seconds, least.get(name, seconds)) for name, seconds in found.items()}


def slower(base: Timings, head: Timings, factor: float) -> list[str]:
    """Kernels of both whose time grew by more than `factor`."""
    common = base.keys() & head.keys()
    return sorted(n for n in common if head[n] > factor * base[n] and head[n] - base[n] > SHORTEST)


def rounds_of(
    base: Installed,
    head: Installed,
    rounds: int,
    least: tuple[Timings, Timings],
    timed: Callable[[Installed], Timings] = timings,
) -> tuple[Timings, Timings]:
    """Both in turns, `rounds` times; each goes first every other time."""
    for number in range(rounds):
        first_is_base = number % 2 == 0
        found = [timed(each) for each in ((base, head) if first_is_base else (head, base))]
        of_base, of_head = found if first_is_base else found[::-1]
        least = fold(least[0], of_base), fold(least[1], of_head)
    return least


def table(base: Timings, head: Timings, factor: float) -> str:
    """Both timings of each kernel."""
    bad = slower(base, head, factor)
    lines = [f"{'kernel':<20} {'base ms':>9} {'head ms':>9} {'head/base':>9}"]
    for name in sorted(base.keys() | head.keys()):
        a, b = base.get(name), head.get(name)
        cells = [f"{1000 * v:9.3f}" if v is not None else f"{'-':>9}" for v in (a, b)]
        ratio = f"{b / a:9.2f}" if a and b else f"{'-':>9}"
        lines.append(f"{name:<20} {' '.join(cells)} {ratio}{'  SLOWER' if name in bad else ''}")
    return "\n".join(lines)


def judge(
    base: Installed, head: Installed, factor: float, rounds: int, timed: Callable[[Installed], Timings] = timings
) -> tuple[int, str]:
    """Exit status and the table."""
    least = rounds_of(base, head, rounds, ({}, {}), timed)
    if slower(*least, factor):
        least = rounds_of(base, head, rounds, least, timed)
    bad = slower(*least, factor)
    verdict = (
        f"slower by more than {factor:g}: {', '.join(bad)}" if bad else f"no kernel is slower by more than {factor:g}"
    )
    return (SLOWER if bad else OK), f"{table(*least, factor)}\n{verdict}"


def run_gate(base: Path, head: Path | None, factor: float, rounds: int) -> int:
    """Compare what two environments have installed and print the table."""
    status, text = judge(installed(base), installed(head), factor, rounds)
    print(text)
    return status
