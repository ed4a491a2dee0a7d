"""Fits, evaluation and optimiser against the original program's library, live."""

from __future__ import annotations

import os

import numpy as np
import pytest

from stormtrack.splines import RectangleFit, SphereFit, evaluate, optimise
from stormtrack.testing import assert_bitwise

MANY = 20 if os.environ.get("STORMTRACK_NIGHTLY") else 1


def random_axis(rng, n, low, high):
    """Strictly ascending points with a smallest distance."""
    steps = rng.uniform(0.2, 1.0, n)
    return low + (high - low) * np.cumsum(steps) / steps.sum()


def random_rectangle(rng):
    """Coordinates, values (x, y), smoothing factor."""
    mx, my = (int(n) for n in rng.integers(4, 34, 2))
    if rng.random() < 0.3:
        my = int(rng.integers(30, 60))  # tall and narrow: the original's work arrays overlap
    x, y = random_axis(rng, mx, 0, 10), random_axis(rng, my, -4, 6)
    z = np.sin(x)[:, None] * np.cos(y)[None] + 0.2 * rng.normal(size=(mx, my))
    s = 0.0 if rng.random() < 0.2 else 0.04 * mx * my * 10 ** rng.uniform(-1.5, 0.7)
    return x, y, z, s


@pytest.mark.parametrize("seed", range(4))
def test_rectangle(ask_oracle, seed):
    rng = np.random.default_rng([11, seed])
    problems = [random_rectangle(rng) for _ in range(40 * MANY)]
    answers = ask_oracle([("smoopy", problem) for problem in problems])
    flags = set()
    for (x, y, z, s), answer in zip(problems, answers, strict=True):
        surface = RectangleFit(x, y, smoothing=s, with_residual=True).fit(z.T)
        what = f"{len(x)} x {len(y)}, s={s!r}"
        assert (surface.flag, surface.nx, surface.ny) == (answer["ier"], answer["nx"], answer["ny"]), what
        assert_bitwise(surface.tx[: surface.nx], answer["tx"][: surface.nx], f"tx, {what}")
        assert_bitwise(surface.ty[: surface.ny], answer["ty"][: surface.ny], f"ty, {what}")
        assert_bitwise(surface.c, answer["c"][: len(surface.c)], f"c, {what}")
        assert_bitwise(surface.residual, answer["fp"], f"residual, {what}")
        flags.add(surface.flag)
    assert {-1, 0} <= flags


def random_sphere(rng):
    """Arguments of the oracle's sphery."""
    mu, mv = int(rng.integers(4, 20)), int(rng.integers(4, 24))
    u = random_axis(rng, mu, 0.02, 3.1)
    v = np.concatenate([[0.0], random_axis(rng, mv - 1, 0.05, 6.2)])
    wave = np.sin(u)[:, None] * np.cos(v)[None]
    r = np.cos(u)[:, None] + 0.4 * wave + 0.1 * rng.normal(size=(mu, mv))
    north, south = (int(n) for n in rng.integers(0, 2, 2))
    ider = (-1, 0, -1, 0)
    if rng.random() < 0.4:
        ider = tuple(
            int(n)
            for n in (rng.integers(-1, 2), rng.integers(0, 2) * north, rng.integers(-1, 2), rng.integers(0, 2) * south)
        )
    s = 0.0 if rng.random() < 0.3 else 0.01 * mu * mv * 10 ** rng.uniform(-1.2, 1)
    return u, v, r, s, (0, north, south), ider, 1.0, -1.0


@pytest.mark.parametrize("seed", range(4))
def test_sphere(ask_oracle, seed):
    rng = np.random.default_rng([12, seed])
    problems = [random_sphere(rng) for _ in range(40 * MANY)]
    answers = ask_oracle([("sphery", problem) for problem in problems])
    flags = set()
    for (u, v, r, s, (_, north, south), ider, r0, r1), answer in zip(problems, answers, strict=True):
        plan = SphereFit(
            u, v, smoothing=s, pole_continuity=(bool(north), bool(south)), pole_data=ider, pole_values=(r0, r1)
        )
        surface = plan.fit(r[::-1])
        what = f"{len(u)} x {len(v)}, s={s!r}, continuity {north}{south}, ider {ider}"
        assert (surface.flag, surface.nx, surface.ny) == (answer["ier"], answer["nx"], answer["ny"]), what
        assert_bitwise(surface.tx[: surface.nx], answer["tx"][: surface.nx], f"tx, {what}")
        assert_bitwise(surface.ty[: surface.ny], answer["ty"][: surface.ny], f"ty, {what}")
        assert_bitwise(surface.c, answer["c"][: len(surface.c)], f"c, {what}")
        assert_bitwise(surface.residual, answer["fp"], f"residual, {what}")
        flags.add(surface.flag)
    assert {-1, 0} <= flags


def test_evaluation(ask_oracle):
    """Points inside, on and far outside, on a surface with more y than x knots and one with fewer."""
    rng = np.random.default_rng(13)
    for mx, my in ((9, 14), (15, 8)):
        x, y = random_axis(rng, mx, -3, 10), random_axis(rng, my, 2, 6)
        surface = RectangleFit(x, y).fit(rng.normal(size=(my, mx)))
        px = np.concatenate([rng.uniform(-8, 15, 300), x, x])
        py = np.concatenate([rng.uniform(0, 8, 300), y[rng.integers(0, my, mx)], rng.uniform(2, 6, mx)])
        s = surface
        answers = ask_oracle([("bisp", (s.tx, s.nx, s.ty, s.ny, s.c, a, b, 2)) for a, b in zip(px, py, strict=True)])
        ours = evaluate(surface, px, py, derivatives=2)
        assert_bitwise(ours.value, np.array([a[0] for a in answers]), "value")
        assert_bitwise(ours.derivatives, np.array([a[1] for a in answers]), "derivatives")
        assert_bitwise(np.column_stack([ours.x, ours.y]), np.array([a[2:] for a in answers]), "moved points")


@pytest.mark.parametrize("kind", ["smoopy", "sphery"])
def test_optimisation(ask_oracle, kind):
    """Boxes, tilted constraints, an equality; starts inside, on the border and outside."""
    rng = np.random.default_rng([14, kind == "sphery"])
    if kind == "smoopy":
        surface = RectangleFit(random_axis(rng, 20, 0, 20), random_axis(rng, 16, 0, 15)).fit(rng.normal(size=(16, 20)))
    else:
        longitudes = np.arange(24) * (2 * np.pi / 24)
        surface = SphereFit(random_axis(rng, 14, 0.05, 3.0), longitudes).fit(rng.normal(size=(14, 24)))
    x0, x1, y0, y1 = surface.limits
    box = ([[1.0, 0], [0, 1], [-1, 0], [0, -1]], [x0, y0, -x1, -y1])
    tilted = (box[0] + [[0.6, 0.8], [-0.8, 0.6]], box[1] + [0.3 * x1, -0.6 * x1])
    line = ([[0.6, 0.8]] + box[0], [0.5 * x1] + box[1])
    starts = np.column_stack(
        [
            rng.uniform(x0 - 0.3, x1 + 0.3, 400 * MANY),
            rng.uniform(y0 - 0.3, y1 + 0.3, 400 * MANY),
            rng.normal(size=400 * MANY),
        ]
    )
    starts[::7, 0], starts[::5, 1] = x0, y1
    known = {"nx": surface.nx, "ny": surface.ny, "ncof": len(surface.c)}
    known |= {"tx": surface.tx, "ty": surface.ty, "c": surface.c}
    cases = [(*box, 0, 0), (*tilted, 0, 0), (*line, 1, 0), (*box, 0, 1)]
    answers = ask_oracle([("optimised", (known, nn, bb, eq, starts, minimum)) for nn, bb, eq, minimum in cases])
    for (nn, bb, equalities, minimum), answer in zip(cases, answers, strict=True):
        ours = optimise(surface, starts[:, :2], starts[:, 2], nn, bb, equalities=equalities, minimum=bool(minimum))
        what = f"{len(bb)} constraints, {equalities} equalities, minimum {minimum}"
        assert_bitwise(ours.position, np.array([a[1] for a in answer]), f"position, {what}")
        assert_bitwise(ours.value, np.array([a[0] for a in answer]), f"value, {what}")
        assert_bitwise(ours.flag, np.array([a[2] for a in answer], np.int32), f"flag, {what}")


def test_unconstrained_optimisation(ask_oracle):
    """From grid maxima only: a search that leaves the domain can run for ever in the original."""
    rng = np.random.default_rng(15)
    x, y = np.arange(60.0), np.arange(47.0)
    field = rng.normal(size=(47, 60))
    surface = RectangleFit(x, y).fit(field)
    inner = field[1:-1, 1:-1]
    around = [field[1 + j : 46 + j, 1 + i : 59 + i] for j in (-1, 0, 1) for i in (-1, 0, 1)]
    rows, columns = np.nonzero(inner == np.max(around, axis=0))
    starts = np.column_stack([x[columns + 1], y[rows + 1], inner[rows, columns]])
    assert len(starts) > 200
    known = {"nx": surface.nx, "ny": surface.ny, "ncof": len(surface.c)}
    known |= {"tx": surface.tx, "ty": surface.ty, "c": surface.c}
    (answer,) = ask_oracle([("optimised", (known, [], [], 0, starts, 0))])
    ours = optimise(surface, starts[:, :2], starts[:, 2])
    assert_bitwise(ours.position, np.array([a[1] for a in answer]), "position")
    assert_bitwise(ours.value, np.array([a[0] for a in answer]), "value")
    assert_bitwise(ours.flag, np.array([a[2] for a in answer], np.int32), "flag")
