"""What a recipe means for one search: grid, detection, linking, in the terms of a run.

References
----------
Specification 01, sections 3, 4 and 9.
"""

from __future__ import annotations

from dataclasses import replace

from ..settings.detection import DetectionSettings, FieldPreparation
from ..settings.plan import DetectionPlan, FrameRange, LinkStep, ObjectOutput, PassPlan, RunPlan, TrackingPlan
from ..settings.recipe import Recipe, Search
from ..settings.startup import (
    AzimuthalTarget,
    FieldSelection,
    GridSettings,
    ProjectionSettings,
    StartupSettings,
)

_STEREOGRAPHIC = 2


def projection(recipe: Recipe, search: Search, shape: tuple[int, int]) -> ProjectionSettings:
    """The polar stereographic grid of a search; `shape`: rows and columns of the working grid."""
    ny, nx = shape
    target = AzimuthalTarget(
        latitude=90.0 if search.hemisphere == "N" else -90.0,
        longitude=0.0,
        region=(1, nx, 1, ny),
        nx=recipe.plane,
        ny=recipe.plane,
    )
    return ProjectionSettings(group=1, kind=_STEREOGRAPHIC, targets=(target,))


def detection(recipe: Recipe, search: Search, factor: float) -> DetectionSettings:
    """Settings of a search in fields that `factor` brings to the recipe's units; strengths stay positive."""
    scale = None if factor == 1.0 else factor
    preparation = FieldPreparation(scale=scale, minima=search.minima)
    return replace(recipe.detection, preparation=preparation)


def run_plan(recipe: Recipe, search: Search, factor: float, shape: tuple[int, int]) -> RunPlan:
    """The drop-in run of a search on TRACK's binary file of its fields, whose columns get one at 360 degrees."""
    plan = DetectionPlan(
        settings=detection(recipe, search, factor),
        frames=FrameRange(),
        projection_surface=recipe.surface,
        objects=ObjectOutput(announces_shape=recipe.detection.shape is not None),
    )
    startup = StartupSettings(
        selection=FieldSelection(format=0, newline_separated=True),
        grid=GridSettings(make_periodic=True),
        norm="g",
        projection=projection(recipe, search, shape),
    )
    steps = (LinkStep(action="link", settings=recipe.linking),)
    return RunPlan(startup=startup, tracking=TrackingPlan(passes=(PassPlan(detection=plan),), linking=(steps,)))
