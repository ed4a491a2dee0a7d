"""Runs, components, keys and cells of masks on a device beside plain searches."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install 'stormtrack[jax]')")

from stormtrack.device.labelling import Bits, Cells, Levels, Runs, bits_of, keys, running
from stormtrack.device.packages import double_precision
from tests.naive import detect_core as naive

SHAPES = [(5, 31), (7, 32), (40, 33), (70, 40), (2, 100), (130, 129)]


def masks(shape: tuple[int, int]) -> Any:
    """From sparse to full."""
    noise = np.random.default_rng(shape[1]).random(size=(8, *shape))
    found = noise < np.array([0.0, 0.1, 0.3, 0.5, 0.6, 0.8, 0.97, 1.0])[:, None, None]
    comb = np.zeros((1, *shape), bool)
    comb[0, ::2, ::2] = comb[0, -1] = comb[0, :, 0] = True
    return np.concatenate([found, comb, comb[:, ::-1]])


def searched(mask: Any, slots: int, eight: bool) -> tuple[Any, ...]:
    """Component and key of every cell, row by row, and how many there are."""
    runs = Runs.of(mask, slots)
    cells = Cells.of(runs, slots)
    owner = runs.components(lambda _: jax.numpy.bool_(eight))
    key = keys(cells.y, cells.x, Levels.of(runs.bits).at(cells.place), bits_of(mask.shape))
    return cells.count, cells.y, cells.x, owner[cells.run], key, runs.at_all()


@pytest.mark.parametrize("eight", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_components_and_keys_of_all_cells(shape: tuple[int, int], eight: bool) -> None:
    given = masks(shape)
    with double_precision():
        found = jax.jit(jax.vmap(functools.partial(searched, slots=given[0].size, eight=eight)))(given)
    for mask, one in zip(given, zip(*map(np.asarray, found), strict=True), strict=True):
        count, y, x, owner, key, run = one
        np.testing.assert_array_equal(np.argwhere(mask), np.stack([y, x], axis=1)[:count])
        expected = naive.keys(mask)
        cells = list(zip(x[:count].tolist(), y[:count].tolist(), strict=True))
        assert [expected[cell] for cell in cells] == key[:count].tolist()
        of_cell = dict(zip(cells, owner.tolist(), strict=False))
        parts = naive.components(mask, eight)
        names = [{of_cell[cell] for cell in part} for part in parts]
        assert all(len(name) == 1 for name in names)
        assert len(set().union(*names)) == len(parts)
        heads = mask & ~np.pad(mask, ((0, 0), (1, 0)))[:, :-1]
        np.testing.assert_array_equal(run[mask], np.cumsum(heads).reshape(shape)[mask] - 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_bits_are_counted_and_found(shape: tuple[int, int]) -> None:
    for mask in masks(shape)[[0, 3, 7]]:
        with double_precision():
            bits = Bits.of(mask)
            places = np.asarray(bits.places(mask.size))[: int(bits.count)]
            assert np.asarray(bits.has(places)).all()
            assert np.asarray(bits.up_to(places)).tolist() == list(range(1, mask.sum() + 1))
            np.testing.assert_array_equal(bits.up_to_all(), np.cumsum(mask).reshape(shape))


@pytest.mark.parametrize("n", [1, 63, 64, 65, 1000])
def test_running_sums(n: int) -> None:
    values = np.random.default_rng(n).integers(-5, 9, size=n).astype(np.int32)
    np.testing.assert_array_equal(running(values), np.cumsum(values))
