"""A tracking run: one pass of detection, or one for each hemisphere, then linking.

References
----------
Specification 01, section 4.
"""

from __future__ import annotations

from dataclasses import replace

from ..detect.objects import FrameObjects
from ..errors import AnswersError
from ..io.objects import ObjectHeader
from ..io.objects_write import object_frame, object_header
from ..io.outputs import OutputFile
from ..settings.detection import FeatureType
from .context import RunContext
from .detected import DetectedPass
from .detection import DetectionPass
from .domain import TrackingGrid
from .linking import Linking, Outcome
from .points import joined


def run_tracking(context: RunContext) -> None:
    """Run the tracking part of the dialogue."""
    projection = context.startup.projection
    hemispheres = 1 if projection is None else max(1, len(projection.targets))
    geodesic = context.startup.norm == "g"
    passes: list[DetectedPass] = []
    outcomes: list[Outcome] = []
    for hemisphere in range(hemispheres):
        found = _detect(context, hemisphere)
        passes.append(found)
        context.facts.processed = len(found.frames)
        if not geodesic:
            outcomes.append(_link(context, found))
            if outcomes[-1] == "aborted":
                return
    if not geodesic:
        if projection is not None and projection.targets and outcomes[0] == "kept":
            # The original asks for the first pass once more, whose objects then bear the projection of the last.
            _link(context, replace(passes[0], header=replace(passes[0].header, projection=found.header.projection)))
        return
    geographic = [found.geographic() for found in passes]
    whole = geographic[0] if hemispheres == 1 else _both_hemispheres(context, geographic[0], geographic[1])
    pole = context.conversation.after_frames(context.facts)
    if pole is not None:
        if context.startup.grid.correct_longitudes == 1:
            raise context.conversation.error(
                "rotated_pole?", "longitudes were corrected with their data", hint="Answer 2 to grid.correct_how"
            )
        whole = whole.from_rotated_pole(pole)
    _link(context, whole)


def _detect(context: RunContext, hemisphere: int) -> DetectedPass:
    before = context.conversation.tracking_before_frames(context.facts)
    if before.reuse is not None:
        from .reuse import reused_pass, stored_frames

        content = context.facts.earlier.objects(before.reuse)
        reused = reused_pass(content, before.reuse, context.data.grid, context.startup, hemisphere)
        if not before.reuse.recompute:
            return reused
        stored = stored_frames(content, before.reuse, reused.grid)
        return DetectionPass(context, reused.grid, stored, content.header).run()
    return DetectionPass(context, TrackingGrid.of(context.data.grid, context.startup, hemisphere)).run()


def _link(context: RunContext, found: DetectedPass) -> Outcome:
    """Link the features of a pass, if there are any."""
    if found.header.feature_type == FeatureType.NONE:
        return "linked"
    return Linking(context, found).run()


def _write_both(context: RunContext, header: ObjectHeader, frames: list[FrameObjects]) -> None:
    with OutputFile(context.names.path("comb_obj")) as out:
        out.write(object_header(header))
        for number, frame in enumerate(frames, start=1):
            out.write(object_frame(header, replace(frame, frame=number)))


def _both_hemispheres(context: RunContext, first: DetectedPass, second: DetectedPass) -> DetectedPass:
    """Objects of the second hemisphere behind those of the first, frame by frame; written to `comb_obj`."""
    if len(first.frames) != len(second.frames):
        raise AnswersError(
            f"the hemispheres have {len(first.frames)} and {len(second.frames)} frames; both need the same",
            prompt="frame.end",
            hint="Give the same frame numbers in both passes",
        )
    kinds = (first.header.feature_type, second.header.feature_type)
    if (kinds[0] == 0) != (kinds[1] == 0):
        raise AnswersError(
            f"feature types {kinds[0]} and {kinds[1]} cannot be combined: only one of them gives features",
            prompt="feature_type",
        )
    frames = [joined(a, b) for a, b in zip(first.frames, second.frames, strict=True)]
    grid = context.data.grid
    header = ObjectHeader(
        feature_type=first.header.feature_type,
        has_shape=second.header.has_shape,
        projection=first.header.projection,
        region=(1, grid.nx, 1, grid.ny),
        field_has_position=first.header.field_has_position,
        n_field_values=first.header.n_field_values,
    )
    if header.feature_type != FeatureType.NONE:
        _write_both(context, header, frames)
    return DetectedPass(frames=frames, header=header, grid=first.grid)
