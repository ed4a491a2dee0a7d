"""Menu 4 with least-squares spherical harmonics.

References
----------
Specification 05, section 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ...settings.least_squares import LeastSquaresRequest, LeastSquaresSettings
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section, both, equals, no, nonzero, yes, yes_no
from ..stream import Value
from .bands import (
    HOSKINS,
    NUMBER_OF_BANDS,
    RESTRICTION,
    TRUNCATION,
    ask_boundaries,
    output_grid,
    restriction,
    tell_boundaries,
    tell_grid,
    tell_hoskins,
    tell_restriction,
)
from .frames import first_frame_exists, frames_of, tell_frames

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_FULL = equals("lsq.subtract", 0)
_GAUSSIAN = both(yes("spec.new_grid?"), equals("spec.grid_kind", 1))

START: Section = (
    Row("lsq.subtract", "d", "0: the filtered field; other: the field less the filtered one"),
    TRUNCATION,
    Row("lsq.memory_map", "d", "0: the normal equations in memory; other: in a file, which stays"),
    *output_grid(_FULL),
    Row("lsq.closed?", "c", "the Gaussian grid gets a column at 360 degrees", both(_FULL, _GAUSSIAN)),
    NUMBER_OF_BANDS,
)

FACTOR: Section = (
    Row("lsq.load?", "c", "read the Cholesky factor of an earlier run", first_frame_exists),
    Row("lsq.load_file", "s", "its file; the folder is put before the name without a /", yes("lsq.load?")),
    Row(
        "lsq.write?",
        "c",
        "write the Cholesky factor",
        both(first_frame_exists, no("lsq.load?"), equals("lsq.memory_map", 0)),
    ),
    Row("lsq.write_file", "s", "its file; the folder is put before the name without a /", yes("lsq.write?")),
    Row(
        "lsq.map_file",
        "s",
        "file of the factor; the folder is put before the name without a /",
        both(first_frame_exists, no("lsq.load?"), nonzero("lsq.memory_map")),
    ),
)


def ask(asker: Asker, tables: Tables) -> LeastSquaresRequest:
    """Ask for a filter by least squares; the frames have been asked for."""
    asker.section(START)
    boundaries = ask_boundaries(asker)
    n_bands = len(boundaries) - 1
    kept = _ask_masks(asker, n_bands) if n_bands > 1 else ()
    asker.section(HOSKINS)
    untapered: tuple[bool, ...] = ()
    if n_bands > 1 and all(kept):  # asked without a taper, too
        untapered = tuple(answer != "y" for answer in _ask_each(asker, n_bands, "taper", "c", "taper band {}"))
    asker.section(RESTRICTION)
    a = asker.section(FACTOR)
    new_grid: Literal["same", "gaussian", "file"] = "same"
    if a.yes("spec.new_grid?"):
        new_grid = "gaussian" if a.integer("spec.grid_kind") == 1 else "file"
    settings = LeastSquaresSettings(
        truncation=a.integer("spec.truncation"),
        boundaries=boundaries,
        kept=kept,
        subtracts=a.integer("lsq.subtract") != 0,
        hoskins_cutoff=a.real("spec.hoskins_cutoff") if a.yes("spec.hoskins?") else None,
        untapered=untapered,
        new_grid=new_grid,
        grid_truncation=a.integer("spec.grid_truncation"),
        grid_closed=a.yes("lsq.closed?"),
        grid_file=a.text("spec.grid_file") if new_grid == "file" else None,
        restriction=restriction(a),
        factor_file=a.text("lsq.load_file") if a.yes("lsq.load?") else None,
        factor_output=a.text("lsq.write_file") or a.text("lsq.map_file") or None,
    )
    return LeastSquaresRequest(frames=frames_of(a), settings=settings)


def _ask_masks(asker: Asker, n_bands: int) -> tuple[bool, ...]:
    """Which bands are kept."""
    kept = tuple(value != 0 for value in _ask_each(asker, n_bands, "mask", "d", "0 leaves band {} out, 1 keeps it"))
    if 1 < sum(kept) < n_bands:
        raise asker.error(f"lsq.mask{n_bands}", f"{sum(kept)} of {n_bands} bands are kept", allowed="one, all or none")
    return kept


def _ask_each(asker: Asker, n_bands: int, name: str, kind: Literal["d", "c"], meaning: str) -> list[Value]:
    """Ask about every band."""
    rows = [Row(f"lsq.{name}{number}", kind, meaning.format(number)) for number in range(1, n_bands + 1)]
    return [asker.section((row,)).given[row.key] for row in rows]


def tell(request: LeastSquaresRequest, tables: TableFiles) -> list[Scene]:
    """What a filter by least squares answers."""
    settings = request.settings
    return [
        {
            **tell_frames(request.frames),
            "spec.method": 0,
            "lsq.subtract": int(settings.subtracts),
            "spec.truncation": settings.truncation,
            **tell_grid(settings.new_grid, settings.grid_truncation, settings.grid_file),
            "lsq.closed?": yes_no(settings.grid_closed),
            **tell_boundaries(settings.boundaries),
            **{f"lsq.mask{number}": int(kept) for number, kept in enumerate(settings.kept, 1)},
            **tell_hoskins(settings.hoskins_cutoff),
            **{f"lsq.taper{number}": yes_no(not without) for number, without in enumerate(settings.untapered, 1)},
            **tell_restriction(settings.restriction),
            "lsq.load?": yes_no(settings.factor_file),
            "lsq.load_file": settings.factor_file or "",
            "lsq.write?": yes_no(settings.factor_output),
            "lsq.write_file": settings.factor_output or "",
        }
    ]
