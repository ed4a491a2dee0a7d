"""Work arrays shared between stages and kept between frames change nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stormtrack.detection.border import BorderSearch
from stormtrack.detection.domain import Domain, EdgeState
from stormtrack.detection.labelling import Labeller
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.periodic import merge_periodic, return_to_domain
from stormtrack.detection.point_lists import PointLists
from stormtrack.splines import RectangleFit, SphereFit
from stormtrack.testing import assert_bitwise

THRESHOLD = np.float32(0.2)


def domain_of(region: tuple[int, int, int, int], *, periodic: bool) -> Domain:
    x = np.linspace(0, 360, 33, dtype=np.float32)
    y = np.linspace(-60, 60, 17, dtype=np.float32)
    x1, x2, y1, y2 = region
    grids = {"xgrid": x, "ygrid": y, "input_xgrid": x, "input_ygrid": y}
    return Domain(**grids, x1=x1, x2=x2, y1=y1, y2=y2, border_search=True, periodic=periodic)


def fields(count: int) -> list[np.ndarray]:
    """Smooth periodic random fields."""
    rng = np.random.default_rng(7)
    lon, lat = np.linspace(0, 2 * np.pi, 33), np.linspace(-1, 1, 17)[:, None]
    out = []
    for _ in range(count):
        parts = rng.normal(size=(4, 4))
        waves = (a * np.sin((k + 1) * lon + 7 * b) * np.cos(3 * c * lat + d) for k, (a, b, c, d) in enumerate(parts))
        out.append(np.ascontiguousarray(sum(waves), np.float32))
    return out


def objects_of(
    field: np.ndarray, domain: Domain, labeller: Labeller, lists: PointLists, *, shared: bool
) -> FrameObjects:
    edges = EdgeState.of(domain)
    objects = labeller.label(field, THRESHOLD, None, -1, lists.room if shared else None)
    lists.load(objects)
    marks = labeller.spare(*field.shape) if shared else None
    BorderSearch(domain, 8, marks).run(field, THRESHOLD, lists)
    if domain.periodic:
        merge_periodic(domain, lists, edges)
    objects = lists.unload(1, keep=not (shared and domain.periodic))
    return return_to_domain(objects, domain, edges) if domain.periodic else objects


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("region", [(1, 33, 1, 17), (4, 30, 3, 15)])
def test_shared_arrays_give_the_same_objects(region: tuple[int, int, int, int], periodic: bool) -> None:
    domain = domain_of(region, periodic=periodic)
    labeller, lists = Labeller(domain, 8), PointLists(domain.width * domain.height, 33 * 17)
    n_points = 0
    for field in fields(12):
        plain_labeller, plain_lists = Labeller(domain, 8), PointLists(domain.width * domain.height, 33 * 17)
        plain = objects_of(field, domain, plain_labeller, plain_lists, shared=False)
        shared = objects_of(field, domain, labeller, lists, shared=True)
        for attribute in dataclasses.fields(FrameObjects):
            expected, found = getattr(plain, attribute.name), getattr(shared, attribute.name)
            if isinstance(expected, np.ndarray):
                assert_bitwise(found, expected)
            else:
                assert found == expected
        n_points += len(plain.point_x)
    assert n_points > 500


@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("kind", ["rectangle", "sphere"])
def test_surface_that_does_not_last(kind: str, single: bool) -> None:
    """The same surface for every planned fit, plain fits in between; lasting ones are not touched."""
    x, y = np.linspace(0, 360, 33).astype(np.float32), np.linspace(-60, 60, 17).astype(np.float32)

    def plan(planned: bool) -> RectangleFit | SphereFit:
        if kind == "rectangle":
            return RectangleFit(x, y, planned=planned)
        colatitude, longitude = np.radians(90.0 - y.astype(np.float64))[::-1], np.radians(x[:-1].astype(np.float64))
        return SphereFit(colatitude, longitude, columns=33, planned=planned)

    fit, plain, earlier = plan(True), plan(False), []
    values = [*fields(3), np.full((17, 33), 2.5, np.float32), np.full((17, 33), np.nan, np.float32), *fields(2)]
    for number, field in enumerate(values):
        given = field if single else field.astype(np.float64)
        expected = plain.fit(given)
        found = fit.fit(given, lasting=False)
        n = len(expected.c)
        assert (found.nx, found.ny, found.flag) == (expected.nx, expected.ny, expected.flag)
        assert_bitwise(found.c[:n], expected.c)
        if number in (1, 2):
            assert found is earlier[0]
        earlier.append(found)
        kept = fit.fit(given)
        assert kept is not found
        assert not np.shares_memory(kept.c, found.c)
        assert_bitwise(kept.c[:n], expected.c)
