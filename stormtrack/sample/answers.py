"""Answer files for TRACK that go with a sample (specification 01, sections 5.2, 6 and 16.1)."""

from __future__ import annotations

FILTERED = "T{truncation}filt_vo.dat"


def _lines(text: str) -> str:
    return "\n".join(text.split()) + "\n"


def initial(columns: int, rows: int, *, southern: bool = False) -> str:
    """Start-up answers of tracking in one hemisphere: polar stereographic, 150 x 150 points."""
    pole = "-90." if southern else "90."
    return _lines(f"0 y n y g y 1 0 s 2 {pole} 0. 1 {columns + 1} 1 {rows} 0 150 150")


def spectral_filter(truncation: int, columns: int, rows: int) -> str:
    """Bands 0-5 and 5-T with the Hoskins filter, all frames."""
    start = f"n 0 4 n 1 n n n g n 1 {columns} 1 {rows} y"
    grid = f"n {truncation} y 1 {truncation}"
    return _lines(f"{start} 4 1 1 10000 1 {grid} 2 y 0.1 0 5 {truncation} n")


def tracking(
    initial_name: str,
    last: int | str,
    *,
    minima: bool,
    first: int | str = 1,
    scale: str = "1.0e+5",
    connectivity: str = "e",
    shapes: bool = True,
) -> str:
    """Maxima or minima above 1 after scaling, refined by splines, linked with regional limits.

    Parameters
    ----------
    initial_name : str
        File of start-up answers.
    first, last : int or str
        Frames, or their markers.
    minima : bool
        Minima rather than maxima.
    scale : str
        Factor of the field; 1e5 for vorticity in s-1.
    connectivity : str
        ``e`` or ``v``: points of an object touch at edges, or also at corners.
    shapes : bool
        Compute shapes and areas of the objects.
    """
    extrema = "0 n" if minima else "1"
    before = f"n 1 {initial_name} n n n y {scale} n 1.0 1 n {extrema} {first} 1 {last} {connectivity} 2 7"
    asks_shapes, areas = ("y", "n 1 0 n n n y 0. 0 0 0") if shapes else ("n", "")
    first_frame = f"{asks_shapes} 0 n n n n 0. y 1 0 0. y d {areas} n n 0"
    linking = "n n 0.2 0.8 n y y 6.5 1. n n n y n y y 0 0 n"
    return _lines(f"{before} {first_frame} {linking}")


def splice(initial_name: str, sets: str, *, fewest_points: int, displacement: str | None) -> str:
    """Chunks joined where they match; tracks of too few points or too little displacement (degrees) dropped.

    Parameters
    ----------
    initial_name : str
        File of start-up answers.
    sets : str
        Number of chunks and their files, or the marker for both.
    fewest_points : int
        Points that a track needs.
    displacement : str, optional
        Degrees between first and last point that a track needs.
    """
    distance = "n" if displacement is None else f"y {displacement} s"
    return _lines(f"n 1 {initial_name} y 1 n 1 {sets} n {fewest_points} 1000000 {distance} n n n a n n n 0")
