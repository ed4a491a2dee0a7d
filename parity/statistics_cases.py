"""Cases that hold one answer file and digests only, as the goldens of statistics and additional fields do.

Such a folder has ``answers.in``, ``SHA256SUMS`` and outputs packed by xz; inputs lie in ``../in``, packed too. Outputs
are named without the extension of the run, and the track file is called ``tracks``.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from .cases import Case, CaseError, Output, Step

ANSWERS, DIGESTS, TRACKS, EXTENSION = "answers.in", "SHA256SUMS", "tracks", "_x"
STEMS = ("stat_trs_scl", "stat_trs", "phase_trs", "init_trs", "disp_trs", "ff_trs")
"""Outputs that carry the extension of the run."""
FIELDS = ("msl_24.nc", "vo850_24.nc")
WHEELS_GRID = "gridT63.nc"
"""An estimation grid that comes with the wheel."""
INPUTS = {
    "stats_T63_area": (WHEELS_GRID, "ff_trs_pos"),
    "stats_T63_unsmooth": (WHEELS_GRID, "ff_trs_aniso0"),
    "stats_5deg_area": ("grid_5deg.nc", "ff_trs_pos"),
    "stats_5deg_unsmooth": ("grid_5deg.nc", "ff_trs_aniso0"),
    "stats_old_kernels": ("vo850_24.nc", "ff_trs_aniso0"),
    "stats_stereo_wght": ("vo850_24.nc", "tr_trs_weighted"),
    "stats_mixed": ("grid_5deg.nc", "ff_trs_pos"),
}
"""Grid file and tracks of the cases that do not use those of additional fields (`OF_FIELDS`)."""
OF_FIELDS = ("msl_24.nc", "ff_trs_24")


def is_statistics_case(folder: Path) -> bool:
    """Whether a folder is such a case."""
    return (folder / ANSWERS).is_file() and (folder / DIGESTS).is_file()


def load_statistics_case(folder: Path) -> Case:
    """Read such a folder.

    Raises
    ------
    CaseError
        If an input is not there.
    """
    grid, tracks = INPUTS.get(folder.name, OF_FIELDS)
    stored = {name: _input(folder, name) for name in dict.fromkeys((grid, *FIELDS))}
    stored[TRACKS] = _input(folder, tracks)
    outputs = []
    for line in (folder / DIGESTS).read_text().splitlines():
        digest, name = line.split()
        outputs.append(Output(name=_name(name), sha256=digest, stored=False))
    step = Step(name="answers", input=grid, extension=EXTENSION, answers=ANSWERS, moves=(), fails=False)
    return Case(
        folder=folder,
        name=folder.name,
        inputs=tuple(stored),
        steps=(step,),
        outputs=tuple(outputs),
        places=stored,
    )


def _name(golden: str) -> str:
    for stem in STEMS:
        if golden.startswith(stem):
            return stem + EXTENSION + golden[len(stem) :]
    return golden


def _input(folder: Path, name: str) -> Path:
    packed = folder.parent / "in" / f"{name}.xz"
    if packed.is_file():
        return packed
    spec = importlib.util.find_spec("pyTRACK") if name == WHEELS_GRID else None
    if spec is None or spec.origin is None:
        raise CaseError(f"{folder}: input {name!r} not found (looked for {packed}, and in the wheel track-pylib)")
    return Path(spec.origin).parent / "data" / name
