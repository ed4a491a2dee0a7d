"""Combination of periods beside its twin, and against all of their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.preprocess.combine import Combination, WeightedMean
from stormtrack.run.report import Silent
from stormtrack.testing import assert_bitwise
from tests.naive import combine as naive
from tests.time_menus.beside_wheel import Case, our_outputs
from tests.time_menus.series_data import SeriesData

F = np.float32
SHAPE = (4, 5)


def periods(n: int, seed: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [
        (
            rng.standard_normal(SHAPE).astype(F),
            rng.uniform(0.1, 9.0, SHAPE).astype(F),
            rng.uniform(0.0, 3.0, SHAPE).astype(F),
        )
        for _ in range(n)
    ]


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_means_and_deviations_and_their_twin(n: int, precise: bool) -> None:
    parts = periods(n, n)
    whole = Combination(*parts[0], precise=precise)
    for part in parts[1:]:
        whole.add(*part)
    found = np.array([whole.mean, whole.weights, whole.deviation])
    for j in range(SHAPE[0]):
        for i in range(SHAPE[1]):
            expected = naive.combined([tuple(field[j, i] for field in part) for part in parts], precise=precise)
            assert_bitwise(found[:, j, i], np.array(expected, F), f"{j} {i}")


@pytest.mark.parametrize("precise", [False, True])
def test_a_mean_of_fields_and_its_twin(precise: bool) -> None:
    fields = [part[0] for part in periods(5, 3)]
    weights = np.random.default_rng(4).uniform(0.1, 99.0, 5).astype(F)
    mean = WeightedMean(fields[0], weights[0], precise=precise)
    for field, weight in zip(fields[1:], weights[1:], strict=True):
        mean.add(field, weight)
    for j in range(SHAPE[0]):
        expected = naive.mean_of([field[j, 2] for field in fields], list(weights), precise=precise)
        assert_bitwise(mean.mean[j, 2], expected)


def test_periods_combined_are_like_all_frames_at_once() -> None:
    frames = np.random.default_rng(5).standard_normal((60, *SHAPE)).astype(F)
    parts = [(f.mean(0), np.full(SHAPE, F(len(f))), f.std(0)) for f in np.split(frames, [10, 35])]
    for precise in (False, True):
        whole = Combination(*parts[0], precise=precise)
        for part in parts[1:]:
            whole.add(*part)
        np.testing.assert_allclose(whole.mean, frames.mean(0), atol=1e-6)
        np.testing.assert_allclose(whole.deviation, frames.std(0), atol=1e-6)
        assert (whole.weights == 60).all()


class Heard(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, text: str) -> None:
        self.warnings.append(text)


def test_points_without_weight_are_told(tmp_path: Path) -> None:
    lon, lat = np.arange(20, 32.5, 2.5, dtype="f4"), np.arange(-20, -1, 3.75, dtype="f4")
    frame = np.ones((len(lat), len(lon)), F)
    data, weight = SeriesData(lon=lon, lat=lat, frames=frame[None], kind="binary"), frame.copy()
    weight[2, 3] = 0.0

    def lay_out(folder: Path) -> None:
        data.write(folder)
        data.write_average(folder / "m", frame)
        data.write_average(folder / "w", weight)

    report = Heard()
    answers = data.startup() + "10 2 s 1 0 0 n m w m w 0"
    out = our_outputs(Case(lay_out=lay_out, answers=answers), tmp_path / "run", report)
    mean = np.frombuffer(out["comp_tavg"], "<f4", frame.size, len(b"FRAME      1\n")).reshape(frame.shape)
    assert np.isnan(mean).sum() == 1 and np.isnan(mean[2, 3])
    assert any("1 points have no weight" in text for text in report.warnings)
