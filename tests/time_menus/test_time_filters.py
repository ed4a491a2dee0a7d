"""The filters in time: their twins, long series that do not stay in memory, texts about Lanczos filters."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.preprocess.frequency_filter import FrequencyFilter
from stormtrack.preprocess.lanczos import LanczosFilter, lanczos_weights, least_order
from stormtrack.run.menus import frequency_filter as menu6
from stormtrack.settings.time_filter import FrequencyFilterSettings, LanczosDesign, transform_length
from stormtrack.storage.frame_store import FrameStore
from stormtrack.testing import assert_bitwise
from tests.naive import time_filters as naive
from tests.time_menus.beside_wheel import Case, our_outputs
from tests.time_menus.draws import DRAWS
from tests.time_menus.series_data import SeriesData

F = np.float32


def frames(n: int, shape: tuple[int, int] = (2, 3), seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, *shape)).astype(F)


@pytest.mark.parametrize(("n", "order"), [(1, 0), (7, 0), (6, 5), (20, 4), (40, 30), (13, 1)])
def test_lanczos_filter_and_its_twin(n: int, order: int) -> None:
    design = LanczosDesign(samples=4, order=order, periods=(0.1, 2.0, 6.0, 2.0e6), n_frequencies=5)
    weights = lanczos_weights(design)
    x = frames(n, (3, 200))  # more points than are summed at a time
    found = np.array([fields.copy() for fields in LanczosFilter(weights, x.shape[1:]).filtered(iter(x))])
    for j, i in ((0, 0), (1, 111), (2, 199)):
        for b in range(3):
            assert_bitwise(found[:, b, j, i], np.array(naive.lanczos(list(x[:, j, i]), list(weights[b]))), f"{b} {i}")


def test_filters_of_high_order_let_their_band_pass() -> None:
    design = LanczosDesign(samples=1, order=60, periods=(2.0, 6.0, 30.0), n_frequencies=5)
    assert all(least <= design.order for least in least_order(design))
    low, high = lanczos_weights(design)
    at = np.arange(1, 61)
    assert abs(low[0] + 2.0 * np.sum(low[1:] * np.cos(2 * np.pi * 0.1 * at)) - 1.0) < 0.02
    assert abs(high[0] + 2.0 * np.sum(high[1:] * np.cos(2 * np.pi * 0.35 * at)) - 1.0) < 0.02
    assert abs(high[0] + 2.0 * np.sum(high[1:] * np.cos(2 * np.pi * 0.05 * at))) < 0.02


@pytest.mark.parametrize(
    ("n", "wanted", "reflect"),
    [(1, 1, False), (2, 1, False), (16, 3, False), (20, 32, True), (20, 256, True), (5, 64, True), (37, 100, False)],
)
def test_frequency_filter_and_its_twin(n: int, wanted: int, reflect: bool) -> None:
    periods = (0.3, 2.0, 7.5, 3.0e6)
    settings = FrequencyFilterSettings(samples=2, periods=periods, n_frequencies=wanted, reflect=reflect)
    x = frames(n, (1, 70), seed=n)  # more series than are transformed side by side
    found = FrequencyFilter(settings, n).filtered(x)
    for i in (0, 69):
        expected = naive.frequency_filter(list(x[:, 0, i]), periods, 2, wanted, reflect=reflect)
        assert_bitwise(found[:, :, 0, i], np.array(expected, F), f"series {i}")


def test_lengths_of_transforms() -> None:
    assert [transform_length(w, n) for w, n in ((0, 1), (1, 2), (3, 3), (10, 20), (64, 64), (65, 3))] == [
        *(1, 2, 4, 32, 64, 128)
    ]


@pytest.mark.parametrize("limit", [0, 3 * 24, 10**6])
def test_frames_come_back_from_memory_and_from_disk(tmp_path: Path, limit: int) -> None:
    x = frames(7)
    with FrameStore((2, 3), tmp_path, limit) as store, FrameStore((2, 3), tmp_path, limit) as other:
        for frame in x:
            store.append(frame)
        assert store.in_memory == (limit > 7 * 24)
        assert_bitwise(store.rows(0, 2), x)
        other.reserve(7)
        for row in (1, 0):
            other.put_rows(row, store.rows(row, row + 1))
        assert_bitwise(np.array([other.frame(k) for k in range(7)]), x)
    assert not list(tmp_path.iterdir())


def test_a_series_that_does_not_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case: Case = DRAWS["frequency filter"](np.random.default_rng(11))
    whole = our_outputs(case, tmp_path / "whole")
    monkeypatch.setattr(menu6, "MEMORY", 1000)
    monkeypatch.setattr(menu6, "BLOCK", 1)
    made: list[FrameStore] = []
    leave = FrameStore.__exit__

    def left(store: FrameStore, *reason: object) -> None:
        made.append(store)
        assert not store.in_memory
        leave(store, None, None, None)

    monkeypatch.setattr(FrameStore, "__exit__", left)
    assert our_outputs(case, tmp_path / "parts") == whole
    assert len(made) > 1 and len(whole) > 2


def test_lanczos_filters_on_netcdf_files(tmp_path: Path) -> None:
    """The original crashes there; the values are those of the same series in a binary file."""
    lon, lat = np.arange(20, 32.5, 2.5, dtype="f4"), np.arange(-20, -1, 3.75, dtype="f4")
    x = frames(12, (len(lat), len(lon)))
    out = {}
    for kind in ("binary", "netcdf"):
        data = SeriesData(lon=lon, lat=lat, frames=x, kind=kind)
        menu = f"5 c 4 2 3 2. 6. 30. 9 2 1 12 s n s {'n ' if kind == 'binary' else ''}9"
        out[kind] = our_outputs(Case(lay_out=data.write, answers=data.startup() + menu), tmp_path / kind)
    assert out["binary"].keys() == out["netcdf"].keys()
    for band in range(2):
        name = f"filt_time_a_band00{band}"
        with netCDF4.Dataset("x", memory=out["netcdf"][name]) as file:
            values, times = np.array(file["vo"][:]), np.array(file["time"][:])
        plain = out["binary"][name]
        assert values.shape == (11, *x.shape[1:]) and times.tolist() == [6.0 * k for k in range(1, 12)]
        size = len(b"FRAME      1\n") + x[0].nbytes + 1
        for k in range(11):
            there = np.frombuffer(plain, "<f4", x[0].size, k * size + 13).reshape(x.shape[1:])
            assert_bitwise(values[k], there, f"{name} frame {k}")


@pytest.mark.parametrize("kind", ["binary", "netcdf"])
def test_missing_values_replaced_by_the_average_of_the_run_itself(tmp_path: Path, kind: str) -> None:
    """Without an extension the average just written is the file that replaces missing values."""
    lon, lat = np.arange(20, 32.5, 2.5, dtype="f4"), np.arange(-20, -1, 3.75, dtype="f4")
    x = frames(12, (len(lat), len(lon)))
    x[3, 1, 1] = 1e20
    data = SeriesData(lon=lon, lat=lat, frames=x, kind=kind, marked=True)
    missing = f"{'y ' if kind == 'binary' else ''}1e20 0 y "
    answers = data.startup() + f"6 1 1 12 a y w a 1 {missing}9 1 0.1 2e6 12 n"

    def lay_out(place: Path) -> None:
        data.write(place)
        (place / "w").write_text("1. " * 12)

    out = our_outputs(Case(lay_out=lay_out, answers=answers, extension=""), tmp_path / "own")
    assert {"user_tavg", "user_tavg_wsum", "filt_time_band000"} <= set(out)
    whole = x.copy()
    whole[3, 1, 1] = np.mean(x[[k for k in range(12) if k != 3], 1, 1], dtype=np.float64)
    settings = FrequencyFilterSettings(samples=1, periods=(0.1, 2e6), n_frequencies=12)
    expected = FrequencyFilter(settings, 12).filtered(whole)[0]
    name = "filt_time_band000"
    if kind == "netcdf":
        with netCDF4.Dataset("x", memory=out[name]) as file:
            got = np.array(file["vo"][:])
    else:
        size = 13 + x[0].nbytes + 1
        got = np.array([np.frombuffer(out[name], "<f4", x[0].size, k * size + 13) for k in range(12)])
    assert_bitwise(got.reshape(x.shape), expected, name)
