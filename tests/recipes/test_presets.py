"""Presets by attribute: every one is there, says its source, and takes the values that people change."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest

import stormtrack
from stormtrack import presets
from stormtrack.errors import UserInputError
from stormtrack.recipes.presets import PRESETS
from stormtrack.settings.splice import TrackFilters


def test_every_preset_is_a_function_that_says_where_its_numbers_come_from() -> None:
    functions = {name for name in presets.__all__ if name not in ("get", "names")}
    assert functions == {name.replace("-", "_") for name in presets.names()} == {n.replace("-", "_") for n in PRESETS}
    for name in presets.names():
        function = getattr(presets, name.replace("-", "_"))
        assert function() == PRESETS[name] == presets.get(name)
        told = " ".join((inspect.getdoc(function) or "").split())
        for word in ("TRACK 1.5.2", "RUNDATIN", "Hodges"):
            assert word in told and word in PRESETS[name].source, (name, word)
    assert stormtrack.presets is presets


def test_values_are_changed_and_nothing_else() -> None:
    base = presets.vorticity_nh_t42()
    assert base.band is not None
    changed = presets.vorticity_nh_t42(threshold=2.0, truncation=63, min_points=8, min_displacement=10.0)
    assert changed == replace(
        base,
        detection=replace(base.detection, threshold=2.0),
        band=replace(base.band, truncation=63),
        filters=TrackFilters(min_points=8, max_points=1_000_000_000, distance=10.0),
    )
    tropical = presets.tropical_cyclones_t63(min_displacement=5.0).filters
    assert tropical is not None and (tropical.min_points, tropical.distance) == (8, 5.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"threshold": 0.0}, "threshold 0: a number above 0 is allowed, in 1e-5 s-1"),
        ({"threshold": float("nan")}, "a number above 0"),
        ({"truncation": 5}, "wave numbers up to 5 are removed, so 6 or more"),
        ({"min_points": 0}, "1 or more"),
        ({"min_displacement": 181.0}, "0 to 180 degrees"),
    ],
)
def test_values_out_of_range_are_refused(values: dict[str, float], message: str) -> None:
    with pytest.raises(UserInputError, match=message):
        presets.get("vorticity-t42", **values)  # type: ignore[arg-type]


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(UserInputError, match=r"no preset 'mslp-t42'.*\(nearest: mslp-t63\)"):
        presets.get("mslp-t42")
