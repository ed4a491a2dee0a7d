"""Answer streams for fuzzing: whole dialogues on tiny inputs, damaged in many ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.live.input_files import Axis, Binary, Netcdf
from tests.live.synthetic_data import Grid, Series

_NUMBERS = b"""0 1 2 -1 7 8 9 3 4 1000000 2147483647 2147483648 -2147483648 4294967296 99999999999999999999 1e5 1e300
-1e38 .5 . - + 0x1p3 0x nan inf -inf -nan 1e 1e+ 1,2 0. 10.0 12! 1d5 6.5 -0.0 500 10000 65536 100000000""".split()
_LETTERS = b"y n Y e v g s b a t d o z m c r l N yes no yn -n ? % # \xff \xc3\x28 ~".split()
_WORDS = [
    b"input.nc", b"objout_t", b"objout.new_t", b"tdump_t", b"initial_t", b"nowhere", b"/", b".", b"/dev/null", b"times",
    b"../x", b"a" * 5000, b"1" * 4000, b"\0", b"\0\0\0", b"y\0n", b"1\x002", b"objout.new_t\0x", "ä".encode(),
    b"/proc/self/mem", b"vo", b"lev", b"pairs",
]  # fmt: skip
_BLANKS = [b" ", b"\n", b"\t", b"\r\n", b"\v", b"\f", b"\n\n\n"]


@dataclass(frozen=True, slots=True)
class Stream:
    """One damaged dialogue."""

    seed: int
    input: str
    answers: bytes


def tiny_inputs(folder: Path) -> None:
    """A NetCDF file and a binary file with times, on a 24 x 12 grid, 5 frames."""
    lon, lat = np.arange(24) * 15.0, np.degrees(np.arcsin(np.polynomial.legendre.leggauss(12)[0]))
    frames = np.zeros((5, 12, 24), np.float32)
    for t in range(5):
        for k, (x, y) in enumerate([(60.0, 40.0), (200.0, -35.0), (300.0, 10.0), (20.0, -60.0)]):
            across = np.abs((lon - (x + 4 * t) + 180.0) % 360.0 - 180.0)
            frames[t] += (-1) ** k * 6.0 * np.exp(-((across[None, :] / 20) ** 2 + ((lat[:, None] - y) / 20) ** 2))
    times = (2001010100, 2001010106, 2001010112, 2001010200, 2001010206)
    series = Series(grid=Grid(kind="gaussian", lon=lon, lat=lat), frames=frames, times=times)
    axes = (Axis(name="time", size=5),)
    lat_axis, lon_axis = Axis(name="lat", size=12, kind="f4"), Axis(name="lon", size=24)
    Netcdf(by_name=True, coards=True, axes=axes, lat=lat_axis, lon=lon_axis).write(folder / "input.nc", series)
    Binary(stamps=True).write(folder / "input.dat", series)
    (folder / "times").write_text("5\n" + "".join(f"2001  1  1 {6 * k % 24:2d}\n" for k in range(5)))
    (folder / "pairs").write_text("10.0 0.9\n15.0 0.8\n20.0 0.7\n")
    (folder / "zone.dat0").write_text("1\n-1e6 1e6 -1e6 1e6 6.5\n")


_GRID = "n 0 4 n 1 y n y {norm} {projection}"
_BINARY = "n 0 0 y n y {norm} {projection}"
_WHOLE = "n 1 25 1 12"
_POLAR = "y 1 0 s 2 90. 0. 1 25 6 12 0 20 20"
_BOTH = "y 1 0 b 2 90. 0. 1 25 1 12 0 18 18 -90. 0. 1 25 1 12 0 18 18"
_LINK = "n 0.2 0.8 n n n n 30.0 1.0 n n n n 0 0 n"
_LINK_MANY = "n 0.2 0.8 y 2 n n y pairs n n y 6 5.0 0.5 y y 1 n n 0 0 n"
_SHAPE = "n 1 0 n n n y 0. 0 {plane} 0"

TEMPLATES: tuple[tuple[str, str, str], ...] = (
    (
        "input.nc",
        _GRID.format(norm="g", projection=_WHOLE),
        "n n n n n 1.0 n 1 n 1 1 5 e y y 1 4 y 1 a 1 4 n n n n n n 0 y n 0 n " + _LINK,
    ),
    (
        "input.nc",
        _GRID.format(norm="e", projection=_WHOLE),
        "n n n n n 1.0 n 0 y n 1 1 5 v n 1 7 n 0 n n y 3.0 n 0 0. y d n n 0 " + _LINK,
    ),
    (
        "input.nc",
        _GRID.format(norm="g", projection=_POLAR),
        "n n n y 1.0 n 1.0 0 n 1 1 1 5 e 1 7 y 0 n n n n 0. 0 0. y o " + _SHAPE.format(plane="0") + " y n 0 n " + _LINK,
    ),
    (
        "input.dat",
        _BINARY.format(norm="g", projection=_BOTH),
        "n n n n n 1.0 0 n 1 1 1 5 e 1 4 n n n n n n 6 0. 0 n y n 0 "
        "n n 1.0 0 n 0 n 1 1 5 e 1 4 n n n n n n 6 0. 0 n y n 0 n " + _LINK_MANY,
    ),
    (
        "input.dat",
        _BINARY.format(norm="g", projection=_WHOLE),
        "n n n n y 0.1 n 1.0 n 1 y n 0. n 1 1 5 e n 1 8 n n y n n n n 6 f a 1 4 y 0 n 0. a 1 0 n y n n 0 n " + _LINK,
    ),
    (
        "input.nc",
        _GRID.format(norm="g", projection=_WHOLE),
        "n n n n n 1.0 n 1 n 2 1 4 e n 1 9 n n n n n y 2 1 y n n 0 n " + _LINK,
    ),
    ("input.nc", _GRID.format(norm="g", projection=_WHOLE), "y 7 1 1 5"),
    (
        "input.nc",
        _GRID.format(norm="g", projection=_WHOLE),
        "y 1 n 0 1 objout.new_t tdump_t 1 y y 3.0 0 2 100 y 1.0 s y 0 0 -10 100 n y n y 6 n 0 0 100 n y 1 4 a y n n 0",
    ),
    ("input.nc", _GRID.format(norm="g", projection=_WHOLE), "y 1 y n 1 10 n n n n a n n n 0"),
    ("input.nc", _GRID.format(norm="g", projection=_WHOLE), "n y 1 y objout.new_t n n n n y y tdump_t y n n 0"),
    ("input.nc", "n 0 4 n 1 y n n g n 1 24 1 12", "y 4 1 1 5 1 n 5 y 1 5 2 y 0.1 0 2 5 n"),
)


def _token(rng: np.random.Generator) -> bytes:
    pool = (_NUMBERS, _LETTERS, _WORDS)[int(rng.choice(3, p=[0.55, 0.3, 0.15]))]
    if rng.random() < 0.04:
        return rng.integers(0, 256, int(rng.integers(1, 12))).astype(np.uint8).tobytes()
    return pool[int(rng.integers(len(pool)))]


def _damage(rng: np.random.Generator, tokens: list[bytes]) -> None:
    """One mutation, in place."""
    if not tokens:
        tokens.append(_token(rng))
    at = int(rng.integers(len(tokens)))
    kind = int(rng.choice(7, p=[0.45, 0.12, 0.12, 0.08, 0.08, 0.08, 0.07]))
    if kind == 0:
        tokens[at] = _token(rng)
    elif kind == 1:
        del tokens[at]
    elif kind == 2:
        tokens.insert(at, _token(rng))
    elif kind == 3:
        other = int(rng.integers(len(tokens)))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif kind == 4:
        del tokens[at:]
    elif kind == 5:
        tokens[at] = tokens[at] + _token(rng)
    else:
        tokens[at:at] = tokens[: int(rng.integers(len(tokens) + 1))]


def stream(seed: int) -> Stream:
    """Stream number `seed`; the same number gives the same bytes."""
    rng = np.random.default_rng(seed)
    name, start, rest = TEMPLATES[int(rng.integers(len(TEMPLATES)))]
    if rng.random() < 0.03:
        tokens = [_token(rng) for _ in range(int(rng.integers(0, 120)))]
    else:
        # The start-up is damaged less often, so that what follows is reached.
        head, tail = start.encode().split(), rest.encode().split()
        for _ in range(int(rng.choice([0, 0, 0, 1]))):
            _damage(rng, head)
        for _ in range(int(rng.choice([0, 1, 1, 2, 3, 6]))):
            _damage(rng, tail)
        tokens = head + tail
    plain = rng.random() < 0.7
    pieces = [t + (b"\n" if plain else _BLANKS[int(rng.integers(len(_BLANKS)))]) for t in tokens]
    answers = b"".join(pieces)
    if rng.random() < 0.1:
        answers = answers[: int(rng.integers(len(answers) + 1))]
    return Stream(seed, name, answers)
