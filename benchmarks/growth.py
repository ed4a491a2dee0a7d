"""How time and memory grow with the number of frames."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
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
        For JSON: lengths, stages and peak memory of each, and the exponents between the first and the last.
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
    first, last, span = usages[0], usages[-1], math.log(lengths[-1] / lengths[0])
    stages = [stage for stage in first.stages or {} if (first.stages or {})[stage] > 0]
    exponents = {s: math.log((last.stages or {})[s] / (first.stages or {})[s]) / span for s in stages}
    exponents["everything"] = math.log(last.cpu / first.cpu) / span
    return {
        "lengths": list(lengths),
        "input": series.origin,
        "usages": [u.as_dict() for u in usages],
        "exponents": exponents,
        "largest_exponent": LARGEST_EXPONENT,
        "kib_per_frame": 1024.0 * (last.peak_mib - first.peak_mib) / (lengths[-1] - lengths[0]),
    }
