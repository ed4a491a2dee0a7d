"""Time tendencies that are tracked, and averages that a tracking run computes: golden, twin, wheel, what is refused.

Tracking of them is compared in `tests/live`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import UserInputError
from stormtrack.settings.tendency import TendencySettings
from stormtrack.testing import assert_bitwise
from tests.time_menus.beside_wheel import Case, assert_same, our_outputs
from tests.time_menus.series_data import KINDS, NAME, SeriesData, draw_series
from tests.time_menus.test_menu_goldens import write_binary_series

KINDS_WITH_TENDENCIES = tuple(kind for kind in KINDS if kind != "netcdf")


def tracking(data: SeriesData, *, tendency: str = "n", average: str = "n", frames: str = "1 1 9") -> str:
    """Answers of a run without features that writes `interp_th`."""
    startup = data.startup().split()
    assert startup.pop() == "y"
    return f"{' '.join(startup)} n n {tendency} n n 0.5 n 1 n {frames} v n 0 0 n {average} n n 0 n"


def case_of(data: SeriesData, answers: str, files: dict[str, str] | None = None, *, status: int = 0) -> Case:
    def lay_out(folder: Path) -> None:
        data.write(folder)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)

    points = data.frames[0].size if data.kind == "pp" else 0
    return Case(lay_out=lay_out, answers=answers, pp_points=points, status=status)


def series(seed: int, kind: str) -> SeriesData:
    """A series that the original can read again when it has written it; it has at least six frames."""
    rng = np.random.default_rng(seed)
    while True:
        data = replace(draw_series(rng, kinds=(kind,), most_frames=9, holes=False), levels=False)
        if len(data.frames) > 5 and not (kind == "ascii" and data.frames[0].size % 10 == 0):
            return data


def test_golden(goldens: Path, tmp_path: Path) -> None:
    with np.load(goldens / "preprocessing" / "tendency.npz") as golden:
        answers = str(golden["answers"]) + " n n 0.5 n 1 n 1 1 9 v n 0 0 n n n n 0 n"

        def lay_out(folder: Path) -> None:
            write_binary_series(goldens / "preprocessing" / "in_vo850_series.nc", folder / NAME)

        content = our_outputs(Case(lay_out=lay_out, answers=answers, extension="GX"), tmp_path / "run")["field_tendGX"]
        fields, labels = golden["field_tendGX|data"], golden["field_tendGX|labels"].tolist()
        expected = str(golden["field_tendGX|head"]).encode()
        expected += b"".join(f"{t}\n".encode() + f.tobytes() + b"\n" for t, f in zip(labels, fields, strict=False))
        assert content == expected + f"{labels[-1]}\n".encode()


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("kind", KINDS_WITH_TENDENCIES)
def test_beside_the_wheel(kind: str, seed: int, oracle_library: Path, tmp_path: Path) -> None:
    """The run goes through all frames but the last, behind which the original may find something to read."""
    data, rng = series(seed, kind), np.random.default_rng([seed, 9])
    n, step = len(data.frames), 1 if kind == "ascii" else int(rng.integers(1, 3))
    first = int(rng.integers(1, 3))
    found = len(range(first + step, n + 1, step))
    answers = tracking(data, tendency=f"y {first} {n} {step}", frames=f"1 1 {max(2, found)}")
    if found > 1:
        out = assert_same(case_of(data, answers), tmp_path, oracle_library)
        assert {"field_tend_a", "interp_th_a"} <= set(out)


@pytest.mark.parametrize("kind", KINDS_WITH_TENDENCIES)
def test_of_a_file(kind: str, tmp_path: Path) -> None:
    """A second run that takes the tendencies of the first reads the same fields, whatever becomes of the input."""
    data = series(3, kind)
    first = our_outputs(case_of(data, tracking(data, tendency="y 1 9 1")), tmp_path / "first")
    changed = replace(data, frames=data.frames * np.float32(3.0))

    def lay_out(folder: Path) -> None:
        changed.write(folder)
        (folder / "field_tend_a").write_bytes(first["field_tend_a"])

    answers = tracking(data, tendency="y y")
    second = our_outputs(Case(lay_out=lay_out, answers=answers), tmp_path / "second")
    assert second["interp_th_a"] == first["interp_th_a"] and "field_tend_a" not in second
    again = our_outputs(Case(lay_out=lay_out, answers=tracking(data, tendency="y n 1 9 1")), tmp_path / "third")
    assert again["interp_th_a"] != first["interp_th_a"]


def test_ascii_fields_of_a_multiple_of_ten_points_are_read_again(tmp_path: Path) -> None:
    lon, lat = np.arange(20, 32.5, 2.5, dtype="f4"), np.arange(-20, -1, 5, dtype="f4")
    frames = np.random.default_rng(1).standard_normal((5, len(lat), len(lon))).astype("f4")
    data = SeriesData(lon=lon, lat=lat, frames=frames, kind="ascii")
    test = our_outputs(case_of(data, tracking(data, tendency="y 1 9 1")), tmp_path / "first")

    def lay_out(folder: Path) -> None:
        data.write(folder)
        (folder / "field_tend_a").write_bytes(test["field_tend_a"])

    second = our_outputs(Case(lay_out=lay_out, answers=tracking(data, tendency="y y")), tmp_path / "second")
    assert second["interp_th_a"] == test["interp_th_a"]


def naive_later(first: int, last: int, step: int, n: int) -> list[int]:
    """The loop of the specification (05, section 8.2)."""
    found: list[int] = []
    if last < first:
        return found
    number = first
    while True:
        number += step
        if number > n:
            return found
        found.append(number)
        if number >= last:
            return found


def test_frames_of_the_differences() -> None:
    for first in range(1, 8):
        for last in range(12):
            for step in range(1, 5):
                settings = TendencySettings(first=first, last=last, step=step)
                assert list(settings.later_frames(9)) == naive_later(first, last, step, 9), (first, last, step)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("letter", ["a", "s", "i"])
def test_average_of_the_run(letter: str, seed: int, oracle_library: Path, tmp_path: Path) -> None:
    """The original aborts when it frees memory at the end of the run; what it has written is complete."""
    data = series(seed, KINDS[seed])
    weighted = seed % 2
    average = f"y {'t 10.' if letter == 'i' else 's'} {letter} {'y w.txt' if weighted else 'n'}"
    case = case_of(
        data,
        tracking(data, average=average, frames="2 2 5"),
        {"w.txt": "".join(f"{0.3 + 0.1 * k:.3f}\n" for k in range(9))},
        status=-6,
    )
    out = assert_same(case, tmp_path, oracle_library)
    assert ("user_tavg_a_wsum" in out) == bool(weighted) and "interp_th_a" in out


def test_the_second_pass_may_use_the_average_of_the_first(tmp_path: Path) -> None:
    """It is there by then: the question comes, and the answer y gives the same."""
    lon, lat = (360.0 / 24 * np.arange(24)).astype("f4"), np.linspace(-82.5, 82.5, 12).astype("f4")
    frames = np.random.default_rng(2).standard_normal((6, 12, 24)).astype("f4")
    data = SeriesData(lon=lon, lat=lat, frames=frames, kind="binary")
    hemispheres = "1 0 b 4 -90. 30. 1 25 1 12 0 35 48 90. 0. 1 25 1 12 0 32 48"
    startup, before = f"n 0 0 y n y e y {hemispheres}", "n n 0.5 0 n 1 1 1 9 v 0 0 n"
    out = {}
    for name, second in (("used", "y s y 0."), ("computed", "y s n s n 0.")):
        answers = f"{startup} n n n {before} y s s n 0. n n 0 {before} {second} n n 0"
        out[name] = our_outputs(Case(lay_out=data.write, answers=answers), tmp_path / name)
    assert out["used"] == out["computed"]


REFUSED: dict[str, tuple[Callable[[], SeriesData], str, str]] = {
    "NetCDF": (lambda: series(1, "netcdf"), "y 1 9 1", "cannot be computed from NetCDF"),
    "no step": (lambda: series(1, "binary"), "y 1 9 0", "tendency.step.*1 or more"),
    "no frame": (lambda: series(1, "binary"), "y 0 9 1", "tendency.first.*1 or more"),
    "beyond the data": (lambda: series(1, "binary"), "y 20 30 1", "gives no tendency: .* 1 apart"),
    "backwards": (lambda: series(1, "pp"), "y 3 2 1", "gives no tendency"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str, tmp_path: Path) -> None:
    make, tendency, words = REFUSED[what]
    data = make()
    with pytest.raises(UserInputError, match=words):
        our_outputs(case_of(data, tracking(data, tendency=tendency)), tmp_path / "run")
    assert not list((tmp_path / "run").glob("field_tend*"))


def test_a_frame_that_cannot_be_used(tmp_path: Path) -> None:
    data = series(1, "binary")
    data.frames[2, 1, 1] = np.nan
    with pytest.raises(UserInputError, match="frame 3: 1 of"):
        our_outputs(case_of(data, tracking(data, tendency="y 1 9 1")), tmp_path / "run")
    assert not list((tmp_path / "run").glob("field_tend*"))


def test_a_file_that_holds_something_else(tmp_path: Path) -> None:
    data = series(1, "binary")
    with pytest.raises(UserInputError, match="does not hold tendencies"):
        our_outputs(case_of(data, tracking(data, tendency="y y"), {"field_tend_a": "FRAME 1\n"}), tmp_path / "run")


def test_values(tmp_path: Path) -> None:
    """Differences in float32, as they are thresholded."""
    data = series(2, "binary")
    out = our_outputs(case_of(data, tracking(data, tendency="y 2 5 2")), tmp_path / "run")["field_tend_a"]
    size = data.frames[0].nbytes
    first = np.frombuffer(out, "<f4", data.frames[0].size, len(out) - 18 - size - data.newline)
    later = TendencySettings(first=2, last=5, step=2).later_frames(len(data.frames))[-1]
    assert_bitwise(first.reshape(data.shape), data.frames[later - 1] - data.frames[later - 3])
