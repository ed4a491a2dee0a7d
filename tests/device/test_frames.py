"""Batches of frames beside the processor's detection, object by object: nasty fields, slots, sizes, memory."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install 'stormtrack[jax]')")

from stormtrack.core.frames import FrameProcessor, RawFrame
from stormtrack.device.as_objects import objects_of
from stormtrack.device.batches import Batches, batch_size, frames_of
from stormtrack.device.labelling import morton
from stormtrack.device.maxima import Maxima
from stormtrack.device.packages import double_precision
from stormtrack.device.program import Slots, repeats
from stormtrack.device.series import SeriesProgram
from stormtrack.device.support import check_supported
from stormtrack.errors import BackendError, NotSupportedError
from stormtrack.grid.setup import set_up_grid
from stormtrack.grid.tracking import TrackingGrid
from stormtrack.presets import get
from stormtrack.settings.detection import AddedField, ConstraintTable, FeatureType
from stormtrack.settings.spline import SplineSettings
from stormtrack.settings.startup import GridSettings
from tests.naive import detect_core as naive

NX, NY = 36, 19
ENOUGH = Slots(*[NY * (NX + 1)] * 3)
"""For every cell: so a few programs do for most tests."""
SETTINGS = get("mslp-nh-t63").detection
EXACT = ("point_start", "point_x", "point_y", "point_value", "feature_start", "grid_value", "extent", "object_mem")
PLACES = ("feature_x", "feature_y", "grid_x", "grid_y")


@functools.cache
def grid() -> TrackingGrid:
    """The whole globe every 10 degrees, poles and seam included, as it is."""
    lon = np.arange(NX, dtype=np.float32) * 10
    lat = np.linspace(-90, 90, NY).astype(np.float32)
    return TrackingGrid(grid=set_up_grid(lon, lat, GridSettings(make_periodic=True)))


def smooth(seed: int, *, steps: int = 3) -> Any:
    """Noise, smoothed, periodic in longitude."""
    field = np.random.default_rng(seed).normal(size=(NY, NX))
    for _ in range(steps):
        field = (field + np.roll(field, 1, 1) + np.roll(field, -1, 1)) / 1.5
        field[1:-1] = (field[:-2] + field[1:-1] + field[2:]) / 1.5
    return field


def nasty() -> dict[str, Any]:
    """Frames by what is nasty about them."""
    y, x = np.mgrid[:NY, :NX]
    seam = 5.0 * np.exp(-(((x + NX // 2) % NX - NX // 2) ** 2 + (y - 9) ** 2) / 8.0)
    poles = 4.0 * np.exp(-(((y - 9.0) ** 2 - 81.0) ** 2) / 500.0) + smooth(5) * 0.1
    plateau = np.where((np.abs(x - 12) < 4) & (np.abs(y - 8) < 3), 3.0, 0.0)
    two_steps = plateau + np.where((np.abs(x - 25) < 3) & (np.abs(y - 12) < 3), 2.0 + (x == 25), 0.0)
    twins = 3.0 * np.exp(-((x - 10) ** 2 + (y - 9) ** 2) / 6.0) + 3.0 * np.exp(-((x - 16) ** 2 + (y - 9) ** 2) / 6.0)
    return {
        "smooth": smooth(1),
        "rough": smooth(2, steps=0) * 3.0,
        "equal": np.full((NY, NX), 2.0),
        "at the threshold": np.full((NY, NX), 1.0),
        "nothing": np.zeros((NY, NX)),
        "negative": -np.abs(smooth(3)) - 1.0,
        "one object": 20.0 + smooth(4),
        "seam": seam,
        "poles": poles,
        "plateau": plateau,
        "steps": two_steps,
        "twins": twins,
        "chequered": 2.0 * ((x + y) % 2) + 0.5,
        "spiral": np.where((x % 4 == 0) | ((y % 6 == 0) & (x > 3)), 2.0, 0.0) + 0.01 * x,
        "large": smooth(6) * 1e6,
    }


NASTY = {name: field.astype(np.float32) for name, field in nasty().items()}


@functools.cache
def expected(connectivity: int) -> list[Any]:
    """What the processor finds."""
    processor = FrameProcessor(grid(), replace(SETTINGS, connectivity=connectivity))
    return [
        processor.process(RawFrame(number=k, values=field)).result.objects for k, field in enumerate(NASTY.values(), 1)
    ]


def found(size: int, slots: Slots = ENOUGH, connectivity: int = 8) -> tuple[list[Any], Batches]:
    """What batches of a size find."""
    batches = Batches(SeriesProgram([(grid(), replace(SETTINGS, connectivity=connectivity))]), size, slots)
    fields = list(NASTY.values())
    given = (np.stack(fields[k : k + size]) for k in range(0, len(fields), size))
    frames = (frame for batch in batches.searched(given) for frame in frames_of(batch))
    return [objects_of(frame.found[0], number) for number, frame in enumerate(frames, 1)], batches


@functools.cache
def in_one_batch(connectivity: int) -> list[Any]:
    return found(len(NASTY), connectivity=connectivity)[0]


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("connectivity", [8, 4])
def test_objects_points_and_features_of_nasty_fields(name: str, connectivity: int) -> None:
    k = list(NASTY).index(name)
    one, other = expected(connectivity)[k], in_one_batch(connectivity)[k]
    for array in EXACT:
        np.testing.assert_array_equal(getattr(other, array), getattr(one, array), err_msg=array)
    for array in PLACES:
        np.testing.assert_allclose(getattr(other, array), getattr(one, array), atol=1e-4, rtol=0, err_msg=array)
    np.testing.assert_allclose(other.feature_value, one.feature_value, rtol=1e-6)


def test_the_nasty_fields_are_nasty() -> None:
    by_name = dict(zip(NASTY, expected(8), strict=True))
    assert by_name["nothing"].n_objects == by_name["negative"].n_objects == 0
    assert by_name["one object"].n_objects == by_name["equal"].n_objects == 1
    assert by_name["twins"].n_features == 2 and by_name["smooth"].n_features > 4
    cells = NY * (NX + 1)
    assert len(by_name["equal"].point_x) == cells and len(by_name["equal"].feature_x) == 1


def same(one: Any, other: Any) -> bool:
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in (*EXACT, *PLACES, "feature_value")
    )


@pytest.mark.parametrize("bits", [1, 5, 16])
def test_interleaved_bits_are_the_same_here_and_traced(bits: int) -> None:
    x, y = np.random.default_rng(bits).integers(0, 1 << bits, size=(2, 200))
    expected = [naive.morton(int(a), int(b)) for a, b in zip(x, y, strict=True)]
    with double_precision():
        traced = jax.jit(functools.partial(morton, bits=bits))(x, y)
    for found in (morton(x, y, bits), traced):
        assert found.dtype == np.int64 and found.tolist() == expected


@pytest.mark.parametrize(
    ("values", "frames", "size"),
    [(100, 1, 1), (100, 3, 4), (100, 64, 64), (100, 1460, 64), (1 << 22, 64, 8), (1 << 26, 9, 1)],
)
def test_batches_of_a_short_series_are_not_filled_up_to_64(values: int, frames: int, size: int) -> None:
    assert batch_size(values, frames) == size


def test_the_size_of_batches_does_not_matter() -> None:
    assert all(map(same, found(4)[0], in_one_batch(8)))


def test_what_has_no_place_is_searched_again_with_more() -> None:
    objects, batches = found(4, Slots(1, 8, 1))  # the second batch is under way when the first one turns out too large
    assert all(map(same, objects, in_one_batch(8)))
    assert batches.slots.points >= NY * (NX + 1) and batches.slots.features >= NY * (NX + 1)
    assert batches.slots.runs >= NY * NX // 2
    assert batches.n_compiled > 1


def test_memory_does_not_grow_with_the_square_of_the_features() -> None:
    slots = 8192
    floats, whole, marks = (jax.ShapeDtypeStruct((slots,), kind) for kind in (np.float32, np.int32, np.bool_))
    with double_precision():
        maxima = Maxima(jax.ShapeDtypeStruct((), np.int32), marks, whole, whole, floats, floats, floats)
        needed = jax.jit(repeats).lower(maxima, floats, floats).compile().memory_analysis()
    assert needed.temp_size_in_bytes < slots**2, "less than a byte for a pair"


class Memory:
    """A device that has memory for so many frames."""

    def __init__(self, batches: Batches, frames: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        run = batches._run

        def limited(piece: Any) -> Any:
            self.sizes.append(len(piece))
            if len(piece) > frames:
                raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate")
            return run(piece)

        monkeypatch.setattr(batches, "_run", limited)


def test_a_batch_too_large_for_the_device_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = Batches(SeriesProgram([(grid(), SETTINGS)]), 8, ENOUGH)
    memory = Memory(batches, 4, monkeypatch)
    fields = np.stack(list(NASTY.values()))
    searched = list(batches.searched([fields[:8], fields[8:]]))
    frames = [frame for batch in searched for frame in frames_of(batch)]
    assert memory.sizes[0] == 8 and set(memory.sizes[1:]) == {4} and batches.size == 4
    objects = [objects_of(frame.found[0], number) for number, frame in enumerate(frames, 1)]
    assert len(objects) == len(NASTY) and all(map(same, objects, in_one_batch(8)))


def test_a_device_too_small_for_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = Batches(SeriesProgram([(grid(), SETTINGS)]), 4)
    memory = Memory(batches, 0, monkeypatch)
    with pytest.raises(BackendError, match="too little memory for one frame"):
        list(batches.searched([np.stack(list(NASTY.values())[:4])]))
    assert memory.sizes == [4, 2, 1]


def test_other_errors_of_the_device_come_out(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = Batches(SeriesProgram([(grid(), SETTINGS)]), 4)

    def broken(_: Any) -> Any:
        raise jax.errors.JaxRuntimeError("INTERNAL: broken")

    monkeypatch.setattr(batches, "_run", broken)
    with pytest.raises(jax.errors.JaxRuntimeError, match="broken"):
        list(batches.searched([np.stack(list(NASTY.values())[:4])]))


def test_the_program_calls_nothing_on_the_host() -> None:
    with double_precision():
        program = SeriesProgram([(grid(), SETTINGS)])
        jaxpr = str(
            jax.make_jaxpr(lambda raw: program.search(raw, Slots(16, 64, 16)))(np.zeros((2, NY, NX), np.float32))
        )
    assert "while" in jaxpr and "callback" not in jaxpr


def test_one_way_there_and_one_back_for_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {"device_put": 0, "device_get": 0}

    def counting(name: str, move: Any) -> Any:
        def counted(tree: Any) -> Any:
            ways[name] += 1
            return move(tree)

        return counted

    for name in ways:
        monkeypatch.setattr(jax, name, counting(name, getattr(jax, name)))
    fields = np.stack(list(NASTY.values())[:8])
    batches = Batches(SeriesProgram([(grid(), SETTINGS)]), 4, ENOUGH)
    list(batches.searched([fields[:4], fields[4:]]))  # compiled now
    ways.update(device_put=0, device_get=0)
    with jax.transfer_guard("disallow"):  # anything that moves without saying so
        list(batches.searched([fields[:4], fields[4:]]))
    assert ways == {"device_put": 2, "device_get": 2}


REFUSED = {
    "feature type 4": replace(SETTINGS, feature_type=FeatureType.GROUPED_MAXIMA),
    "border_search": replace(SETTINGS, border_search=True),
    "periodic_x": replace(SETTINGS, periodic_x=True),
    "boundaries of objects": replace(SETTINGS, boundaries=True),
    "smoothed objects": replace(SETTINGS, object_smoothing=True),
    "added fields": replace(SETTINGS, added=AddedField()),
    "sphery surfaces": replace(
        SETTINGS, refinement=replace(SETTINGS.refinement, surface=SplineSettings(kind="sphery"))
    ),
    "smoothing 0.5": replace(SETTINGS, refinement=replace(SETTINGS.refinement, surface=SplineSettings(smoothing=0.5))),
    "limits of kind 'object'": replace(SETTINGS, refinement=replace(SETTINGS.refinement, limits="object")),
    "four limits": replace(SETTINGS, refinement=replace(SETTINGS.refinement, constraints=None)),
    "other constraints": replace(
        SETTINGS,
        refinement=replace(
            SETTINGS.refinement,
            constraints=ConstraintTable(n_equalities=0, normals=((1.0, 1.0),) * 4, right_hand_sides=(0.0,) * 4),
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_settings_that_the_engine_does_not_have(what: str) -> None:
    with pytest.raises(NotSupportedError, match=f"engine='jax' has no .*{what}.*use engine='fast'"):
        check_supported(grid(), REFUSED[what])


def test_distances_in_units_of_the_grid_are_refused() -> None:
    with pytest.raises(NotSupportedError, match="geodesic"):
        check_supported(replace(grid(), geodesic=False), SETTINGS)


def test_grids_whose_keys_have_no_room_are_refused() -> None:
    wide = np.linspace(0.0, 180.0, 32769, dtype=np.float32)
    with pytest.raises(NotSupportedError, match=r"32769 rows or columns \(allowed: 32768\)"):
        check_supported(replace(grid(), grid=replace(grid().grid, lon=wide)), SETTINGS)
