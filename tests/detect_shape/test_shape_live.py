"""Object files of random runs of the original program, line by line."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from stormtrack.detection.domain import Domain
from stormtrack.grid.azimuthal import STEREOGRAPHIC
from stormtrack.grid.map_projections import Azimuthal
from tests.detect_shape.live_program import (
    F32,
    answers_of,
    detect_all,
    projected_fields,
    random_fields,
    random_options,
    run_program,
    write_input,
)

NIGHTLY = int(os.environ.get("STORMTRACK_NIGHTLY", "0"))
SEEDS = [(seed, False) for seed in range(100 if NIGHTLY else 6)] + [
    (seed, True) for seed in range(30 if NIGHTLY else 3)
]


@pytest.mark.parametrize(("seed", "projected"), SEEDS)
def test_object_file(goldens: Path, oracle_library: Path, tmp_path: Path, seed: int, projected: bool) -> None:
    inputs = np.load(goldens / "detection" / "inputs.npz")
    lon, lat = np.append(inputs["lon128"], F32(360)), inputs["lat64"]
    options, raw = random_options(seed, projected=projected), random_fields(seed)
    write_input(tmp_path / "in.dat", inputs["lon128"], lat, raw)
    expected = run_program(tmp_path, answers_of(options, oracle_library.parent.parent))
    assert len(expected) > 100, "the original did not finish"
    input_fields = [np.hstack([a, a[:, :1]]) for a in raw]
    x, y, fields, projection = lon, lat, input_fields, None
    if projected:
        key = f"proj_vo_{options.hemisphere}_max"
        x, y = inputs[key + "_x"], inputs[key + "_y"]
        fields = projected_fields(tmp_path, (len(y), len(x)))
        pole = 90.0 if options.hemisphere == "NH" else -90.0
        projection = Azimuthal(kind=STEREOGRAPHIC, latitude=pole, longitude=0.0)

    domain = Domain(
        xgrid=x,
        ygrid=y,
        x1=1 if projected else options.x[0],
        x2=len(x) if projected else options.x[1],
        y1=1 if projected else options.y[0],
        y2=len(y) if projected else options.y[1],
        border_search=options.border == "y",
        periodic=options.periodic == "y",
        projection=projection,
        input_xgrid=lon,
        input_ygrid=lat,
        uniform_y=False,
    )
    found = detect_all(options, domain, fields, input_fields)
    differing = [(k, a, b) for k, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b]
    assert not differing, f"{len(differing)} lines differ, first {differing[:3]}; {options}"
    assert len(found) == len(expected)
