"""JSON Schema of campaign files.

References
----------
JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from typing import Any

from ..plans.descriptions import about, descriptions
from ..plans.files import PRESET
from ..plans.schema import Maker
from ..settings.campaign import Campaign, CampaignInput, Product
from ..settings.plan import RunPlan
from ..settings.recipe import Recipe
from .files import FORMAT_VERSION, KIND, REQUIRED, TYPE, VERSION

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string", "minLength": 1}
_VALUE: Schema = {"anyOf": [{"type": "integer"}, _TEXT]}
_VALUES: Schema = {"type": "array", "items": _VALUE, "minItems": 1, "uniqueItems": True}
_WHERE: Schema = {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [_VALUES, _VALUE]}}
_RANGE: Schema = {
    "type": "object",
    "properties": {
        "first": {"type": "integer"},
        "last": {"type": "integer"},
        "step": {"type": "integer", "minimum": 1},
    },
    "required": ["first", "last"],
    "additionalProperties": False,
}


def campaign_schema() -> Schema:
    """The schema.

    Examples
    --------
    >>> campaign_schema()["properties"]["type"]
    {'const': 'campaign'}
    """
    made = Maker()
    told = descriptions(Campaign)
    properties = _properties(made)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Campaigns of stormtrack",
        "description": about(Campaign),
        "type": "object",
        "properties": {name: _described(one, told.get(name, "")) for name, one in properties.items()},
        "required": [TYPE, *REQUIRED],
        "additionalProperties": False,
        "$defs": dict(sorted(made.definitions.items())),
    }


def _described(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text} if text else schema


def _properties(made: Maker) -> dict[str, Schema]:
    preset = made.top(Recipe, partial=True)
    preset["properties"][PRESET] = _TEXT  # it may hold {axis}
    changed = {**preset, "required": []}
    plan = {"anyOf": [_TEXT, preset, *(made.top(cls, partial=False) for cls in (Recipe, RunPlan))]}
    change = {
        "type": "object",
        "properties": {
            "where": _WHERE,
            "plan": {"anyOf": [changed, {"type": "object"}]},
            "input": made.record(CampaignInput, partial=True),
        },
        "required": ["where"],
        "additionalProperties": False,
    }
    return {
        TYPE: {"const": KIND},
        VERSION: {"const": FORMAT_VERSION},
        **dict.fromkeys(("name", "folder", "output"), _TEXT),
        "axes": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [_VALUES, _RANGE, _VALUE]}},
        "input": made.record(CampaignInput, partial=False),
        "plan": plan,
        "changes": {"type": "array", "items": change},
        "exclude": {"type": "array", "items": _WHERE},
        "products": {"type": "array", "items": made.record(Product, partial=False)},
        "format": _TEXT,
        "lossy": {"type": "boolean"},
    }
