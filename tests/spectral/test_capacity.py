"""Coefficients come back from every kind of grid up to the last wave that the grid is said to hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stormtrack.spectral.legendre import gauss_nodes
from stormtrack.spectral.sphere_grid import recognise_rows
from stormtrack.spectral.transform import AnalysisPlan, SynthesisPlan, analysis_plan, synthesis_plan

RNG = np.random.default_rng(0)
KINDS = ("both poles", "no pole", "one pole", "offset", "gaussian")


def latitudes(kind: str, n: int) -> Any:
    return {
        "both poles": np.linspace(90, -90, n),
        "no pole": np.linspace(90, -90, n + 2)[1:-1],
        "one pole": np.linspace(-90, 90, n + 1)[:-1],
        "offset": 90 - (np.arange(n) + 0.5) * 180 / n,
        "gaussian": 90 - np.degrees(gauss_nodes(n)[0]),
    }[kind]


@pytest.fixture(params=[(kind, n) for kind in KINDS for n in (5, 6, 19, 36, 73, 181)], ids=str)
def plans(request: pytest.FixtureRequest) -> tuple[AnalysisPlan, SynthesisPlan]:
    """Plans at the capacity of rows, on as few columns as hold it."""
    lat = latitudes(*request.param)
    rows = recognise_rows(lat)
    assert rows is not None
    n_lon = max(4, 2 * rows.capacity + 1)
    lon = np.arange(n_lon) * (360.0 / n_lon)
    analysis = analysis_plan(lon, lat, rows.capacity)
    return analysis, synthesis_plan(lon, lat, analysis.triangle)


def random_coefficients(plan: AnalysisPlan) -> Any:
    shape = (plan.triangle.size, 2)
    found = RNG.standard_normal(shape) + 1j * RNG.standard_normal(shape)
    zonal = plan.triangle.of_order(0)
    found[zonal] = found[zonal].real
    return found


def empty(plan: AnalysisPlan, frames: int = 2) -> Any:
    return np.full((frames, *plan.grid.shape), np.nan)


def test_of_scalars(plans: tuple[AnalysisPlan, SynthesisPlan]) -> None:
    analysis, synthesis = plans
    theirs, field = random_coefficients(analysis), empty(analysis)
    synthesis.field(theirs, field)
    assert np.abs(analysis.coefficients(field) - theirs).max() < 2e-12 * np.abs(theirs).max()


def test_of_winds(plans: tuple[AnalysisPlan, SynthesisPlan]) -> None:
    analysis, synthesis = plans
    degrees = analysis.triangle.degrees[:, None]
    vorticity, divergence = (random_coefficients(analysis) * (degrees > 0) for _ in range(2))
    factor = -1.0 / np.maximum(degrees * (degrees + 1.0), 1.0)
    rotational, divergent = (empty(analysis), empty(analysis)), (empty(analysis), empty(analysis))
    synthesis.gradient(vorticity * factor, *rotational)
    synthesis.gradient(divergence * factor, *divergent)
    found = analysis.wind_coefficients(divergent[0] - rotational[1], divergent[1] + rotational[0])
    assert np.abs(found.vorticity - vorticity).max() < 2e-12 * np.abs(vorticity).max()
    assert np.abs(found.divergence - divergence).max() < 2e-12 * np.abs(divergence).max()
