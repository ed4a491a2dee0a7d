"""Answer files, parameter tables and what they mean: TRACK's dialogue turned into `stormtrack.settings`.

A run is read in the order in which TRACK asks; what depends on the data comes from a `Facts` object, whose
methods are called only when a condition needs them. Typical use::

    conv = Conversation(answers, facts)         # bytes, Facts; keywords read_file, tables, name
    start = conv.startup()                      # StartupSettings; conv.initial_text is the `initial` file (bytes)
    if conv.analysis_menu():
        for request in conv.analysis():         # SpliceRequest | SpectralRequest | ConvertRequest | ExtractRequest
            ...                                 # run it; facts may change between requests
    else:
        for hemisphere in range(2 if start.projection and len(start.projection.targets) == 2 else 1):
            before = conv.tracking_before_frames()            # BeforeFrames: .reuse, .detection (None: as in the file)
            first = conv.tracking_first_frame()               # DetectionSettings as far as known
            refined = conv.area_refinement()                  # RefinedGrid | None, when the first area is computed
            surface = conv.added_surface()                    # SplineSettings | None, when the first frame is done
            detection = conv.after_first_frame()              # DetectionSettings, complete but for `area.refined`
            # Euclidean norm: linking here, after each hemisphere
        pole = conv.after_frames()                            # RotatedPole | None
        for step in conv.linking():                           # LinkStep, one per initialisation
            ...                                               # step.action: 'link', 'again', 'abort', 'load', 'stop'
    conv.finish()                                             # left-overs become a Misread in conv.misreads

A misread (an answer taken apart by TRACK's character reading, or kept from before) is recorded in
``conv.misreads`` and the run goes on with TRACK's result; an answer without a usable value raises `AnswersError`
naming prompt and line. The pipeline raises the same way with ``raise conv.error(key, problem, allowed=...)``.
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
    from .requests import ConvertRequest, ExtractRequest, Request, SpectralRequest, SpliceRequest
    from .steps import BeforeFrames, LinkStep

_HOME = {
    **dict.fromkeys(("Misread", "Read"), "asking"),
    "AssumedFacts": "assumed_facts",
    "Conversation": "conversation",
    "Facts": "facts",
    "Tables": "parameter_tables",
    **dict.fromkeys(("ConvertRequest", "ExtractRequest", "Request", "SpectralRequest", "SpliceRequest"), "requests"),
    **dict.fromkeys(("BeforeFrames", "LinkStep"), "steps"),
}

__all__ = [
    "AssumedFacts",
    "BeforeFrames",
    "Conversation",
    "ConvertRequest",
    "ExtractRequest",
    "Facts",
    "LinkStep",
    "Misread",
    "Read",
    "Request",
    "SpectralRequest",
    "SpliceRequest",
    "Tables",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
