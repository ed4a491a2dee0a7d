"""Averages of periods that are the frames of a file for each quantity combined (menu 11): names with ``_comb``.

There are as many periods as the run's input has frames. The original aborts at the end.

References
----------
Specification 05, section 11. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...arrays import F32
from ...errors import FieldError
from ...preprocess.combine import Combination, WeightedMean
from ...settings.combine import CombineSeriesRequest
from ...settings.series import OtherField
from ..averages import usable_frames
from ..context import RunContext
from ..series import series_output
from .combine import tell_weightless


def run(context: RunContext, request: CombineSeriesRequest) -> None:
    """Combine frame after frame of four files."""
    n_periods, table = max(1, context.data.source.n_frames), request.filtered_weights
    if len(table.values) < n_periods:
        raise FieldError(
            f"weights '{table.path}': {len(table.values)} numbers can be read, and the input has {n_periods} frames, "
            "one for each period; give one number for each"
        )
    files = (request.mean, request.deviation, request.filtered, request.weights)
    frames = zip(*(usable_frames(context, file, n_periods) for file in files), strict=True)
    whole, varying = _combined(context, frames, np.array(table.values, np.float32), n_periods)
    results = whole.mean, whole.deviation, varying.mean, whole.weights
    for file, field in zip(files, results, strict=True):
        _write(context, file, field)
    tell_weightless(context, whole.weights)


def _combined(
    context: RunContext, frames: Iterable[tuple[F32, ...]], filtered_weights: F32, n_periods: int
) -> tuple[Combination, WeightedMean]:
    whole: Combination | None = None
    varying: WeightedMean | None = None
    for k, (mean, deviation, filtered, weights) in enumerate(context.report.progress(frames, "combining", n_periods)):
        if whole is None or varying is None:
            whole = Combination(mean, weights, deviation, precise=True)
            varying = WeightedMean(filtered, filtered_weights[k], precise=True)
        else:
            whole.add(mean, weights, deviation)
            varying.add(filtered, filtered_weights[k])
    assert whole is not None and varying is not None
    return whole, varying


def _write(context: RunContext, file: OtherField, field: F32) -> None:
    path = context.results.named(file.path)
    with series_output(context.data.source, _beside(context, path)) as output:
        output.write_unlabelled(field, path)


def _beside(context: RunContext, path: Path) -> Path:
    """The input's name with an end, in the folder of the run's outputs."""
    return context.names.folder / f"{path.name}_comb"
