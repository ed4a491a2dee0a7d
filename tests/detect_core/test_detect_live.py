"""Random fields, grids, regions and options against the original's exported stage routines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.detection.domain import Domain
from stormtrack.detection.frame import Detector
from stormtrack.settings.detection import (
    ConstraintTable,
    DetectionSettings,
    FeatureType,
    RefinementSettings,
    limits_only,
)
from stormtrack.settings.spline import SplineSettings
from stormtrack.testing import assert_bitwise
from tests.detect_core import golden_runs, oracle_cases

SEED, COUNT = 1000, 5000 if os.environ.get("STORMTRACK_NIGHTLY") else 600


@pytest.fixture(scope="module")
def oracle_results(goldens: Path, oracle_library: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("oracle")
    script = Path(oracle_cases.__file__)
    command = [sys.executable, str(script), str(goldens), str(oracle_library), str(SEED), str(COUNT), "out.npz"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(folder / "out.npz") as kept:
        return {k: kept[k] for k in kept.files}


def detector_of(o: dict[str, Any]) -> Detector:
    x1, x2, y1, y2 = o["region"]
    domain = Domain(
        xgrid=o["xgrid"],
        ygrid=o["ygrid"],
        x1=x1,
        x2=x2,
        y1=y1,
        y2=y2,
        border_search=o["border"],
        periodic=o["periodic"],
        geodesic=o["norm"] == "g",
        input_xgrid=o["xgrid"],
        input_ygrid=o["ygrid"],
    )
    normals = limits_only().normals
    if o["surface"] == "sphery":
        normals = ((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))
    refinement = RefinementSettings(
        surface=SplineSettings(kind=o["surface"], smoothing=o["s"], pole_continuity=o["c1"]),
        constraints=ConstraintTable(n_equalities=0, normals=normals, right_hand_sides=(0.0,) * 4),
        limits="object" if o["constraints"] == "o" else "domain",
    )
    settings = DetectionSettings(
        threshold=o["thresh"],
        connectivity=8 if o["cc"] == "v" else 4,
        border_search=o["border"],
        periodic_x=o["periodic"],
        min_object_points=o["filt"],
        feature_type=FeatureType(o["kind"]),
        exclude_boundary_maxima=bool(o["b_exc"]),
        refinement=refinement if o["kind"] == 7 else None,
    )
    return Detector(settings, domain)


@pytest.mark.parametrize("seed", range(SEED, SEED + COUNT))
def test_random_case(oracle_results: dict[str, Any], seed: int) -> None:
    options = oracle_cases.case(seed)
    found = detector_of(options).detect(options["field"]).objects
    counts = np.stack((np.diff(found.point_start), np.diff(found.feature_start)), axis=1)
    assert_bitwise(counts, oracle_results[f"{seed}/counts"], "points and features per object")
    points = np.concatenate([golden_runs.point_records(found, k) for k in range(found.n_objects)] or [[]])
    assert points.tobytes() == oracle_results[f"{seed}/points"].tobytes(), "points"
    if options["border"]:
        assert found.object_class.tolist() == oracle_results[f"{seed}/classes"].tolist()
    if options["kind"]:
        bits = golden_runs.feature_bits(found, has_shape=False)
        assert_bitwise(bits, oracle_results[f"{seed}/features"].astype(np.int32), "features")
