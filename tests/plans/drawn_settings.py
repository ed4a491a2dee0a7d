"""Settings of any class, drawn at random from what its annotations allow."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from stormtrack.plans.kinds import Choice, Either, Entry, Fixed, Kind, Named, Perhaps, Plain, Record, Series, entries
from stormtrack.settings.ranges import Bounds

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_MOST = 2


def settings_of(cls: type) -> st.SearchStrategy[Any]:
    """Settings of a class; fields with a default have it half of the time."""
    return st.builds(cls, **{entry.name: _entry(entry) for entry in entries(cls)})


def _entry(entry: Entry) -> st.SearchStrategy[Any]:
    drawn = st.deferred(lambda: _kind(entry.kind))
    return drawn if entry.required else st.one_of(st.just(entry.default), drawn)


def _kind(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Perhaps():
            return st.one_of(st.none(), _kind(kind.kind))
        case Record():
            return settings_of(kind.type)
        case Either():
            return st.one_of(*map(_kind, kind.options))
        case Series():
            return st.lists(_kind(kind.item), max_size=_MOST).map(tuple)
        case Fixed():
            return st.tuples(*map(_kind, kind.items))
        case Named():
            return st.sampled_from(list(kind.type))
        case Choice():
            return st.sampled_from(kind.values)
        case Plain():
            return _plain(kind)


def _plain(kind: Plain) -> st.SearchStrategy[Any]:
    bounds = kind.bounds or Bounds()
    if kind.type is bool:
        return st.booleans()
    if kind.type is str:
        return _TEXT
    if kind.type is int:
        most = None if bounds.most is None else int(bounds.most)
        return st.integers(None if bounds.least is None else int(bounds.least), most)
    low = bounds.least if bounds.above is None else bounds.above
    return st.floats(low, bounds.most, exclude_min=bounds.above is not None, allow_nan=low is None)
