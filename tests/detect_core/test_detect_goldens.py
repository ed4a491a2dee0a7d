"""Every golden of detection through the driver: integers and float32 bit patterns."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from stormtrack.detection.frame import Detector
from stormtrack.settings.detection import FeatureType
from stormtrack.testing import assert_bitwise
from tests.detect_core import golden_runs

_OPTIONS = Path(os.environ.get("STORMTRACK_SHARED", Path(__file__).resolve().parents[3] / "shared"))
_OPTIONS = _OPTIONS / "goldens" / "detection" / "options.json"
NAMES = sorted(json.loads(_OPTIONS.read_text())) if _OPTIONS.is_file() else ["absent"]


@pytest.fixture(scope="module")
def detection_goldens(goldens: Path) -> golden_runs.Goldens:
    return golden_runs.load(goldens / "detection")


@pytest.mark.parametrize("name", NAMES)
def test_golden(detection_goldens: golden_runs.Goldens, name: str) -> None:
    run = detection_goldens.run(name)
    detector = Detector(run.settings, run.domain)
    objects_seen = features_seen = 0
    for first, row in enumerate(run.frames):
        number = int(row[0])
        arguments = {
            "frame_number": number,
            "first_frame": first == 0,
            "input_field": None if run.input_fields is None else run.input_fields[number - 1],
            "threshold_field": run.threshold_field,
            "added_field": None if run.added_fields is None else run.added_fields[number - 1],
        }
        result = detector.detect(run.fields[number - 1], **arguments)
        if first == 0 and result.area_computed and run.refined is not None:
            detector = Detector(run.settings.with_area_grid(run.refined), run.domain)
            result = detector.detect(run.fields[number - 1], **arguments)
        found = result.objects
        assert (found.frame, found.n_objects, found.total_features, found.boundary_state) == tuple(row[:4])
        expected = run.objects[objects_seen : objects_seen + found.n_objects]
        assert_bitwise(golden_runs.object_rows(found), expected.astype(np.int64), f"{name} frame {number}: objects")
        if run.settings.feature_type != FeatureType.NONE:
            bits = golden_runs.feature_bits(found, run.settings.shape is not None)
            expected = run.features[features_seen : features_seen + len(bits)]
            assert_bitwise(bits, expected[:, : bits.shape[1]].astype(np.int32), f"{name} frame {number}: features")
            features_seen += len(bits)
        objects_seen += found.n_objects
    assert objects_seen == len(run.objects)
    assert features_seen == len(run.features)
