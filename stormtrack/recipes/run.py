"""A recipe followed from the first frame to the tracks.

References
----------
Specification 01, section 4; 02; 04. Parity: bitwise, as the drop-in run on the same fields.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..arrays import F32
from ..backends.ahead import ahead
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..core import link
from ..core.detecting import Passes
from ..errors import FieldError, GridError, NotSupportedError, OutputError
from ..formats.fields.track_binary import TrackBinaryWriter
from ..grid.projections import project_grid
from ..grid.setup import set_up_grid
from ..grid.tracking import Region, TrackingGrid
from ..model.features import Features
from ..model.times import Times
from ..model.tracks import TrackSet
from ..run.data import RunData
from ..run.linking_notes import LinkingNotes
from ..run.names import OutputNames
from ..run.report import Report, progress_of_blocks
from ..run.tracking import track_search
from ..sample.answers import initial
from ..settings.detection import DetectionSettings
from ..settings.engines import ON_DEVICE
from ..settings.recipe import Recipe, Search
from ..storage.outputs import OutputFile
from ..tracks.filters import apply_filters
from .blocks import search_blocks
from .frames import Frames, Input
from .plans import Place, detection, place_of, run_plan
from .quantities import Strengths

FEWEST_FRAMES = 4
_CIRCLE = 360.0
_AHEAD = 8
"""Frames read ahead."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a search found.

    Attributes
    ----------
    search : Search
    tracks : TrackSet
    """

    search: Search
    tracks: TrackSet


def find_tracks(
    given: Input,
    recipe: Recipe,
    factor: float,
    report: Report,
    *,
    times: Times | None = None,
    keep: Path | None = None,
    backend: Backend | None = None,
    linker: Callable[[Features], TrackSet] | None = None,
) -> list[Found]:
    """Filter, search and link.

    Parameters
    ----------
    given : Input
        Where the fields come from; they are read once, frame after frame.
    recipe : Recipe
    factor : float
        Brings values to the recipe's units.
    report : Report
    times : Times, optional
        Of the frames.
    keep : Path, optional
        Folder for TRACK's intermediate files: the filtered series and the outputs of every search, as drop-in runs
        write them.
    backend : Backend, optional
        Workers that process frames; results do not depend on it.
    linker : callable, optional
        Makes tracks of the features of a search in place of the recipe's linking; not with `keep`.

    Returns
    -------
    list of Found
        One for each search, in the recipe's order.

    Raises
    ------
    UserInputError
        For data that cannot be used.
    """
    assert keep is None or linker is None
    check_levels(given, recipe)
    frames, workers = Frames(given), backend or Serial()
    if keep is not None and given.engine in ON_DEVICE:
        raise NotSupportedError(
            f"engine={given.engine!r} makes no files of TRACK's: leave out keep (--keep), or use engine='fast'"
        )
    if frames.n_frames < FEWEST_FRAMES:
        raise FieldError(
            f"'{given.sources[0].name}' has {frames.n_frames} frames; {FEWEST_FRAMES} are needed for tracks"
        )
    strengths = Strengths(recipe, factor)
    if keep is None:
        features = _Search(frames, recipe, strengths, "tracking").features(report, times, workers)
        notes = LinkingNotes(report)
        found = [(one, linker(one) if linker else link(one, recipe.linking, progress=notes).tracks) for one in features]
    else:
        with closing(_read(frames, workers)) as read:
            shown = report.progress(strengths.watched(read), "tracking", frames.n_frames)
            found = _with_files(frames, shown, recipe, factor, report, keep, workers)
    out = [_finished(recipe, search, tracks, times) for search, (_, tracks) in zip(recipe.searches, found, strict=True)]
    strengths.tell(
        report, [(one.search.name, features, one.tracks) for one, (features, _) in zip(out, found, strict=True)]
    )
    return out


def check_levels(given: Input, recipe: Recipe) -> None:
    """Refuse one field where a recipe takes the mean over levels."""
    if given.levels != max(1, len(recipe.levels)):
        levels = ", ".join(f"{one:g}" for one in recipe.levels) or "one level"
        raise FieldError(
            f"the recipe '{recipe.name}' tracks the mean over {levels} hPa, but fields of {given.levels} levels were "
            "given; give a file that holds them (stormtrack track), or set the recipe's levels to ()"
        )


def _finished(recipe: Recipe, search: Search, tracks: TrackSet, times: Times | None) -> Found:
    if recipe.filters is not None:
        tracks = apply_filters(tracks, recipe.filters, geodesic=True).without_empty()
    if times is not None:
        tracks = replace(tracks, time=times.take(tracks.frame - 1))
    return Found(search=search, tracks=tracks)


Result = tuple[Features, TrackSet]


def search_grid(recipe: Recipe, place: Place, frames: Frames) -> TrackingGrid:
    """Where a search takes place in some frames."""
    working = set_up_grid(frames.lon, frames.lat, place.grid)
    plane = None if place.projection is None else project_grid(working, place.projection, 0)
    area = None if place.area is None else Region.numbered(*place.area)
    return TrackingGrid(grid=working, geodesic=True, area=area, projected=plane, surface=recipe.surface)


def find_features(
    given: Input,
    recipe: Recipe,
    factor: float,
    report: Report,
    *,
    times: Times | None = None,
    backend: Backend | None = None,
) -> list[Features]:
    """Filter and search, without linking.

    Parameters
    ----------
    given, recipe, factor, report, times, backend
        As those of `find_tracks`.

    Returns
    -------
    list of Features
        One for each search, in the recipe's order; longitudes from 0 to 360.

    Raises
    ------
    UserInputError
        For data that cannot be used.
    """
    check_levels(given, recipe)
    frames = Frames(given)
    search = _Search(frames, recipe, Strengths(recipe, factor), "detecting")
    return search.features(report, times, backend or Serial())


def searches_of(frames: Frames, recipe: Recipe, factor: float) -> list[tuple[TrackingGrid, DetectionSettings]]:
    """Grid and settings of every search of a recipe in frames that `factor` brings to its units."""
    places = [place_of(recipe, search, frames.lon, frames.lat) for search in recipe.searches]
    return [
        (search_grid(recipe, place, frames), detection(recipe, search, factor))
        for search, place in zip(recipe.searches, places, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """Searching a series."""

    frames: Frames
    recipe: Recipe
    strengths: Strengths
    what: str

    def features(self, report: Report, times: Times | None, backend: Backend) -> list[Features]:
        """Those of every search: frames are read here for workers that share this memory; others read them."""
        frames, recipe = self.frames, self.recipe
        wanted = searches_of(frames, recipe, self.strengths.factor)
        passes = Passes(wanted, keep_missing=frames.keep_missing)
        if frames.given.engine in ON_DEVICE:
            from .on_device import search_on_device

            limit = recipe.detection.threshold / abs(self.strengths.factor)
            with closing(search_on_device(frames, wanted, limit, self.strengths, report)) as each:
                found = passes.together(report.progress(each, self.what, frames.n_frames), times)
        elif backend.shares_memory:
            with closing(_read(frames, backend)) as read:
                watched = enumerate(report.progress(self.strengths.watched(read), self.what, frames.n_frames))
                with closing(backend.map(passes, ((k, frame, None) for k, frame in watched))) as each:
                    found = passes.together(each, times)
        else:
            with closing(search_blocks(frames, recipe, self.strengths, passes, backend)) as each:
                shown = progress_of_blocks(report, each, _n_frames, self.what, frames.n_frames)
                found = passes.together(shown, times)
        return [in_circle(features) for features in found]


def _with_files(
    frames: Frames,
    read: Iterable[F32],
    recipe: Recipe,
    factor: float,
    report: Report,
    folder: Path,
    backend: Backend,
) -> list[Result]:
    """The same by way of TRACK's files."""
    if frames.lon[0] < 0.0 or frames.lon[-1] > _CIRCLE:
        raise GridError(
            f"an area from {frames.lon[0]:g} to {frames.lon[-1]:g} degrees reaches across Greenwich, of which TRACK's "
            "files know nothing: leave out --keep"
        )
    _make_folder(folder)
    series = folder / "filtered.dat"
    with TrackBinaryWriter(series, frames.lon, frames.lat) as writer:
        for frame in read:
            writer.write_frame(np.ascontiguousarray(frame))
    results = []
    for search in recipe.searches:
        names = OutputNames(folder=folder, extension=f"_{search.name}")
        place = place_of(recipe, search, frames.lon, frames.lat)
        with OutputFile(names.path("initial")) as out:
            out.write(_start_up(frames, search, place).encode("ascii"))
        with RunData(series, keep_missing=frames.keep_missing) as data:
            results.append(track_search(run_plan(recipe, search, factor, place), data, names, report, backend))
    return results


def _read(frames: Frames, backend: Backend) -> Generator[F32]:
    """The frames, read a few ahead if a backend does so."""
    return ahead(frames, depth=_AHEAD if backend.reads_ahead else 0)


def _n_frames(found: list[Features]) -> int:
    """Frames of a block in which every search has found these features."""
    return found[0].n_frames


def in_circle(features: Features) -> Features:
    """The same with longitudes from 0 to 360."""
    return features.moved(turned_into_circle, features.projection)


def turned_into_circle(lon: F32, lat: F32) -> tuple[F32, F32]:
    """Positions with longitudes from 0 to 360."""
    turned = np.where(lon < 0.0, lon + np.float32(_CIRCLE), lon)
    return np.where(turned > _CIRCLE, turned - np.float32(_CIRCLE), turned).astype(np.float32), lat


def _make_folder(folder: Path) -> None:
    """A new folder, or one that is empty: nothing that is there is replaced, and nothing mixed with it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        used = any(folder.iterdir())
    except OSError as problem:
        raise OutputError(f"the folder '{folder}' for TRACK's files cannot be made: {problem.strerror}") from problem
    if used:
        raise OutputError(f"the folder '{folder}' for TRACK's files is not empty; name a new one")


def _start_up(frames: Frames, search: Search, place: Place) -> str:
    """The start-up answers of the drop-in run."""
    if place.area is None:
        return initial(len(frames.lon), len(frames.lat), southern=search.hemisphere == "S")
    return "\n".join(("0", "y", "n", "g", "n", *map(str, place.area))) + "\n"
