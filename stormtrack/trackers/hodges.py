"""TRACK's way of tracking: a recipe followed to the bit.

References
----------
Hodges (1994, 1995, 1999); specification 02, 04. Parity: bitwise, as the drop-in run.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from ..backends.choice import Wanted, Workers, entered, running_client
from ..backends.protocol import Backend
from ..core import link
from ..errors import FieldError, UserInputError
from ..model.features import Features
from ..model.tracks import TrackSet
from ..recipes.cost import work_seconds
from ..recipes.frames import Input
from ..recipes.grouping import Group, one_set
from ..recipes.presets import STANDARD_LINKING, preset
from ..recipes.quantities import factor_of
from ..recipes.run import find_tracks
from ..run.report import Report, Silent
from ..settings.engines import ON_DEVICE
from ..settings.linking import LinkSettings
from ..settings.recipe import Recipe
from .protocols import Linker
from .series import FieldSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class HodgesLinker:
    """Linking by TRACK's cost function and exchange sweeps.

    Attributes
    ----------
    settings : LinkSettings
        By default those of the presets.

    Examples
    --------
    >>> from stormtrack.trackers import HodgesLinker
    >>> HodgesLinker().settings.weight_speed
    0.800000011920929
    """

    settings: LinkSettings = STANDARD_LINKING
    name: ClassVar[str] = "hodges"

    def link(self, features: Features) -> TrackSet:
        """Make tracks; see `stormtrack.core.link`. Parity: bitwise.

        Raises
        ------
        LinkError
            If there are too few frames (4 are needed), or a table does not fit.
        """
        tracks = link(features, self.settings).tracks
        if features.time is None or tracks.time is not None:
            return tracks
        return replace(tracks, time=features.time.take(tracks.frame - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class HodgesTracker:
    """TRACK's tracker: threshold, objects, fitted extrema, linking by cost.

    Attributes
    ----------
    recipe : Recipe or str
        What is tracked and how, or the name of a preset.
    engine : {'track', 'fast', 'jax', 'jax-float32'}
        Of the filter; `jax` filters and searches on the device that JAX finds, `jax-float32` likewise with the filter
        in single precision (docs/jax.md).
    scale : float, optional
        Brings values to the recipe's units, in place of the factor that the units call for.
    linker : Linker, optional
        In place of the recipe's linking.
    keep : Path, optional
        New folder for TRACK's own files; not with a `linker`.
    keep_missing : bool
        Run on with missing values, as TRACK does.
    threads : int
        Of this process, that search frames.
    workers : Wanted or Backend, optional
        Workers in place of them (`stormtrack.backends.choice`); tracks do not depend on either. By default an open
        client of Dask if the fields are Dask's.

    Examples
    --------
    >>> from stormtrack.trackers import HodgesTracker, NearestLinker
    >>> HodgesTracker(recipe="vorticity-nh-t42", linker=NearestLinker()).linker.name
    'nearest'
    """

    recipe: Recipe | str
    engine: str = "track"
    scale: float | None = None
    linker: Linker | None = None
    keep: Path | None = None
    keep_missing: bool = False
    threads: int = 1
    workers: Workers | None = None
    name: ClassVar[str] = "hodges"

    def track(self, fields: FieldSeries, report: Report | None = None) -> TrackSet:
        """Find tracks; see `Tracker.track`. Parity: bitwise, as the drop-in run on the same fields.

        Returns
        -------
        TrackSet
            Of all searches of the recipe, as `recipes.grouping.one_set` puts them together: a single search has the ids
            of TRACK's files. Intensities are in the recipe's units, positive.

        Raises
        ------
        UserInputError
            For data that cannot be used.
        """
        if self.keep is not None and self.linker is not None:
            raise UserInputError("TRACK's files (keep) are those of TRACK's linking: leave out keep or linker")
        recipe = self.followed
        told = report or Silent()
        with self.opened_workers(fields, told) as backend:
            found = find_tracks(
                *(self.input_of(fields), recipe, self.factor_of(fields, told), told),
                times=fields.times,
                keep=self._folder(fields),
                backend=backend,
                linker=None if self.linker is None else self.linker.link,
            )
        return one_set([Group(name=one.search.name, tracks=one.tracks) for one in found], recipe.quantity.units)

    @property
    def followed(self) -> Recipe:
        """The recipe.

        Raises
        ------
        UserInputError
            If there is no preset of its name.
        """
        return preset(self.recipe) if isinstance(self.recipe, str) else self.recipe

    @property
    def levels(self) -> tuple[float, ...]:
        """Levels (hPa) over which what is tracked is averaged; none: one field as it is."""
        return self.followed.levels

    def opened_workers(self, fields: FieldSeries, report: Report) -> AbstractContextManager[Backend]:
        """The workers that search the frames of some fields, as a context."""
        on_device = self.engine in ON_DEVICE
        if on_device and (self.threads != 1 or self.workers is not None):
            raise UserInputError(
                f"engine={self.engine!r} works on the device of this process: leave out threads, backend and workers"
            )
        workers, client = self.workers, running_client() if fields.is_lazy and not on_device else None
        if workers is None and self.threads == 1 and client is not None:
            workers = Wanted(backend="auto", client=client)
        seconds = work_seconds(fields.n_frames, fields.n_points, len(self.followed.searches))
        return entered(workers, report.note, threads=self.threads, seconds=seconds)

    def _folder(self, fields: FieldSeries) -> Path | None:
        """Where TRACK's files go: of several fields each has a folder of its own."""
        if self.keep is None or not fields.labels:
            return self.keep
        return self.keep / "_".join(f"{name}_{value}" for name, value in fields.labels.items())

    def input_of(self, fields: FieldSeries) -> Input:
        """The fields as the recipe takes them."""
        return Input(
            sources=fields.sources,
            band=self.followed.band,
            engine=self.engine,
            keep_missing=self.keep_missing,
            levels=fields.levels,
        )

    def factor_of(self, fields: FieldSeries, report: Report) -> float:
        """What brings values to the recipe's units.

        Raises
        ------
        FieldError
            For units that cannot be those of the quantity, and for winds where it is no vorticity.
        """
        recipe = self.followed
        if fields.of_winds and recipe.quantity.name != "vorticity":
            raise FieldError(f"winds give vorticity; the recipe '{recipe.name}' tracks {recipe.quantity.name}")
        if self.scale is not None:
            return self.scale
        return factor_of(recipe.quantity, fields.units, fields.name, report)
