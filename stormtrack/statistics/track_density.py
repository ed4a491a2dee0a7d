"""Track density and mean lifetime at sampling points.

References
----------
Specification 06, section 1.12. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I32, I64, Mask
from ..model.tracks import TrackSet, offsets
from ..model.variables import WEIGHT
from ..settings.statistics import Estimate, Estimator, Smoothing, StatisticsSettings
from .cells import SLACK, Caps
from .data import Data, Material, inside
from .power import LEAST_DENSITY
from .results import Estimators, Result
from .smoothing import Smoothed, max_c
from .sphere import Points, on_sphere, taken
from .track_kernels import Found, Near, Paths, Plan, Room, gather_nearest, track_density
from .tree import SphereTree

LEAST_LIFETIME = 1.0e-4
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class LivingTracks:
    """Tracks with a lifetime, as the kernels take them."""

    paths: Paths
    lifetime: F32
    total_weight: float

    @property
    def n_tracks(self) -> int:
        """Number of these tracks."""
        return len(self.lifetime)

    def room(self, n_leaves: int) -> Room:
        """Work arrays."""
        count = max(self.n_tracks, 1)
        return Room(
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
            np.zeros(count, np.int32),
            np.zeros(count, np.int64),
            np.zeros(n_leaves + 1, np.int32),
            Points(*(np.zeros(count) for _ in range(3))),
            np.zeros(count),
            np.zeros(count),
            np.zeros(len(self.paths.leaf), np.float32),
        )

    def shown(self, number: float) -> float:
        """Number of data (or sum of weights) as files have it."""
        if not len(self.paths.weight):
            return float(np.float32(number))
        with np.errstate(all="ignore"):
            return float(np.float32(number) / np.float32(self.total_weight))


def living_tracks(material: Material, settings: StatisticsSettings, tree: SphereTree | None) -> LivingTracks:
    """The tracks that have a lifetime, with all their points, whatever the frames."""
    alive = material.lifetime.astype(np.float64) > LEAST_LIFETIME
    tracks = material.tracks
    chosen = alive[tracks.owner]
    start = offsets(tracks.lengths[alive])
    points = on_sphere(tracks.lon[chosen], tracks.lat[chosen])
    weight, used = _weights(tracks, settings, chosen)
    leaf = np.full(len(points.x), -1, np.int32) if tree is None else tree.leaves(points)
    lifetime = material.lifetime[alive]
    with np.errstate(over="ignore"):
        square = (lifetime * lifetime).astype(np.float64)
    paths = Paths(start, points, leaf, used, weight, lifetime.astype(np.float64), square)
    return LivingTracks(paths, lifetime, material.total_weight)


def _weights(tracks: TrackSet, settings: StatisticsSettings, chosen: Mask) -> tuple[F32, Mask]:
    """Weights of the points, none if they are not asked for, and whether each point may count."""
    used = inside(tracks.lon, tracks.lat, settings.domain)[chosen]
    weights = tracks.variable(WEIGHT)
    if settings.least_weight is None or weights is None:
        return np.zeros(0, np.float32), used
    values = np.ascontiguousarray(weights.values[chosen], np.float32)
    return values, used & (values > np.float32(settings.least_weight))


def neighbours(tree: SphereTree, caps: Caps, leaf: I32, s: float) -> Near:
    """Leaves with points that are felt in each leaf with points, in order."""
    filled = np.unique(leaf[leaf >= 0])
    counts, found = np.zeros(tree.n_leaves, np.int64), []
    width = np.arccos(np.clip(caps.cosine[filled], -1.0, 1.0))
    reach = np.arccos(s / (1.0 + s)) if s >= 0.0 and np.isfinite(s) else np.pi
    for at in range(0, len(filled), _ROWS_AT_ONCE):
        rows = slice(at, at + _ROWS_AT_ONCE)
        cosine = caps.axis[filled[rows]] @ caps.axis[filled].T
        limit = np.minimum(reach + width[rows, None] + width[None], np.pi)
        row, column = np.nonzero(cosine > np.cos(limit) - SLACK)
        counts[filled[rows]] = np.bincount(row, minlength=len(filled[rows]))
        found.append(filled[column])
    leaves = np.concatenate(found) if found else np.zeros(0)
    return Near(offsets(counts), leaves.astype(np.int32))


def estimate_on_tree(living: LivingTracks, wanted: Estimate, tree: SphereTree, points: Points) -> tuple[Result, float]:
    """Density and lifetime by the power kernel with fixed or adaptive smoothing; and the number of data."""
    estimator, caps = wanted.estimator, Caps.of(tree)
    s = estimator.lowest if estimator.smoothing == Smoothing.DEFAULT else max_c(estimator.s, estimator.lowest)
    plan = Plan(
        exponent=float(estimator.kernel),
        q=float(np.float32(estimator.kernel + 1)),
        s=s,
        lowest=estimator.lowest,
        alpha=float(np.float32(estimator.alpha)),
        adaptive=estimator.smoothing == Smoothing.ADAPTIVE,
        weighted_first=estimator.weighted_pilot,
    )
    near = neighbours(tree, caps, living.paths.leaf, s)
    found = Found(*(np.zeros(len(points.x)) for _ in range(3)))
    track_density(living.paths, near, points, tree.leaves(points), plan, 0, living.room(tree.n_leaves), found)
    dense = found.density > LEAST_DENSITY
    result = Result(density=found.density.astype(np.float32), mean=found.mean.astype(np.float32), dense=dense)
    return result, living.shown(float(found.number.max(initial=0.0)))


def estimate_point_by_point(
    living: LivingTracks, wanted: Estimate, estimators: Estimators, points: Points
) -> tuple[Result, float, float]:
    """The same by any method; and the smoothing parameter of the last point."""
    density, mean = np.zeros(len(points.x), np.float32), np.zeros(len(points.x), np.float32)
    most, s, first = 0.0, 0.0, True
    room = living.room(1)
    for k in range(len(points.x)):
        data = _nearest_data(living, points, k, room)
        number = (
            float(data.n) if data.weight is None else float(np.add.accumulate(data.weight.astype(float))[-1:].sum())
        )
        most = max(most, number)
        if data.n <= 1:
            continue
        here = wanted if first else replace(wanted, estimator=_unweighted(wanted.estimator))
        first = False
        at = estimators.at(taken(points, np.array([k])))
        smoothing: Smoothed = at.smoothing(data, here)
        result, s = at.estimate(data, here, smoothing), smoothing.s
        assert result.density is not None and result.mean is not None
        density[k], mean[k] = result.density[0], result.mean[0]
    return Result(density=density, mean=mean, dense=mean != 0), living.shown(most), s


def _unweighted(estimator: Estimator) -> Estimator:
    return replace(estimator, weighted_pilot=False)


def _nearest_data(living: LivingTracks, points: Points, k: int, room: Room) -> Data:
    """Nearest points of the tracks that count at one sampling point."""
    paths = living.paths
    count = gather_nearest(paths, float(points.x[k]), float(points.y[k]), float(points.z[k]), room)
    which: I64 = room.point[:count].copy()
    return Data(
        points=taken(paths.points, which),
        value=living.lifetime[room.track[:count]],
        weight=paths.weight[which] if len(paths.weight) else None,
    )


def any_data(living: LivingTracks, points: Points) -> bool:
    """Whether some sampling point has more than one datum, so that the smoothing is asked for."""
    room = living.room(1)
    return any(
        gather_nearest(living.paths, float(x), float(y), float(z), room) > 1
        for x, y, z in zip(points.x, points.y, points.z, strict=True)
    )
