"""From plain tables to settings; what is wrong is said with its place, what was found and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import PlanError
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
)

_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def decoded(table: Mapping[str, Any], cls: type, place: str = "") -> Any:
    """Settings of a class from their table.

    Parameters
    ----------
    table : mapping
    cls : type
        Class of settings.
    place : str
        Dotted key of the table, for messages.

    Raises
    ------
    PlanError
        If a key is unknown or missing, or a value of the wrong kind or out of range.
    """
    known = {entry.name: entry for entry in entries(cls)}
    for key in table:
        if key not in known:
            raise PlanError("there is no such key", key=_join(place, key), allowed=nearest(key, known))
    values: dict[str, Any] = {}
    for name, entry in known.items():
        if name in table:
            values[name] = _entry(table[name], entry, _join(place, name))
        elif entry.required:
            raise PlanError("this key is missing", key=_join(place, name), allowed=described(entry.kind))
    return cls(**values)


def _entry(value: Any, entry: Entry, place: str) -> Any:
    if entry.can_be_none and isinstance(value, str) and value == NONE:
        return None
    return _value(value, entry.kind, place)


def _value(value: Any, kind: Kind, place: str) -> Any:
    match kind:
        case Perhaps():
            return _value(value, kind.kind, place)
        case Either():
            return _either(value, kind, place)
        case Record():
            return decoded(_table(value, place), kind.type, place)
        case Series():
            items = _list(value, place)
            if kind.inner:
                items = [_inner(one, kind.inner, f"{place}[{k}]") for k, one in enumerate(items)]
            return tuple(_value(one, kind.item, f"{place}[{k}]") for k, one in enumerate(items))
        case Fixed():
            items = _list(value, place)
            if len(items) != len(kind.items):
                raise _wrong(value, described(kind), place)
            pairs = enumerate(zip(items, kind.items, strict=True))
            return tuple(_value(one, item, f"{place}[{k}]") for k, (one, item) in pairs)
        case Named():
            if value not in kind.names:
                raise _wrong(value, described(kind), place)
            return kind.names[value]
        case Choice():
            if not any(value == one and type(value) is type(one) for one in kind.values):
                raise _wrong(value, described(kind), place)
            return value
        case Plain():
            return _plain(value, kind, place)


def _inner(value: Any, key: str, place: str) -> Any:
    table = _table(value, place)
    if set(table) != {key}:
        raise PlanError("a table with this one key is wanted", key=place, found=", ".join(table), allowed=key)
    return table[key]


def _either(value: Any, kind: Either, place: str) -> Any:
    records = kind.records
    if isinstance(value, Mapping) and records:
        name = value.get(TYPE)
        if not isinstance(name, str) or name not in records:
            raise _wrong(name, nearest(str(name or ""), records), _join(place, TYPE))
        return decoded({k: v for k, v in value.items() if k != TYPE}, records[name].type, place)
    for option in kind.options:
        if isinstance(option, Plain) and type(value) is option.type:
            return value
    raise _wrong(value, described(kind), place)


def _plain(given: Any, kind: Plain, place: str) -> Any:
    value: Any = float(given) if kind.type is float and type(given) is int else given
    if type(value) is not kind.type:
        raise _wrong(value, described(kind), place)
    if kind.bounds is not None and isinstance(value, int | float) and not kind.bounds.hold(value):
        raise PlanError("the value is out of range", key=place, found=repr(value), allowed=str(kind.bounds))
    return value


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(value, "a table", place)
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(value, "a list in brackets", place)
    return value


def _wrong(value: object, allowed: str, place: str) -> PlanError:
    return PlanError("this is not what is wanted", key=place, found=repr(value), allowed=allowed)


def described(kind: Kind) -> str:
    """A kind in words."""
    match kind:
        case Perhaps():
            return described(kind.kind)
        case Either():
            if kind.records:
                return f"a table with {TYPE} = {', '.join(kind.records)}"
            return " or ".join(map(described, kind.options))
        case Record():
            required = [entry.name for entry in entries(kind.type) if entry.required]
            return "a table" + (f" with {', '.join(required)}" if required else "")
        case Series():
            return f"a list, each {described(kind.item)}"
        case Fixed():
            return f"a list of {len(kind.items)}: {', '.join(map(described, kind.items))}"
        case Named():
            return ", ".join(kind.names)
        case Choice():
            return ", ".join(map(repr, kind.values))
        case Plain():
            return _WORDS[kind.type] + ("" if kind.bounds is None else f", {kind.bounds}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Names that are allowed; those that look like `name` first."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"{', '.join(names)}" + (f" (nearest: {close[0]})" if close else "")


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
