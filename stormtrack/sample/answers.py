"""Answer files for TRACK that go with a sample (specification 01, sections 5.2, 6 and 16.1)."""

from __future__ import annotations

FILTERED = "T{truncation}filt_vo.dat"


def _lines(text: str) -> str:
    return "\n".join(text.split()) + "\n"


def initial(columns: int, rows: int) -> str:
    """Start-up answers of Northern Hemisphere tracking: polar stereographic, 150 x 150 points."""
    return _lines(f"0 y n y g y 1 0 s 2 90. 0. 1 {columns + 1} 1 {rows} 0 150 150")


def spectral_filter(truncation: int, columns: int, rows: int) -> str:
    """Bands 0-5 and 5-T with the Hoskins filter, all frames."""
    start = f"n 0 4 n 1 n n n g n 1 {columns} 1 {rows} y"
    grid = f"n {truncation} y 1 {truncation}"
    return _lines(f"{start} 4 1 1 10000 1 {grid} 2 y 0.1 0 5 {truncation} n")


def tracking(initial_name: str, frames: int, *, minima: bool) -> str:
    """Vorticity maxima or minima above 1e-5 s-1, refined by splines, with areas, linked with regional limits."""
    extrema = "0 n" if minima else "1"
    before = f"n 1 {initial_name} n n n y 1.0e+5 n 1.0 1 n {extrema} 1 1 {frames} e 2 7 y 0 n n n n"
    first_frame = "0. y 1 0 0. y d n 1 0 n n n y 0. 0 0 0 n n 0"
    linking = "n n 0.2 0.8 n y y 6.5 1. n n n y n y y 0 0 n"
    return _lines(f"{before} {first_frame} {linking}")
