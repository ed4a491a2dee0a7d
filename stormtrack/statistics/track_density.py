"""Track density and mean lifetime at sampling points.

References
----------
Specification 06, section 1.12. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..model.tracks import TrackSet, offsets
from ..model.variables import WEIGHT
from ..settings.statistics import Estimate, Estimator, Smoothing, StatisticsSettings
from .cells import SLACK, Caps
from .data import Data, Material, inside
from .power import FLOOR, LEAST_DENSITY, SMALLEST
from .results import Estimators, Result
from .smoothing import Smoothed, max_c
from .sphere import Points, on_sphere, taken
from .track_kernels import Found, Kept, Near, Paths, Plan, Room, gather_nearest, track_density
from .tree import SphereTree

LEAST_LIFETIME = 1.0e-4
_ROWS_AT_ONCE = 1024
_EDGES = np.cos(np.radians([60.0, 45.0, 35.0, 27.0, 20.0, 15.0, 11.0, 8.0, 6.0]))
_LEAST_ALPHA = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class LivingTracks:
    """Tracks with a lifetime, as the kernels take them."""

    paths: Paths
    lifetime: F32
    total_weight: float

    @property
    def most_weight(self) -> float:
        """The largest weight; 0 without."""
        return float(self.paths.weight.max(initial=0.0))

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

    def kept(self) -> Kept:
        """Room for what is kept from point to point."""
        n = self.n_tracks
        return Kept(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.bool_), *map(np.zeros, (n, n, 1)))

    def shown(self, number: float) -> float:
        """Number of data (or sum of weights) as files have it."""
        if not len(self.paths.weight):
            return float(np.float32(number))
        with np.errstate(all="ignore"):
            return float(np.float32(number) / np.float32(self.total_weight))


def have_lifetime(material: Material) -> Mask:
    """Which tracks have a lifetime: bool, shape (n_tracks,)."""
    alive: Mask = material.lifetime.astype(np.float64) > LEAST_LIFETIME
    return alive


def living_tracks(material: Material, settings: StatisticsSettings, tree: SphereTree | None) -> LivingTracks:
    """The tracks that have a lifetime, with all their points, whatever the frames."""
    alive = have_lifetime(material)
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


def neighbours(paths: Paths, caps: Caps, s: float) -> Near:
    """Leaves with points in which each point is felt; runs go over leaves without points."""
    filled = np.unique(paths.leaf[paths.leaf >= 0])
    count = len(paths.leaf)
    counts, firsts, ends = np.zeros(count, np.int64), [], []
    reach = np.arccos(s / (1.0 + s)) if s > SMALLEST and np.isfinite(s) else np.pi
    width, axes = np.arccos(np.clip(caps.cosine[filled], -1.0, 1.0)), caps.axis[filled].T
    limit = np.cos(np.minimum(reach + width, np.pi)) - SLACK
    for at in range(0, count, _ROWS_AT_ONCE):
        rows = slice(at, at + _ROWS_AT_ONCE)
        near = sum(np.multiply.outer(p[rows], axis) for p, axis in zip(paths.points, axes, strict=True)) > limit
        begins = near & ~np.pad(near, ((0, 0), (1, 0)))[:, :-1]
        finish = near & ~np.pad(near, ((0, 0), (0, 1)))[:, 1:]
        row, column = np.nonzero(begins)
        counts[rows] = np.bincount(row, minlength=len(near))
        firsts.append(filled[column])
        ends.append(filled[np.nonzero(finish)[1]] + 1)
    none = [np.zeros(0, np.int32)]
    first, end = (np.concatenate(none + found).astype(np.int32) for found in (firsts, ends))
    return Near(offsets(counts), first, end)


def estimate_on_tree(living: LivingTracks, wanted: Estimate, tree: SphereTree, points: Points) -> tuple[Result, float]:
    """Density and lifetime by the power kernel with fixed or adaptive smoothing; and the number of data."""
    plan = plan_on_tree(living, wanted.estimator)
    near = neighbours(living.paths, Caps.of(tree), plan.s)
    found = Found(*(np.zeros(len(points.x)) for _ in range(3)))
    room, kept = living.room(tree.n_leaves), living.kept()
    track_density(living.paths, near, points, tree.leaves(points), plan, room, kept, found)
    dense = found.density > LEAST_DENSITY
    result = Result(density=found.density.astype(np.float32), mean=found.mean.astype(np.float32), dense=dense)
    return result, living.shown(float(found.number.max(initial=0.0)))


def plan_on_tree(living: LivingTracks, estimator: Estimator) -> Plan:
    """Kernel and smoothing on the tree."""
    s = estimator.lowest if estimator.smoothing == Smoothing.DEFAULT else max_c(estimator.s, estimator.lowest)
    return Plan(
        exponent=float(estimator.kernel),
        q=float(np.float32(estimator.kernel + 1)),
        s=s,
        lowest=estimator.lowest,
        alpha=float(np.float32(estimator.alpha)),
        adaptive=estimator.smoothing == Smoothing.ADAPTIVE,
        weighted_first=estimator.weighted_pilot and len(living.paths.weight) > 0,
        least_cosine=_least_cosine(living, estimator, s),
        edges=_EDGES,
        ratios=_ratios(estimator, s),
    )


def _ratios(estimator: Estimator, s: float) -> F64:
    """Pilot densities over their mean above which data with cosines up to the edges are not felt; infinite: unknown."""
    if not (estimator.alpha > _LEAST_ALPHA and s > SMALLEST):
        return np.full(len(_EDGES), np.inf)
    with np.errstate(over="ignore"):
        ratios: F64 = (_EDGES / ((1.0 - _EDGES) * s)) ** (1.0 / estimator.alpha) * (1.0 + 1.0e-6)
    return ratios


def _least_cosine(living: LivingTracks, estimator: Estimator, s: float) -> float:
    """Cosine below which no datum is felt at any point, however low its pilot density and high the others'.

    Pilot densities lie between `FLOOR` and that with all data in one point, where the kernel is ``s**-exponent``.
    """
    if estimator.smoothing == Smoothing.ADAPTIVE:
        if not (estimator.alpha >= 0.0 and s > SMALLEST):
            return -1.0
        most = FLOOR + living.n_tracks * max(living.most_weight, 1.0) * s ** -float(estimator.kernel)
        s = max((FLOOR / most) ** estimator.alpha * s * (1.0 - 1.0e-6), estimator.lowest)
    return s / (1.0 + s) - 1.0e-6 if s > SMALLEST else -1.0


def estimate_point_by_point(
    living: LivingTracks, wanted: Estimate, estimators: Estimators, points: Points
) -> tuple[Result, float, float]:
    """The same by any method; and the smoothing parameter of the last point."""
    density, mean = np.zeros(len(points.x), np.float32), np.zeros(len(points.x), np.float32)
    most, s = 0.0, 0.0
    room = living.room(1)
    for k in range(len(points.x)):
        data = _nearest_data(living, points, k, room)
        number = (
            float(data.n) if data.weight is None else float(np.add.accumulate(data.weight.astype(float))[-1:].sum())
        )
        most = max(most, number)
        if data.n <= 1:
            continue
        at = estimators.at(taken(points, np.array([k])))
        smoothing: Smoothed = at.smoothing(data, wanted)
        result, s = at.estimate(data, wanted, smoothing), smoothing.s
        wanted = replace(wanted, estimator=_at_later_points(wanted.estimator, s))
        assert result.density is not None and result.mean is not None
        density[k], mean[k] = result.density[0], result.mean[0]
    return Result(density=density, mean=mean, dense=mean != 0), living.shown(most), s


def _at_later_points(estimator: Estimator, s: float) -> Estimator:
    """Weights count in the pilot density of the first point only; a parameter that was raised to its bound stays so."""
    return replace(estimator, weighted_pilot=False, s=s)


def _nearest_data(living: LivingTracks, points: Points, k: int, room: Room) -> Data:
    """Nearest points of the tracks that count at one sampling point."""
    paths = living.paths
    count = gather_nearest(paths, float(points.x[k]), float(points.y[k]), float(points.z[k]), room)
    which: I64 = room.point[:count].copy()
    return Data(
        points=taken(paths.points, which),
        track=room.track[:count].copy(),
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
