"""Differences and intervals at all points, some points at a time, on workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..arrays import F64, U8
from ..backends.protocol import Backend, Task
from .significance import interval, p_values
from .sums import Contributions, UnitSums, resampled

_MOST_NUMBERS = 4_000_000
"""Numbers in the largest array of one piece of work (32 MB)."""


class Estimand(Protocol):
    """A field that follows from sums over units."""

    @property
    def label(self) -> str:
        """Name of the field."""

    @property
    def data(self) -> str:
        """Set of data whose sums it needs."""

    def values(self, sums: F64, number: F64, periods: float) -> F64:
        """The field (float64, shape (n_points, n_samples)) from sums (n_points, n_sums, n_samples).

        `number` (2, n_samples) has the number of data of each sample and the sum of their weights.
        """


Results = dict[str, F64]
"""Label of a field -> float64, shape (n_results, n_points)."""
Numbers = Mapping[bool, Mapping[str, F64]]
"""Of the samples (False) and of what is not in them (True): set of data -> number of data, and sum of their weights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resampled:
    """What both kinds of work share.

    Attributes
    ----------
    source : Contributions
    fields : sequence of Estimand
    times : uint8, shape (n_units, n_samples)
        How often each unit is in each sample; the first sample is the observation.
    periods : (float, float)
        What densities are divided by, for the sample and for the units outside it.
    """

    source: Contributions
    fields: Sequence[Estimand]
    times: U8
    periods: tuple[float, float] = (1.0, 1.0)

    def worker(self) -> Callable[[slice], Results]:
        """The function of a slice of points."""
        sums_at, numbers = self.source.worker(), self._numbers()
        return lambda points: self._found(sums_at(points), numbers)

    def _numbers(self) -> Numbers:
        """Of the samples."""
        return {False: self._of_samples(self.times)}

    def _of_samples(self, times: U8) -> dict[str, F64]:
        known, wanted = self.source.numbers, {field.data for field in self.fields}
        each = times.astype(np.float64)
        return {data: known[data].T @ each for data in known if data in wanted}

    def _found(self, sums: Mapping[str, UnitSums], numbers: Numbers) -> Results:
        """What is found at some points."""
        raise NotImplementedError

    def samples(
        self, sums: Mapping[str, UnitSums], numbers: Numbers, *, others: bool = False
    ) -> Iterator[tuple[Estimand, F64]]:
        """Each field of all samples, or of what is not in them: float64, shape (n_points, n_samples)."""
        for data, here in sums.items():
            wanted = [field for field in self.fields if field.data == data]
            if not wanted:
                continue
            totals = resampled(here, self.times, others=others)
            for field in wanted:
                yield field, field.values(totals, numbers[others][data], self.periods[int(others)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences(Resampled):
    """Field of the first set, of the second, and p-value of their difference, for points that some unit reaches."""

    tail: str

    def _numbers(self) -> Numbers:
        """Of the samples, and of what is not in them."""
        return {False: self._of_samples(self.times), True: self._of_samples(1 - self.times)}

    def _found(self, sums: Mapping[str, UnitSums], numbers: Numbers) -> Results:
        out: Results = {}
        both = zip(self.samples(sums, numbers), self.samples(sums, numbers, others=True), strict=True)
        for (field, first), (_, second) in both:
            p = p_values(first - second, np.abs(first[:, 0]) + np.abs(second[:, 0]), self.tail)
            reached = np.diff(sums[field.data].start) > 0
            out[field.label] = np.stack([first[:, 0], second[:, 0], np.where(reached, p, np.nan)])
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intervals(Resampled):
    """Field, lower and upper bound of its interval, and standard error."""

    level: float

    def _found(self, sums: Mapping[str, UnitSums], numbers: Numbers) -> Results:
        found = {}
        for field, samples in self.samples(sums, numbers):
            found[field.label] = np.stack([samples[:, 0], *interval(samples, self.level)])
        return found


def done(work: Differences | Intervals, backend: Backend) -> Results:
    """Results of all points.

    Parameters
    ----------
    work : Differences or Intervals
    backend : Backend
        Its workers do chunks of points, each with all samples, so that results do not depend on them.
    """
    units, samples = work.times.shape
    most = max(1, _MOST_NUMBERS // max(units, 5 * samples))
    task: Task[slice, Results] = work
    parts = list(backend.map(task, work.source.chunks(most)))
    return {label: np.concatenate([part[label] for part in parts], axis=1) for label in parts[0]}
