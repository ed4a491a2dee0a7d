"""Ready recipes, with where their numbers come from.

References
----------
Specification 01, section 16 (TRACK's templates ``RUNDATIN.VOR``, ``RUNDATIN.GFS_MSLP``); 02, section 23.
"""

from __future__ import annotations

from dataclasses import replace

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
from ..settings.standard_tables import STANDARD_ADAPT, STANDARD_CONSTRAINTS, STANDARD_ZONES

VORTICITY = Quantity(name="vorticity", factors=(("s-1", 1.0e5), ("1e-5 s-1", 1.0)), units="1e-5 s-1")
PRESSURE = Quantity(name="sea level pressure", factors=(("Pa", 0.009999999776482582), ("hPa", 1.0)), units="hPa")

_VORTICITY_SOURCE = "TRACK 1.5.2, RUNDATIN.VOR with initial.T42_NH/SH; Hodges et al. (2003, J. Climate 16, 2123)"
_PRESSURE_SOURCE = "TRACK 1.5.2, RUNDATIN.GFS_MSLP with initial.T63_NH/SH; Hoskins and Hodges (2002, JAS 59, 1041)"

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
        raise UserInputError(f"there is no preset '{name}'; there are {', '.join(PRESETS)}")
    return PRESETS[name]
