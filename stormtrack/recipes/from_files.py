"""From files of fields to a file of tracks: every field of the series, with its dates."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..errors import FieldError
from ..fields.opening import open_field
from ..fields.source import ArraySource, each_field
from ..formats.cf import netcdf
from ..model.tracks import Attribute, TrackSet
from ..run.report import Once, Report
from ..settings.recipe import Recipe
from ..storage.outputs import OutputFile
from .frames import Input
from .grouping import Group, one_set
from .products import refuse_input, told
from .quantities import check_winds, factor_of
from .run import find_tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which fields are tracked, and how the work is done.

    Attributes
    ----------
    paths : tuple of str
    variable : str, optional
    winds : (str, str), optional
        Eastward and northward wind, whose vorticity is tracked.
    opening : mapping
        Further arguments of `open_field`.
    engine : {'track', 'fast'}
    scale : float, optional
        In place of the factor that the units call for.
    keep : Path, optional
        Folder for TRACK's files.
    keep_missing : bool
    threads : int
    """

    paths: tuple[str, ...]
    variable: str | None = None
    winds: tuple[str, str] | None = None
    opening: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "track"
    scale: float | None = None
    keep: Path | None = None
    keep_missing: bool = False
    threads: int = 1


def track_files(request: Request, recipe: Recipe, output: Path, report: Report, *, command: str = "") -> TrackSet:
    """Track every field of a series and write all tracks to one file.

    Parameters
    ----------
    request : Request
    recipe : Recipe
    output : Path
        Written when everything else is done.
    report : Report
    command : str
        For the history of the file.

    Returns
    -------
    TrackSet
        What was written.

    Raises
    ------
    UserInputError
        For files, fields or outputs that cannot be used.
    """
    report = Once(report)
    groups: list[Group] = []
    _check_output(output, request)
    with ExitStack() as stack:
        with told(report):
            arrays = _opened(request, recipe)
        for array in arrays:
            stack.callback(array.close)
        factor = factor_for(recipe, arrays, report, request.scale)
        backend = stack.enter_context(workers(request.threads))
        several = len(list(each_field(arrays[0]))) > 1
        for parts in zip(*(each_field(array) for array in arrays), strict=True):
            labels, sources = parts[0][0], tuple(source_of(part) for _, part in parts)
            given = Input(
                sources=sources,
                band=recipe.band,
                engine=request.engine,
                keep_missing=request.keep_missing,
                levels=max(1, len(recipe.levels)),
            )
            found = find_tracks(
                *(given, recipe, factor, report),
                times=sources[0].dates,
                keep=None if request.keep is None else request.keep / _folder(labels if several else {}),
                backend=backend,
            )
            groups += [
                Group(name=one.search.name, tracks=one.tracks, labels=labels if several else {}) for one in found
            ]
    tracks = replace(one_set(groups, recipe.quantity.units), attributes=_attributes(request, recipe, arrays[0]))
    netcdf.write(tracks, output, command=command or "stormtrack")
    report.note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{output}'")
    return tracks


def _opened(request: Request, recipe: Recipe) -> list[Any]:
    """The fields: of each level of the recipe, one or two winds."""
    names, opening = request.winds or (request.variable,), dict(request.opening)
    if not recipe.levels:
        return [open_field(list(request.paths), name, **opening) for name in names]
    if opening.pop("level", None) is not None:
        levels = ", ".join(f"{one:g}" for one in recipe.levels)
        raise FieldError(
            f"the recipe '{recipe.name}' takes the mean over {levels} hPa; leave out the level, or change the recipe's "
            "levels (in TOML: levels = [850.0])"
        )
    return [
        open_field(list(request.paths), name, level=f"{level:g} hPa", **opening)
        for level in recipe.levels
        for name in names
    ]


def _check_output(output: Path, request: Request) -> None:
    """Refuse, before the work, to write where that is not possible or the data lie."""
    refuse_input(output, request.paths)
    OutputFile(output).discard()


def source_of(array: Any) -> ArraySource:
    """A field as a source of frames.

    Raises
    ------
    FieldError
        If it lies on a grid with a rotated pole.
    """
    source = ArraySource(array)
    if source.pole is not None:
        raise FieldError(
            f"'{source.name}' lies on a grid with a rotated pole, whose longitudes and latitudes are not true. Regrid "
            "it to rows and columns that lie inside (open_field with grid=(lat, lon)), write it, and track that with "
            "--no-filter"
        )
    return source


def factor_for(recipe: Recipe, arrays: list[Any], report: Report, scale: float | None = None) -> float:
    """What brings values to the recipe's units: of one field, or of winds, whose vorticity is tracked.

    Raises
    ------
    FieldError
        For units that cannot be those of the quantity, and for winds that are none.
    """
    if len(arrays) == 2 * max(1, len(recipe.levels)):
        if recipe.quantity.name != "vorticity":
            raise FieldError(f"winds give vorticity; the preset '{recipe.name}' tracks {recipe.quantity.name}")
        for first in range(0, len(arrays), 2):
            check_winds(*arrays[first : first + 2])
        return scale or recipe.quantity.factors[0][1]
    if scale is not None:
        return scale
    array = arrays[0]
    return factor_of(recipe.quantity, str(array.attrs.get("units", "")), str(array.name), report)


def workers(threads: int) -> Backend:
    """Workers that process frames."""
    if threads == 1:
        return Serial()
    from ..backends.threads import Threads

    return Threads(threads)


def _folder(labels: Mapping[str, Any]) -> str:
    return "_".join(f"{name}_{value}" for name, value in labels.items())


def _attributes(request: Request, recipe: Recipe, array: Any) -> dict[str, Attribute]:
    field_name = " and ".join(request.winds) if request.winds else str(array.name)
    return {
        "title": f"tracks of {recipe.quantity.name} ({', '.join(search.name for search in recipe.searches)})",
        "source": f"stormtrack {__version__}, preset {recipe.name}, engine {request.engine}, field {field_name}",
        "references": recipe.source,
    }
