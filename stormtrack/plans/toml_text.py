"""Tables as TOML text, laid out for people: short lists on one line, long ones with an item on each, floats to the bit.

References
----------
TOML 1.0.0. Python reads it (`tomllib`) but does not write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WIDTH = 110
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_text(table: Mapping[str, Any]) -> str:
    """The text of a table; `tomllib.loads` gives it back.

    Parameters
    ----------
    table : mapping
        Of truth values, numbers, text, lists and mappings; lists hold mappings only, or none.
    """
    return "\n".join(_lines(table, "")).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], place: str) -> Iterator[str]:
    """Lines of a table: first its own values, then tables within."""
    within = {key: value for key, value in table.items() if isinstance(value, Mapping) or _holds_tables(value)}
    for key, value in table.items():
        if key not in within:
            yield from _assignment(f"{_key(key)} = ", value)
    for key, value in within.items():
        name = f"{place}.{_key(key)}" if place else _key(key)
        if isinstance(value, Mapping):
            if not value or not all(isinstance(one, Mapping) for one in value.values()):
                yield from ("", f"[{name}]")
            yield from _lines(value, name)
        else:
            for one in value:
                yield from ("", f"[[{name}]]")
                yield from _lines(one, name)


def _holds_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _assignment(start: str, value: Any) -> Iterator[str]:
    line = start + _inline(value)
    if len(line) <= _WIDTH or not isinstance(value, list):
        yield line
        return
    yield f"{start}["
    yield from (f"  {_inline(item)}," for item in value)
    yield "]"


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_inline, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return '"' + "".join(map(_character, text)) + '"'


def _character(ch: str) -> str:
    printable = ch >= " " and ch != "\x7f"
    return _ESCAPES.get(ch) or (ch if printable else f"\\u{ord(ch):04x}")
