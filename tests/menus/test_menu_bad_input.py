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
