"""Answer files, parameter tables and what they mean: TRACK's dialogue turned into `stormtrack.settings`.

A run is read from the first answer to the last before anything is done; what depends on the data comes from a `Facts`
object, whose methods are called only when a condition needs them::

    conversation = Conversation(answers, facts)    # bytes, Facts; keywords read_file, tables, name
    plan = conversation.plan()                     # RunPlan: frozen, can be pickled
    conversation.initial_text                      # the `initial` file (bytes)
    conversation.misreads                          # answers read otherwise than they look; left-overs

A misread (an answer taken apart by TRACK's character reading, or kept from before) is recorded in
``conv.misreads`` and the run goes on with TRACK's result; an answer without a usable value raises `AnswersError`
naming prompt and line.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .asking import Misread, Read
    from .assumed_facts import AssumedFacts
    from .conversation import Conversation
    from .facts import Facts
    from .parameter_tables import Tables

_HOME = {
    **dict.fromkeys(("Misread", "Read"), "asking"),
    "AssumedFacts": "assumed_facts",
    "Conversation": "conversation",
    "Facts": "facts",
    "Tables": "parameter_tables",
}

__all__ = [
    "AssumedFacts",
    "Conversation",
    "Facts",
    "Misread",
    "Read",
    "Tables",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
