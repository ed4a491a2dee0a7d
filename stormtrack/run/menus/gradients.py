"""Gradients and frontal parameters (menu 13).

References
----------
Specification 05, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.missing import UsedValues
from ...preprocess.gradients import Gradients
from ...settings.fields import FieldSeries
from ...settings.gradients import GradientsRequest
from ..context import RunContext
from ..fields import FieldsTogether
from .winds import tell_poor_fits

NETCDF = 4
"""Number of the format in the dialogue."""


def run(context: RunContext, request: GradientsRequest) -> None:
    """One binary file for everything that is computed.

    As in TRACK the first frame of the winds serves all frames if they come from NetCDF files, and headers count one
    frame too many if the winds end before the field, or without any frame.
    """
    grid, settings = context.data.grid, request.settings
    plan = Gradients(grid, settings)
    held = settings.locator and context.startup.selection.format == NETCDF
    with ExitStack() as stack:
        paths = [context.names.folder / name for name in request.outputs]
        writers = [stack.enter_context(TrackBinaryWriter(path, grid.lon, grid.lat)) for path in paths]
        frames = FieldsTogether(context, request.fields, _last(request.fields), UsedValues.of(grid), held=held)
        for field, *winds in context.report.progress(frames, "computing", None):
            for writer, result in zip(writers, plan.compute(field, winds), strict=True):
                writer.write_frame(result)
        _tell(context, held=held and writers[0].n_frames > 1, ended_early=bool(frames.ended_by))
        for writer in writers:
            writer.n_frames = max(1, writer.n_frames + bool(frames.ended_by))
    tell_poor_fits(context, plan.poor_fits)


def _last(fields: Sequence[FieldSeries]) -> int:
    """Number of the last frame of the field; as in TRACK one frame is all if winds begin behind the last of either."""
    field, *winds = (series.frames for series in fields)
    end = max((wind.last for wind in winds), default=0)
    return 0 if any(wind.first > end for wind in winds) else field.last


def _tell(context: RunContext, *, held: bool, ended_early: bool) -> None:
    if held:
        context.report.warning(
            "the winds of the first frame serve all frames of the front locator, as in TRACK with NetCDF files; "
            "convert them to TRACK binary (menu 7) if they change"
        )
    if ended_early:
        context.report.warning(
            "the winds end before the field: as in TRACK the headers of the outputs announce one frame more than there "
            "are; ask for no frame behind the last of the winds"
        )
