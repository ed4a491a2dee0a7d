"""The JSON Schema says what the reader says."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stormtrack.errors import NotSupportedError, PlanError
from stormtrack.plans.files import PLANS, plan_table, read_text
from stormtrack.plans.schema import schema
from stormtrack.recipes.presets import PRESETS
from tests.plans.drawn_settings import settings_of
from tests.plans.test_answers import plan_of_step
from tests.plans.test_files import MINIMAL

jsonschema = pytest.importorskip("jsonschema", reason="the schema is tested with jsonschema (extra 'fieldtest')")


@pytest.fixture(scope="module")
def validator() -> Any:
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def test_presets_and_plans_of_golden_answers_are_valid(validator: Any, golden_steps: list[Any]) -> None:
    for recipe in PRESETS.values():
        validator.validate(plan_table(recipe))
        validator.validate({"preset": recipe.name, "detection": {"threshold": 2}})
    valid = 0
    for step in golden_steps:
        try:
            plan = plan_of_step(step)
        except NotSupportedError:
            continue
        validator.validate(plan_table(plan))
        valid += 1
    assert valid == 79


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(PLANS.values())).flatmap(settings_of))
def test_any_settings_are_valid(plan: Any) -> None:
    jsonschema.Draft202012Validator(schema()).validate(plan_table(plan))


@pytest.mark.parametrize(
    "text",
    [
        "type = 'recip'",
        "preset = 'mslp-nh-63'",
        "version = 2\npreset = 'mslp-nh-t63'",
        "type = 'recipe'",
        "preset = 'mslp-nh-t63'\ntype = 'run-plan'",
        "preset = 'mslp-nh-t63'\ndetection.treshold = 2",
        "preset = 'mslp-nh-t63'\ndetection.threshold = '2'",
        "preset = 'mslp-nh-t63'\ndetection.threshold = true",
        "preset = 'mslp-nh-t63'\nplane = 150.5",
        "preset = 'mslp-nh-t63'\nband.truncation = 0",
        "preset = 'mslp-nh-t63'\nband.taper = 1.5",
        "preset = 'mslp-nh-t63'\ndetection.connectivity = 6",
        "preset = 'mslp-nh-t63'\ndetection.feature_type = 'surface'",
        "preset = 'mslp-nh-t63'\nlinking.sets = [{dmax = 3}]",
        "preset = 'mslp-nh-t63'\ndetection.intensity_range = [1]",
        "preset = 'mslp-nh-t63'\ndetection.intensity_range = [1, 2, 3]",
        MINIMAL + "variable = 1.5",
        MINIMAL + "[[menu]]\ntype = 'wind'",
        MINIMAL + "[tracking]\npasses = []\nlinking = [{step = []}]",
    ],
)
def test_what_the_reader_refuses_is_invalid(validator: Any, text: str) -> None:
    with pytest.raises(PlanError):
        read_text(text)
    assert list(validator.iter_errors(tomllib.loads(text)))


def test_fields_are_described_with_defaults_and_bounds() -> None:
    definitions = schema()["$defs"]
    band = definitions["band-filter"]["properties"]
    assert band["above"] == {
        "type": "integer",
        "minimum": 0,
        "description": "Wave numbers up to this one are removed (TRACK's boundaries ``0 5 42``: 6 to 42 are kept).",
        "default": 5,
    }
    detection = definitions["detection-settings"]["properties"]
    assert detection["feature_type"]["enum"][-1] == "distance_transform"
    assert detection["min_object_points"]["description"] == "Objects with this many points or fewer are removed."
    cosine = definitions["cosine-type"]["properties"]["settings"]
    assert cosine == {"$ref": "#/$defs/cosine-settings"}
    assert definitions["cosine-settings"]["properties"]["resolution"] == {
        "type": "number",
        "exclusiveMinimum": 0.0,
        "description": "Distance of grid points (km).",
    }
