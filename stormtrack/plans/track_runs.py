"""A recipe as runs of TRACK: answer files for its filter, for each of its searches, and for what it keeps of tracks.

References
----------
Specification 01, sections 3 to 5; 05, sections 2 and 3. Parity: bitwise, as `recipes.run.find_tracks` with its files
kept.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..arrays import F32
from ..errors import FieldError, PlanError
from ..recipes.filters import FastTransform, as_in_file, frame_filter
from ..recipes.plans import place_of, run_plan
from ..run.data import RunData
from ..run.file_facts import FileFacts
from ..settings.least_squares import LeastSquaresRequest, LeastSquaresSettings
from ..settings.menus import MenuFrames, MenuRequest
from ..settings.plan import RunPlan
from ..settings.recipe import BandFilter, Recipe, Search
from ..settings.spectral import SpectralRequest, SpectralSettings
from ..settings.splice import SpliceRequest, SpliceSet, SpliceSettings
from ..settings.startup import FieldSelection, GridSettings, StartupSettings
from ..sources.sniff import FORMATS, sniff
from ..sources.source import Source
from ..storage.outputs import OutputFile
from .answers import AnswerFile, answers_of

_FILTER = "_filtered"
_NETCDF = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRun:
    """One run of TRACK.

    Attributes
    ----------
    name : str
        Of its answer file, without ``.in``.
    input : str
        Its data: those given, or what an earlier run writes.
    extension : str
        Appended to its outputs.
    plan : RunPlan
    file : AnswerFile
    """

    name: str
    input: str
    extension: str
    plan: RunPlan
    file: AnswerFile

    @property
    def command(self) -> str:
        """The command of this run, for a shell."""
        environment = [f"{key}={shlex.quote(value)}" for key, value in self.file.environment.items()]
        words = ["track", "-i", shlex.quote(self.input), "-f", shlex.quote(self.extension)]
        return " ".join([*environment, *words, "<", shlex.quote(f"{self.name}.in")])


def track_runs(
    recipe: Recipe, data: Path | str, *, factor: float, variable: str | None = None, level: int | None = None
) -> list[TrackRun]:
    """Runs of TRACK that do what a recipe says with a file.

    Parameters
    ----------
    recipe : Recipe
        Of one level, with a band.
    data : Path or str
        A file that TRACK reads: NetCDF, TRACK binary, ASCII, PP.
    factor : float
        Brings values to the recipe's units.
    variable : str, optional
        Name of the field in a NetCDF file with several.
    level : int, optional
        Number of the level (0-based) in a file with several.

    Returns
    -------
    list of TrackRun
        The filter, a run for each search, and one more for each if the recipe filters tracks.

    Raises
    ------
    PlanError
        If runs of TRACK cannot do this.
    FieldError, GridError
        If the file cannot be used.
    """
    if recipe.levels:
        raise PlanError(
            f"'{recipe.name}' takes the mean over levels, which no run of TRACK does",
            hint="Average the fields first (cdo vertmean), and set the recipe's levels to []",
        )
    if recipe.band is None:
        raise PlanError(f"'{recipe.name}' does not filter", hint="stormtrack track --keep FOLDER writes TRACK's files")
    with RunData(data) as opened:
        startup = _startup(opened, variable, level)
        grid = opened.settle(startup)
        n_frames = opened.source.n_frames
        chosen = frame_filter(grid, recipe.band, "track")
        fast = isinstance(chosen, FastTransform)
        frames = MenuFrames(first=1, step=1, last=n_frames)
        plan = RunPlan(startup=startup, menu=(_filter(recipe.band, frames, fast),))
        file = answers_of(plan, FileFacts(opened))
        series = _Series(as_in_file(chosen.lon), as_in_file(chosen.lat), n_frames)
    name = f"specfil_band000.{_FILTER}_band000" if fast else f"specfil{_FILTER}_band000"
    filtering = TrackRun(name="filter", input=str(Path(data).absolute()), extension=_FILTER, plan=plan, file=file)
    return [filtering, *(run for search in recipe.searches for run in _searching(recipe, search, factor, series, name))]


def write_track_runs(runs: list[TrackRun], folder: Path | str) -> Path:
    """Write the answer files of runs, what belongs to them, and a script that runs them.

    Parameters
    ----------
    runs : list of TrackRun
    folder : Path or str

    Returns
    -------
    Path
        The script.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    for run in runs:
        run.file.write(Path(folder) / f"{run.name}.in")
    script = Path(folder) / "run.sh"
    lines = [
        "#!/bin/sh",
        "# TRACK's runs, one after the other; outputs go here",
        'cd "$(dirname "$0")"',
        "set -e",
        *(run.command for run in runs),
    ]
    with OutputFile(script) as out:
        out.write(("\n".join(lines) + "\n").encode())
    return script


class _Series(Source):
    """The grid and the number of frames of a series that is yet to be written."""

    def __init__(self, lon: F32, lat: F32, n_frames: int) -> None:
        super().__init__("the filtered series")
        self.lon, self.lat, self.n_frames = lon, lat, n_frames

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        return None

    def close(self) -> None:
        """Nothing is open."""


def _startup(data: RunData, variable: str | None, level: int | None) -> StartupSettings:
    """How the file is read: one field of it, its whole grid."""
    format = sniff(str(data.path))
    if not isinstance(format, int):
        raise FieldError(
            f"'{data.path}' is {format}, which TRACK does not read; it reads {', '.join(FORMATS.values())}"
        )
    selection = FieldSelection(format=format, newline_separated=format == 0, by_name=False)  # type: ignore[arg-type]
    if format == _NETCDF:
        selection = replace(selection, variable=_variable(data, selection, variable))
        selection = replace(selection, level=_level(data, selection, level))
    questions = data.questions(selection)
    settings = GridSettings(correct_longitudes=1 if questions.correct_longitudes else 0)
    grid = data.grid_of(selection, settings)
    return StartupSettings(selection=selection, grid=settings, area=(1, grid.nx, 1, grid.ny))


def _variable(data: RunData, selection: FieldSelection, name: str | None) -> int | None:
    """Number of the variable, None if there is only one."""
    candidates = data.opened(selection).candidates
    names = ", ".join(one.name for one in candidates)
    found = [number for number, one in enumerate(candidates) if one.name == name]
    if not found and (name is not None or len(candidates) > 1):
        raise FieldError(f"'{data.path}': no variable {name or 'was named'}; there are {names} (--variable NAME)")
    return found[0] if len(candidates) > 1 else None


def _level(data: RunData, selection: FieldSelection, number: int | None) -> int | None:
    """Number of the level, None if there is only one."""
    axis = data.choices(selection).level
    if axis is None or not axis.asked:
        return None
    if number is None or not 0 <= number < axis.length:
        values = ", ".join(f"{k}: {value:g}" for k, value in enumerate(axis.values))
        raise FieldError(f"'{data.path}': say which level, by its number: {values} {axis.units} (--level NUMBER)")
    return number


def _filter(band: BandFilter, frames: MenuFrames, fast: bool) -> MenuRequest:
    boundaries = (band.above + 1, band.truncation)
    if fast:
        settings = SpectralSettings(
            truncation=band.truncation,
            boundaries=boundaries,
            hoskins_cutoff=band.taper,
            new_grid="gaussian",
            grid_truncation=band.truncation,
        )
        return SpectralRequest(frames=frames, settings=settings)
    least_squares = LeastSquaresSettings(
        truncation=band.truncation,
        boundaries=boundaries,
        hoskins_cutoff=band.taper,
        new_grid="gaussian",
        grid_truncation=band.truncation,
    )
    return LeastSquaresRequest(frames=frames, settings=least_squares)


def _searching(recipe: Recipe, search: Search, factor: float, series: _Series, name: str) -> Iterator[TrackRun]:
    """The run of a search, and the one that filters its tracks."""
    extension = f"_{search.name}"
    plan = run_plan(recipe, search, factor, place_of(recipe, search, series.lon, series.lat))
    yield _told(search.name, name, extension, plan, series)
    if recipe.filters is not None:
        chunk = SpliceSet(object_file=f"objout.new{extension}", track_file=f"tdump{extension}", first_frame=1)
        request = SpliceRequest(settings=SpliceSettings(filters=recipe.filters, sets=(chunk,)))
        spliced = RunPlan(startup=plan.startup, menu=(request,))
        yield _told(f"{search.name}_filters", name, extension, spliced, series)


def _told(name: str, data: str, extension: str, plan: RunPlan, series: _Series) -> TrackRun:
    facts = FileFacts(RunData.of_source(series))
    return TrackRun(name=name, input=data, extension=extension, plan=plan, file=answers_of(plan, facts))
