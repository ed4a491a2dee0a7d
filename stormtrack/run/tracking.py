"""A tracking run: one pass of detection, or one for each hemisphere, then linking.

References
----------
Specification 01, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from ..backends.protocol import Backend
from ..errors import UserInputError
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_write import write_objects
from ..model.features import Features, side_by_side, with_shape
from ..model.links import Links
from ..settings.detection import FeatureType
from ..settings.plan import LinkStep, PassPlan, RunPlan, TrackingPlan
from ..storage.outputs import OutputFile
from .context import RunContext
from .data import RunData
from .detected import DetectedPass
from .detection import FrameDetection, run_pass
from .linking import Linking
from .names import OutputNames
from .report import Report

if TYPE_CHECKING:  # imported when needed: files of tracks are written from features and links
    from ..model.tracks import TrackSet

Linked = tuple[Features, Links]
"""Features and the final tracks that they make up."""


def run_tracking(context: RunContext, plan: TrackingPlan) -> Linked | None:
    """Run the passes of a tracking run and link what they find; the tracks of the last linking, if it gives some."""
    if context.startup.norm != "g":
        return _link_pass_by_pass(context, plan)
    passes = [detect_pass(context, found, hemisphere).geographic() for hemisphere, found in enumerate(plan.passes)]
    whole = passes[0] if len(passes) == 1 else _both_hemispheres(context, *passes)
    if plan.pole is not None:
        whole = whole.from_rotated_pole(plan.pole)
    tracks = None
    for steps in plan.linking:
        tracks = _link(context, whole, steps)
    return tracks


def _link_pass_by_pass(context: RunContext, plan: TrackingPlan) -> Linked | None:
    """Link the features of each pass; those of the first perhaps in the end, with the projection of the last."""
    tracks, passes = None, []
    for hemisphere, (found, steps) in enumerate(zip(plan.passes, plan.linking, strict=False)):
        passes.append(detect_pass(context, found, hemisphere))
        tracks = _link(context, passes[-1], steps)
    for steps in plan.linking[len(plan.passes) :]:
        tracks = _link(context, _first_again(passes[0], passes[-1]), steps)
    return tracks


def _first_again(first: DetectedPass, last: DetectedPass) -> DetectedPass:
    """The first pass after the last: with the projection of that, and with outlines only if that has some too."""
    header = replace(first.header, projection=last.header.projection)
    features = first.features if last.features.points is not None else first.features.without_outlines()
    return replace(first, header=header, features=features)


def track_search(
    plan: RunPlan, data: RunData, names: OutputNames, report: Report, backend: Backend
) -> tuple[Features, TrackSet]:
    """Run the plan of one pass with the geodesic norm; its features and tracks, besides the files."""
    from ..model.tracks import no_tracks
    from ..tracks.join import track_set

    assert plan.tracking is not None
    data.settle(plan.startup)
    context = RunContext(plan=plan, data=data, names=names, results=names, report=report, backend=backend)
    found = detect_pass(context, plan.tracking.passes[0], 0).geographic()
    linked = Linking(context, found).run(plan.tracking.linking[0])
    return found.features, no_tracks() if linked is None else track_set(*linked)


def detect_pass(context: RunContext, plan: PassPlan, hemisphere: int) -> DetectedPass:
    """Features of one pass, detected or taken from an object file."""
    if plan.reuse is not None and plan.detection is None:
        from .reuse import reused_pass

        return reused_pass(context, plan.reuse, hemisphere)
    with closing(FrameDetection.of(context, plan, hemisphere)) as detection:
        return run_pass(detection)


def _link(context: RunContext, found: DetectedPass, steps: Sequence[LinkStep]) -> Linked | None:
    if found.header.feature_type == FeatureType.NONE or not steps:
        return None
    return Linking(context, found).run(steps)


def _both_hemispheres(context: RunContext, first: DetectedPass, second: DetectedPass) -> DetectedPass:
    """Objects of the second hemisphere behind those of the first, frame by frame; written to `comb_obj`."""
    numbers, kinds = [p.features.n_frames for p in (first, second)], [p.header.feature_type for p in (first, second)]
    if numbers[0] != numbers[1] or (kinds[0] == 0) != (kinds[1] == 0):
        raise UserInputError(
            f"passes of {numbers[0]} and {numbers[1]} frames with feature types {kinds[0]} and {kinds[1]} cannot be "
            "combined; both need the same frames, and features or none"
        )
    grid = context.data.grid
    header = ObjectHeader(
        feature_type=first.header.feature_type,
        has_shape=second.header.has_shape,
        projection=first.header.projection,
        region=(1, grid.nx, 1, grid.ny),
        field_has_position=first.header.field_has_position,
    )
    columns = [with_shape(p.features, wanted=header.has_shape) for p in (first, second)]
    features = side_by_side(*columns).renumbered()
    if header.feature_type != FeatureType.NONE:
        with OutputFile(context.names.path("comb_obj")) as out:
            write_objects(out, header, features)
    return DetectedPass(features=features, header=header, grid=first.grid)
