"""Answer files of the benchmark cases (specification 01, sections 3 to 6 and 16.1)."""

from __future__ import annotations

from dataclasses import dataclass

T42_COLUMNS, T42_ROWS = 128, 64
QUARTER_COLUMNS, QUARTER_ROWS = 1440, 721

VORTICITY_LINKING = "n n 0.2 0.8 n y y 6.5 1.0 n n n y n y y 0 0 n"
"""From rotated_pole? to the end: regional limits, adaptive smoothness."""
VORTICITY_SCALE = "n n n y 1.0e+5 n"
"""Analysis menu, re-use, tendency, and the factor of the field."""


def lines(text: str) -> str:
    """One answer a line."""
    return "\n".join(text.split()) + "\n"


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of a run, 1-based, both inclusive."""

    first: int
    last: int


def stereographic(points: int, *, rows: str) -> str:
    """Start-up: TRACK binary on the T42 grid, polar stereographic around the North Pole, `points` each way."""
    return f"n 0 0 y n y g y 1 0 s 2 90. 0. 1 {T42_COLUMNS + 1} {rows} 0 {points} {points}"


def northern_vorticity(frames: Frames) -> str:
    """Maxima of vorticity above 1e-5 s-1 in the Northern Hemisphere, refined on splines, with shape and area."""
    before = f"1.0 1 n 1 {frames.first} 1 {frames.last} e 2 7 y 0 n n n n"
    first_frame = "0. y 1 0 0. y d n 1 0 n n n y 0. 0 0 0 n n 0"
    return lines(
        f"{stereographic(150, rows=f'1 {T42_ROWS}')} {VORTICITY_SCALE} {before} {first_frame} {VORTICITY_LINKING}"
    )


def global_vorticity(frames: Frames) -> str:
    """Cyclones of both hemispheres (the southern sign changed) without projection, on the periodic globe, sphery."""
    start = f"n 0 0 y n y g n 1 {T42_COLUMNS + 1} 1 {T42_ROWS}"
    before = f"1.0 n 1 y s 0. y {frames.first} 1 {frames.last} e y y 3 7 n 1 n n n n"
    return lines(f"{start} {VORTICITY_SCALE} {before} 0 0. y 1 y d n n 0 {VORTICITY_LINKING}")


def quarter_vorticity(frames: Frames) -> str:
    """The same on the 0.25 degree grid without its pole rows, refined on a rectangular surface (smoopy)."""
    start = f"n 0 0 y n y n n y g n 1 {QUARTER_COLUMNS + 1} 1 {QUARTER_ROWS - 2}"
    before = f"1.0 n 1 y s 0. y {frames.first} 1 {frames.last} e y y 3 7 n 0 n n n n"
    return lines(f"{start} {VORTICITY_SCALE} {before} 0 0. y d n n 0 {VORTICITY_LINKING}")


def northern_pressure(frames: Frames) -> str:
    """Minima of mean-sea-level pressure (planetary waves removed) deeper than 1 hPa, with shape and area."""
    half = T42_ROWS // 2
    before = f"n n n y 0.01 n 1.0 1 n 0 y {frames.first} 1 {frames.last} v 2 7 y 0 n n n n"
    first_frame = "0. y 1 0 0. y d z 5 0 n n n y 0.5 1 0 0 n n 0"
    start = stereographic(120, rows=f"{half + 1} {T42_ROWS}")
    return lines(f"{start} {before} {first_frame} {VORTICITY_LINKING}")


def spectral_filter(columns: int, rows: int, frames: Frames, *, grid: str = "1 42") -> str:
    """Bands 0-5 and 5-42 of NetCDF data, on the grid named (``1 42``: Gaussian; ``0 FILE``: that of a file)."""
    start = f"n 0 4 n 1 n n n g n 1 {columns} 1 {rows} y"
    return lines(f"{start} 4 {frames.first} 1 {frames.last} 1 n 42 y {grid} 2 y 0.1 0 5 42 n")
