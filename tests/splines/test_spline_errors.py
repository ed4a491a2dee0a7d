"""Bad grids, bad fields, and flags as sentences."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import FitError, GridError
from stormtrack.splines import (
    FIT_FLAGS,
    OPTIMISER_FLAGS,
    RectangleFit,
    SphereFit,
    evaluate,
    fit_sentence,
    optimise,
    optimiser_sentence,
)

X, Y = np.arange(8.0), np.arange(6.0)
U, V = np.linspace(0.2, 3.0, 6), np.arange(8) * (np.pi / 4)


def test_every_flag_has_a_sentence():
    """The flags named in fortran/status.f90 are those with a sentence."""
    text = (Path(__file__).parents[2] / "fortran" / "status.f90").read_text()
    found = re.findall(r"public :: (fit|opt)_\w+ = (-?\d+)", text)
    assert {int(n) for kind, n in found if kind == "fit"} == set(FIT_FLAGS)
    assert {int(n) for kind, n in found if kind == "opt"} == set(OPTIMISER_FLAGS)
    assert fit_sentence(1).startswith("every knot allowed")
    assert optimiser_sentence(4) == "not converged in 20 iterations"
    assert "unknown" in fit_sentence(99)
    assert "unknown" in optimiser_sentence(99)


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        (X[:3], Y, {}, "at least 4 values of x"),
        (X, Y[:3], {}, "at least 4 values of y"),
        (X[::-1], Y, {}, "x strictly ascending"),
        (X, [0, 1, 1, 2], {}, "y strictly ascending; element 2 is 1 after 1"),
        ([0, 1, np.nan, 3, 4], Y, {}, "x strictly ascending"),
        (X, Y, {"limits": (0.0, 6.5, 0.0, 5.0)}, "does not enclose its grid"),
    ],
)
def test_rectangles_refused(x, y, options, message):
    with pytest.raises(GridError, match=re.escape(message)):
        RectangleFit(x, y, **options)


@pytest.mark.parametrize(
    ("u", "v", "message"),
    [
        (U - 0.2, V, "rows strictly between the poles"),
        (np.append(U, np.pi), V, "rows strictly between the poles"),
        (U[:3], V, "at least 4 values of co-latitude"),
        (U, V[:3], "at least 4 values of longitude"),
        (U[::-1], V, "co-latitude strictly ascending"),
        (U, V + 0.1, "first longitude to be 0"),
        (U, np.append(V, 2 * np.pi), "below a full circle"),
    ],
)
def test_spheres_refused(u, v, message):
    with pytest.raises(GridError, match=message):
        SphereFit(u, v)


def test_pole_rows_in_degrees_refused():
    with pytest.raises(GridError, match="strictly between the poles"):
        SphereFit.from_degrees(np.arange(0, 360, 30, dtype=np.float32), np.linspace(-90, 90, 7, dtype=np.float32))


@pytest.mark.parametrize("smoothing", [-1.0, np.nan, np.inf])
def test_smoothing_refused(smoothing):
    with pytest.raises(FitError, match="finite and >= 0"):
        RectangleFit(X, Y, smoothing=smoothing)


def test_field_of_another_shape_refused():
    with pytest.raises(GridError, match=re.escape("shape (8, 6)")):
        RectangleFit(X, Y).fit(np.zeros((8, 6)))
    with pytest.raises(GridError, match=re.escape("shape (6, 9)")):
        SphereFit(U, V).fit(np.zeros((6, 9)))


def test_integers_refused():
    """A field of integers is converted; one of strings or complex numbers is not."""
    with pytest.raises(TypeError):
        RectangleFit(X, Y).fit(np.zeros((6, 8), complex))


def test_failed_fit_is_reported_but_kept(golden_cases):
    g = golden_cases("smoopy")["msl25nh_s50000"]
    surface = RectangleFit(g["x"], g["y"], smoothing=5.0e4).fit(g["z"].T)
    assert surface.flag == 2
    with pytest.raises(FitError, match=r"smoopy: flag 2, .*37 x 144 values, s=50000"):
        surface.check()
    RectangleFit(X, Y).fit(np.ones((6, 8))).check()


def test_missing_values():
    """Interpolation carries NaN along; smoothing cannot place knots and must not run away."""
    field = np.ones((6, 8))
    field[2, 3] = np.nan
    assert np.isnan(RectangleFit(X, Y).fit(field).c).any()
    assert np.isnan(SphereFit(U, V).fit(field).c).any()
    for plan in (RectangleFit(X, Y, smoothing=1.0), SphereFit(U, V, smoothing=1.0)):
        try:
            assert np.isnan(plan.fit(field).residual)
        except FitError as error:
            assert error.flag == 30


def test_dependent_equalities_refused():
    surface = RectangleFit(X, Y).fit(np.random.default_rng(31).normal(size=(6, 8)))
    with pytest.raises(FitError, match="linearly dependent"):
        optimise(surface, [[3.0, 3.0]], [0.0], [[1.0, 0.0], [1.0, 0.0]], [3.0, 4.0], equalities=2)


def test_arguments_of_unequal_length_refused():
    surface = RectangleFit(X, Y).fit(np.ones((6, 8)))
    with pytest.raises(ValueError, match="equally many"):
        evaluate(surface, [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="derivatives is 3"):
        evaluate(surface, [1.0], [1.0], 3)
    with pytest.raises(ValueError, match="right-hand sides"):
        optimise(surface, np.ones((3, 2)), np.ones(3), [[1.0, 0.0]], np.ones((2, 1)))
