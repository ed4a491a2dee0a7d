"""Random runs of the time functions of the menu: data, files, answers in the order of the specification (05)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.time_menus.beside_wheel import Case
from tests.time_menus.series_data import NAME, F, SeriesData, draw_series

Rng = np.random.Generator


def frames_of(rng: Rng, n: int, *, in_order: bool = False) -> str:
    """fs fr fe and the letter; not `in_order`, the last may come before the first."""
    letter = str(rng.choice(list("aassi")))
    first = int(rng.integers(1, max(2, n // 2)))
    step = int(rng.choice([0, 1, 1, 2, 3]))
    last = int(rng.integers(first if in_order else 1, n + 5))
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
    unsaid = not data.netcdf and data.holes and rng.random() < 0.3
    answers = "3 " + frames_of(rng, n) + ("n " if unsaid else missing_of(rng, data)) + "n "
    answers += "y w.txt " if rng.random() < 0.4 else "n "
    answers += f"{rng.choice(['y', 'n'])} n"
    return _case(data, answers, {"w.txt": weights_of(rng, n + 3)}, keep=unsaid)


def draw_subtraction(rng: Rng) -> Case:
    """Menu 3: an average that exists is subtracted."""
    data = draw_series(rng)
    name = "mean.dat"
    mean = SeriesData(**{**{f: getattr(data, f) for f in data.__slots__}, "frames": data.frames[:1] * np.float32(0.5)})
    answers = "3 " + frames_of(rng, len(data.frames)) + missing_of(rng, data) + f"y {name} {_field_of(data)}"

    def lay_out(folder: Path) -> None:
        mean.write(folder)
        (folder / NAME).rename(folder / name)
        if not data.netcdf:
            (folder / name).write_bytes(_headless((folder / name).read_bytes(), data))
        data.write(folder)

    return Case(lay_out=lay_out, answers=data.startup() + answers)


def _replaced(rng: Rng, data: SeriesData) -> tuple[str, bool]:
    """Missing values and what replaces them; whether that is the average of a file."""
    asked = missing_of(rng, data)
    if asked in ("", "n "):
        return asked, False
    by_mean = rng.random() < 0.4
    return f"{asked}{'y ' + _field_of(data) if by_mean else 'n 0.25 '}", by_mean


def _field_of(data: SeriesData) -> str:
    """Field and level of another file that is made like the data."""
    return "vo " * (data.netcdf and data.several) + "500 " * (data.netcdf and data.levels)


def _periods(rng: Rng, n_bands: int) -> str:
    """Boundaries of bands, the shortest period first, now and then beyond what can be."""
    periods = np.sort(rng.uniform(0.6, 30.0, n_bands + 1))
    words = [f"{p:.3g}" for p in periods]
    if rng.random() < 0.3:
        words[0] = "0.01"
    if rng.random() < 0.3:
        words[-1] = "2.0e6"
    return " ".join(words) + " "


def _filtered(rng: Rng, data: SeriesData) -> tuple[str, str]:
    """Frames and weights; and the letter, which is asked again. The original crashes if the last frame comes first."""
    frames = frames_of(rng, len(data.frames), in_order=True)
    return f"{frames}{'y w.txt ' if rng.random() < 0.25 else 'n '}", f"{frames.split()[3]} "


def _with_mean(data: SeriesData, menu: str, by_mean: bool, rng: Rng) -> Case:
    """A run with weights, and the average that may replace missing values."""
    plain = _case(data, menu, {"w.txt": weights_of(rng, len(data.frames) + 3)})
    mean = SeriesData(**{**{f: getattr(data, f) for f in data.__slots__}, "frames": data.frames[:1] * 0 + F(0.5)})

    def lay_out(folder: Path) -> None:
        if by_mean:
            mean.write(folder)
            content = (folder / NAME).read_bytes()
            (folder / "user_tavg").write_bytes(content if data.netcdf else _headless(content, data))
        plain.lay_out(folder)

    return Case(lay_out=lay_out, answers=plain.answers)


def _headless(content: bytes, data: SeriesData) -> bytes:
    """The last frame of a binary file with its label."""
    size = data.frames[0].nbytes + data.newline
    return content[content.rindex(b"\n", 0, len(content) - size - 1) + 1 :]


def draw_lanczos(rng: Rng) -> Case:
    """Menu 5: filters made or read; TRACK binary only, because the original crashes on NetCDF."""
    data = draw_series(rng, kinds=("binary",))
    n_bands = int(rng.integers(1, 4))
    files = {}
    frames, letter = _filtered(rng, data)
    order = int(rng.integers(0, min(12, _used(frames, len(data.frames)))))
    if rng.random() < 0.7:
        made = f"{rng.integers(1, 5)} {n_bands} {order} {_periods(rng, n_bands)}{rng.integers(2, 12)} "
        source = f"c {made}"
    else:
        weights = rng.uniform(-0.2, 0.6, (order + 1, n_bands))
        rows = "".join(f"{k:3d} " + "".join(f"{w: 10.5e} " for w in row) + "\n" for k, row in enumerate(weights))
        files["lw.txt"] = f"{n_bands} {order} 4\n{rows}"
        source = "r lw.txt "
    missing, by_mean = _replaced(rng, data)
    case = _with_mean(data, f"5 {source}{frames}{letter}{missing}{rng.integers(1, 50)}", by_mean, rng)

    def lay_out(folder: Path) -> None:
        for name, text in files.items():
            (folder / name).write_text(text)
        case.lay_out(folder)

    return Case(lay_out=lay_out, answers=case.answers)


def draw_frequency_filter(rng: Rng) -> Case:
    """Menu 6."""
    data = draw_series(rng)
    n_bands = int(rng.integers(1, 4))
    frames, letter = _filtered(rng, data)
    missing, by_mean = _replaced(rng, data)
    n = _used(frames, len(data.frames))
    wanted = int(rng.choice([1, n, 40, 64, 128]))
    length = 1 << max(0, max(wanted, n) - 1).bit_length()
    reflect = rng.random() < 0.5 and (length - n) // 2 != n  # there the original reads beyond the series
    end = f"{rng.integers(1, 5)} {_periods(rng, n_bands)}{wanted} "
    end += ("y" if reflect else "n") if length > n else ""
    spoils = data.netcdf and data.levels  # less than all points at a time at the second level: the original loses some
    block = int(rng.integers(1, 50)) + spoils * data.frames[0].size
    return _with_mean(data, f"6 {frames}{letter}{n_bands} {missing}{block} {end}", by_mean, rng)


def _used(frames: str, n: int) -> int:
    """Number of frames that fs fr fe and the letter choose of n."""
    first, step, last, letter = frames.split()[:4]
    if letter == "a":
        return n
    end = n if letter == "i" else min(n, int(last))
    return max(1, len(range(int(first), end + 1, max(1, int(step)))))


DRAWS: dict[str, Callable[[Rng], Case]] = {
    "time mean": draw_time_mean,
    "subtraction": draw_subtraction,
    "lanczos": draw_lanczos,
    "frequency filter": draw_frequency_filter,
}
