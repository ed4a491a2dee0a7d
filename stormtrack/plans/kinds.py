"""What settings hold, read off their annotations: the one description that reading, writing and the schema go by."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import pkgutil
import re
import sys
import types
import typing
from dataclasses import MISSING, dataclass
from enum import IntEnum
from typing import Any

from .. import settings
from ..settings.ranges import Bounds

TYPE = "type"
"""Key that says which of several classes a table is."""
NONE = "none"
"""What stands for None where something that a default or preset has is taken away."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A truth value, number or text."""

    type: type
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values."""

    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A member of an enumeration, by its name in small letters."""

    type: type[IntEnum]

    @property
    def names(self) -> dict[str, IntEnum]:
        """Member of every name."""
        return {member.name.lower(): member for member in self.type}


@dataclass(frozen=True, slots=True)
class Series:
    """Any number of values of one kind.

    A series of series of tables is written as tables that hold the inner series under one key, `inner`.
    """

    item: Kind
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """So many values, each of its kind."""

    items: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Settings of a class: a table."""

    type: type


@dataclass(frozen=True, slots=True)
class Either:
    """One of several kinds; tables say by the key `type` which they are."""

    options: tuple[Kind, ...]

    @property
    def records(self) -> dict[str, Record]:
        """Classes among the options, by the name that `type` has in a file."""
        return {name_of(option.type): option for option in self.options if isinstance(option, Record)}


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A kind, or None."""

    kind: Kind


Kind = Plain | Choice | Named | Series | Fixed | Record | Either | Perhaps


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of settings.

    Attributes
    ----------
    name : str
    kind : Kind
    default : object
        `dataclasses.MISSING` if it has to be given.
    """

    name: str
    kind: Kind
    default: Any

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is MISSING

    @property
    def can_be_none(self) -> bool:
        """Whether the word for None can stand in a file (where texts can, it would be one of them)."""
        return isinstance(self.kind, Perhaps) and not _holds_text(self.kind.kind)


def entries(cls: type) -> tuple[Entry, ...]:
    """The fields of a class of settings, in its order."""
    if cls not in _ENTRIES:
        _ENTRIES[cls] = _entries(cls)
    return _ENTRIES[cls]


_ENTRIES: dict[type, tuple[Entry, ...]] = {}


def _entries(cls: type) -> tuple[Entry, ...]:
    namespace = {**_classes(), **vars(sys.modules[cls.__module__])}
    hints = typing.get_type_hints(cls, globalns=namespace, include_extras=True)
    return tuple(Entry(f.name, kind_of(hints[f.name]), _default(f)) for f in dataclasses.fields(cls))


def _holds_text(kind: Kind) -> bool:
    match kind:
        case Plain():
            return kind.type is str
        case Choice():
            return NONE in kind.values
        case Either():
            return any(map(_holds_text, kind.options))
    return False


def _default(one: dataclasses.Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


def kind_of(hint: Any) -> Kind:
    """The kind that an annotation means."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return Plain(arguments[0], next(extra for extra in arguments[1:] if isinstance(extra, Bounds)))
    if origin is typing.Literal:
        return Choice(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin in (types.UnionType, typing.Union):
        options = tuple(kind_of(argument) for argument in arguments if argument is not type(None))
        kind = options[0] if len(options) == 1 else Either(options)
        return Perhaps(kind) if type(None) in arguments else kind
    return _class(hint)


def _tuple(arguments: tuple[Any, ...]) -> Kind:
    if arguments[-1] is not Ellipsis:
        return Fixed(tuple(map(kind_of, arguments)))
    item = kind_of(arguments[0])
    if isinstance(item, Series) and isinstance(item.item, Record):
        return Series(item, inner=_words(item.item.type)[-1] + "s")
    return Series(item)


def _class(cls: type) -> Kind:
    if cls in (bool, int, float, str):
        return Plain(cls)
    if issubclass(cls, IntEnum):
        return Named(cls)
    special = tuple(other for other in _classes().values() if issubclass(other, cls) and other is not cls)
    return Either(tuple(map(Record, special))) if special else Record(cls)


@functools.cache
def _classes() -> dict[str, type]:
    """All classes of settings by their names."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(settings.__path__):
        names = vars(importlib.import_module(f"{settings.__name__}.{module.name}"))
        found |= {name: one for name, one in names.items() if dataclasses.is_dataclass(one) and isinstance(one, type)}
    return found


def name_of(cls: type) -> str:
    """Name of a class in files: small letters with hyphens, of requests without that word."""
    return "-".join(word for word in _words(cls) if word != "request")


def _words(cls: type) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z][a-z]*", cls.__name__)]


def same(a: object, b: object) -> bool:
    """Whether two values are equal to the bit: 0.0 is not -0.0, 1 is not 1.0, NaN is NaN."""
    return a is b or repr(a) == repr(b)
