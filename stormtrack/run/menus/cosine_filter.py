"""Filter of limited areas by cosine transforms (menu 4).

References
----------
Specification 05, section 4.
"""

from __future__ import annotations

from contextlib import ExitStack

from ...core.used_values import used_by_spatial_filter
from ...formats.fields.track_binary import TrackBinaryWriter
from ...preprocess.cosine_filter import CosineFilter
from ...settings.cosine_filter import CosineRequest
from ..context import RunContext
from ..working_frames import working_frames


def run(context: RunContext, request: CosineRequest) -> None:
    """One binary file per band."""
    grid, settings = context.data.grid, request.settings
    plan = CosineFilter((grid.ny, grid.nx), settings)
    if not settings.prime_factor and plan.size[0] != plan.size[1]:
        context.report.warning(
            f"transforms of {plan.size[1]} x {plan.size[0]} points: TRACK gets only the first band of the first frame "
            "right where these differ; here all are"
        )
    with ExitStack() as stack:
        names = (context.names.path("specfil", f"_band{band:03d}") for band in range(plan.n_bands))
        writers = [stack.enter_context(TrackBinaryWriter(name, grid.lon, grid.lat)) for name in names]
        frames = working_frames(context, request.frames, used_by_spatial_filter(grid, settings.restriction))
        for frame in context.report.progress(frames, "filtering", None):
            for writer, field in zip(writers, plan.filter(frame), strict=True):
                writer.write_frame(field)
