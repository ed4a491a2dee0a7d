"""Filter in time by frequency (menu 6): `filt_time` for every band, and the time average.

References
----------
Specification 05, section 10. Parity: bytes.
"""

from __future__ import annotations

from contextlib import ExitStack

from ...preprocess.frequency_filter import FrequencyFilter
from ...settings.time_filter import FrequencyFilterRequest
from ...storage.frame_store import FrameStore
from ..context import RunContext
from ..time_filters import SeriesToFilter, band_outputs

MEMORY = 256 << 20
"""Bytes of frames kept in memory; longer series are kept in files without names."""
BLOCK = 64 << 20
"""Bytes of the rows that are filtered at a time, all frames and bands together."""


def run(context: RunContext, request: FrequencyFilterRequest) -> None:
    """Filter the series, some rows at a time."""
    series = SeriesToFilter(context, request.series)
    n_frames = series.write_mean()
    plan = FrequencyFilter(request.settings, n_frames)
    with ExitStack() as stack:
        stores = [
            stack.enter_context(FrameStore(series.series.shape, context.names.folder, MEMORY // (1 + plan.n_bands)))
            for _ in range(1 + plan.n_bands)
        ]
        numbers = []
        for number, frame in series.frames("reading"):
            stores[0].append(frame)
            numbers.append(number)
        _filter(context, plan, stores[0], stores[1:])
        for output, store in zip(band_outputs(context, stack, plan.n_bands), stores[1:], strict=True):
            for k, number in enumerate(numbers):
                output.write(store.frame(k), number)


def _filter(context: RunContext, plan: FrequencyFilter, series: FrameStore, bands: list[FrameStore]) -> None:
    """Fill the stores of the bands."""
    ny, nx = series.shape
    n_rows = max(1, BLOCK // (4 * nx * series.n_frames * (1 + len(bands))))
    for store in bands:
        store.reserve(series.n_frames)
    for first in context.report.progress(range(0, ny, n_rows), "filtering", -(-ny // n_rows)):
        filtered = plan.filtered(series.rows(first, min(ny, first + n_rows)))
        for store, rows in zip(bands, filtered, strict=True):
            store.put_rows(first, rows)
