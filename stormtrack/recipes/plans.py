"""What a recipe means for one search: grid, detection, linking, in the terms of a run.

References
----------
Specification 01, sections 3, 4 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32
from ..errors import GridError
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
_NEARLY = 0.02
"""Degrees by which columns that go all round may miss the circle, in coordinates that were rounded."""


_FEWEST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a search takes place.

    Attributes
    ----------
    grid : GridSettings
        Of the series as it is searched.
    projection : ProjectionSettings, optional
        The polar stereographic grid of a hemisphere; None: the grid of the data, which is a limited area.
    area : tuple of int, optional
        Columns and rows searched then: x1, x2, y1, y2, 1-based.
    """

    grid: GridSettings
    projection: ProjectionSettings | None = None
    area: tuple[int, int, int, int] | None = None


def place_of(recipe: Recipe, search: Search, lon: F32, lat: F32) -> Place:
    """Where a search takes place in a series on a grid, rows from south to north.

    Raises
    ------
    GridError
        If a limited area has no part in the hemisphere.
    """
    if goes_round(lon):
        plane = _projection(recipe, search, (len(lat), len(lon) + 1))
        return Place(grid=GridSettings(make_periodic=True), projection=plane)
    rows = np.flatnonzero(lat >= 0.0 if search.hemisphere == "N" else lat <= 0.0)
    if len(rows) < _FEWEST_ROWS:
        raise GridError(
            f"the data reach from {lat[0]:g} to {lat[-1]:g} degrees of latitude, {search.name} are sought in the other "
            "hemisphere; choose another preset (--list-presets)"
        )
    return Place(grid=GridSettings(), area=(1, len(lon), int(rows[0]) + 1, int(rows[-1]) + 1))


def goes_round(lon: F32) -> bool:
    """Whether columns, without one at 360 degrees, go all round."""
    reach = float(lon[-1]) - float(lon[0]) + float(lon[1]) - float(lon[0])
    return abs(reach - 360.0) < _NEARLY


def _projection(recipe: Recipe, search: Search, shape: tuple[int, int]) -> ProjectionSettings:
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


def run_plan(recipe: Recipe, search: Search, factor: float, place: Place) -> RunPlan:
    """The drop-in run of a search on TRACK's binary file of its fields."""
    plan = DetectionPlan(
        settings=detection(recipe, search, factor),
        frames=FrameRange(),
        projection_surface=None if place.projection is None else recipe.surface,
        objects=ObjectOutput(announces_shape=recipe.detection.shape is not None),
    )
    startup = StartupSettings(
        selection=FieldSelection(format=0, newline_separated=True),
        grid=place.grid,
        norm="g",
        projection=place.projection,
        area=place.area,
    )
    steps = (LinkStep(action="link", settings=recipe.linking),)
    return RunPlan(startup=startup, tracking=TrackingPlan(passes=(PassPlan(detection=plan),), linking=(steps,)))
