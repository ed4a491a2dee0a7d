"""Statistics as sums over units: what tracks, seasons or members add at sampling points.

With fixed smoothing every datum has the kernel that it has in the statistics of any set. With adaptive smoothing the
pilot density is that of all data together, once, so that a datum has one kernel in every sample of the units.

References
----------
Specification 06, sections 1.6 to 1.8 and 1.12; Hodges (2008), Mon. Wea. Rev. 136, 1758. Parity: fixed smoothing, the
numbers of `compute.statistics_at` in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F32, F64, I64
from ..model.tracks import offsets
from ..resampling.sums import UnitSums
from ..settings.statistics import TRACKS, Estimate, Smoothing, StatisticsSettings, TreeSettings
from .block_density import Densities
from .cells import Caps, cells
from .compute import without_lost_area
from .data import Data, Material, data_sets
from .entries import Entries, no_entries
from .fields import FieldRow
from .power import LEAST_DENSITY, LEAST_WEIGHT, TWO_PI, normalisation_of_all
from .sphere import Points, taken
from .track_density import LivingTracks, blocks, density_work, have_lifetime, living_tracks
from .track_kernels import Paths
from .track_unit_sums import track_sums
from .tree import SphereTree
from .tree_estimator import TreeEstimators, exponent_and_one, sources_of, taken_of
from .unit_kernels import fill_widest, unit_sums

_COLUMNS = {"density": 0, "mean": 1, "std": 2}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitStatistics:
    """Sets of data of several sets of tracks together, with the unit of each datum.

    Attributes
    ----------
    data : mapping
        Name -> data; `Data.track` is the unit.
    living : LivingTracks
        Tracks for track density and lifetime.
    owner : int64, shape (living.n_tracks,)
        Their units.
    n_units : int
    estimates : tuple of Estimate
        Those that are wanted.
    points : Points
        Sampling points.
    tree : TreeSettings
    """

    data: Mapping[str, Data]
    living: LivingTracks
    owner: I64
    n_units: int
    estimates: tuple[Estimate, ...]
    points: Points
    tree: TreeSettings

    @property
    def numbers(self) -> Mapping[str, F64]:
        """Number of data of each unit and sum of their weights: name -> float64, shape (n_units, 2)."""
        found = {name: _numbers(_units(data), data.weight, self.n_units) for name, data in self.data.items()}
        paths = self.living.paths
        used = np.add.reduceat(paths.used, paths.start[:-1]) > 0 if self.living.n_tracks else np.zeros(0, np.bool_)
        found[TRACKS] = _numbers(self.owner[used], None, self.n_units)
        return found

    def chunks(self, most: int) -> Iterator[slice]:
        """All sampling points, so many at a time."""
        count = len(self.points.x)
        return (slice(at, min(at + most, count)) for at in range(0, count, most))

    def worker(self) -> Callable[[slice], dict[str, UnitSums]]:
        """What computes the sums of some sampling points."""
        tree = SphereTree.of(self.tree)
        caps, makers = Caps.of(tree), {}
        estimators = TreeEstimators(tree, taken(self.points, np.zeros(0, np.int64)), caps)
        for wanted in self.estimates:
            of_tracks = wanted.data == TRACKS
            makers[wanted.data] = (
                self._of_tracks(wanted, tree, caps) if of_tracks else self._of_data(wanted, tree, caps, estimators)
            )

        def sums(which: slice) -> dict[str, UnitSums]:
            here = Points(*(axis[which] for axis in self.points))
            return {name: make(here) for name, make in makers.items()}

        return sums

    def _of_tracks(self, wanted: Estimate, tree: SphereTree, caps: Caps) -> Callable[[Points], UnitSums]:
        work = density_work(self.living, wanted.estimator, tree, caps)

        def make(points: Points) -> UnitSums:
            samples = blocks(points, tree)
            entries = no_entries(self.owner, self.n_units, len(points.x), 2)
            unused = Densities(*(np.zeros(len(points.x)) for _ in range(3)))
            track_sums(work.paths, work.ordered, samples, work.plan, work.memory, unused, entries)
            return _in_order(_filled(entries), samples.order)

        return make

    def _of_data(
        self, wanted: Estimate, tree: SphereTree, caps: Caps, estimators: TreeEstimators
    ) -> Callable[[Points], UnitSums]:
        data, estimator, mode = self.data[wanted.data], wanted.estimator, wanted.mode
        unit = _units(data)
        columns = 1 + 2 * mode.scalar + 2 * mode.vector
        if data.n <= 1:
            return lambda points: _filled(no_entries(unit, 0, len(points.x), columns))
        smoothing = estimators.smoothing(data, wanted)
        grouped, order = cells(data.points, tree, caps)
        each = np.full(data.n, smoothing.s) if smoothing.each is None else smoothing.each
        q = exponent_and_one(estimator.kernel)
        sources = sources_of(each[order], q, smoothing.each is not None, taken_of(data, order), mode)
        widest = np.empty(len(grouped.start) - 1)
        fill_widest(sources, grouped, widest)

        def make(points: Points) -> UnitSums:
            in_leaf = tree.leaves(points) >= 0  # between leaves nothing is felt, as nothing is where NaN is
            points = Points(*(np.where(in_leaf, axis, np.nan) for axis in points))
            entries = no_entries(unit[order], self.n_units, len(points.x), columns)
            unit_sums(sources, grouped, widest, points, float(estimator.kernel), entries)
            return _filled(entries)

        return make


def unit_statistics(
    sets: Sequence[tuple[Material, I64]], n_units: int, settings: StatisticsSettings, points: Points
) -> UnitStatistics:
    """Several sets of tracks together.

    Parameters
    ----------
    sets : sequence of (Material, int64 of shape (n_tracks,))
        Tracks with the unit of each; a material keeps its own frames, so that what begins or ends at the limits of a
        set is no genesis or lysis.
    n_units : int
    settings : StatisticsSettings
        With fixed or adaptive smoothing on the tree, without weights.
    points : Points
        Sampling points.
    """
    assert settings.tree is not None and settings.least_weight is None
    found = [without_lost_area(data_sets(material, settings)) for material, _ in sets]
    common = [name for name in found[0] if all(name in one for one in found)]
    owners = [owner for _, owner in sets]
    data = {name: _joined([one[name] for one in found], owners) for name in common}
    living = [living_tracks(material, settings) for material, _ in sets]
    alive = [owner[have_lifetime(material)] for material, owner in sets]
    return UnitStatistics(
        data=data,
        living=_living_joined(living),
        owner=np.concatenate(alive),
        n_units=n_units,
        estimates=tuple(one for one in settings.estimates if one.data in (*common, TRACKS)),
        points=points,
        tree=settings.tree,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitField:
    """One field of the statistics as a function of sums over units.

    Attributes
    ----------
    label, data : str
    column : int
        Of the sum that it needs besides the density.
    part : str
        As in `FieldRow`.
    factor : float
        Makes probabilities per steradian (times the number of data) of the sums of kernels.
    scale : float
        Makes numbers in a cap of these.
    """

    label: str
    data: str
    column: int
    part: str
    factor: float
    scale: float

    def values(self, sums: F64, number: F64, periods: float) -> F64:
        """The field of sums (n_points, n_sums, n_samples) of samples with numbers of data and of weights (2, n)."""
        kernels = sums[:, 0, :]
        if self.part == "density":
            density = kernels * (self.factor * self.scale / periods)
            return np.where(number[0] > 1, density, 0.0)
        with np.errstate(all="ignore"):
            enough = (number[0] > 1) & (number[1] > LEAST_WEIGHT)
            dense = enough & (kernels * self.factor / number[1] > LEAST_DENSITY)
            found = sums[:, self.column, :] / kernels
            if self.part == "std":
                mean = sums[:, _COLUMNS["mean"], :] / kernels
                found = np.sqrt(np.maximum(found - mean * mean, 0.0))
            values: F64 = np.where(dense, found, np.nan)
        return values


def unit_field(row: FieldRow, wanted: Estimate, scale: float) -> UnitField:
    """A row of the table of fields as a function of sums over units."""
    estimator = wanted.estimator
    q = exponent_and_one(estimator.kernel)
    adaptive = estimator.smoothing == Smoothing.ADAPTIVE
    factor = q / TWO_PI if adaptive else normalisation_of_all(max(estimator.s, estimator.lowest), q, 1.0)
    vector = 1 + 2 * wanted.mode.scalar
    column = _COLUMNS.get(row.part, vector if row.part == "x" else vector + 1)
    return UnitField(label=row.label, data=row.data, column=column, part=row.part, factor=factor, scale=scale)


def _units(data: Data) -> I64:
    """Unit of each datum."""
    assert data.track is not None
    return data.track


def _in_order(sums: UnitSums, order: I64) -> UnitSums:
    """Sums of points that were computed in an order, by the numbers of the points."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    lengths = np.diff(sums.start)[place]
    start = offsets(lengths)
    entry = np.arange(int(start[-1])) + np.repeat(sums.start[:-1][place] - start[:-1], lengths)
    return UnitSums(start, sums.unit[entry], sums.values[entry])


def _filled(entries: Entries) -> UnitSums:
    count = int(entries.start[-1])
    return UnitSums(entries.start, entries.unit[:count], entries.values[:count])


def _numbers(unit: I64, weight: F32 | None, n_units: int) -> F64:
    count = np.bincount(unit, minlength=n_units).astype(np.float64)
    return np.stack([count, count if weight is None else np.bincount(unit, weight, n_units)], axis=1)


def _joined(parts: Sequence[Data], owners: Sequence[I64]) -> Data:
    """Data of several sets one after another, with units in the place of tracks."""

    def one(of: Callable[[Data], Any]) -> Any:
        found = [of(part) for part in parts]
        known = [values for values in found if values is not None]
        return np.concatenate(known) if len(known) == len(found) else None

    x, y = one(lambda d: None if d.vector is None else d.vector[0]), one(lambda d: d.vector[1] if d.vector else None)
    return Data(
        points=Points(*(np.concatenate(axes) for axes in zip(*(part.points for part in parts), strict=True))),
        track=np.concatenate([owner[_units(part)] for part, owner in zip(parts, owners, strict=True)]),
        value=one(lambda d: d.value),
        vector=None if x is None or y is None else (x, y),
        weight=one(lambda d: d.weight),
    )


def _living_joined(parts: Sequence[LivingTracks]) -> LivingTracks:
    paths = [part.paths for part in parts]
    joined = Paths(
        offsets(np.concatenate([np.diff(one.start) for one in paths])),
        Points(*(np.concatenate(axes) for axes in zip(*(one.points for one in paths), strict=True))),
        *(np.concatenate([getattr(one, name) for one in paths]) for name in ("place", "used", "weight", "lifetime")),
    )
    return LivingTracks(joined, np.concatenate([part.lifetime for part in parts]), 1.0)
