"""Track density and mean lifetime at sampling points.

References
----------
Specification 06, section 1.12. Parity: bitwise.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I32, I64, Mask
from ..model.tracks import TrackSet, offsets
from ..model.variables import WEIGHT
from ..settings.statistics import Estimate, Estimator, Smoothing, StatisticsSettings
from .block_density import Actors, Densities, Memory, Ordered, Plan, block_densities
from .block_nearest import LANES, Found, Lanes, Samples
from .cells import Caps, cells
from .data import Data, Material, inside
from .near import neighbours
from .power import LEAST_DENSITY
from .results import Estimators, Result
from .smoothing import Smoothed, max_c
from .sphere import Points, empty_points, on_sphere, taken
from .track_kernels import Paths, Room, gather_nearest
from .tree import SphereTree

LEAST_LIFETIME = 1.0e-4


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

    def room(self) -> Room:
        """Work arrays."""
        count = np.zeros(self.n_tracks, np.int64)
        return Room(count, count.copy(), np.zeros(len(self.paths.used), np.float32))

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


def living_tracks(material: Material, settings: StatisticsSettings) -> LivingTracks:
    """The tracks that have a lifetime, with all their points, whatever the frames."""
    alive = have_lifetime(material)
    tracks = material.tracks
    chosen = alive[tracks.owner]
    points = on_sphere(tracks.lon[chosen], tracks.lat[chosen])
    weight, used = _weights(tracks, settings, chosen)
    lifetime = material.lifetime[alive]
    nowhere = np.full(len(points.x), -1, np.int32)
    paths = Paths(offsets(tracks.lengths[alive]), points, nowhere, used, weight, lifetime.astype(np.float64))
    return LivingTracks(paths, lifetime, material.total_weight)


def _weights(tracks: TrackSet, settings: StatisticsSettings, chosen: Mask) -> tuple[F32, Mask]:
    """Weights of the points, none if they are not asked for, and whether each point may count."""
    used = inside(tracks.lon, tracks.lat, settings.domain)[chosen]
    weights = tracks.variable(WEIGHT)
    if settings.least_weight is None or weights is None:
        return np.zeros(0, np.float32), used
    values = np.ascontiguousarray(weights.values[chosen], np.float32)
    return values, used & (values > np.float32(settings.least_weight))


def estimate_on_tree(
    living: LivingTracks, wanted: Estimate, estimators: Estimators, tree: SphereTree, points: Points
) -> tuple[Result, float]:
    """Density and lifetime by the power kernel with fixed or adaptive smoothing; and the number of data.

    Weights count in the pilot density of the first point with data only: that one is estimated in the plain way.
    """
    found = _in_blocks(living, wanted, tree, points)
    dense = found.density > LEAST_DENSITY
    density, mean = found.density.astype(np.float32), found.mean.astype(np.float32)
    if wanted.estimator.weighted_pilot and len(living.paths.weight):
        k, data = _first_data(living, points)
        if data is not None:
            first, _ = _at_point(estimators, data, wanted, points, k)
            assert first.density is not None and first.mean is not None and first.dense is not None
            density[k], mean[k], dense[k] = first.density[0], first.mean[0], first.dense[0]
    return Result(density=density, mean=mean, dense=dense), living.shown(float(found.number.max(initial=0.0)))


def _in_blocks(living: LivingTracks, wanted: Estimate, tree: SphereTree, points: Points) -> Densities:
    """Density, mean and number of data at all points, with pilot densities without weights."""
    work = density_work(living, wanted.estimator, tree, Caps.of(tree))
    found = Densities(*(np.zeros(len(points.x)) for _ in range(3)))
    block_densities(work.paths, work.ordered, blocks(points, tree), work.plan, work.memory, found)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class DensityWork:
    """What the kernels of the track density need, whatever the sampling points."""

    paths: Paths
    ordered: Ordered
    plan: Plan
    memory: Memory


def density_work(living: LivingTracks, estimator: Estimator, tree: SphereTree, caps: Caps) -> DensityWork:
    """Kernel and smoothing, points leaf by leaf, and room."""
    s = estimator.lowest if estimator.smoothing == Smoothing.DEFAULT else max_c(estimator.s, estimator.lowest)
    plan = Plan(
        exponent=float(estimator.kernel),
        q=float(np.float32(estimator.kernel + 1)),
        s=s,
        lowest=estimator.lowest,
        alpha=float(np.float32(estimator.alpha)),
        adaptive=estimator.smoothing == Smoothing.ADAPTIVE,
    )
    ordered, place = _ordered(living.paths, tree, caps, s)
    return DensityWork(living.paths._replace(place=place), ordered, plan, _memory(living.paths, ordered))


def _ordered(paths: Paths, tree: SphereTree, caps: Caps, s: float) -> tuple[Ordered, I32]:
    """Points of tracks leaf by leaf, and where each stands there."""
    grouped, order = cells(paths.points, tree, caps)
    place = np.full(len(paths.used), -1, np.int32)
    place[order] = np.arange(len(order))
    track = np.repeat(np.arange(len(paths.lifetime), dtype=np.int32), np.diff(paths.start))
    near = neighbours(grouped, s)
    return Ordered(grouped.points, order.astype(np.int32), track[order], grouped.start, near), place


def blocks(points: Points, tree: SphereTree) -> Samples:
    """Sampling points in blocks of neighbours: bands of latitude, cut along the longitude into pieces about as wide."""
    leaf = tree.leaves(points)
    area = 4.0 * np.pi * len(np.unique(leaf)) / tree.n_leaves
    height = np.sqrt(LANES * area / max(len(leaf), 1))
    band = np.floor(np.arcsin(np.clip(points.z, -1.0, 1.0)) / height)
    order = np.lexsort((np.arctan2(points.y, points.x), band))
    first = np.flatnonzero(np.diff(band[order], prepend=-np.inf))
    pieces = [np.arange(a, b, LANES) for a, b in itertools.pairwise([*first.tolist(), len(order)])]
    start = np.concatenate([*pieces, [len(order)]]).astype(np.int64)
    return Samples(points, leaf, order, start)


def _memory(paths: Paths, ordered: Ordered) -> Memory:
    """Room for one block."""
    n_tracks, n_points, n_ordered = len(paths.lifetime), len(paths.used), len(ordered.point)
    count = min(n_tracks * LANES, n_ordered)
    lanes = Lanes(
        sample=np.zeros(LANES, np.int64),
        x=np.zeros(LANES),
        y=np.zeros(LANES),
        z=np.zeros(LANES),
        best=np.zeros(LANES, np.float32),
        nearest=np.zeros(LANES, np.int32),
        tracks=np.zeros(LANES, np.int64),
        wanted=np.zeros(LANES, np.int64),
        number=np.zeros(LANES),
        factor=np.zeros(LANES),
        total=np.zeros(LANES),
        mean=np.zeros(LANES),
    )
    found = Found(
        np.zeros(n_points),
        np.zeros(n_points, np.int32),
        np.zeros((n_tracks, LANES), np.int32),
        np.zeros((n_tracks, LANES)),
    )
    actors = Actors(
        empty_points(count),
        np.zeros(count, np.int32),
        np.zeros(count, np.int64),
        np.zeros(count, np.bool_),
        np.zeros((count, LANES)),
        np.zeros((count, LANES)),
        np.zeros(len(ordered.start), np.int64),
        np.zeros(count),
        np.zeros(count + 1, np.int32),
    )
    return Memory(lanes, found, actors, np.zeros(n_ordered, np.int64))


def estimate_point_by_point(
    living: LivingTracks, wanted: Estimate, estimators: Estimators, points: Points
) -> tuple[Result, float, float]:
    """The same by any method; and the smoothing parameter of the last point."""
    density, mean = np.zeros(len(points.x), np.float32), np.zeros(len(points.x), np.float32)
    most, s = 0.0, 0.0
    room = living.room()
    for k in range(len(points.x)):
        data = _nearest_data(living, points, k, room)
        number = (
            float(data.n) if data.weight is None else float(np.add.accumulate(data.weight.astype(float))[-1:].sum())
        )
        most = max(most, number)
        if data.n <= 1:
            continue
        result, s = _at_point(estimators, data, wanted, points, k)
        wanted = replace(wanted, estimator=_at_later_points(wanted.estimator, s))
        assert result.density is not None and result.mean is not None
        density[k], mean[k] = result.density[0], result.mean[0]
    return Result(density=density, mean=mean, dense=mean != 0), living.shown(most), s


def _at_point(estimators: Estimators, data: Data, wanted: Estimate, points: Points, k: int) -> tuple[Result, float]:
    """Estimate at one sampling point, and the smoothing parameter."""
    at = estimators.at(taken(points, np.array([k])))
    smoothing: Smoothed = at.smoothing(data, wanted)
    return at.estimate(data, wanted, smoothing), smoothing.s


def _first_data(living: LivingTracks, points: Points) -> tuple[int, Data | None]:
    """The first sampling point that has more than one datum, and its data; none if there is no such point."""
    room = living.room()
    for k in range(len(points.x)):
        data = _nearest_data(living, points, k, room)
        if data.n > 1:
            return k, data
    return -1, None


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
        value=living.lifetime[room.track[:count]],
        weight=paths.weight[which] if len(paths.weight) else None,
    )


def any_data(living: LivingTracks, points: Points) -> bool:
    """Whether some sampling point has more than one datum, so that the smoothing is asked for."""
    room = living.room()
    return any(
        gather_nearest(living.paths, float(x), float(y), float(z), room) > 1
        for x, y, z in zip(points.x, points.y, points.z, strict=True)
    )
