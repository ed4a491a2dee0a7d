"""Ready recipes, with where their numbers come from.

References
----------
Specification 01, section 16 (TRACK's templates ``RUNDATIN.VOR``, ``RUNDATIN.GFS_MSLP``); 02, section 23; 06, section
3.7.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, replace

from ..errors import UserInputError
from ..settings.detection import (
    AreaSettings,
    DetectionSettings,
    FeatureType,
    RefinementSettings,
    ShapeSettings,
)
from ..settings.linking import FinalFilter, LinkSettings, ParameterSet
from ..settings.recipe import BandFilter, Quantity, Recipe, Search
from ..settings.splice import TrackFilters
from ..settings.standard_tables import STANDARD_ADAPT, STANDARD_CONSTRAINTS, STANDARD_ZONES

VORTICITY = Quantity(name="vorticity", factors=(("s-1", 1.0e5), ("1e-5 s-1", 1.0)), units="1e-5 s-1")
PRESSURE = Quantity(name="sea level pressure", factors=(("Pa", 0.009999999776482582), ("hPa", 1.0)), units="hPa")

_VORTICITY_SOURCE = "TRACK 1.5.2, RUNDATIN.VOR with initial.T42_NH/SH; Hodges et al. (2003, J. Climate 16, 2123)"
_PRESSURE_SOURCE = "TRACK 1.5.2, RUNDATIN.GFS_MSLP with initial.T63_NH/SH; Hoskins and Hodges (2002, JAS 59, 1041)"

_TROPICAL_SOURCE = (
    "TRACK 1.5.2, RUNDATIN.VOR; Hodges, Cobb and Vidale (2017, J. Climate 30, 5243): T63 vorticity averaged over 850, "
    "700 and 600 hPa, at least 2 days"
)

STANDARD_LINKING = LinkSettings(
    weight_direction=0.20000000298023224,
    weight_speed=0.800000011920929,
    sets=(ParameterSet(dmax=6.5, phimax=1.0, zones=STANDARD_ZONES, adapt=STANDARD_ADAPT),),
    adaptive=True,
    zonal=True,
    preprocess_mode=1,
    final=FinalFilter(zones=True, adaptive=True, zone_tables=(STANDARD_ZONES,), adapt_tables=(STANDARD_ADAPT,)),
)
"""Weights 0.2 and 0.8, 6.5 degrees a step (3 in the tropics), adaptive smoothness; the weights as float32."""

_VORTICITY_DETECTION = DetectionSettings(
    threshold=1.0,
    connectivity=4,
    min_object_points=2,
    feature_type=FeatureType.SURFACE_FIT,
    refinement=RefinementSettings(constraints=STANDARD_CONSTRAINTS["smoopy"]),
    shape=ShapeSettings(area=AreaSettings()),
)
_PRESSURE_DETECTION = replace(_VORTICITY_DETECTION, connectivity=8, shape=None)

_NORTHERN_CYCLONES = Search(name="NH_cyclones", hemisphere="N", minima=False)
_SOUTHERN_CYCLONES = Search(name="SH_cyclones", hemisphere="S", minima=True)
_NORTHERN_ANTICYCLONES = Search(name="NH_anticyclones", hemisphere="N", minima=True)
_SOUTHERN_ANTICYCLONES = Search(name="SH_anticyclones", hemisphere="S", minima=False)
_NORTHERN_LOWS = Search(name="NH_lows", hemisphere="N", minima=True)
_SOUTHERN_LOWS = Search(name="SH_lows", hemisphere="S", minima=True)


_TWO_DAYS = 8
"""Points of a track that lasts two days, six hours apart."""


def _vorticity(name: str, *searches: Search) -> Recipe:
    return Recipe(
        name=name,
        source=_VORTICITY_SOURCE,
        quantity=VORTICITY,
        searches=searches,
        detection=_VORTICITY_DETECTION,
        linking=STANDARD_LINKING,
        band=BandFilter(truncation=42),
    )


def _pressure(name: str, *searches: Search) -> Recipe:
    return Recipe(
        name=name,
        source=_PRESSURE_SOURCE,
        quantity=PRESSURE,
        searches=searches,
        detection=_PRESSURE_DETECTION,
        linking=STANDARD_LINKING,
        band=BandFilter(truncation=63),
    )


def _tropical(name: str, *searches: Search) -> Recipe:
    return replace(
        _vorticity(name, *searches),
        source=_TROPICAL_SOURCE,
        detection=replace(_VORTICITY_DETECTION, threshold=0.5),
        band=BandFilter(truncation=63),
        filters=TrackFilters(min_points=_TWO_DAYS),
        levels=(850.0, 700.0, 600.0),
    )


PRESETS = {
    recipe.name: recipe
    for recipe in (
        _vorticity("vorticity-nh-t42", _NORTHERN_CYCLONES),
        _vorticity("vorticity-sh-t42", _SOUTHERN_CYCLONES),
        _vorticity("vorticity-t42", _NORTHERN_CYCLONES, _SOUTHERN_CYCLONES),
        _vorticity(
            "vorticity-both-signs-t42",
            *(_NORTHERN_CYCLONES, _NORTHERN_ANTICYCLONES, _SOUTHERN_CYCLONES, _SOUTHERN_ANTICYCLONES),
        ),
        _pressure("mslp-nh-t63", _NORTHERN_LOWS),
        _pressure("mslp-sh-t63", _SOUTHERN_LOWS),
        _pressure("mslp-t63", _NORTHERN_LOWS, _SOUTHERN_LOWS),
        _tropical("tropical-cyclones-t63", _NORTHERN_CYCLONES, _SOUTHERN_CYCLONES),
    )
}


def preset(name: str) -> Recipe:
    """A recipe by its name.

    Raises
    ------
    UserInputError
        If there is none of that name.
    """
    if name not in PRESETS:
        near = difflib.get_close_matches(name, PRESETS, n=1)
        hint = f" (nearest: {near[0]})" if near else ""
        raise UserInputError(f"there is no preset '{name}'; there are {', '.join(PRESETS)}{hint}")
    return PRESETS[name]


def check_recipe(recipe: Recipe) -> Recipe:
    """The recipe, unless it would find nothing or everything.

    Raises
    ------
    UserInputError
    """
    if not recipe.searches:
        raise UserInputError(f"the recipe '{recipe.name}' has no searches; it needs one or more")
    _check(recipe, Changes(threshold=recipe.detection.threshold))
    return recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The few values of a recipe that people change; None: as it is.

    Attributes
    ----------
    threshold : float, optional
        In the units of the recipe's quantity.
    truncation : int, optional
        Largest total wave number of the band.
    min_points : int, optional
        Tracks with fewer points are dropped.
    min_displacement : float, optional
        Tracks that end nearer to their start (degrees of arc) are dropped.
    """

    threshold: float | None = None
    truncation: int | None = None
    min_points: int | None = None
    min_displacement: float | None = None


def changed(recipe: Recipe, changes: Changes) -> Recipe:
    """A recipe with some values changed.

    Raises
    ------
    UserInputError
        For values out of range.
    """
    _check(recipe, changes)
    if changes.truncation is not None and recipe.band is not None:
        recipe = replace(recipe, band=replace(recipe.band, truncation=changes.truncation))
    if changes.threshold is not None:
        recipe = replace(recipe, detection=replace(recipe.detection, threshold=changes.threshold))
    if changes.min_points is None and changes.min_displacement is None:
        return recipe
    filters = recipe.filters or TrackFilters(min_points=1)
    if changes.min_points is not None:
        filters = replace(filters, min_points=changes.min_points)
    if changes.min_displacement is not None:
        filters = replace(filters, distance=changes.min_displacement)
    return replace(recipe, filters=filters)


def _check(recipe: Recipe, changes: Changes) -> None:
    threshold, truncation, displacement = changes.threshold, changes.truncation, changes.min_displacement
    if threshold is not None and not 0.0 < threshold < math.inf:
        raise UserInputError(f"threshold {threshold:g}: a number above 0 is allowed, in {recipe.quantity.units}")
    if truncation is not None and recipe.band is None:
        raise UserInputError(f"truncation {truncation}: the fields are not filtered, so there is none")
    if truncation is not None and recipe.band is not None and truncation <= recipe.band.above:
        raise UserInputError(
            f"truncation {truncation}: wave numbers up to {recipe.band.above} are removed, so {recipe.band.above + 1} "
            "or more is allowed"
        )
    if changes.min_points is not None and changes.min_points < 1:
        raise UserInputError(f"min_points {changes.min_points}: 1 or more is allowed")
    if displacement is not None and not 0.0 <= displacement <= 180.0:
        raise UserInputError(f"min_displacement {displacement:g}: 0 to 180 degrees are allowed")
