"""All statistics of one set of tracks at one set of sampling points.

References
----------
Specification 06, section 1. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

from ..settings.statistics import TRACKS, Estimate, Smoothing, StatisticsSettings
from .data import Data, Material, data_sets
from .fields import Statistics, collected
from .old_estimator import OldEstimators
from .results import Estimators, Result, number_shown
from .sphere import Points
from .track_density import estimate_on_tree, estimate_point_by_point, living_tracks
from .tree import SphereTree
from .tree_estimator import TreeEstimators


def statistics_at(material: Material, settings: StatisticsSettings, points: Points) -> Statistics:
    """Every field at the points.

    Raises
    ------
    UserInputError, NotSupportedError
        If something asked for has no result.
    """
    tree = None if settings.tree is None else SphereTree.of(settings.tree)
    estimators: Estimators = OldEstimators(points) if tree is None else TreeEstimators(tree, points)
    data = data_sets(material, settings)
    if tree is not None:
        data = without_lost_area(data)
    results: dict[str, list[Result]] = {}
    for wanted in settings.estimates:
        if wanted.data == TRACKS:
            results[TRACKS] = [_tracks(material, settings, wanted, estimators, points)]
        elif wanted.data in data and data[wanted.data].n > 1:
            results.setdefault(wanted.data, []).append(_estimate(data[wanted.data], wanted, estimators, material))
    return collected(results, len(points.x))


def without_lost_area(data: dict[str, Data]) -> dict[str, Data]:
    """On the tree the original forgets the areas where there are no data of growth: then their mean is 0."""
    growth = data.get("growth")
    if "area" not in data or (growth is not None and growth.n):
        return data
    area = data["area"]
    assert area.value is not None
    return data | {"area": replace(area, value=area.value * 0)}


def _estimate(data: Data, wanted: Estimate, estimators: Estimators, material: Material) -> Result:
    result = estimators.estimate(data, wanted, estimators.smoothing(data, wanted))
    return replace(result, number=number_shown(data, material.total_weight))


def _tracks(
    material: Material, settings: StatisticsSettings, wanted: Estimate, estimators: Estimators, points: Points
) -> Result:
    """Track density and lifetime."""
    tree = None if settings.tree is None else SphereTree.of(settings.tree)
    living = living_tracks(material, settings)
    estimator = wanted.estimator
    if tree is None or estimator.bracket is not None:
        result, number, s = estimate_point_by_point(living, wanted, estimators, points)
    else:
        result, number = estimate_on_tree(living, wanted, estimators, tree, points)
        s = estimator.lowest if estimator.smoothing == Smoothing.DEFAULT else max(estimator.s, estimator.lowest)
    kernel, width = estimators.label(wanted, s)
    return replace(result, kernel=kernel, half_width=width, number=number)
