"""A small series for branches of the dialogue: one vortex in each hemisphere, moving, on an 18 x 9-degree grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.live.input_files import Binary, Layout
from tests.live.synthetic_data import Grid, Series

N_FRAMES = 6
LON, LAT = np.arange(40) * 9.0, (np.arange(20) + 0.5) * 9.0 - 90.0
GRID = Grid(kind="half", lon=LON, lat=LAT)
TIMES = (2001010100, 2001010106, 2001010118, 2001010200, 2001010218, 2001010300)
"""Some six-hourly times are left out."""

NORTH, SOUTH = "90. 0. 1 40 11 20 0 30 30", "-90. 0. 1 40 1 10 0 26 32"
ONE, BOTH = f"y 1 0 s 2 {NORTH} ", f"y 1 0 b 2 {NORTH} {SOUTH} "
PLAIN = "n 1 40 1 20 "


def series(*, sign: float = 1.0, times: bool = False, seed: int = 5, empty: int = 0) -> Series:
    """Frames of order 5, with noise so that no two features are alike; the first `empty` ones hold noise only."""
    rng = np.random.default_rng(seed)
    frames = np.empty((N_FRAMES, 20, 40), np.float32)
    for t in range(N_FRAMES):
        frames[t] = rng.normal(0.0, 0.3, (20, 40))
        for k, (x, y) in enumerate([(60.0, 58.0), (120.0, 66.0), (210.0, -61.0), (300.0, -52.0)]):
            if t >= empty:
                across = (np.abs((LON - (x + 4 * t) + 180.0) % 360.0 - 180.0) * 0.6)[None, :]
                along = (LAT - (y + t))[:, None]
                frames[t] += sign * (5.0 + k) * np.exp(-(across**2 + along**2) / 150.0)
    return Series(grid=GRID, frames=frames, times=TIMES if times else ())


def write(folder: Path, name: str, content: Series, layout: Layout | None = None) -> Path:
    """Write a series to a file, TRACK binary if nothing else is said."""
    folder.mkdir(parents=True, exist_ok=True)
    (layout or Binary()).write(folder / name, content)
    return folder / name


def constants(step: float = 100.0) -> Series:
    """A field whose frame k (from 1) is k times a constant."""
    base = series()
    values = step * np.arange(1, N_FRAMES + 1, dtype=np.float32)[:, None, None]
    return replace(base, frames=np.broadcast_to(values, base.frames.shape).astype(np.float32))


def start(projection: str, *, norm: str = "g", data: str = "0 y") -> str:
    """Answers up to `analysis_menu`."""
    return f"n 0 {data} n n {norm} {projection}n "


def detection(
    kind: int = 4,
    *,
    projected: bool = True,
    added: str = "n",
    sign: str = "1",
    offset: str = "n",
    frames: str = f"1 1 {N_FRAMES}",
    threshold: float = 1.0,
    kinds: str = "",
    average: str = "n",
    first: str = "0.",
    last: str = "n n 0",
) -> str:
    """Answers from `scale?` to `plot_multiple`.

    `kinds`: what the feature type asks after the filters, in the first frame; `first`: the surface of the projection
    and what comes with it; `last`: from `write_objects?` on.
    """
    plane = "" if projected else "n "
    boundaries = "" if kind in (7, 9) else "n "
    surface = "0 " if kind == 7 or (added != "n" and kind > 3) else ""
    smooth = "n " if kind == 8 and not kinds.startswith("smooth") else ""
    out = f"n {offset} {threshold} {'0 ' if projected else ''}{added} {sign} {plane}{frames} e {plane}2 {kind} "
    out += f"{boundaries}n {surface}{smooth}" if kind else boundaries
    out += "n n n " if kind else ""
    return f"{out}{average} {first if projected else ''} {kinds.removeprefix('smooth')} {last} "


LINK = "n 0.2 0.8 n n n n 25. 1. n n n n 0 0 n "
"""From `load_tracks?` on."""
