"""Kernels, fits, evaluation and optimiser against the goldens, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.splines import RectangleFit, SphereFit, Surface, _dierckx, evaluate, optimise
from stormtrack.testing import assert_bitwise

kernels = pytest.importorskip("stormtrack.splines._dierckx_tests", reason="built with -Dtest_extension=true only")
I32 = np.int32


@pytest.mark.parametrize("degree", range(1, 6))
def test_basis_and_jumps(golden_cases, degree):
    g = golden_cases("kernels")[f"bspline_k{degree}"]
    for t, x, left, h, h_all, jumps in zip(*(g[q] for q in ("t", "x", "l", "h", "h_all", "disco")), strict=True):
        ours, ours_all = kernels.basis_values(t, degree, x, left)
        assert_bitwise(ours, h, "one degree")
        assert_bitwise(np.triu(ours_all), h_all, "all degrees")
        with np.errstate(all="ignore"):
            found = kernels.derivative_jumps(t, degree)[: len(jumps)]
        assert_bitwise(np.ascontiguousarray(found), jumps, "jumps")


def test_rotations(golden_cases):
    cases = golden_cases("kernels")
    g = cases["cossin"]
    assert_bitwise(
        np.array([kernels.givens_rotation(*row) for row in g["in_piv_wi_ww"]]), g["out_wi_ww_cos_sin"], "rotation"
    )
    g = cases["rotate"]
    assert_bitwise(np.array([kernels.givens_rotate(*row) for row in g["in_piv_cos_sin_a_b"]]), g["out_a_b"], "rotate")


def test_rational_zero(golden_cases):
    g = golden_cases("kernels")["ration"]
    ours = np.array([kernels.zero_of_rational(*row) for row in g["in_p1_f1_p2_f2_p3_f3"]])
    assert_bitwise(ours[:, [4, 0, 1, 2, 3]].copy(), g["out_p_p1_f1_p3_f3"], "p")


def test_new_knot(golden_cases):
    g = golden_cases("kernels")["nknot"]
    for k in range(len(g["x"])):
        t, fpint, nrdata = g["t"][k].copy(), g["fpint"][k].copy(), g["nrdata"][k].astype(I32)
        nrint = int(g["nrint"][k])
        n, nrint, added = kernels.insert_knot(g["x"][k], t, nrint + 7, fpint, nrdata, nrint)
        assert (n, nrint, added) == (g["out_n"][k], g["out_nrint"][k], 1)
        assert_bitwise(t, g["out_t"][k], "knots")
        assert_bitwise(fpint, g["out_fpint"][k], "residuals")
        assert_bitwise(nrdata, g["out_nrdata"][k].astype(I32), "data counts")


@pytest.mark.parametrize("case", [f"symsys_n{n}" for n in range(1, 7)])
def test_symmetric_system(golden_cases, case):
    g = golden_cases("kernels")[case]
    a, x = np.array(g["a"], order="F"), g["g"].copy()
    kernels.symmetric_solve(a, int(case[-1]), x)
    assert_bitwise(np.ascontiguousarray(a), np.ascontiguousarray(g["out_a"]), "factors")
    assert_bitwise(x, g["out_g"], "solution")


@pytest.mark.parametrize("case", ["cytri_n4", "cytri_n5", "cytri_n8", "cytri_n37"])
def test_cyclic_system(golden_cases, case):
    g = golden_cases("kernels")[case]
    a, x = np.array(g["a"], order="F"), g["b"].copy()
    kernels.cyclic_solve(a, x)
    assert_bitwise(np.ascontiguousarray(a), np.ascontiguousarray(g["out_a"]), "factors")
    assert_bitwise(x, g["out_c"], "solution")


def test_given_knots(golden_cases):
    g = golden_cases("kernels")["grismo"]
    names = ("c", "sq", "fpx", "fpy", "spx", "spy", "nrx", "nry", "bx", "by")
    z = np.asfortranarray(g["z"].T)
    found = dict(
        zip(names, kernels.given_knots_rectangle(*(g["x"], g["y"], z, g["tx"], g["ty"], g["out_p"])), strict=True)
    )
    for name in ("c", "sq", "fpx", "fpy"):
        assert_bitwise(np.ascontiguousarray(found[name].T), g[f"out_{name}"], name)
    for name in ("spx", "spy", "nrx", "nry", "bx", "by"):
        assert_bitwise(np.ascontiguousarray(found[name]), np.ascontiguousarray(g[name]), name)


def assert_surface(surface: Surface, g: dict[str, np.ndarray]) -> None:
    """Compare a surface, and its values at the golden's points."""
    assert surface.flag == g["ier"]
    assert_bitwise(surface.tx[: surface.nx], g["tx"], "tx")
    assert_bitwise(surface.ty[: surface.ny], g["ty"], "ty")
    assert_bitwise(surface.c, g["c"], "c")
    assert_bitwise(surface.residual, float(g["fp"]), "residual")
    found = evaluate(surface, g["eval_x"], g["eval_y"], derivatives=2)
    assert_bitwise(found.value, g["eval_s"], "values")
    assert_bitwise(found.derivatives, g["eval_d_x_y_xx_yy"], "derivatives")


def test_rectangles(golden_cases):
    cases = golden_cases("smoopy")
    assert len(cases) >= 27
    for g in cases.values():
        s = float(g["s"])
        plan = RectangleFit(g["x"], g["y"], smoothing=s, with_residual=True)
        assert_surface(plan.fit(g["z"].T), g)
        assert_bitwise(RectangleFit(g["x"], g["y"], smoothing=s).fit(g["z"].T).c, g["c"], "c as planned")
        if "nrdatx" in g:
            assert_bitwise(plan.sums["fp0"], float(g["fp0"]), "residual of the polynomial")
            for name, ours in zip(("nrdatx", "nrdaty"), plan._nrdata, strict=True):
                assert_bitwise(ours[: len(g[name])], g[name].astype(I32), name)


def fit_with_arrays_apart(x, y, z, smoothing):
    """Coefficients of the undisturbed algorithm."""
    mx, my = len(x), len(y)
    reals, integers = _dierckx.rectangle_work(mx, my)
    tx, ty, c = np.zeros(max(mx, my) + 4), np.zeros(max(mx, my) + 4), np.empty(mx * my)
    counts, work = (np.zeros(mx + 4, I32), np.zeros(my + 4, I32)), (np.zeros(reals), np.zeros(integers, I32))
    limits = np.array([x[0], x[-1], y[0], y[-1]])
    numbers, _ = kernels.rectangle_surface_apart(x, y, z, limits, smoothing, tx, ty, c, *counts, *work)
    return c[: (numbers[0] - 4) * (numbers[1] - 4)]


def test_overlapping_work_arrays_change_the_result(golden_cases):
    """Three goldens come out only with the original's overlapping work arrays, all others either way."""
    changed = set()
    for case, g in golden_cases("smoopy").items():
        c = fit_with_arrays_apart(g["x"], g["y"], np.asfortranarray(g["z"].T), float(g["s"]))
        if c.tobytes() != g["c"].tobytes():
            changed.add(case)
    assert changed == {"msl25nh_s50000", "rnd6_24x24_a1.3", "rnd11_33x21_a1.3"}


@pytest.mark.parametrize("planned", [True, False])
def test_spheres(golden_cases, planned):
    cases = golden_cases("sphery")
    assert len(cases) >= 42
    for g in cases.values():
        plan = SphereFit(
            g["u"],
            g["v"],
            smoothing=float(g["s"]),
            pole_continuity=(bool(g["iopt"][1]), bool(g["iopt"][2])),
            pole_data=tuple(int(i) for i in g["ider"]),
            pole_values=tuple(g["in_r0_r1"]),
            planned=planned,
        )
        surface = plan.fit(g["r"][::-1])
        assert_surface(surface, g)
        assert_bitwise(plan.poles.derivatives, g["dr"], "pole derivatives")
        assert_bitwise(plan.poles.step, g["step"], "steps")
        assert_bitwise(plan.poles.data, np.array([g["r0"], g["r1"]]), "pole data")
        assert plan.poles.rows == (g["lastu0"], g["lastu1"])
        if "fp0" in g:
            assert_bitwise(plan.sums["fp0"], float(g["fp0"]), "residual of the polynomial")


def test_points_outside(golden_cases):
    g = golden_cases("bisp_edges")[""]
    f = golden_cases("smoopy")["msl25nh_s0"]
    tx, ty, nx, ny = g["tx_alloc"], g["ty_alloc"], int(f["nx"]), int(f["ny"])
    assert len(g["in_x_y_idif"]) == 429
    for k, (x, y, derivatives) in enumerate(g["in_x_y_idif"]):
        px, py, d = np.array([x]), np.array([y]), np.full((4, 1), 7.0, order="F")
        s = _dierckx.surface_at_points(tx, nx, ty, ny, f["c"], int(derivatives), px, py, d)
        what = f"({x!r}, {y!r}), derivatives {derivatives}"
        assert_bitwise(s[0], g["out_s"][k], f"value, {what}")
        assert_bitwise(d[:, 0].copy(), g["out_d"][k], f"derivatives, {what}")
        assert_bitwise(np.array([px[0], py[0]]), g["out_x_y"][k], f"moved point, {what}")


def golden_surface(goldens: Path, file: str, case: str) -> Surface:
    """A surface of the goldens; tx with its zero tail."""
    with np.load(goldens / "splines" / f"{file}.npz") as z:
        tx, ty, c = (z[f"{case}/{q}"] for q in ("tx", "ty", "c"))
    nx, ny = len(tx), len(ty)
    tx = np.concatenate([tx, np.zeros(max(ny - nx, 0))])
    return Surface(kind=file, tx=tx, ty=ty, nx=nx, ny=ny, c=c, residual=0.0, flag=-1)


@pytest.mark.parametrize(
    "case", ["box_smoopy", "box_sphery", "eq_smoopy", "free_smoopy", "min_smoopy", "tilted_smoopy"]
)
def test_optimiser(golden_cases, goldens, case):
    g = golden_cases("optimiser")[case]
    file, name = ("sphery", "vo850_c1_s0") if case == "box_sphery" else ("smoopy", "vo850nhF32_s0")
    surface, start = golden_surface(goldens, file, name), g["start_x_y_fm"]
    found = optimise(
        surface,
        start[:, :2],
        start[:, 2],
        g["nn"],
        g["bb"],
        equalities=int(g["numeq"]),
        minimum=case == "min_smoopy",
    )
    assert len(start) == 160
    assert_bitwise(found.position, g["pos"], "position")
    assert_bitwise(found.value, g["val"], "value")
    assert_bitwise(found.flag, g["ier"].astype(I32), "flag")
