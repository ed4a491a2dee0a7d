"""Linking against the goldens: every stored case byte for byte, and the elementary functions bit for bit."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import LinkError
from stormtrack.kernels import sphere
from stormtrack.linking import cost
from stormtrack.linking import limits as limits_module
from stormtrack.linking.driver import link
from stormtrack.linking.limits import resolve_limits, zone_limits
from stormtrack.linking.problem import build_problem
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.linking import LinkSettings, ParameterSet
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.link.link_support import adapt_table, points_of, points_text, read_case, settings_of, track_text, zone_table

GROUPS = ("era5_anti", "era5_vorNH24", "era5_vorNH30", "era5_vorNH62", "era5_vorSH30", "rnd_", "syn_")
N_CASES = 164
deviation, measure, zone_link_limit = map(jitted, (cost.deviation, cost.measure, cost.zone_link_limit))
adaptive_bound, measure_trig = jitted(limits_module.adaptive_bound), jitted(sphere.measure_trig)


def _check(path: Path) -> None:
    case, params = read_case(path)
    points, settings = points_of(case), settings_of(params, str(case["tom"]))
    if int(case["rc"]) != 0:
        with pytest.raises(LinkError, match="lies in no zone"):
            link(points, settings)
        return
    result = link(points, settings, record_costs=True)
    objects = points_text(result.features).encode()
    assert hashlib.md5(objects).hexdigest() == str(case["objout_new_md5"]), path.stem
    assert track_text(result.initial, result.features).encode() == case["idump"].item(), path.stem
    assert track_text(result.final, result.features).encode() == case["tdump"].item(), path.stem
    costs = [f"{c:.6f}" for s in result.series for c in s.costs]
    assert costs == [f"{c:.6f}" for c in case["sweep_cost"]], path.stem
    kinds = ["f" if s.forward else "b" for s in result.series for _ in s.costs]
    assert kinds == [k for k in case["sweep_kind"] if k in "fb"], path.stem


@pytest.mark.parametrize("group", GROUPS)
def test_golden_cases_are_reproduced_byte_for_byte(goldens: Path, group: str) -> None:
    paths = sorted((goldens / "linking" / "cases").glob(f"{group}*.npz"))
    assert paths
    for path in paths:
        _check(path)


def test_every_golden_belongs_to_a_group(goldens: Path) -> None:
    names = [p.stem for p in (goldens / "linking" / "cases").glob("*.npz")]
    assert len(names) >= N_CASES
    assert all(n.startswith(GROUPS) for n in names)


def test_costs_are_the_same_when_a_series_runs_in_one_call(goldens: Path) -> None:
    case, params = read_case(goldens / "linking" / "cases" / "era5_vorNH24_misssearch.npz")
    points, settings = points_of(case), settings_of(params, "g")
    seen = []
    one, many = link(points, settings, progress=seen.append), link(points, settings, record_costs=True)
    assert seen == list(one.series)
    assert [(s.sweeps, s.exchanges) for s in one.series] == [(s.sweeps, s.exchanges) for s in many.series]
    assert_bitwise(one.final.feature, many.final.feature)


def _triples(xy: np.ndarray) -> Features:
    flat = xy.reshape(-1, 2)
    n = len(flat)
    return features_of_points(
        frame_start=np.array([0, n], np.int64), x=flat[:, 0], y=flat[:, 1], intensity=np.ones(n, np.float32)
    )


def _settings(w1: float, w2: float, geodesic: bool, **tables) -> LinkSettings:
    one = ParameterSet(dmax=6.5, phimax=1.0, **tables)
    return LinkSettings(weight_direction=w1, weight_speed=w2, sets=(one,), geodesic=geodesic)


@pytest.mark.parametrize("geodesic", [True, False])
def test_measure_and_deviation_bits(goldens: Path, geodesic: bool) -> None:
    z = np.load(goldens / "linking" / "functions.npz")
    points, n = _triples(z["xy"]), len(z["xy"])
    for column, (w1, w2) in enumerate(z["weights"]):
        limits = resolve_limits(_settings(float(w1), float(w2), geodesic))
        geometry = build_problem(points, limits, geodesic).geometry
        got = np.array([deviation(geometry, 3 * i, 3 * i + 1, 3 * i + 2) for i in range(n)])
        back = np.array([deviation(geometry, 3 * i + 2, 3 * i + 1, 3 * i) for i in range(n)])
        assert_bitwise(got, z["geod_dev" if geodesic else "euclid_dev"][:, column])
        assert_bitwise(back, got, "the deviation of the reversed triple")
    for pair in (0, 1):
        got = np.array([measure(geometry, 3 * i + pair, 3 * i + pair + 1) for i in range(n)], np.float32)
        assert_bitwise(got, z["measure_unitvec" if geodesic else "measure_euclid"][:, pair])


def test_trigonometric_measure_bits(goldens: Path) -> None:
    z = np.load(goldens / "linking" / "functions.npz")
    for pair in (0, 1):
        got = [measure_trig(*t[pair], *t[pair + 1]) for t in z["xy"]]
        assert_bitwise(np.array(got, np.float32), z["measure_trig"][:, pair])


def test_zone_limit_and_adaptive_bound_bits(goldens: Path) -> None:
    z = np.load(goldens / "linking" / "functions.npz")
    points = _triples(z["xy"])
    for row, text in enumerate(z["zone_texts"]):
        limits = resolve_limits(_settings(0.2, 0.8, True, zones=zone_table(str(text))))
        zone = zone_limits(points, limits)
        got = [zone_link_limit(zone, 3 * i, 3 * i + 1, 0) for i in range(len(z["xy"]))]
        same_nan = np.where(np.isnan(z["zone_limit"][row]), np.float32(math.nan), z["zone_limit"][row])
        assert_bitwise(np.where(np.isnan(got), np.float32(math.nan), np.array(got, np.float32)), same_nan)
    for row, text in enumerate(z["adapt_texts"]):
        smoothness = resolve_limits(_settings(0.2, 0.8, True, adapt=adapt_table(str(text)))).smoothness
        got = [adaptive_bound(smoothness, d1, d2, 0) for d1, d2 in z["phi_d"]]
        assert_bitwise(np.array(got, np.float32), z["phi"][row])
