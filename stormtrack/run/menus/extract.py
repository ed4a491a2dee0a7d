"""Extraction of frames with a transform of their values (menu 8).

References
----------
Specification 05, sections 1.4, 1.6, 1.7 and 11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from ...arrays import F32
from ...errors import AnswersError, FieldError
from ...formats.fields.frame_files import FrameFileWriter
from ...formats.fields.netcdf_frames import NetcdfFrameWriter
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.reorder import frame_transform
from ...preprocess.transforms import transform_frame
from ...settings.extract import ExtractRequest, ExtractSettings, FieldTransform
from ...sources.source import Source
from ...sources.track_binary import BinarySource
from ..context import RunContext


def chosen_frames(settings: ExtractSettings, n_frames: int) -> Iterator[int]:
    """1-based numbers of the frames: all, as given, or as given but to the end of the data."""
    if settings.choice == "a":
        return iter(range(1, n_frames + 1))
    last = n_frames if settings.choice == "i" else min(settings.frames.last, n_frames)
    return iter(range(settings.frames.first, last + 1, max(1, settings.frames.step)))


def run(context: RunContext, request: ExtractRequest) -> None:
    """Write the frames chosen in the order of the file, and as TRACK binary if asked for."""
    settings = request.settings
    source, grid = context.data.source, context.data.grid
    converter: AbstractContextManager[TrackBinaryWriter | None] = nullcontext()
    if settings.convert:
        converter = TrackBinaryWriter(context.names.path("conv_bin"), grid.lon, grid.lat)
    to_working = frame_transform(grid.reorder, grid.lat)
    raw, field = np.empty(grid.reorder.source_shape, np.float32), np.empty(grid.reorder.shape, np.float32)
    context.data.tell_oddities(chosen_frames(settings, source.n_frames), context.report)
    writer, write = _writer(context)
    if settings.choice != "a":
        source.follow(settings.frames.first, max(1, settings.frames.step))
    with writer, converter as converted:
        for number in context.report.progress(chosen_frames(settings, source.n_frames), "extracting", None):
            if source.read(number, raw) is None:
                break
            if settings.transform is not None:
                _transform(source, raw, settings.transform, number)
            write(raw, number)
            if converted is not None:
                converted.write_frame(to_working.apply(raw, field))


def _writer(context: RunContext) -> tuple[AbstractContextManager[object], Callable[[F32, int], None]]:
    """The output and how a frame is written to it."""
    path, source = context.names.path("extract"), context.data.source
    if context.data.file.format == 4:
        from ...sources.netcdf.field import NetcdfField

        assert isinstance(source, NetcdfField)
        fields = NetcdfFrameWriter(path, source.description())
        return fields, fields.write_frame
    if not isinstance(source, BinarySource):
        raise AnswersError(
            "frames can be extracted from TRACK binary and NetCDF files only",
            prompt="menu",
            hint="Convert the file (7)",
        )
    frames = FrameFileWriter(path, newline_separated=source.newline_separated)
    return frames, lambda frame, number: frames.write_frame(frame, source.frame_text(number))


def _transform(source: Source, raw: F32, transform: FieldTransform, number: int) -> None:
    ascending = source.lat if source.lat[0] <= source.lat[-1] else source.lat[::-1]
    try:
        transform_frame(raw, transform, ascending)
    except FieldError as problem:
        raise FieldError(f"'{source.name}', frame {number}: {problem}") from problem
