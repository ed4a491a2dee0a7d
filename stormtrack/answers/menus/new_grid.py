"""Menu 14: interpolation to a new grid.

References
----------
Specification 05, section 7.
"""

from __future__ import annotations

from ...settings.new_grid import NewGridRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Section, at_least, equals, one_of
from .frames import FRAMES, first_frame_exists, frames_of
from .surfaces import fit_rows, kind_rows, surface

NEW_GRID: Section = (
    Row("new.kind", "d", "0: grid of a file; 1: Gaussian", allowed="0 or 1", usable=one_of(0, 1)),
    Row("new.file", "s", "file of the grid", equals("new.kind", 0)),
    Row(
        "new.truncation",
        "d",
        "truncation of the Gaussian grid",
        equals("new.kind", 1),
        "1 or more",
        at_least(1),
    ),
    *FRAMES,
    *kind_rows(),
    Row("new.output", "s", "file written"),
    *fit_rows("new", first_frame_exists),
)


def ask(asker: Asker, tables: Tables) -> NewGridRequest:
    """Ask for the grid and how fields are brought to it."""
    a = asker.section(NEW_GRID)
    return NewGridRequest(
        frames=frames_of(a),
        grid_file=a.text("new.file") if a.integer("new.kind") == 0 else None,
        truncation=a.integer("new.truncation"),
        surface=surface(a, "new"),
        wrap=a.integer("surface.wrap"),
        output=a.text("new.output"),
    )
