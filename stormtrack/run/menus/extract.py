"""Extraction of frames with a transform of their values (menu 8).

References
----------
Specification 05, sections 1.4, 1.6, 1.7 and 11.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import numpy as np

from ...arrays import F32
from ...errors import FieldError
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.reorder import frame_transform
from ...preprocess.holes import fill_holes
from ...preprocess.transforms import transform_frame
from ...settings.extract import ExtractRequest, ExtractSettings
from ...sources.source import Source
from ..context import RunContext
from ..selection import follow_series
from ..series import series_output


def run(context: RunContext, request: ExtractRequest) -> None:
    """Write the frames chosen in the order of the file, and as TRACK binary if asked for."""
    settings = request.settings
    source, grid = context.data.source, context.data.grid
    to_working = frame_transform(grid.reorder, grid.lat)
    raw, field = np.empty(grid.reorder.source_shape, np.float32), np.empty(grid.reorder.shape, np.float32)
    numbers = list(follow_series(settings.frames, source))
    context.data.tell_oddities(numbers, context.report)
    with (
        series_output(context.data.source, context.names.path("extract")) as output,
        _converter(context, settings) as converted,
    ):
        for number in context.report.progress(numbers, "extracting", None):
            if source.read(number, raw) is None:
                break
            _change(source, raw, settings, number)
            output.write(raw, number)
            if converted is not None:
                converted.write_frame(to_working.apply(output.stored(raw), field))


def _converter(context: RunContext, settings: ExtractSettings) -> AbstractContextManager[TrackBinaryWriter | None]:
    grid = context.data.grid
    if not settings.convert:
        return nullcontext()
    return TrackBinaryWriter(context.names.path("conv_bin"), grid.lon, grid.lat)


def _change(source: Source, raw: F32, settings: ExtractSettings, number: int) -> None:
    """Fill holes and transform values, where that is wanted."""
    ascending = source.lat if source.lat[0] <= source.lat[-1] else source.lat[::-1]
    try:
        if settings.holes is not None:
            fill_holes(raw, settings.holes, ascending)
        if settings.transform is not None:
            transform_frame(raw, settings.transform, ascending)
    except FieldError as problem:
        raise FieldError(f"'{source.name}', frame {number}: {problem}") from problem
