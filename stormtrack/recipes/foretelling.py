"""What following a recipe would do, without doing it: fields found, frames, dates, grids, searches."""

from __future__ import annotations

import numpy as np

from ..model.dates import calendar_named, date_parts, seconds_of
from ..model.times import Times
from ..settings.engines import ON_DEVICE
from ..settings.recipe import Recipe, Search
from .filters import DeviceHarmonics, FastHarmonics, FastTransform, FrameFilter, LeastSquares
from .frames import Frames, Input
from .plans import place_of

_ENGINES: dict[type[FrameFilter], str] = {
    FastTransform: "TRACK's fast transform",
    LeastSquares: "TRACK's least squares",
    FastHarmonics: "the fast engine",
    DeviceHarmonics: "JAX",
}
_WIDTH = 12


def foretold(given: Input, recipe: Recipe, factor: float, *, times: Times | None = None, what: str = "field") -> str:
    """What would be done, in a few lines.

    Parameters
    ----------
    given : Input
        Nothing but coordinates is read of its sources.
    recipe : Recipe
    factor : float
        Brings values to the recipe's units.
    times : Times, optional
        Of the frames.
    what : str
        What to call the field, with its units.

    Raises
    ------
    UserInputError
        As following the recipe would, for grids that cannot be used.
    """
    frames = Frames(given)
    rows = [
        ("field", f"{what}, times {factor:g} in {recipe.quantity.units}"),
        ("frames", f"{frames.n_frames}{_dates(times)}"),
        ("grid", _grid(frames.grid.lon, frames.grid.lat)),
        ("filter", _filter(frames, recipe)),
        *((search.name, _search(recipe, search, frames)) for search in recipe.searches),
        ("linking", ", ".join(f"at most {one.dmax:g} degrees a step" for one in recipe.linking.sets)),
    ]
    if recipe.levels:
        rows.insert(1, ("levels", f"mean over {', '.join(f'{one:g}' for one in recipe.levels)} hPa"))
    if recipe.filters is not None:
        rows.append(("kept", _kept(recipe)))
    return "".join(f"{name.ljust(_WIDTH)} {text}\n" for name, text in rows)


def _dates(times: Times | None) -> str:
    if times is None or not len(times):
        return ", without dates"
    seconds = seconds_of(times)
    parts = date_parts(seconds[[0, -1]], calendar_named(times.calendar))
    first, last = (
        f"{parts.year[k]:04d}-{parts.month[k]:02d}-{parts.day[k]:02d} {parts.second[k] // 3600:02d}:"
        f"{parts.second[k] // 60 % 60:02d}"
        for k in (0, 1)
    )
    steps = np.unique(np.diff(seconds))
    step = f", every {steps[0] / 3600:g} h" if len(steps) == 1 else "" if not len(steps) else ", at uneven steps"
    return f", {first} to {last}{step}"


def _grid(lon: object, lat: object) -> str:
    x, y = np.asarray(lon), np.asarray(lat)
    return f"{len(x)} x {len(y)}, longitudes {x[0]:g} to {x[-1]:g}, latitudes {y[0]:g} to {y[-1]:g}"


def _filter(frames: Frames, recipe: Recipe) -> str:
    if recipe.band is None:
        return "none"
    band = f"wave numbers {recipe.band.above + 1} to {recipe.band.truncation}"
    engine, precision = _ENGINES[frames.filter_type], ON_DEVICE.get(frames.given.engine)
    how = engine if precision is None else f"{engine} in {precision}"
    return f"{band} by {how}, on {len(frames.lon)} x {len(frames.lat)} points"


def _search(recipe: Recipe, search: Search, frames: Frames) -> str:
    place = place_of(recipe, search, frames.lon, frames.lat)
    hemisphere = "northern" if search.hemisphere == "N" else "southern"
    if place.projection is not None:
        where = f"the {hemisphere} polar stereographic grid of {recipe.plane} x {recipe.plane} points"
    else:
        x1, x2, y1, y2 = place.area or (1, len(frames.lon), 1, len(frames.lat))
        where = f"columns {x1} to {x2} and rows {y1} to {y2}"
    kind = "minima below -" if search.minima else "maxima above "
    return f"{kind}{recipe.detection.threshold:g} {recipe.quantity.units} on {where}"


def _kept(recipe: Recipe) -> str:
    assert recipe.filters is not None
    kept = f"tracks of at least {recipe.filters.min_points} points"
    if recipe.filters.distance is not None:
        kept += f" that end at least {recipe.filters.distance:g} degrees from their start"
    return kept
