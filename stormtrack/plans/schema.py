"""JSON Schema of the files that `files` reads, made from the same classes.

References
----------
JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from typing import Any

from ..recipes.presets import PRESETS
from ..settings.ranges import Bounds
from ..settings.recipe import Recipe
from .descriptions import about, descriptions
from .encoding import encoded_value
from .files import FORMAT_VERSION, PLANS, PRESET, VERSION
from .kinds import (
    NONE,
    TYPE,
    Choice,
    Either,
    Entry,
    Fixed,
    Kind,
    Named,
    Perhaps,
    Plain,
    Record,
    Series,
    entries,
    name_of,
)

Schema = dict[str, Any]
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema() -> Schema:
    """The schema: a recipe, changes of a preset, or the plan of a run.

    Examples
    --------
    >>> sorted(schema()["$defs"])[:2]
    ['adapt-table', 'adapt-table-changes']
    """
    made = Maker()
    whole = [made.top(cls, partial=False) for cls in PLANS.values()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Recipes and plans of stormtrack",
        "anyOf": [*whole, made.top(Recipe, partial=True)],
        "$defs": dict(sorted(made.definitions.items())),
    }


class Maker:
    """Makes schemas of kinds; those of classes become definitions.

    Of each class there may be two: as it has to be, and of what changes a preset, where nothing has to be given.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def top(self, cls: type, *, partial: bool) -> Schema:
        """A whole file."""
        made = self._object(cls, partial)
        made["properties"] = {
            TYPE: {"const": name_of(cls)},
            VERSION: {"const": FORMAT_VERSION},
            **({PRESET: {"enum": list(PRESETS)}} if partial else {}),
            **made["properties"],
        }
        made["required"] = [PRESET] if partial else [TYPE, *made["required"]]
        return made

    def _object(self, cls: type, partial: bool) -> Schema:
        texts = descriptions(cls)
        fields = entries(cls)
        return {
            "type": "object",
            "description": about(cls),
            "properties": {e.name: self._property(e, texts.get(e.name, ""), partial) for e in fields},
            "required": [] if partial else [e.name for e in fields if e.required],
            "additionalProperties": False,
        }

    def _property(self, entry: Entry, text: str, partial: bool) -> Schema:
        made = self._kind(entry.kind, partial)
        if entry.can_be_none:
            made = {"anyOf": [made, {"const": NONE}]}
        if text:
            made = {**made, "description": text}
        if not entry.required and entry.default is not None:
            made = {**made, "default": encoded_value(entry.default, entry.kind)}
        return made

    def record(self, cls: type, partial: bool, name: str = "") -> Schema:
        """A reference to the definition of a class; `name`: it says its type."""
        key = name_of(cls) + ("-changes" if partial else "") + (f"-{TYPE}" if name else "")
        if key not in self.definitions:
            self.definitions[key] = {}  # classes may hold one another
            made = self._object(cls, partial)
            if name:
                made["properties"] = {TYPE: {"const": name}, **made["properties"]}
                made["required"] = [TYPE, *made["required"]] if not partial else []
            self.definitions[key] = made
        return {"$ref": f"#/$defs/{key}"}

    def _kind(self, kind: Kind, partial: bool) -> Schema:
        match kind:
            case Perhaps():
                return self._kind(kind.kind, partial)
            case Record():
                return self.record(kind.type, partial)
            case Either():
                records = [self.record(one.type, partial, name) for name, one in kind.records.items()]
                return {"anyOf": [*records, *(self._kind(o, partial) for o in kind.options if isinstance(o, Plain))]}
            case Series():
                item = self._kind(kind.item, partial=False)
                return {"type": "array", "items": _wrapped(item, kind.inner)}
            case Fixed():
                items = [self._kind(one, partial=False) for one in kind.items]
                return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
            case Named():
                return {"enum": list(kind.names)}
            case Choice():
                return {"enum": list(kind.values)}
            case Plain():
                return {"type": _TYPES[kind.type], **_bounds(kind.bounds)}


def _wrapped(item: Schema, key: str) -> Schema:
    if not key:
        return item
    return {"type": "object", "properties": {key: item}, "required": [key], "additionalProperties": False}


def _bounds(bounds: Bounds | None) -> Schema:
    if bounds is None:
        return {}
    limits = {"minimum": bounds.least, "maximum": bounds.most, "exclusiveMinimum": bounds.above}
    return {name: value for name, value in limits.items() if value is not None}
