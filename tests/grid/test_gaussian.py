"""Gaussian grids against the headers of the original's filtered fields."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.gaussian import gaussian_grid, gaussian_latitudes
from stormtrack.testing import assert_bitwise


@pytest.mark.parametrize(
    ("golden", "truncation"),
    [("sf_vo_T42_plain", 42), ("sf_vo_T63_plain", 63), ("sf_msl_T63_bands", 63), ("sf_vo_T42_newgrid", 42)],
)
def test_grids_of_filtered_fields(goldens: Path, golden: str, truncation: int) -> None:
    lon, lat = gaussian_grid(truncation)
    with np.load(goldens / "preprocessing" / f"{golden}.npz") as data:
        names = [n.rsplit("|", 1)[0] for n in data.files if n.endswith("|y")]
        assert names
        for name in names:
            if data[f"{name}|y"].shape != lat.shape:
                continue
            assert [f"{v:.5f}" for v in lat] == [f"{v:.5f}" for v in data[f"{name}|y"]]
            assert [f"{v:.5f}" for v in lon] == [f"{v:.5f}" for v in data[f"{name}|x"]]


def test_every_golden_of_a_new_grid_has_the_size_expected(goldens: Path) -> None:
    with np.load(goldens / "preprocessing" / "sf_vo_T42_newgrid.npz") as data:
        assert {len(data[n]) for n in data.files if n.endswith("|y")} == {64}


@pytest.mark.parametrize("n", [2, 4, 32, 64, 96, 160, 256])
def test_nodes_and_weights_are_those_of_gauss_and_legendre(n: int) -> None:
    lat, weight = gaussian_latitudes(n)
    nodes, weights = np.polynomial.legendre.leggauss(n)
    # The original stops before its last Newton step, hence a comparison to 1e-9 with the exact nodes.
    np.testing.assert_allclose(np.sin(np.radians(lat)), nodes, atol=1e-9)
    np.testing.assert_allclose(weight, weights, atol=1e-8)
    assert_bitwise(lat, -lat[::-1])


def test_sizes() -> None:
    for truncation, size in ((42, (128, 64)), (63, (192, 96)), (106, (320, 160)), (170, (512, 256))):
        lon, lat = gaussian_grid(truncation)
        assert (len(lon), len(lat)) == size
    with pytest.raises(GridError, match="at least 1"):
        gaussian_grid(0)
    with pytest.raises(GridError, match="even number"):
        gaussian_latitudes(5)
