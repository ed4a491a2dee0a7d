"""The dialogue as one table: a row per prompt, in TRACK's order, cut into sections where a run needs its answers.

Each section is a tuple of rows; `SECTIONS` names them all. Parsing, the `initial` file, error messages and the
transcript come from these rows.
"""

from __future__ import annotations

from ..menus import (
    cosine_filter,
    extract,
    frames,
    frequency_filter,
    gradients,
    lanczos,
    least_squares,
    menu,
    new_grid,
    spectral,
    splice,
    time_mean,
    winds,
)
from ..rows import Section
from . import linking, startup, tracking

SECTIONS: dict[str, Section] = {
    "start-up: opening": startup.OPENING,
    "start-up: data and grid": startup.DATA,
    "start-up: projection": startup.PROJECTION,
    "start-up: search area": startup.AREA,
    "analysis or tracking": startup.ANALYSIS,
    "tracking: re-use and tendency": tracking.REUSE,
    "tracking: before the first frame": tracking.BEFORE,
    "tracking: first frame": tracking.FIRST_FRAME,
    "tracking: grid of areas": tracking.AREA_GRID,
    "tracking: surface of the added field": tracking.ADDED_SURFACE,
    "tracking: after the first frame": tracking.AFTER_FIRST_FRAME,
    "tracking: first plot": tracking.LATE_PLOT,
    "tracking: after the last frame": tracking.AFTER_FRAMES,
    "linking: existing tracks": linking.LOAD,
    "linking: parameters": linking.PARAMETERS,
    "linking: initialisation": linking.INITIALISATION,
    "linking: final filters": linking.FINAL,
    "linking: plots": linking.PLOTS,
    "analysis: menu": menu.MENU,
    "analysis: frames": frames.FRAMES,
    "analysis: splice": splice.SPLICE,
    "analysis: filters on tracks": splice.FILTERS,
    "analysis: time average": time_mean.TIME_MEAN_START + time_mean.TIME_MEAN,
    "analysis: spectral filter": spectral.SPECTRAL_START + spectral.SPECTRAL + spectral.SPECTRAL_END,
    "analysis: least-squares filter": least_squares.START + least_squares.FACTOR,
    "analysis: cosine filter": cosine_filter.START + cosine_filter.END,
    "analysis: Lanczos filter": (
        *(lanczos.LANCZOS_START + lanczos.LANCZOS_DESIGN + lanczos.LANCZOS_RESPONSE + lanczos.LANCZOS),
    ),
    "analysis: filter by frequency": frequency_filter.FREQUENCY_FILTER + frequency_filter.FREQUENCIES,
    "analysis: extract": extract.EXTRACT_START + extract.EXTRACT,
    "analysis: winds": winds.WINDS + winds.MISSING + winds.FITS,
    "analysis: gradients": gradients.GRADIENTS,
    "analysis: new grid": new_grid.NEW_GRID,
    "analysis: action": menu.ACTION,
}
"""Name -> rows of every section, in the order of a run."""
