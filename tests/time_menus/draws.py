"""Random runs of the time functions of the menu: data, files, answers in the order of the specification (05)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.time_menus.beside_wheel import Case
from tests.time_menus.series_data import SeriesData, draw_series

Rng = np.random.Generator


def frames_of(rng: Rng, n: int, letter: str | None = None) -> str:
    """fs fr fe and the letter."""
    letter = letter or str(rng.choice(list("aassi")))
    first = int(rng.integers(1, max(2, n // 2)))
    step = int(rng.choice([0, 1, 1, 2, 3]))
    last = int(rng.integers(1, n + 5))
    return f"{first} {step} {last} {letter} "


def missing_of(rng: Rng, data: SeriesData) -> str:
    """The questions about missing values."""
    test = str(rng.choice(["1.0e10 2", "1.0e20 0", "1e+15 2"])) if data.holes else str(rng.choice(["2.0 2", "-1.5 1"]))
    if data.netcdf:
        return f"{test} " if data.marked else ""
    return f"y {test} " if data.holes or rng.random() < 0.2 else "n "


def weights_of(rng: Rng, n: int) -> str:
    """A file of weights."""
    return "".join(f"{w:.6g}\n" for w in rng.uniform(0.1, 2.0, n))


def _case(data: SeriesData, menu: str, texts: dict[str, str] | None = None, *, keep: bool = False) -> Case:
    def lay_out(folder: Path) -> None:
        data.write(folder)
        for name, text in (texts or {}).items():
            (folder / name).write_text(text)

    return Case(lay_out=lay_out, answers=data.startup() + menu, keep_missing=keep)


def draw_time_mean(rng: Rng) -> Case:
    """Menu 3: averages, anomalies, deviations, weights."""
    data = draw_series(rng)
    n = len(data.frames)
    answers = "3 " + frames_of(rng, n) + missing_of(rng, data) + "n "
    weighted = rng.random() < 0.4
    answers += "y w.txt " if weighted else "n "
    answers += f"{rng.choice(['y', 'n'])} n"
    return _case(data, answers, {"w.txt": weights_of(rng, n + 3)})


def draw_subtraction(rng: Rng) -> Case:
    """Menu 3: an average that exists is subtracted."""
    data = draw_series(rng)
    name = "mean.dat"
    mean = SeriesData(**{**{f: getattr(data, f) for f in data.__slots__}, "frames": data.frames[:1] * np.float32(0.5)})
    answers = "3 " + frames_of(rng, len(data.frames)) + missing_of(rng, data) + f"y {name} "
    if data.netcdf:
        answers += "vo " * data.several + "500 " * data.levels

    def lay_out(folder: Path) -> None:
        mean.write(folder)
        (folder / "in.dat").rename(folder / name)
        if not data.netcdf:
            content = (folder / name).read_bytes()
            size = data.frames[0].nbytes + data.newline
            head = content.rindex(b"\n", 0, len(content) - size - 1) + 1
            (folder / name).write_bytes(content[head:])
        data.write(folder)

    return Case(lay_out=lay_out, answers=data.startup() + answers)


DRAWS: dict[str, Callable[[Rng], Case]] = {"time mean": draw_time_mean, "subtraction": draw_subtraction}
