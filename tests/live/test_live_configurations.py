"""Random valid configurations through the original and through ``track``: the same files, the same bytes.

``docs/parity-notes.md`` lists what the draws leave out and why.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.live.comparison import compare
from tests.live.configurations import KNOWN_UNDEFINED, configuration

NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
SEEDS = (0, 2, 11, 22, 31, 46, 51, 74, 82, 93, 108, 114, 149, 155, 174, 179, 220, 249, 280, 539)
"""Chosen so that together they cover the dialogue (see below); most of them found a bug once."""
MANY = 300
CRASHES_ALLOWED = 0.15
COVERED = (
    {f"kind {k}" for k in (0, 3, 4, 7, 8, 9)}
    | {f"projection {name}" for name in ("none", "polar", "oblique", "both")}
    | {"geodesic", "euclidean", "constraints d", "constraints o", "constraints n"}
    | {
        f"{key} y"
        for key in (
            *("scale?", "offset?", "offset.restore?", "minima.restore?", "invert_hemisphere?", "boundary_search?"),
            *("periodic_x?", "boundary_determination?", "shape_attributes?", "filter_unphysical?", "area?"),
            *("keep_largest_only?", "filter_too_close?", "write_objects?", "missing.delay_objects?", "shape.smooth?"),
            *("missing_frames?", "regional_dmax?", "adaptive?", "preprocess?", "reinitialise?", "repeat?"),
            *("missing_frame_search?", "apply_zonal_adaptive?", "final.regional_dmax?", "final.adaptive?"),
            *("splice.filter_distance?", "splice.filter_strength?", "splice.filter_propagation?"),
            *("splice.frame_range?", "splice.grid_positions?"),
        )
    }
)


@pytest.mark.parametrize("seed", SEEDS)
def test_configuration(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    outcome = compare(configuration(seed), tmp_path / "case", oracle_library)
    assert not outcome.differences, str(outcome)
    assert not outcome.crashed, f"{outcome}: chosen seeds are such that the original ends"
    assert outcome.files > 0


def test_the_chosen_seeds_cover_the_dialogue() -> None:
    found = set().union(*(configuration(seed).features for seed in SEEDS))
    assert found >= COVERED, COVERED - found


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
def test_many_configurations(oracle_library: Path, tmp_path: Path) -> None:
    seeds = [seed for seed in range(MANY + len(KNOWN_UNDEFINED)) if seed not in KNOWN_UNDEFINED]
    outcomes = [compare(configuration(seed), tmp_path / str(seed), oracle_library) for seed in seeds]
    assert not [str(o) for o in outcomes if o.differences]
    assert sum(bool(o.crashed) for o in outcomes) <= CRASHES_ALLOWED * MANY, [str(o) for o in outcomes if o.crashed]
    assert sum(bool(o.refused) for o in outcomes) <= 0.05 * MANY, [str(o) for o in outcomes if o.refused]
