"""Edge cases of boundaries and shape: signs of NaN, the original's endless loops, settings without effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.detection.boundaries import trace_boundaries
from stormtrack.detection.domain import Domain, EdgeState
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.ordering_of_features import order_features as order_features_source
from stormtrack.detection.shape import ShapeStage
from stormtrack.errors import AnswersError, FieldError
from stormtrack.settings.detection import AreaSettings, FeatureType, FourierSettings, ShapeSettings
from tests.jit import jitted
from tests.naive import detect_shape as naive

F = np.float32
order_features = jitted(order_features_source)
DOMAIN = Domain(
    xgrid=np.linspace(0, 350, 36).astype(F),
    ygrid=np.linspace(-80, 80, 17).astype(F),
    x1=1,
    x2=36,
    y1=1,
    y2=17,
    input_xgrid=np.linspace(0, 350, 36).astype(F),
    input_ygrid=np.linspace(-80, 80, 17).astype(F),
)
FIELD = np.ones((17, 36), F)


def _objects(cells: list[tuple[int, int]], features: list[tuple[int, int, float]]) -> FrameObjects:
    n = len(features)
    x = DOMAIN.xgrid[[f[0] - 1 for f in features]].copy()
    y = DOMAIN.ygrid[[f[1] - 1 for f in features]].copy()
    value = np.array([f[2] for f in features], F)
    return FrameObjects(
        point_start=np.array([0, len(cells)]),
        point_x=np.array([c[0] for c in cells], np.int32),
        point_y=np.array([c[1] for c in cells], np.int32),
        point_value=np.full(len(cells), 2, F),
        object_class=np.zeros(1, np.int8),
        object_mem=np.zeros(1, np.int32),
        extent=np.zeros((1, 4), np.int32),
        feature_start=np.array([0, n]),
        feature_x=x,
        feature_y=y,
        feature_value=value,
        grid_x=x.copy(),
        grid_y=y.copy(),
        grid_value=value.copy(),
        anisotropy=np.zeros(n, F),
        orientation_x=np.zeros(n, F),
        orientation_y=np.zeros(n, F),
        area=np.zeros(n, F),
        boundary_start=np.zeros(2, np.int64),
    )


def _shape(objects: FrameObjects, settings: ShapeSettings, kind: FeatureType = FeatureType.GROUPED_MAXIMA):
    stage = ShapeStage(settings, DOMAIN, feature_type=kind, connectivity=4)
    return stage.apply(objects, FIELD, EdgeState.of(DOMAIN), first_frame=True)


def test_single_cells_give_the_nan_with_sign() -> None:
    """Where the scatter vanishes 0/0 has the sign bit set on x86, and the files show it; elsewhere the value is 1."""
    settings = ShapeSettings(mean_direction=True, area=AreaSettings())
    seen = set()
    for x in range(1, 37):
        for y in range(1, 18):
            found, any_area = _shape(_objects([(x, y)], [(x, y, 2.0)]), settings)
            assert not any_area
            assert found.extent.tolist() == [[x, x, y, y]]
            seen.add(int(found.anisotropy.view(np.uint32)[0]))
    assert 0xFFC00000 in seen
    assert 0x7FC00000 not in seen


def test_struck_out_feature_hands_over_its_place() -> None:
    """Kind 7: the accepted feature takes the struck-out one's nearer place, and old strengths are exchanged."""
    objects = _objects([(5, 5), (6, 5), (7, 5)], [(5, 5, 2.0), (7, 5, -1.0e12)])
    objects.grid_value[:] = [2.0, 1.5]
    objects.feature_x[0] = DOMAIN.xgrid[6] - F(1)
    found, _ = _shape(objects, ShapeSettings(), FeatureType.SURFACE_FIT)
    assert found.grid_x.tolist() == [60.0, 60.0]
    assert found.grid_value.tolist() == [1.5, 2.0]
    assert objects.grid_value.tolist() == [2.0, 1.5]  # the input is not changed
    assert found.anisotropy[1] == 0


def test_order_repeats_the_first_feature_when_strengths_run_out() -> None:
    start = np.array([0, 3, 5])
    order = np.empty(5, np.int64)
    order_features(start, np.array([1, 3, 2, 0, 0], F), order)
    assert order.tolist() == [1, 2, 0, 3, 3]
    order_features(start, np.array([2, 3, 3, 5, -1], F), order)
    assert order.tolist() == [1, 2, 0, 3, 3]


@pytest.mark.parametrize("seed", range(20))
def test_order_equals_a_stable_sort(seed: int) -> None:
    """Ties, infinities, NaN, zeros of both signs, empty objects, objects of one feature."""
    rng = np.random.default_rng(seed)
    start = np.concatenate([[0], np.cumsum(rng.integers(0, 40, 30) * (rng.random(30) < 0.7))]).astype(np.int64)
    value = rng.integers(-3, 8, start[-1]).astype(F) if seed % 2 else rng.standard_normal(start[-1]).astype(F)
    odd = rng.random(len(value)) < 0.2
    value[odd] = rng.choice(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, -1e12], F), np.count_nonzero(odd))
    order = np.empty(len(value), np.int64)
    order_features(start, value, order)
    assert order.tolist() == naive.processing_order(start, value).tolist()


def test_nothing_is_computed_with_the_euclidean_norm() -> None:
    objects = _objects([(5, 5), (6, 5)], [(5, 5, 2.0)])
    stage = ShapeStage(
        ShapeSettings(area=AreaSettings()),
        replace(DOMAIN, geodesic=False),
        feature_type=FeatureType.GROUPED_MAXIMA,
        connectivity=4,
    )
    found, any_area = stage.apply(objects, FIELD, EdgeState.of(DOMAIN), first_frame=True)
    assert found is objects
    assert not any_area


def test_boundary_that_never_closes_is_an_error() -> None:
    objects = _objects([(5, 5), (9, 9), (10, 9)], [(5, 5, 2.0)])
    for fourier in (None, FourierSettings(modes=2)):
        with pytest.raises(FieldError, match="object 1 of the frame"):
            trace_boundaries(objects, FIELD, DOMAIN, EdgeState.of(DOMAIN), fourier)


def test_too_few_fixed_frequencies_are_an_error() -> None:
    cells = [(x, y) for y in range(3, 12) for x in range(4, 20)]
    objects = _objects(cells, [(5, 5, 2.0)])
    with pytest.raises(AnswersError, match="frequencies"):
        trace_boundaries(objects, FIELD, DOMAIN, EdgeState.of(DOMAIN), FourierSettings(fixed_exponent=3, modes=2))


def test_single_points_have_no_boundary_and_do_not_count() -> None:
    found = trace_boundaries(_objects([(5, 5)], [(5, 5, 2.0)]), FIELD, DOMAIN, EdgeState.of(DOMAIN), None)
    assert (found.total_features, found.n_features, len(found.boundary_x)) == (0, 1, 0)


def test_too_many_modes_keep_the_boundary_in_coordinates() -> None:
    cells = [(x, y) for y in range(3, 6) for x in range(4, 8)]
    found = trace_boundaries(
        _objects(cells, [(5, 5, 2.0)]), FIELD, DOMAIN, EdgeState.of(DOMAIN), FourierSettings(modes=8)
    )
    assert (found.boundary_state, found.total_features, found.n_features) == (1, 0, 1)
    assert found.boundary_value.tolist() == [2.0] * 11
    assert found.boundary_x.max() == DOMAIN.xgrid[6]


def test_copy_has_work_arrays_of_its_own() -> None:
    stage = ShapeStage(ShapeSettings(), DOMAIN, feature_type=FeatureType.GROUPED_MAXIMA, connectivity=4)
    objects = _objects([(5, 5), (6, 5), (6, 6)], [(5, 5, 2.0)])
    first, _ = stage.apply(objects, FIELD, EdgeState.of(DOMAIN), first_frame=True)
    other = stage.copy()
    second, _ = other.apply(objects, FIELD, EdgeState.of(DOMAIN), first_frame=True)
    assert first.anisotropy.tobytes() == second.anisotropy.tobytes()
    assert other._work is not stage._work
    assert other.nodes is stage.nodes
