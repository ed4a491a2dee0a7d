"""Menu 4: spectral filters.

References
----------
Specification 05, section 2.
"""

from __future__ import annotations

from typing import Literal

from ...errors import NotSupportedError
from ...settings.spectral import SpectralRequest, SpectralSettings
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Section, at_least, equals, one_of, yes
from .frames import FRAMES, frames_of

_UNSUPPORTED = {
    0: "least-squares spherical harmonics (specification 05, section 3)",
    2: "limited-area cosine filter (specification 05, section 4)",
}
_DERIVED = yes("spec.derived?")
_MOST_BANDS = 1000
"""Each band is a file of its own."""
_NEW_GRID = yes("spec.new_grid?")
SPECTRAL_START: Section = (
    Row(
        "spec.method",
        "d",
        "0 least squares, 1 fast transform, 2 limited-area cosine",
        allowed="0, 1 or 2",
        usable=one_of(0, 1, 2),
    ),
)
SPECTRAL: Section = (
    Row("spec.derived?", "c", "compute derived fields"),
    Row("spec.is_divergence", "d", "0: the input is vorticity; 1: divergence", _DERIVED, "0 or 1", one_of(0, 1)),
    Row("spec.derived_kind", "d", "0: winds; 1: stream function or potential", _DERIVED, "0 or 1", one_of(0, 1)),
    Row("spec.truncation", "d", "triangular truncation", allowed="0 or more", usable=at_least(0)),
    Row("spec.new_grid?", "c", "write on another grid"),
    Row("spec.grid_kind", "d", "0: grid of a file; 1: Gaussian", _NEW_GRID, "0 or 1", one_of(0, 1)),
    Row("spec.grid_file", "s", "file of the grid", equals("spec.grid_kind", 0)),
    Row(
        "spec.grid_truncation",
        "d",
        "truncation of the Gaussian grid",
        equals("spec.grid_kind", 1),
        "1 or more",
        at_least(1),
    ),
    Row(
        "spec.nbands",
        "d",
        "number of bands",
        allowed="1 to 1000",
        usable=lambda value, _: 1 <= int(value) <= _MOST_BANDS,
    ),
    Row("spec.hoskins?", "c", "taper high wavenumbers"),
    Row(
        "spec.hoskins_cutoff",
        "f",
        "taper at the truncation",
        yes("spec.hoskins?"),
        "more than 0, with a truncation of 1 or more",
        lambda value, a: 0.0 < float(value) < float("inf") and a.integer("spec.truncation") > 0,
    ),
)
SPECTRAL_END: Section = (
    Row("spec.restrict?", "c", "replace large values"),
    Row("spec.restrict.max", "f", "upper bound", yes("spec.restrict?")),
    Row("spec.restrict.value", "f", "value put in their place", yes("spec.restrict?")),
)


def ask(asker: Asker, tables: Tables) -> SpectralRequest:
    """Ask which filter, and its settings."""
    asker.section(FRAMES)
    method = asker.section(SPECTRAL_START).integer("spec.method")
    if method in _UNSUPPORTED:
        raise NotSupportedError(f"spec.method {method}: {_UNSUPPORTED[method]}")
    a = asker.section(SPECTRAL)
    boundaries = []
    for number in range(1, a.integer("spec.nbands") + 2):
        key = f"spec.boundary{number}"
        row = Row(key, "d", f"boundary {number} of the bands, total wavenumber")
        boundaries.append(asker.section((row,)).integer(key))
    a = asker.section(SPECTRAL_END)
    return SpectralRequest(frames=frames_of(a), settings=spectral_settings(a, tuple(boundaries)))


def spectral_settings(a: Answers, boundaries: tuple[int, ...]) -> SpectralSettings:
    """The fast spectral filter."""
    new_grid: Literal["same", "gaussian", "file"] = "same"
    if a.yes("spec.new_grid?"):
        new_grid = "gaussian" if a.integer("spec.grid_kind") == 1 else "file"
    derived: Literal["none", "winds", "potential"] = "none"
    if a.yes("spec.derived?"):
        derived = "potential" if a.integer("spec.derived_kind") == 1 else "winds"
    restrict = (a.real("spec.restrict.max"), a.real("spec.restrict.value")) if a.yes("spec.restrict?") else None
    return SpectralSettings(
        truncation=a.integer("spec.truncation"),
        boundaries=boundaries,
        hoskins_cutoff=a.real("spec.hoskins_cutoff") if a.yes("spec.hoskins?") else None,
        new_grid=new_grid,
        grid_truncation=a.integer("spec.grid_truncation"),
        grid_file=a.text("spec.grid_file") if new_grid == "file" else None,
        restrict=restrict,
        derived=derived,
        input_is_divergence=a.integer("spec.is_divergence") == 1,
    )
