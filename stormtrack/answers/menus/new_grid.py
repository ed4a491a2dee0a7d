"""Menu 14: interpolation to a new grid.

References
----------
Specification 05, section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.new_grid import NewGridRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section, at_least, equals, one_of
from .frames import FRAMES, first_frame_exists, frames_of, tell_frames
from .surfaces import fit_rows, kind_rows, surface, tell_surface

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

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


def tell(request: NewGridRequest, tables: TableFiles) -> list[Scene]:
    """What interpolation to another grid answers."""
    return [
        {
            "new.kind": int(request.grid_file is None),
            "new.file": request.grid_file or "",
            "new.truncation": request.truncation,
            **tell_frames(request.frames),
            **tell_surface("new", request.surface, request.wrap),
            "new.output": request.output,
        }
    ]
