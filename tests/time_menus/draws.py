"""Random runs of the time functions of the menu: data, files, answers in the order of the specification (05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.time_menus.beside_wheel import LITERAL_FOLDER, Case
from tests.time_menus.series_data import F32, F, SeriesData, draw_series

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
    points = data.frames[0].size if data.kind == "pp" else 0
    return Case(lay_out=_with(data, texts or {}), answers=data.startup() + menu, keep_missing=keep, pp_points=points)


def draw_time_mean(rng: Rng) -> Case:
    """Menu 3: averages, anomalies, deviations, weights."""
    data = draw_series(rng)
    n = len(data.frames)
    unsaid = not data.netcdf and data.holes and rng.random() < 0.3
    weighted = bool(rng.random() < 0.4)  # with weights the original crashes if the last frame comes first
    answers = "3 " + frames_of(rng, n, in_order=weighted) + ("n " if unsaid else missing_of(rng, data)) + "n "
    answers += "y w.txt " if weighted else "n "
    answers += f"{rng.choice(['y', 'n'])} n"
    return _case(data, answers, {"w.txt": weights_of(rng, n + 3)}, keep=unsaid)


def draw_subtraction(rng: Rng) -> Case:
    """Menu 3: an average that exists is subtracted."""
    data = draw_series(rng)
    name = "mean.dat"
    answers = "3 " + frames_of(rng, len(data.frames)) + missing_of(rng, data) + f"y {name} {_field_of(data)}"

    plain, whole = _case(data, answers), bool(rng.random() < 0.3)

    def lay_out(folder: Path) -> None:
        data.write_average(folder / name, data.frames[0] * F(1.5), whole=whole)
        plain.lay_out(folder)

    return replace(plain, lay_out=lay_out)


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

    def lay_out(folder: Path) -> None:
        if by_mean:
            data.write_average(folder / "user_tavg", data.frames[0] * 0 + F(1.5), whole=bool(len(menu) % 2))
        plain.lay_out(folder)

    return replace(plain, lay_out=lay_out)


def draw_lanczos(rng: Rng) -> Case:
    """Menu 5: filters made or read; the original crashes on NetCDF."""
    data = draw_series(rng, kinds=("binary", "ascii", "pp"))
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

    return replace(case, lay_out=lay_out)


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


def _filling(rng: Rng, data: SeriesData) -> tuple[str, str]:
    """Filling of holes, and the question that comes with the first frame."""
    kind = int(rng.choice([0, 0, 1, 1, 3, 4]))
    if not kind:
        return "0 ", ""
    answers = f"{kind} "
    mark = "1e30" if kind == 3 else "1e10"  # rows that others are made of may have no missing values
    if data.netcdf:
        go_on = data.marked or rng.random() < 0.8
        answers += "" if data.marked else "y 1e20 " if go_on else "n "
        answers += f"{mark} 2 " if go_on else ""
        if not go_on:
            return answers, ""
    else:
        answers += f"y 1e20 {mark} 2 " if data.holes else "n "
    if kind == 3:
        low, high = (rng.uniform(float(data.lat.min()) - 1.0, float(data.lat.max()) + 1.0) for _ in range(2))
        answers += f"{low:.3f} {high:.3f} {rng.choice(['y', 'n'])} "
    answers += "0.75 " if kind == 4 else ""
    return answers, f"{rng.integers(0, 2)} " if kind == 1 else ""


def draw_extract(rng: Rng) -> Case:
    """Menu 8: extraction, filling of holes, transforms, conversion."""
    data = draw_series(rng, most_frames=6)
    if data.kind == "ascii" and data.frames[0].size % 10 == 0:  # the original cannot read again what it writes then
        data = replace(data, kind="binary")
    frames = frames_of(rng, len(data.frames))
    filling, scan = _filling(rng, data)
    answers = f"8 {frames}{filling}"
    if rng.random() < 0.6:
        kind = int(rng.choice([1, 2, 3, 4, 6, 7, 10, 11, 12, 13, 14]))
        answers += f"y {kind} " + (f"{rng.uniform(0.2, 2.0):.4g} " if kind < 8 else "")
        if filling == "0 ":
            answers += missing_of(rng, data)
    else:
        answers += "n "
    return _case(data, answers + scan + str(rng.choice(["y", "n"])))


def draw_convert(rng: Rng) -> Case:
    """Menu 7."""
    data = draw_series(rng, most_frames=6)
    first = int(rng.integers(1, len(data.frames) + 1))
    return _case(data, f"7 {first} {rng.integers(1, 4)} {rng.integers(1, len(data.frames) + 3)}")


def draw_smooth(rng: Rng) -> Case:
    """Menu 9; behind the end of the data the original writes what it has, so frames are there."""
    whole = bool(rng.random() < 0.5)
    while True:
        data = draw_series(rng, most_frames=5, holes=False)
        if data.all_round == whole and len(data.lat) > 5 and len(data.lon) > 5:
            break
    n, poles = len(data.frames), not whole
    first, step = int(rng.integers(1, n + 1)), int(rng.integers(1, 4))
    if data.kind in ("binary", "ascii"):  # where frames are left out the original looks for the next in wrong places
        first, step = min(first, 2), 1
    sphery, periodic = whole and bool(rng.random() < 0.6), whole and bool(rng.random() < 0.5)
    new = bool(rng.random() < 0.4)
    inside = data.lat if poles else data.lat[np.abs(data.lat) < 89]
    lon = np.sort(rng.uniform(float(data.lon[0]) + 0.1, float(data.lon[-1]) - 0.1, 7))
    lat = np.sort(rng.uniform(float(inside.min()) + 0.1, float(inside.max()) - 0.1, 5))
    grid = f"{len(lon)} {len(lat)}\n{' '.join(f'{v:.3f}' for v in lon)}\n{' '.join(f'{v:.3f}' for v in lat)}\n"
    answers = f"9 {first} {step} {rng.integers(1, n + 1)} {rng.choice(['1.0', '2.5', '-0.01'])} "
    answers += ("y g.txt " if new else "n ") + f"{int(sphery)} {rng.choice(['0.', '0.', '3.5', '40.'])} "
    if sphery:
        answers += str(rng.choice(["n", "y 1", "y 0"]))
    startup = data.startup(poles=poles, periodic=periodic)
    return Case(lay_out=_with(data, {"g.txt": grid}), answers=startup + answers)


def _with(data: SeriesData, texts: dict[str, str]) -> Callable[[Path], None]:
    def lay_out(folder: Path) -> None:
        data.write(folder)
        for name, text in texts.items():
            (folder / name).write_text(text)

    return lay_out


def _positive(rng: Rng, data: SeriesData) -> F32:
    return rng.uniform(0.3, 3.0, data.shape).astype(F)


def draw_combine(rng: Rng) -> Case:
    """Menu 10: the original aborts when all is written."""
    data = replace(draw_series(rng, most_frames=2, holes=False), packed=False)
    n = int(rng.integers(1, 6))
    selected, alike, filtered_alike = (bool(rng.random() < p) for p in (0.7, 0.4, 0.5))
    means, deviations, filtered = 1, 1, 1
    if selected:
        means, deviations, filtered = [(1, 0, 0), (1, 1, 0), (0, 1, 0), (1, 0, 1), (1, 1, 1), (0, 1, 1)][
            rng.integers(6)
        ]
    answers = f"10 {n} " + (f"s {means} {deviations} {filtered} " if selected else "a ")
    answers += "y 2.75 " if alike else "n "
    answers += ("y 1.5 " if filtered_alike else "n ") if filtered else ""
    asked = {"m": 1, "w": not alike, "d": deviations, "f": filtered, "t": filtered and not filtered_alike}
    fields: dict[str, F32] = {}
    texts = {f"t{k}": f"{rng.uniform(0.5, 99.0):.8g} 7\n" for k in range(n)}
    for k in range(n):
        names = [f"{key}{k}" for key, wanted in asked.items() if wanted]
        fields |= {name: _positive(rng, data) - F(2.0 * (name[0] == "m")) for name in names if name[0] != "t"}
        answers += " ".join(names) + " "
        answers += "".join(_field_of(data) for key in ("m", "d", "w", "f") if asked[key])

    def lay_out(folder: Path) -> None:
        (folder / LITERAL_FOLDER).mkdir()
        for name, field in fields.items():
            data.write_average(folder / name, field)
        _with(data, texts)(folder)

    points = data.frames[0].size if data.kind == "pp" else 0
    return Case(lay_out=lay_out, answers=data.startup() + answers + "0", pp_points=points, status=-6)


def draw_combine_series(rng: Rng) -> Case:
    """Menu 11: the original aborts when all is written."""
    while True:
        data = replace(draw_series(rng, most_frames=6, holes=False), packed=False)
        if data.kind != "ascii" or data.frames[0].size % 10:  # the original cannot read again what it writes then
            break
    n = len(data.frames)
    files = {name: np.stack([_positive(rng, data) for _ in range(n)]) for name in ("d", "f", "w")}
    files["m"] = data.frames
    weights = "".join(f"{w:.6g}\n" for w in rng.uniform(0.1, 2.0, n))
    answers = "11 " + "".join(f"{name} {_field_of(data)}" for name in "mdfw") + "wt.txt 0"

    def lay_out(folder: Path) -> None:
        for name, frames in files.items():
            data.write_averages(folder / name, frames)
        _with(data, {"wt.txt": weights})(folder)

    points = data.frames[0].size if data.kind == "pp" else 0
    return Case(lay_out=lay_out, answers=data.startup() + answers, pp_points=points, status=-6)


DRAWS: dict[str, Callable[[Rng], Case]] = {
    "time mean": draw_time_mean,
    "subtraction": draw_subtraction,
    "lanczos": draw_lanczos,
    "frequency filter": draw_frequency_filter,
    "convert": draw_convert,
    "extract": draw_extract,
    "smooth": draw_smooth,
    "combine": draw_combine,
    "combine series": draw_combine_series,
}
