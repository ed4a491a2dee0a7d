"""Averages of several periods combined (menu 10): `comp_tavg` and the files beside it, whose names have no extension.

The original writes them into a folder that is literally called ``getenv("PATHO")``, and aborts at the end.

References
----------
Specification 05, section 11. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ...arrays import F32
from ...preprocess.combine import Combination, WeightedMean
from ...settings.combine import CombineRequest, PeriodFiles
from ...settings.series import OtherField
from ...storage.outputs import OutputFile
from ..averages import read_usable
from ..context import RunContext
from ..series import series_output

_ONE = np.float32(1.0)


def run(context: RunContext, request: CombineRequest) -> None:
    """Combine period after period."""
    whole: Combination | None = None
    filtered: WeightedMean | None = None
    for period in context.report.progress(request.periods, "combining", len(request.periods)):
        mean = read_usable(context, period.mean)
        deviation = None if period.deviation is None else read_usable(context, period.deviation)
        weights = np.ones_like(mean) if period.weights is None else read_usable(context, period.weights)
        if whole is None:
            whole = Combination(mean, weights, deviation)
        else:
            whole.add(mean, weights, deviation)
        if period.filtered is not None:
            filtered = _with_filtered(context, filtered, period, period.filtered)
    assert whole is not None
    _write(context, request, "comp_tavg", whole.mean)
    if request.periods[0].deviation is not None:
        _write(context, request, "comp_var", whole.deviation)
    if request.periods[0].weights is not None:
        _write(context, request, "comp_wsum", whole.weights)
    tell_weightless(context, whole.weights)
    if filtered is not None:
        _write(context, request, "comp_varfil", filtered.mean)
        if request.periods[0].filtered_weight is not None:
            with OutputFile(context.names.folder / "comp_specwt") as out:
                out.write_text(f"{float(filtered.weight):e}\n")


def _with_filtered(
    context: RunContext, so_far: WeightedMean | None, period: PeriodFiles, file: OtherField
) -> WeightedMean:
    field, weight = read_usable(context, file), period.filtered_weight
    share = _ONE if weight is None else np.float32(weight)
    if so_far is None:
        return WeightedMean(field, share)
    so_far.add(field, share)
    return so_far


def _write(context: RunContext, request: CombineRequest, name: str, field: F32) -> None:
    first, last = request.periods[0], request.periods[-1]
    with series_output(context.data.source, context.names.folder / name) as output:
        paths = (context.results.named(_read_last(period).path) for period in (first, last))
        output.write_beside(field, *paths)


def _read_last(period: PeriodFiles) -> OtherField:
    """The file of a period that the original reads last: what stands before its field is written before all."""
    return period.filtered or period.weights or period.deviation or period.mean


def tell_weightless(context: RunContext, weights: F32) -> None:
    """Warn of points that have no result."""
    without = int(np.count_nonzero(weights == 0.0))
    if without:
        context.report.warning(
            f"{without} points have no weight in any period; what is combined there is not a number, as in TRACK"
        )
