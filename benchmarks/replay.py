"""Calls of single stages, recorded from a run over the synthetic series and replayed as often as wanted.

Recording needs no knowledge of how a stage is set up, so the same code times different states of the source tree.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import answers
from .answers import T42_COLUMNS, T42_ROWS, Frames
from .stages import resolved

KERNELS: dict[str, str] = {
    "spectral filter": "preprocess.spectral:SpectralFilter.filter",
    "fit sphere": "splines.sphere:SphereFit.fit",
    "fit rectangle": "splines.rectangle:RectangleFit.fit",
    "projection": "preprocess.to_projection:Projector.project",
    "labelling": "detection.labelling:Labeller.label",
    "extrema": "detection.maxima:MaximaFinder.find",
    "refinement": "detection.refine:Refiner.refine",
    "shape": "detection.shape:ShapeStage.apply",
    "frame": "detection.frame:Detector.detect",
    "linking": "run.linking:link",
    "objout text": "formats.track.objects_write:ObjectText.objects",
}
"""Name -> function, as ``module:name`` inside `stormtrack`; projection, refinement and frame hold their fits."""
FRAME = 5
"""Which call is recorded (of those that come once per frame)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with the arguments of one call, before the call changed them."""

    function: Callable[..., Any]
    owner: tuple[Any, ...]
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]

    def fresh(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments for one replay; the object that a method belongs to is used again, as a run does."""
        return self.owner + copy.deepcopy(self.arguments), copy.deepcopy(self.keywords)

    def replay(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; a generator is exhausted."""
        result = self.function(*args, **kwargs)
        return list(result) if isinstance(result, Iterator) else result


class Recorder:
    """Records one call of each kernel."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self._counts: dict[str, int] = {}

    def recording(self, name: str, function: Callable[..., Any], *, is_method: bool) -> Callable[..., Any]:
        """`function`, one of whose calls is kept: the first, later ones replacing it up to number `FRAME`."""

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            count = self._counts[name] = self._counts.get(name, 0) + 1
            if count <= FRAME:
                owner, rest = (args[:1], args[1:]) if is_method else ((), args)
                self.calls[name] = Call(function, owner, copy.deepcopy(rest), copy.deepcopy(kwargs))
            return function(*args, **kwargs)

        return wrapper


@contextmanager
def recorded() -> Iterator[dict[str, Call]]:
    """Calls of all kernels that this source tree has, made inside the block."""
    recorder, undo = Recorder(), []
    try:
        for name, place in KERNELS.items():
            try:
                owner, attribute = resolved(place)
                function = getattr(owner, attribute)
            except (ImportError, AttributeError):
                continue  # another state of the source tree
            undo.append((owner, attribute, function))
            setattr(owner, attribute, recorder.recording(name, function, is_method=isinstance(owner, type)))
        yield recorder.calls
    finally:
        for owner, attribute, function in undo:
            setattr(owner, attribute, function)


def record_run(folder: Path, frames: int) -> dict[str, Call]:
    """Calls of a filter and a Northern Hemisphere run over the synthetic series (T42)."""
    from stormtrack.run.report import Silent
    from stormtrack.run.runner import run_answers
    from stormtrack.sample import gaussian
    from stormtrack.sample.series import write_series

    def run(text: str, series: str, extension: str) -> None:
        run_answers(text.encode(), input_path=folder / series, extension=extension, folder=folder, report=Silent())

    whole = Frames(1, frames)
    write_series(folder / "vo.nc", gaussian(42), frames, 1)
    with recorded() as calls:
        run(answers.spectral_filter(T42_COLUMNS, T42_ROWS, whole), "vo.nc", "_s")
        run(answers.northern_vorticity(whole), "specfil_band001._s_band001", "_t")
    return calls
