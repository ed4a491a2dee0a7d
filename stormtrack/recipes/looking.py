"""One frame of a series looked at, as the searches of a recipe see it.

References
----------
Specification 02; 05. Parity: bitwise, as `recipes.run.find_features`.
"""

from __future__ import annotations

from dataclasses import replace

from ..arrays import F32
from ..core.looking import Look, look
from ..errors import FieldError
from ..model.times import Times
from ..settings.recipe import Recipe
from .filters import BATCH
from .frames import Frames, Input
from .run import check_levels, in_circle, searches_of, turned_into_circle


def look_at_frame(
    given: Input, recipe: Recipe, factor: float, index: int, *, times: Times | None = None
) -> dict[str, Look]:
    """What each search of a recipe does with one frame.

    Parameters
    ----------
    given, recipe, factor, times
        As those of `recipes.run.find_features`; `times` are those of all frames.
    index : int
        Which frame, 0-based.

    Returns
    -------
    dict
        Name of the search to `Look`; longitudes of features and candidates from 0 to 360.

    Raises
    ------
    UserInputError
        For data that cannot be used, or if there is no such frame.
    """
    check_levels(given, recipe)
    frames = Frames(given)
    if not 0 <= index < frames.n_frames:
        raise FieldError(
            f"frame {index + 1}: '{given.sources[0].name}' has frames 1 to {frames.n_frames}; name one of them"
        )
    item = (index, _frame(frames, index), None)
    time = None if times is None else times.take(slice(index, index + 1))
    wanted = zip(recipe.searches, searches_of(frames, recipe, factor), strict=True)
    return {search.name: _turned(look(item, grid, settings, times=time)) for search, (grid, settings) in wanted}


def _frame(frames: Frames, index: int) -> F32:
    """A frame, filtered in the batch that it has when all are read."""
    first = index - index % BATCH
    return list(frames.block(first, min(first + BATCH, frames.n_frames)))[index - first]


def _turned(seen: Look) -> Look:
    """The same with longitudes from 0 to 360."""
    one = seen.candidates
    lon, _ = turned_into_circle(one.lon, one.lat)
    grid_lon, _ = turned_into_circle(one.grid_lon, one.grid_lat)
    return replace(seen, features=in_circle(seen.features), candidates=replace(one, lon=lon, grid_lon=grid_lon))
