"""From settings to plain tables: dictionaries, lists, numbers, text. Defaults are left out."""

from __future__ import annotations

from typing import Any

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
    same,
)


def encoded(settings: object) -> dict[str, Any]:
    """The table of settings.

    Parameters
    ----------
    settings : dataclass of `stormtrack.settings`

    Raises
    ------
    TypeError
        If a value is not of the kind that its annotation names.
    """
    out: dict[str, Any] = {}
    for entry in entries(type(settings)):
        value = getattr(settings, entry.name)
        if entry.required or not same(value, entry.default):
            out[entry.name] = _entry(value, entry)
    return out


def _entry(value: Any, entry: Entry) -> Any:
    try:
        return encoded_value(value, entry.kind)
    except TypeError as error:
        raise TypeError(f"{entry.name}: {error}") from None


def encoded_value(value: Any, kind: Kind) -> Any:
    """A value as it stands in a file.

    Parameters
    ----------
    value : object
    kind : Kind
    """
    match kind:
        case Perhaps():
            return NONE if value is None else encoded_value(value, kind.kind)
        case Either():
            return _either(value, kind)
        case Record():
            _demand(type(value) is kind.type, value, kind.type.__name__)
            return encoded(value)
        case Series():
            _demand(isinstance(value, tuple), value, "tuple")
            items = [encoded_value(one, kind.item) for one in value]
            return [{kind.inner: item} for item in items] if kind.inner else items
        case Fixed():
            _demand(isinstance(value, tuple) and len(value) == len(kind.items), value, f"{len(kind.items)} values")
            return [encoded_value(one, item) for one, item in zip(value, kind.items, strict=True)]
        case Named():
            return kind.type(value).name.lower()
        case Choice():
            _demand(value in kind.values, value, f"one of {kind.values}")
            return value
        case Plain():
            return _plain(value, kind.type)


def _either(value: Any, kind: Either) -> Any:
    for name, record in kind.records.items():
        if type(value) is record.type:
            return {TYPE: name, **encoded(value)}
    for option in kind.options:
        if isinstance(option, Plain) and type(value) is option.type:
            return value
    raise TypeError(f"{value!r} is none of what is wanted")


def _plain(value: Any, wanted: type) -> Any:
    if wanted is float and type(value) is int:
        return float(value)
    _demand(isinstance(value, wanted) and (wanted is bool) is isinstance(value, bool), value, wanted.__name__)
    return wanted(value)


def _demand(good: bool, value: object, wanted: str) -> None:
    if not good:
        raise TypeError(f"{value!r} is no {wanted}")
