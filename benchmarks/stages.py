"""Processor seconds by stage, measured around the functions that do the work.

The time of a stage excludes the stages it calls: the fit inside a projection counts as fit only.
"""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

STAGES: dict[str, tuple[str, ...]] = {
    "reading": ("sources.source:Source.read",),
    "preparing": ("core.frames:FrameProcessor.process",),
    "fit": ("splines.sphere:SphereFit.fit", "splines.rectangle:RectangleFit.fit"),
    "projection": ("preprocess.to_projection:Projector.project",),
    "labelling": ("detection.frame:Detector._find_objects",),
    "extrema": ("detection.maxima:MaximaFinder.find",),
    "refinement": ("detection.refine:Refiner.refine",),
    "shape": ("detection.shape:ShapeStage.apply",),
    "linking": ("run.linking:link",),
    "writing": (
        "formats.fields.track_binary:TrackBinaryWriter.put_frame",
        "formats.fields.track_binary:TrackBinaryWriter.commit",
        "formats.track.objects_write:ObjectText.objects",
        "formats.track.objects_write:ObjectText.frame",
        "run.linking:write_links",
        "storage.outputs:OutputFile.write",
        "storage.outputs:OutputFile.commit",
    ),
}
"""Stage -> functions, as ``module:name`` inside `stormtrack`."""
REST = "rest"


class StageClock:
    """Adds up the processor time of stages; one thread."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys((*STAGES, REST), 0.0)
        self._running = [REST]
        self._since = time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, its time counted as that of `stage`."""

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self._switch()
            self._running.append(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self._switch()
                self._running.pop()

        return wrapper

    def stop(self) -> dict[str, float]:
        """Seconds of all stages up to now."""
        self._switch()
        return {stage: round(seconds, 6) for stage, seconds in self.seconds.items()}


def resolved(place: str) -> tuple[Any, str]:
    """Object and attribute of a place of `STAGES`."""
    module, name = place.split(":")
    owner: Any = importlib.import_module(f"stormtrack.{module}")
    *path, attribute = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    return owner, attribute


@contextmanager
def clocked() -> Iterator[StageClock]:
    """A clock that is attached to all functions of `STAGES` inside the block."""
    places = [(stage, *resolved(place)) for stage, of_stage in STAGES.items() for place in of_stage]
    originals = [(owner, attribute, getattr(owner, attribute)) for _, owner, attribute in places]
    clock = StageClock()
    try:
        for (stage, owner, attribute), (_, _, function) in zip(places, originals, strict=True):
            setattr(owner, attribute, clock.timed(stage, function))
        yield clock
    finally:
        for owner, attribute, function in originals:
            setattr(owner, attribute, function)
