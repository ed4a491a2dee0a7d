"""What settings of statistics answer to their prompts: the way back from `statistics.ask`.

References
----------
Specification 06, sections 1.1 and 1.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...settings.statistics import TRACKS, Estimate, Smoothing, StatisticsRequest, StatisticsSettings
from ..rows import Scene, yes_no
from ..tell_startup import projection_scene
from .statistics_rows import ESTIMATES_OF_DROPPED, SINGLE

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_EDGES = ("x1", "x2", "y1", "y2")


def tell(request: StatisticsRequest, tables: TableFiles) -> list[Scene]:
    """What statistics answer: frames and phases, sampling points, data, estimates, scaling."""
    settings = request.settings
    dropped: list[Scene] = [{"stats.dropped": ESTIMATES_OF_DROPPED.index(name) + 1} for name in settings.dropped]
    if dropped:
        dropped.append({"stats.dropped": 0})
    return [
        _opening(settings),
        *_sampling(settings),
        _data(settings),
        *dropped,
        _estimator(settings),
        *_estimates(settings),
        {
            "stats.scale?": yes_no(settings.scaled),
            "stats.more_scaling?": yes_no(settings.factor != 1.0),
            "stats.factor": settings.factor,
            "stats.display?": "n",
        },
    ]


def _opening(settings: StatisticsSettings) -> Scene:
    choice, phases = settings.intensity, settings.phases
    return {
        "stats.f1": settings.frames[0],
        "stats.f2": settings.frames[1],
        "stats.missing_counted": int(settings.frames_count_missing),
        "stats.field": 0 if choice is None else choice.field,
        "stats.use_positions": int(choice is not None and choice.use_positions),
        "stats.exclude_missing?": yes_no(choice is not None and choice.missing_position_is_missing),
        "stats.phases": 2 if settings.phase_file is not None else int(phases is not None),
        "phase.file": settings.phase_file or "",
        "phase.change_norm?": "n",
        "phase.interval": 0.0 if phases is None else phases.interval,
        "phase.scale?": "y",
        "phase.scale_kind": 0,
        "phase.scale": 1.0 if phases is None else phases.scale,
        "phase.display?": "n",
        "stats.what": 1,
    }


def _sampling(settings: StatisticsSettings) -> Iterator[Scene]:
    sampling = settings.sampling
    yield {
        "other_projection": yes_no(sampling.projection),
        **({} if sampling.projection is None else projection_scene(sampling.projection)),
        "stats.input_grid?": yes_no(not sampling.regions),
    }
    for region in sampling.regions:
        bounds = dict(zip((f"stats.{edge}" for edge in _EDGES), region.bounds, strict=True))
        yield {**bounds, "stats.points": region.points}


def _data(settings: StatisticsSettings) -> Scene:
    return {
        **dict(zip((f"domain.{edge}" for edge in _EDGES), settings.domain, strict=True)),
        "stats.weights?": yes_no(settings.least_weight),
        "stats.least_weight": settings.least_weight or 0.0,
        "stats.area_scale?": yes_no(settings.area_scale != 1.0),
        "stats.area_scale_kind": 0,
        "stats.area_scale": settings.area_scale,
        "stats.lifetime_step": settings.lifetime_step,
        "stats.sign": settings.sign,
        "stats.all_or_selected": "s" if settings.dropped else "a",
    }


def _estimator(settings: StatisticsSettings) -> Scene:
    tree = settings.tree
    if tree is None:
        return {"stats.estimator": 0}
    return {
        "stats.estimator": 1,
        "tree.base": int(tree.icosahedron),
        "tree.levels": tree.levels,
        "tree.area": tree.leaf_area,
    }


def _estimates(settings: StatisticsSettings) -> Iterator[Scene]:
    """Whether parts are estimated each by itself, and the blocks, in the order of the dialogue."""
    by_data: dict[str, list[Estimate]] = {}
    for estimate in settings.estimates:
        by_data.setdefault(estimate.data, []).append(estimate)
    for data, row in SINGLE.items():
        yield {row.key: "i" if len(by_data.get(data, ())) > 1 else "s"}
        yield from map(_block, by_data.get(data, ()))
    for data in ("area", "growth", "tendency", "genesis", "lysis"):
        yield from map(_block, by_data.get(data, ()))
    yield {"stats.tracks?": yes_no(TRACKS in by_data)}
    yield from map(_block, by_data.get(TRACKS, ()))


def _block(estimate: Estimate) -> Scene:
    wanted = estimate.estimator
    first, last = wanted.bracket or (0.0, 0.0)
    return {
        "block.weights?": yes_no(wanted.weighted_pilot),
        "block.exponent": wanted.kernel,
        "block.enclosure?": "n",
        "block.kernel": wanted.kernel,
        "block.smoothing": int(wanted.smoothing),
        "block.s": wanted.s,
        "block.lowest": wanted.lowest,
        "block.robust?": "n",
        "block.alpha": wanted.alpha,
        "block.cross_validate?": yes_no(wanted.smoothing == Smoothing.ADAPTIVE and wanted.bracket is not None),
        "block.bracket1": first,
        "block.bracket2": last,
        "block.std": int(wanted.std),
    }
