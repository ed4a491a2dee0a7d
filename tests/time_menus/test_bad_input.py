"""Bad input for the time functions of the menu: an error that names the place, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import UserInputError
from tests.time_menus.beside_wheel import Case, our_outputs
from tests.time_menus.series_data import SeriesData

LON, LAT = np.arange(20, 32.5, 2.5, dtype="f4"), np.arange(-20, -1, 3.75, dtype="f4")
FRAMES = np.random.default_rng(3).standard_normal((12, len(LAT), len(LON))).astype("f4")


def series(kind: str = "binary", frames: np.ndarray = FRAMES, **options: object) -> SeriesData:
    return SeriesData(lon=LON, lat=LAT, frames=frames, kind=kind, **options)


def spoilt(value: float, frame: int = 4) -> np.ndarray:
    frames = FRAMES.copy()
    frames[frame, 2, 3] = value
    return frames


def refused(
    folder: Path,
    data: SeriesData,
    menu: str,
    words: str,
    files: dict[str, str] | None = None,
    left: tuple[str, ...] = (),
) -> None:
    """The run ends with an error that holds `words`; only whole outputs (`left`) are there."""

    def lay_out(place: Path) -> None:
        data.write(place)
        for name, text in (files or {}).items():
            (place / name).write_text(text)

    with pytest.raises(UserInputError, match=words):
        our_outputs(Case(lay_out=lay_out, answers=data.startup() + menu), folder)
    known = {"in.dat", "initial_a", *(files or {})}
    assert {p.name for p in folder.iterdir()} <= known


CASES: dict[str, tuple[SeriesData, str, str, dict[str, str]]] = {
    "mean of no frame": (series(), "3 40 1 50 s n n n y n", "no frame 40: 12 are there", {}),
    "mean from frame 0": (series(), "3 0 1 5 s n n n y n", "series.choice.*first frame", {}),
    "mean with a NaN": (series(frames=spoilt(np.nan)), "3 1 1 12 s n n n y n", "frame 5: 1 of 30 values", {}),
    "mean with a NaN besides missing values": (
        series(frames=spoilt(np.nan)),
        "3 1 1 12 s y 1e10 2 n n y n",
        "frame 5: 1 of 30 values",
        {},
    ),
    "unknown comparison": (series(), "3 1 1 5 s y 1e10 3 n n y n", "missing_test.*0, 1 or 2", {}),
    "too few weights": (series(), "3 1 1 12 a n n y w n n", "weights 'w': 3 numbers", {"w": "1. 2. 3. x 4."}),
    "no weights": (series(), "3 1 1 12 a n n y w n n", "w: No such file", {}),
    "no average": (series(), "3 1 1 12 a n y m", "time average 'm' cannot be read", {}),
    "average of another grid": (series(), "3 1 1 12 a n y m", "does not hold a frame of 5 x 6", {"m": "F\n1234"}),
    "average of another kind": (series("netcdf"), "3 1 1 12 a y m", "m' is not a usable NetCDF", {"m": "F\n1234"}),
    "order as high as the series is long": (
        series(),
        "5 c 4 1 12 2. 6. 9 1 1 12 a n a n 10",
        "12 frames, and the filter needs at least 13",
        {},
    ),
    "no samples": (series(), "5 c 0 1 3 2. 6. 9 1 1 12 a n a n 10", "filter.samples.*1 or more", {}),
    "no bands": (series(), "6 1 1 12 a n a 0 n 10 4 2. 32 n", "filter.nbands.*1 to 1000", {}),
    "too many bands": (series(), "6 1 1 12 a n a 1001 n 10 4", "filter.nbands.*1 to 1000", {}),
    "no points at a time": (series(), "6 1 1 12 a n a 1 n 0 4 2. 6. 32 n", "filter.block.*1 or more", {}),
    "a transform that cannot be": (
        series(),
        "6 1 1 12 a n a 1 n 9 4 2. 6. 99999999 n",
        "filter.frequencies.*up to 16777216",
        {},
    ),
    "other frames filtered than averaged": (series(), "6 2 1 9 s n a 1 n 9 4 2. 6. 32 n", "filter.choice", {}),
    "file of filters that ends": (
        series(),
        "5 r f 1 1 12 a n a n 9",
        "f, line 3: .*step 1 of 4",
        {"f": "1 4 4\n0 .3\n1"},
    ),
    "file of no filters": (series(), "5 r f 1 1 12 a n a n 9", "f, line 1: .*missing", {"f": "none"}),
    "no average to replace missing values": (
        series(),
        "5 c 4 1 3 2. 6. 9 1 1 12 a n a y 1e10 2 y 9",
        "user_tavg' is not there",
        {},
    ),
    "average that replaces them of another grid": (
        series(),
        "6 1 1 12 a n a 1 y 1.0 2 y 9 4 2. 6. 32 n",
        "user_tavg' does not hold a frame",
        {"user_tavg": "F\n1234"},
    ),
    "filter with a NaN": (series(frames=spoilt(np.nan)), "6 1 1 12 a n a 1 n 9 4 2. 6. 32 n", "frame 5: 1 of 30", {}),
    "smoothing of no frame": (series(), "9 40 1 50 1. n 0 0.", "has no frame 40", {}),
    "a smooth field beyond the data": (
        series(),
        "9 1 1 9 1. y g 0 0.",
        "grid 'g': 2 of its columns and rows lie beyond",
        {"g": "3 3\n19. 22. 25.\n-19. -10. 5."},
    ),
    "a grid that is none": (series(), "9 1 1 9 1. y g 0 0.", "grid file '.*g' does not begin", {"g": "x"}),
    "smoothing with a NaN": (series(frames=spoilt(np.nan)), "9 1 1 12 1. n 0 0.", "frame 5: 1 of 30", {}),
    "a surface that is unknown": (series(), "9 1 1 12 1. n 2 0.", "surface.kind.*0 or 1", {}),
    "filling by interpolation": (series(), "8 1 1 12 a 2", "extract.holes 2: .*answer 1, 3 or 4", {}),
    "filling of an unknown kind": (series(), "8 1 1 12 a 5", "extract.holes.*0 to 4", {}),
    "filling from rows with missing values": (
        series(frames=spoilt(1e20)),
        "8 1 1 12 a 3 y 1e20 1e10 2 -12.5 20. n n n",
        "frame 5: row 3 of the field.*latitude -12.5",
        {},
    ),
    "no period": (series(), "10 0 a n n 0", "combine.periods.*1 or more", {}),
    "nothing to combine": (series(), "10 2 s 0 0 1 n n 0", "combine.deviations.*1 if combine.means is 0", {}),
    "combination of files that are not there": (series(), "10 1 s 1 0 0 n m w 0", "m' cannot be read", {}),
    "a weight that is none": (series(), "10 1 s 1 0 1 y 1. n m f t 0", "t, line 1: a number is missing", {"t": "x"}),
    "too few periods": (
        series(),
        "11 m d f w t 0",
        "does not hold frame 1 of 5 x 6.*12 frames",
        {**dict.fromkeys("mdfw", "F\n"), "t": "1 " * 12},
    ),
    "too few weights of periods": (
        series(),
        "11 m d f w t 0",
        "weights 't': 3 numbers",
        {**dict.fromkeys("mdfw", "F\n"), "t": "1 1 1"},
    ),
    "answers end": (series(), "3 1 1 12 a n n", "mean.weights.*missing", {}),
}


@pytest.mark.parametrize("what", CASES)
def test_refused(what: str, tmp_path: Path) -> None:
    data, menu, words, files = CASES[what]
    refused(tmp_path / "run", data, menu, words, files)


def test_values_that_are_left_out_may_be_unusable(tmp_path: Path) -> None:
    """What the answers call missing is not used."""
    data = series("netcdf", spoilt(np.inf), marked=True)
    out = our_outputs(Case(lay_out=data.write, answers=data.startup() + "3 1 1 12 a 1e10 2 n n y n"), tmp_path / "run")
    assert {"user_tavg_a", "user_tavg_a_sub", "user_tavg_a_var"} <= set(out)
