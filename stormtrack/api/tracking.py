"""`track`: fields in any form to tracks, with any tracker.

References
----------
Specification 02, 04 (Hodges' tracker); 07, section 1 (the simple one).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

from ..backends.choice import Workers, wanted_of
from ..errors import UserInputError
from ..model.tracks import Attribute
from ..plans.files import plan_text
from ..run.report import Once, Report
from ..settings.plan import RunPlan
from ..settings.recipe import Recipe
from ..trackers import HodgesTracker, Tracker
from ..trackers import tracker as tracker_named
from ..trackers.files import track_arrays
from ..trackers.planned import PlannedTracker
from ..tracksets.tracks import Tracks
from .given import Given, opened
from .plans import plan_of
from .reporting import Progress, PythonReport
from .running import tracked_by_run


def track(
    fields: Any,
    plan: Any = None,
    *,
    tracker: Tracker | str | None = None,
    variable: str | None = None,
    winds: Sequence[str] | None = None,
    coordinates: Mapping[str, Any] | None = None,
    opening: Mapping[str, Any] | None = None,
    engine: str = "track",
    threads: int = 1,
    backend: Any = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Tracks:
    """Tracks of fields.

    Parameters
    ----------
    fields : path, list of paths, DataArray, Dataset, array, or a pair (u, v) of DataArrays or arrays
        A series on a grid; everything that `open_field` opens. Two arrays are winds, whose vorticity is tracked.
    plan : Recipe, RunPlan, str or path, optional
        What is tracked and how: a recipe (`stormtrack.presets`), the name of a preset, a TOML file, or the
        plan of a run (`stormtrack.plan_from_answers`). Hodges' tracker needs it.
    tracker : Tracker or str, optional
        In place of Hodges': ``SimpleTracker(sign="min")``, one of your own, or the name of one without settings.
    variable : str, optional
        Which field of a file or Dataset, where there are several.
    winds : (str, str), optional
        Names of the eastward and the northward wind of a file or Dataset.
    coordinates : mapping, optional
        Of arrays: ``lat``, ``lon`` in degrees, and ``time`` (datetime64 or cftime objects).
    opening : mapping, optional
        Further arguments of `open_field`: ``level``, ``member``, ``calendar``, ``grid``, ...
    engine : {'track', 'fast', 'jax', 'jax-float32'}
        Of the filter: TRACK's bits, or harmonics of any global grid; ``'jax'`` filters and searches on the device that
        JAX finds, a GPU or this processor, within the tolerances of docs/jax.md, ``'jax-float32'`` with the filter in
        single precision. Fields may be arrays of JAX.
    threads : int
        Frames are processed on so many threads; results are the same.
    backend : str, optional
        Workers in place of threads: ``serial``, ``threads``, ``processes``, ``dask``, ``mpi``, or ``auto``; the address
        of a Dask scheduler, or a client or cluster that is open (docs/scaling.md). Results are the same. By default an
        open client of Dask if the fields are arrays of Dask, which are never gathered.
    workers : int, optional
        How many; by default one for each processor.
    progress : callable, optional
        Called with what is done, how many steps are done, and of how many.

    Returns
    -------
    Tracks
        With the dates of the fields, the label ``kind`` (which search found a track), and labels for what was chosen
        with ``'all'`` (members, levels). ``tracks.attributes`` say which version and plan made them of what.

    Raises
    ------
    UserInputError
        For fields, plans or trackers that cannot be used.

    Warns
    -----
    FieldWarning
        Of oddities of the data, and of thresholds that cannot be right.

    Examples
    --------
    >>> import stormtrack as st
    >>> tracks = st.track(st.sample_field(), st.presets.vorticity_nh_t42(min_points=4))
    >>> tracks.n_tracks > 10, str(tracks.time[0])[:10]
    (True, '2000-01-01')
    >>> simple = st.track(st.sample_field(), tracker=st.SimpleTracker(sign="max"))
    >>> simple.labels["kind"][0]
    'maxima'

    References
    ----------
    Specification 02, 04. Parity: bitwise, as the drop-in run on the same fields (with ``engine="track"``).
    """
    given = Given(fields=fields, variable=variable, winds=winds, coordinates=coordinates or {}, opening=opening or {})
    found = plan_of(plan) if tracker is None and isinstance(plan, (RunPlan, str, PathLike)) else None
    if isinstance(found, RunPlan) and isinstance(fields, (str, PathLike)):
        _check_nothing_else(given)
        report = PythonReport(progress)
        return tracked_by_run(found, os.fspath(fields), report, threads=threads, workers=wanted_of(backend, workers))
    chosen = chosen_tracker(plan, tracker, engine, threads)
    return tracked(given, with_workers(chosen, wanted_of(backend, workers)), PythonReport(progress))


def with_workers(tracker: Tracker, workers: Workers | None) -> Tracker:
    """The tracker with workers.

    Raises
    ------
    UserInputError
        If some are named, and it has no use for them.
    """
    if workers is None:
        return tracker
    if not isinstance(tracker, (HodgesTracker, PlannedTracker)):
        raise UserInputError(f"the tracker '{tracker.name}' works alone: leave out backend and workers")
    return replace(tracker, workers=workers)


def _check_nothing_else(given: Given) -> None:
    """The plan of a run says itself how a file is read."""
    names = ("variable", "winds", "coordinates", "opening")
    used = [name for name in names if getattr(given, name)]
    if used:
        raise UserInputError(
            f"the plan of a run says itself how a file is read: leave out {', '.join(used)}, or open the field first "
            "(stormtrack.open_field)"
        )


def chosen_tracker(plan: Any, tracker: Tracker | str | None, engine: str, threads: int) -> Tracker:
    """The tracker that is meant.

    Raises
    ------
    UserInputError
        If neither a plan nor a tracker is given, or both.
    """
    if tracker is None or tracker == HodgesTracker.name:
        if plan is None:
            raise UserInputError(
                "say what is tracked: a plan (such as stormtrack.presets.vorticity_nh_t42()), or a tracker"
            )
        if callable(getattr(plan, "track", None)) and hasattr(plan, "name"):
            raise UserInputError(f"{type(plan).__name__} is a tracker, no plan: hand it in as tracker=...")
        found = plan_of(plan)
        if isinstance(found, RunPlan):
            return PlannedTracker(plan=found, threads=threads)
        return HodgesTracker(recipe=found, engine=engine, threads=threads)
    if plan is not None:
        raise UserInputError("a plan is for Hodges' tracker; another tracker has its own settings")
    return tracker_named(tracker) if isinstance(tracker, str) else tracker


def tracked(given: Given, tracker: Tracker, report: Report, *, checksums: bool = False) -> Tracks:
    """`track`, told to a report; with checksums of the inputs in the attributes on request."""
    report = Once(report)
    levels: Sequence[float] = getattr(tracker, "levels", ())
    with opened(given, report, levels) as arrays:
        found = track_arrays(arrays, tracker, report, levels=max(1, len(levels)))
        names = " and ".join(dict.fromkeys(str(array.name) for array in arrays))
    about = {**_about(tracker, names), **_inputs(given.fields, checksums)}
    return Tracks(replace(found, attributes={**found.attributes, **about}))


def _about(tracker: Tracker, field: str) -> dict[str, Attribute]:
    """Which program, tracker and plan made tracks, of which field."""
    if isinstance(tracker, PlannedTracker):
        source = f"stormtrack {version('stormtrack')}, the plan of a run, field {field}"
        return {"title": f"tracks of {field}", "source": source, "plan": plan_text(tracker.plan)}
    recipe = getattr(tracker, "followed", None)
    if not isinstance(recipe, Recipe):
        return {
            "title": f"tracks of {field}",
            "source": f"stormtrack {version('stormtrack')}, {tracker!r}, field {field}",
        }
    found = ", ".join(search.name for search in recipe.searches)
    engine = getattr(tracker, "engine", "track")
    return {
        "title": f"tracks of {recipe.quantity.name} ({found})",
        "source": f"stormtrack {version('stormtrack')}, preset {recipe.name}, engine {engine}, field {field}",
        "references": recipe.source,
        "plan": plan_text(recipe),
    }


def _inputs(fields: Any, checksums: bool) -> dict[str, Attribute]:
    """Names of the inputs, and their checksums."""
    if isinstance(fields, (str, Path)):
        fields = [fields]
    if not isinstance(fields, (list, tuple)) or not all(isinstance(one, (str, Path)) for one in fields):
        return {}
    about: dict[str, Attribute] = {"input": ", ".join(map(str, fields))}
    if checksums:
        about["input_sha256"] = ", ".join(f"{name}: {_sha256(Path(name))}" for name in map(str, fields))
    return about


def _sha256(path: Path) -> str:
    """Checksum of a file, or of all files of a store in the order of their names."""
    digest = hashlib.sha256()
    with suppress(OSError):
        files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
        for file in files:
            with file.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
        return digest.hexdigest() if files else "not a local file"
    return "not read"
