"""Lanczos filters in time (menu 5): `filt_time`, the time average, and texts about the filters.

References
----------
Specification 05, section 9. Parity: bytes for TRACK binary input; the original crashes on NetCDF.
"""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np

from ...arrays import F64
from ...formats.fields.lanczos_texts import response_text, weights_text
from ...preprocess.lanczos import LanczosFilter, bands, lanczos_weights, least_order, response
from ...settings.time_filter import LanczosDesign, LanczosRequest
from ...storage.outputs import OutputFile
from ..context import RunContext
from ..time_filters import SeriesToFilter, band_outputs


def run(context: RunContext, request: LanczosRequest) -> None:
    """Filter the series; filters that are made are written too."""
    filters = request.filters
    weights = lanczos_weights(filters) if isinstance(filters, LanczosDesign) else np.array(filters.weights).T
    series = SeriesToFilter(context, request.series)
    series.write_mean(least=weights.shape[1])
    with ExitStack() as stack:
        outputs = band_outputs(context, stack, len(weights))
        frames = (frame for _, frame in series.frames("filtering"))
        filtered = LanczosFilter(weights, series.series.shape).filtered(frames)
        for number, fields in zip(series.series.numbers, filtered, strict=False):
            for output, field in zip(outputs, fields, strict=True):
                output.write(field, number)
    if isinstance(filters, LanczosDesign):
        _write_texts(context, weights, filters)


def _write_texts(context: RunContext, weights: F64, design: LanczosDesign) -> None:
    for (low, high), least in zip(bands(design), least_order(design), strict=True):
        if design.order < least:
            context.report.note(
                f"filters of order {design.order} weaken the middle of the band of frequencies {low:g} to {high:g} "
                f"(cycles per frame), too; {least} is the least order that does not"
            )
    with OutputFile(context.names.path("lanczos_w")) as out:
        out.write(weights_text(weights, design.samples))
    with OutputFile(context.names.path("lanczos_resp")) as out:
        for band, of_filter in zip(bands(design), weights, strict=True):
            out.write(response_text((float(band[0]), float(band[1])), response(of_filter, design)))
