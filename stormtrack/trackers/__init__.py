"""Trackers behind one protocol: fields in, a set of tracks out; those of the package, and those that users register.

`protocols` says what a tracker and a linker are, `registry` finds them by name, `series` has the fields that all of
them get.
"""

from __future__ import annotations

from .hodges import HodgesLinker, HodgesTracker
from .protocols import Linker, Tracker
from .registry import (
    deregister_linker,
    deregister_tracker,
    linker,
    linker_names,
    register_linker,
    register_tracker,
    tracker,
    tracker_names,
)
from .series import FieldSeries, SeriesFrames
from .simple import NearestLinker, SimpleTracker

__all__ = [
    "FieldSeries",
    "HodgesLinker",
    "HodgesTracker",
    "Linker",
    "NearestLinker",
    "SeriesFrames",
    "SimpleTracker",
    "Tracker",
    "deregister_linker",
    "deregister_tracker",
    "linker",
    "linker_names",
    "register_linker",
    "register_tracker",
    "tracker",
    "tracker_names",
]
