"""Bad input to menu functions through the real command: exit status 2, a message that says what to do, no output."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.menus.drawn_fields import MARK, Drawn, draw, write_netcdf
from tests.reports.commands import refused, track

LEFT = {"in", "answers", "initial_t"}
"""What may be there after a refusal."""


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """A regular grid of 12 rows, two frames."""
    rng = np.random.default_rng(1)
    return draw(rng, kinds=("regular",), rows=(12,), periodic=False, netcdf=False, frames=2)


LEAST_SQUARES = "4 1 1 2 0 "
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "least squares: a truncation below 0": (LEAST_SQUARES + "0 -1 0 n 1 0 4 n n n n", ("spec.truncation", "0 or more")),
    "least squares: too high a truncation": (
        LEAST_SQUARES + "0 13 0 n 1 0 13 n n n n",
        ("196 coefficients", "smaller"),
    ),
    "least squares: two of three bands": (
        LEAST_SQUARES + "0 4 0 n 3 0 1 2 4 1 1 0 n n n n",
        ("lsq.mask3", "2 of 3 bands", "one, all or none"),
    ),
    "least squares: no band": (LEAST_SQUARES + "0 4 0 n 0 0 n n n n", ("spec.nbands", "1 to 1000")),
    "least squares: limits that exclude each other": (
        LEAST_SQUARES + "0 4 0 n 1 0 4 n y 3. 2. 0. n n",
        ("spec.restrict.max", "more than the first one"),
    ),
    "least squares: a taper of 0": (LEAST_SQUARES + "0 4 0 n 1 0 4 y 0. n n n", ("spec.hoskins_cutoff", "more than 0")),
    "least squares: no grid file": (LEAST_SQUARES + "0 4 0 y 0 nowhere 1 0 4 n n n n", ("nowhere", "cannot be read")),
    "least squares: no factor": (LEAST_SQUARES + "0 4 0 n 1 0 4 n n y /nowhere", ("/nowhere'", "begin it with a /")),
    "least squares: another factor": (
        LEAST_SQUARES + "0 4 0 n 1 0 4 n n y /in",
        ("Cholesky factor of truncation 4 has 2600", "answer 'n'"),
    ),
    "least squares: a factor in no folder": (
        LEAST_SQUARES + "0 4 0 n 1 0 4 n n n y /no/where",
        ("cannot create output file", "create the folder first"),
    ),
    "cosine: boundaries that ascend": ("4 1 1 2 2 y n 0 100. n 1 500. 900. n n", ("dct.boundary2", "descending")),
    "cosine: a boundary that is no number": (
        "4 1 1 2 2 y n 0 100. n 1 nan 500. n n",
        ("dct.boundary1", "no such wavelength"),
    ),
    "cosine: a taper without scale": ("4 1 1 2 2 y n 0 1. n 1 9000. 5000. y 0.1 n", ("has no scale", "a shorter one")),
    "cosine: a resolution of 0": ("4 1 1 2 2 y n 0 0. n 1 900. 500. n n", ("dct.resolution", "more than 0")),
    "cosine: a taper of 1": ("4 1 1 2 2 y n 0 9. n 1 900. 500. y 1. n", ("hoskins_cutoff", "less than 1")),
    "cosine: a padding too small": ("4 1 1 2 2 y y 6 6 9. n 1 900. 500. n n", ("padded to 6", "the least is")),
    "cosine: a padding of 14": ("4 1 1 2 2 y y 98 12 0 9. n 1 900. 500. n n", ("98 columns", "2, 3 and 5")),
    "cosine: a power of 40": ("4 1 1 2 2 n 9. 40 4 n 1 900. 500. n n", ("dct.exponent_y", "0 to 16")),
    "winds: a method of 2": ("12 2 y", ("wind.method", "0 or 1")),
    "winds: a quantity of 5": ("12 0 5 y", ("wind.quantity", "0 to 4")),
    "winds: no file of V": ("12 1 n in nowhere 1 1 1 1 1 1 n out y 0", ("nowhere", "does not exist")),
    "winds: a step of 0": ("12 1 y 1 0 2 1 1 2 n out y 0", ("wind.u.fr", "1 or more")),
    "winds: a comparison of 3": ("12 1 y 1 1 2 1 1 2 y 9. 3 0. out y 0", ("wind.missing_test", "0, 1 or 2")),
    "winds: too many columns repeated": ("12 0 2 y 1 1 2 1 1 2 out 0 99 0. 0. 0", ("99 columns", "allowed: 0 to")),
    "winds: a negative smoothing": ("12 0 2 y 1 1 2 1 1 2 out 0 3 -1. 0. 0", ("smoothing factor", ">= 0")),
    "winds: an output in no folder": ("12 1 y 1 1 2 1 1 2 n no/out y 0", ("cannot create output file",)),
    "winds: the answers end": ("12 0 2 y 1 1 2 1 1 2 out 0 3 0.", ("wind.v.spline.s", "an answer is missing")),
    "gradients: a locator of 2": ("13 y y 0 2", ("grad.locator", "0 or 1")),
    "gradients: an unknown quantity": ("13 y n y part y 3", ("grad.quantity", "0, 1 or 2")),
    "gradients: an unknown surface": ("13 y n n 1 1 2 out 2", ("surface.kind", "0 or 1")),
    "new grid: no grid file": ("14 0 nowhere 1 1 2 0 3 out 0. 0", ("nowhere", "cannot be read")),
    "new grid: a truncation of 0": ("14 1 0 1 1 2 0 3 out 0. 0", ("new.truncation", "1 or more")),
    "least squares: the answers end": (LEAST_SQUARES + "0 4 0 n 1 0 4 n n n", ("lsq.write?", "an answer is missing")),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str, drawn: Drawn, tmp_path: Path) -> None:
    answers, words = CASES[case]
    drawn.write(tmp_path / "in")
    refused(track(tmp_path, drawn.startup + answers, "-i", "in", "-f", "_t"), *words)
    assert {path.name for path in tmp_path.iterdir()} <= LEFT


SPOILT = {
    "least squares": "4 1 1 2 0 0 4 0 n 1 0 4 n n n n",
    "cosine": "4 1 1 2 2 y y n 0 9. n 1 900. 500. n n",
    "vorticity": "12 0 2 y 1 1 2 1 1 2 y out 0 3 0. 0. 0",
    "gradient": "13 y n n 1 1 2 out 0 3 0. 0",
    "new grid": "14 1 4 1 1 2 0 3 out 0. 0",
}


@pytest.mark.parametrize("value", [np.nan, MARK])
@pytest.mark.parametrize("case", SPOILT)
def test_missing_values_are_refused(case: str, value: float, drawn: Drawn, tmp_path: Path) -> None:
    values = drawn.fields["v"].copy()
    values[1, 3, 5] = value
    write_netcdf(tmp_path / "in", drawn.lon, drawn.lat, {"v": values}, mark=True)
    startup = drawn.startup.replace("n 0 0 y", "n 0 4 n 1 y")
    done = track(tmp_path, startup + SPOILT[case], "-i", "in", "-f", "_t")
    refused(done, "frame 2", "1 of", "column 6", "--keep-missing" if value == MARK else "ill the gaps")
    assert {path.name for path in tmp_path.iterdir()} <= LEFT


def test_values_that_are_replaced_may_be_missing(drawn: Drawn, tmp_path: Path) -> None:
    values = drawn.fields["v"].copy()
    values[1, 3, 5] = MARK
    write_netcdf(tmp_path / "in", drawn.lon, drawn.lat, {"v": values}, mark=True)
    startup = drawn.startup.replace("n 0 0 y", "n 0 4 n 1 y")
    answers = "4 1 1 2 0 0 4 0 n 1 0 4 n y -1.e8 1.e8 0. n n"
    assert track(tmp_path, startup + answers, "-i", "in", "-f", "_t").returncode == 0


def test_fields_on_another_grid_are_refused(drawn: Drawn, tmp_path: Path) -> None:
    drawn.write(tmp_path / "in")
    other = draw(np.random.default_rng(2), kinds=("limited",), rows=(9,), netcdf=False)
    other.write(tmp_path / "other")
    answers = drawn.startup + "12 1 n in other 1 1 2 1 1 2 n out y 0"
    refused(track(tmp_path, answers, "-i", "in", "-f", "_t"), "both need the same grid")
    assert not (tmp_path / "out").exists()


def test_rows_at_poles_are_refused(tmp_path: Path) -> None:
    lon, lat = np.arange(0.0, 360.0, 30.0), np.linspace(-90.0, 90.0, 7)
    write_netcdf(tmp_path / "in", lon, lat, {"v": np.ones((1, 7, 12), np.float32)})
    startup = "n 0 4 n 1 y n y y y n g n 1 12 1 7 y "
    for answers in ("12 0 2 y 1 1 1 1 1 1 out 0 3 0. 0. 0", "13 y n n 1 1 1 out 0 3 0. 0"):
        refused(track(tmp_path, startup + answers, "-i", "in", "-f", "_t"), "leave the poles out")
