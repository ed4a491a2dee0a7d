"""Menu 9: smoothing by splines.

References
----------
Specification 05, section 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.smooth import SmoothRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section, always, yes, yes_no
from .frames import FRAMES, frames_of, tell_frames
from .surfaces import fit_rows, kind_row, surface, tell_surface

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

SMOOTH: Section = (
    *FRAMES,
    Row("smooth.scale", "f", "factor of the field"),
    Row("smooth.grid?", "c", "sample the smooth fields on another grid"),
    Row("smooth.file", "s", "file of that grid", yes("smooth.grid?")),
    kind_row(),
    *fit_rows("smooth", always),
)


def ask(asker: Asker, tables: Tables) -> SmoothRequest:
    """Ask how fields are smoothed."""
    a = asker.section(SMOOTH)
    return SmoothRequest(
        frames=frames_of(a),
        scale=a.real("smooth.scale"),
        grid_file=a.text("smooth.file") if a.yes("smooth.grid?") else None,
        surface=surface(a, "smooth"),
    )


def tell(request: SmoothRequest, tables: TableFiles) -> list[Scene]:
    """What smoothing answers."""
    return [
        {
            **tell_frames(request.frames),
            "smooth.scale": request.scale,
            "smooth.grid?": yes_no(request.grid_file),
            "smooth.file": request.grid_file or "",
            **tell_surface("smooth", request.surface),
        }
    ]
