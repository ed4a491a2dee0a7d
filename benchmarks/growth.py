"""How time and memory grow with the number of frames."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from . import answers
from .answers import Frames
from .in_process import measure_in_process
from .inputs import Inputs
from .measure import Usage

LENGTHS = (182, 365, 730, 1460)
LONG = 14600
LARGEST_EXPONENT = 1.1


def measure_growth(
    inputs: Inputs, lengths: Sequence[int], work: Path, say: Callable[[str], object]
) -> dict[str, object]:
    """Northern Hemisphere vorticity over series of several lengths, each in a process of its own.

    Returns
    -------
    dict
        For JSON: lengths, stages and peak memory of each, exponents over the usual lengths and beyond them, and memory.
    """
    usages: list[Usage] = []
    series = inputs.vorticity(max(lengths))
    for frames in lengths:
        say(f"growth: {frames} frames")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        text = answers.northern_vorticity(Frames(1, frames))
        usages.append(measure_in_process("stormtrack", str(series.path.resolve()), "_g", text, work))
    shutil.rmtree(work, ignore_errors=True)
    by_length = dict(zip(lengths, usages, strict=True))
    ends = [n for n in lengths if n in (LENGTHS[0], LENGTHS[-1], LONG)]
    return {
        "lengths": list(lengths),
        "input": series.origin,
        "usages": [u.as_dict() for u in usages],
        "spans": [_span(a, b, by_length[a], by_length[b]) for a, b in pairwise(ends)],
        "largest_exponent": LARGEST_EXPONENT,
        "kib_per_frame": 1024.0 * (usages[-1].peak_mib - usages[0].peak_mib) / (lengths[-1] - lengths[0]),
    }


def _span(first: int, last: int, of_first: Usage, of_last: Usage) -> dict[str, object]:
    """Exponents of processor time between two lengths: linking, and everything."""
    span = math.log(last / first)
    linking = [(usage.stages or {})["linking"] for usage in (of_first, of_last)]
    return {
        "first": first,
        "last": last,
        "linking": math.log(linking[1] / linking[0]) / span,
        "everything": math.log(of_last.cpu / of_first.cpu) / span,
    }
