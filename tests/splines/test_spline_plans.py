"""Plans: prepared samples equal direct evaluation, threads do not disturb each other, knots are shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.splines import RectangleFit, SamplePlan, SphereFit, _dierckx, evaluate, optimise
from stormtrack.testing import assert_bitwise


def sphere_plan(rows=17, columns=24, **options):
    """A plan on a regular grid without pole rows."""
    colatitude = (np.arange(rows) + 0.5) * (np.pi / rows)
    return SphereFit(colatitude, np.arange(columns) * (2 * np.pi / columns), **options)


@given(
    st.integers(4, 12),
    st.integers(4, 12),
    st.sampled_from(["rectangle", "sphere"]),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_samples_equal_evaluation(rows, columns, kind, single, seed):
    rng = np.random.default_rng(seed)
    if kind == "rectangle":
        plan = RectangleFit(np.cumsum(rng.uniform(0.1, 2, columns)), np.cumsum(rng.uniform(0.1, 2, rows)))
    else:
        plan = sphere_plan(rows, columns, pole_continuity=bool(seed % 2))
    first = plan.fit(rng.normal(size=(rows, columns)).astype(np.float32 if single else np.float64))
    x0, x1, y0, y1 = first.limits
    x = np.concatenate([rng.uniform(x0 - 1, x1 + 1, 50), [x0, x1, x0, x1, np.nan]])
    y = np.concatenate([rng.uniform(y0 - 1, y1 + 1, 50), [y0, y1, y1, y0, y0]])
    samples = SamplePlan(first, x, y)
    second = plan.fit(rng.normal(size=(rows, columns)))
    assert samples.has_knots_of(second)
    for surface in (first, second):
        direct = evaluate(surface, x, y)
        assert_bitwise(samples.values(surface), direct.value, "values")
        field, place = np.full(3 * len(x), 7, np.float32), np.flatnonzero(rng.permutation(3 * len(x)) < len(x))
        expected = field.copy()
        expected[place] = direct.value
        samples.put_values(surface, place.astype(np.int32), field)
        assert_bitwise(field, expected, "field")
        assert_bitwise(samples.x_used, direct.x, "x")
        assert_bitwise(samples.y_used, direct.y, "y")


def nasty(rng, shape, kind):
    """Fields that a plan could treat differently."""
    field = rng.normal(size=shape)
    if kind == "constant":
        field[:] = -3.25
    elif kind == "zero":
        field[:] = 0.0
    elif kind == "signed zeros":
        field = np.copysign(0.0, field)
    elif kind == "one point":
        field[:] = 0.0
        field[tuple(rng.integers(0, n) for n in shape)] = 1.0
    elif kind == "missing":
        field[tuple(rng.integers(0, n) for n in shape)] = np.nan
    elif kind == "infinite":
        field[tuple(rng.integers(0, n) for n in shape)] = -np.inf
    elif kind == "huge":
        field *= 1e200
    elif kind == "tiny":
        field *= 1e-310
    return field


NASTY = ["random", "constant", "zero", "signed zeros", "one point", "missing", "infinite", "huge", "tiny"]


def same_surface(a, b):
    """Whether two surfaces have the same bits; a NaN equals any NaN."""
    assert (a.nx, a.ny, a.flag) == (b.nx, b.ny, b.flag)
    for name in ("tx", "ty", "c"):
        ours, theirs = (np.array(getattr(s, name)) for s in (a, b))
        assert_bitwise(np.isnan(ours), np.isnan(theirs), name)
        ours[np.isnan(ours)] = theirs[np.isnan(theirs)] = 0
        assert_bitwise(ours, theirs, name)


LEVELS = range(_dierckx.vector_instructions() + 1)
"""Sets of vector instructions that this machine has."""
SIZES = st.one_of(st.integers(4, 20), st.integers(30, 70))
"""Fewer rows or columns than go through a sweep together (32), and more."""


@given(
    SIZES,
    SIZES,
    st.sampled_from(NASTY),
    st.booleans(),
    st.floats(1e-9, 1),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=200, deadline=None)
def test_planned_rectangle_equals_plain(rows, columns, kind, single, closest, seed):
    """Also on grids with points so close together that the system is nearly singular."""
    rng = np.random.default_rng(seed)
    x, y = (np.cumsum(rng.choice([closest, 1.0], n) * rng.uniform(0.5, 1, n)) for n in (columns, rows))
    limits = (x[0] - 0.5, x[-1], y[0], y[-1] + 0.25) if seed % 2 else None
    field = nasty(rng, (rows, columns), kind)
    planned, plain = (RectangleFit(x, y, limits=limits, planned=p) for p in (True, False))
    with np.errstate(all="ignore"):
        field = field.astype(np.float32 if single else np.float64)
        for level in LEVELS:
            planned._vector_level = level
            same_surface(planned.fit(field), plain.fit(field))


@given(
    st.one_of(st.integers(4, 24), st.integers(30, 40)),
    st.integers(4, 70),
    st.sampled_from(NASTY),
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from([(-1, 0, -1, 0), (0, 0, -1, 0), (1, 1, 0, 1), (-1, 1, 1, 0), (1, 1, 1, 1)]),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=200, deadline=None)
def test_planned_sphere_equals_plain(rows, columns, kind, continuity, pole_data, seed):
    rng = np.random.default_rng(seed)
    u = np.cumsum(rng.uniform(0.3, 1, rows + 1))
    v = np.cumsum(rng.uniform(0.3, 1, columns + 1))
    u, v = u[:-1] * (np.pi / u[-1]), (v[:-1] - v[0]) * (2 * np.pi / (v[-1] - v[0]))
    options = {"pole_continuity": continuity, "pole_data": pole_data, "pole_values": (0.5, -1.0)}
    planned, plain = (SphereFit(u, v, planned=p, **options) for p in (True, False))
    field = nasty(rng, (rows, columns), kind)
    for level in LEVELS:
        planned._vector_level = level
        with np.errstate(all="ignore"):
            same_surface(planned.fit(field), plain.fit(field))
        assert_bitwise(planned.poles.derivatives, plain.poles.derivatives, "pole derivatives")
        assert planned.poles.rows == plain.poles.rows
        assert_bitwise(np.abs(planned.poles.step), np.abs(plain.poles.step), "steps")


@pytest.mark.parametrize("columns", [128, 300, 512, 600])
@pytest.mark.parametrize("continuity", [False, True])
def test_many_longitudes(columns, continuity):
    """From about 300 longitudes weights underflow, from about 550 the original's surface is missing throughout."""
    field = np.random.default_rng(26).normal(size=(12, columns))
    surfaces = [sphere_plan(12, columns, pole_continuity=continuity, planned=p).fit(field) for p in (True, False)]
    same_surface(*surfaces)
    assert np.isnan(surfaces[0].c).any() == (columns == 600)


def test_plans_are_used():
    """The grids that matter get a plan."""
    assert RectangleFit(np.arange(150.0), np.arange(140.0))._plan is not None
    for rows, columns in ((64, 128), (73, 144), (36, 72)):
        for continuity in (False, True):
            assert sphere_plan(rows, columns, pole_continuity=continuity)._plan is not None


@pytest.mark.parametrize("kind", ["rectangle", "sphere", "smoothing"])
@pytest.mark.parametrize("values", NASTY)
def test_gradients_on_the_way(kind, values):
    """The optimiser keeps what depends on the knot interval: same bits as point by point, wherever the way leads."""
    kernels = pytest.importorskip("stormtrack.splines._dierckx_tests", reason="built with -Dtest_extension=true only")
    rng = np.random.default_rng(27)
    if kind == "sphere":
        plan = sphere_plan(17, 24)
    else:
        x, y = np.cumsum(rng.uniform(0.1, 2, (2, 20)), axis=1)
        plan = RectangleFit(x, y, smoothing=30.0 if kind == "smoothing" and values == "random" else 0.0)
    shape = (17, 24) if kind == "sphere" else (20, 20)
    with np.errstate(all="ignore"):
        s = plan.fit(nasty(rng, shape, values))
    x0, x1, y0, y1 = s.limits
    wide = rng.uniform((x0 - 1, y0 - 1), (x1 + 1, y1 + 1), (200, 2))
    near = np.cumsum(rng.normal(scale=(x1 - x0) / 200, size=(300, 2)), axis=0) + np.array([x0 + x1, y0 + y1]) / 2
    at_knots = np.stack([rng.choice(s.tx[3 : s.nx - 3], 60), rng.choice(s.ty[3 : s.ny - 3], 60)], axis=1)
    ends = [(x0, y0), (x1, y1), (x1, y1), (x0, y1), (np.nan, y0), (x0, np.nan), (x1, y0), (-0.0, y1), (0.0, -0.0)]
    points = np.concatenate([wide, near, at_knots, np.repeat(at_knots, 2, axis=0), ends])
    direct = evaluate(s, points[:, 0], points[:, 1], 1)
    value, gradient = kernels.gradients_on_the_way(s.tx, s.nx, s.ty, s.ny, s.c, points.T)
    for ours, theirs in (
        (value, direct.value),
        (gradient.T, direct.derivatives[:, :2]),
        (points, np.stack([direct.x, direct.y], axis=1)),
    ):
        assert_bitwise(np.isnan(ours), np.isnan(theirs))
        assert_bitwise(np.nan_to_num(ours, nan=1.0), np.nan_to_num(theirs, nan=1.0))


def test_samples_of_a_surface_with_other_knots():
    rng = np.random.default_rng(21)
    x, y = np.arange(12.0), np.arange(10.0)
    surface = RectangleFit(x, y).fit(rng.normal(size=(10, 12)))
    points = rng.uniform(-1, 12, (2, 80))
    samples = SamplePlan(surface, *points)
    for other in (
        RectangleFit(x + 0.5, y).fit(rng.normal(size=(10, 12))),
        RectangleFit(x[:9], y).fit(rng.normal(size=(10, 9))),
        RectangleFit(x, y, smoothing=20.0).fit(rng.normal(size=(10, 12))),
    ):
        assert not samples.has_knots_of(other)
        direct = evaluate(other, *points).value
        assert_bitwise(samples.values(other), direct)
        field = np.zeros(80, np.float32)
        samples.put_values(other, np.arange(80, dtype=np.int32), field)
        assert_bitwise(field, direct.astype(np.float32))


def test_no_points():
    surface = RectangleFit(np.arange(5.0), np.arange(6.0)).fit(np.ones((6, 5)))
    none = np.zeros(0)
    assert SamplePlan(surface, none, none).values(surface).shape == (0,)
    SamplePlan(surface, none, none).put_values(surface, np.zeros(0, np.int32), np.zeros(3, np.float32))
    assert evaluate(surface, none, none, 2).derivatives.shape == (0, 4)
    found = optimise(surface, np.zeros((0, 2)), none)
    assert (found.position.shape, found.value.shape, found.flag.shape) == ((0, 2), (0,), (0,))


def test_surfaces_of_one_plan_are_independent():
    """A later fit changes no earlier surface; interpolating surfaces share their knots."""
    rng = np.random.default_rng(22)
    for smoothing in (0.0, 8.0):
        plan = RectangleFit(np.arange(11.0), np.arange(9.0), smoothing=smoothing)
        fields = rng.normal(size=(4, 9, 11))
        surfaces = [plan.fit(field) for field in fields]
        for field, surface in zip(fields, surfaces, strict=True):
            again = plan.copy().fit(field)
            assert_bitwise(surface.c, again.c)
            assert_bitwise(surface.tx[: surface.nx], again.tx[: again.nx])
        assert (surfaces[0].tx is surfaces[1].tx) == (smoothing == 0)


@pytest.mark.parametrize("kind", ["rectangle", "sphere"])
@pytest.mark.parametrize("smoothing", [0.0, 300.0])
def test_two_threads(kind, smoothing):
    """Each thread with its own plan: the same bits as one after the other."""
    rng = np.random.default_rng(23)
    if kind == "rectangle":
        plan = RectangleFit(np.arange(60.0), np.arange(40.0), smoothing=smoothing)
    else:
        plan = sphere_plan(40, 60, smoothing=smoothing, pole_continuity=True)
    fields = np.cumsum(rng.normal(size=(12, 40, 60)), axis=2)

    def fit(k):
        return plan.copy().fit(fields[k]).c

    alone = [fit(k) for k in range(len(fields))]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(fit, range(len(fields))))
    for a, b in zip(alone, together, strict=True):
        assert_bitwise(a, b)


def test_field_types_and_layouts():
    """float32, float64, reversed and transposed views of equal values give equal surfaces."""
    rng = np.random.default_rng(24)
    field = rng.normal(size=(9, 13)).astype(np.float32)
    for plan in (RectangleFit(np.arange(13.0), np.arange(9.0)), sphere_plan(9, 13)):
        expected = plan.fit(field).c
        views = (field.astype(np.float64), field[::-1].copy()[::-1], np.asfortranarray(field), field.T.copy().T)
        for view in views:
            assert_bitwise(plan.fit(view).c, expected)


def test_degrees():
    """Rows from the south; a repeated last column is left out."""
    rng = np.random.default_rng(25)
    lon = np.arange(25, dtype=np.float32) * np.float32(15)
    lat = np.linspace(-80, 80, 17, dtype=np.float32)
    field = rng.normal(size=(17, 25)).astype(np.float32)
    colatitude = (1.57079632679489661923 - lat.astype(np.float64) * 0.017453292519943295)[::-1]
    direct = SphereFit(colatitude, lon[:-1].astype(np.float64) * 0.017453292519943295).fit(field[:, :-1])
    surface = SphereFit.from_degrees(lon, lat).fit(field)
    assert (surface.rows, surface.columns) == (17, 24)
    assert_bitwise(surface.c, direct.c)
    assert_bitwise(SphereFit.from_degrees(lon[:-1], lat).fit(field[:, :-1]).c, direct.c)
