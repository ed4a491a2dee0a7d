"""The driver: independence of frames and threads, and clear refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stormtrack.detection.frame import Detector
from stormtrack.detection.objects import FrameObjects
from stormtrack.errors import FieldError, NotSupportedError
from stormtrack.settings.detection import FeatureType
from tests.detect_core import golden_runs


@pytest.fixture(scope="module")
def detection_goldens(goldens: Path) -> golden_runs.Goldens:
    return golden_runs.load(goldens / "detection")


def everything(objects: FrameObjects) -> list[bytes]:
    """All that a frame holds, as bytes."""
    values = [getattr(objects, name) for name in FrameObjects.__dataclass_fields__]
    return [v.tobytes() if isinstance(v, np.ndarray) else repr(v).encode() for v in values]


@pytest.mark.parametrize("name", ["tf3v_pb", "tf7sph_d", "VOR_NH", "tf8_a1", "tf9_sm_v", "bndFfill", "sub_tf7sm_o_v"])
def test_frames_do_not_depend_on_order_or_thread(detection_goldens: golden_runs.Goldens, name: str) -> None:
    run = detection_goldens.run(name)
    detector = Detector(run.settings, run.domain)
    inputs = [None] * len(run.fields) if run.input_fields is None else run.input_fields

    def frame(worker: Detector, k: int) -> list[bytes]:
        found = worker.detect(run.fields[k], frame_number=k + 1, input_field=inputs[k])
        return everything(found.objects)

    numbers = range(len(run.fields))
    serial = [frame(detector, k) for k in numbers]
    assert [frame(detector, k) for k in reversed(numbers)] == serial[::-1]
    workers = [detector.copy(), detector.copy()]

    def share(half: int) -> dict[int, list[bytes]]:
        return {k: frame(workers[half], k) for k in numbers if k % 2 == half}

    with ThreadPoolExecutor(2) as pool:
        merged: dict[int, list[bytes]] = {}
        for part in pool.map(share, (0, 1)):
            merged.update(part)
    assert [merged[k] for k in numbers] == serial


def test_wrong_shapes_are_refused(detection_goldens: golden_runs.Goldens) -> None:
    run = detection_goldens.run("tf4v_pb")
    with pytest.raises(FieldError, match=r"\(64, 128\), expected \(latitudes, longitudes\) = \(64, 129\)"):
        Detector(run.settings, run.domain).detect(run.fields[0][:, :-1])


def test_undefined_combinations_are_refused(detection_goldens: golden_runs.Goldens) -> None:
    run, shape = detection_goldens.run("tf7sph_d"), detection_goldens.run("an3").settings.shape
    for settings, message in (
        (replace(run.settings, shape=shape), "periodic"),
        (replace(run.settings, feature_type=FeatureType.NONE, boundaries=True), "type 0"),
        (replace(run.settings, refinement=None), "section 11"),
        (replace(run.settings, feature_type=FeatureType.OBJECT_FIT), "section 12"),
    ):
        with pytest.raises(NotSupportedError, match=message):
            Detector(settings, run.domain)


def test_an_empty_frame_gives_no_objects(detection_goldens: golden_runs.Goldens) -> None:
    for name in ("tf7sph_d", "VOR_NH", "tf8_a1", "tf9_sm_v", "bndFfill", "an3", "mfilt", "mfiltd", "addf"):
        run = detection_goldens.run(name)
        nothing = np.full_like(run.fields[0], -1)
        detector = Detector(run.settings, run.domain)
        inputs = None if run.input_fields is None else run.input_fields[0]
        found = detector.detect(nothing, input_field=inputs).objects
        assert (found.n_objects, found.n_features, found.total_features) == (0, 0, 0)
