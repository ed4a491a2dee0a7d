"""Searching a series on a device, batch by batch: fields go there, or live there; features come back.

References
----------
Specification 02. Parity: tolerances of docs/jax.md.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import F32
from ..backends.ahead import ahead
from ..core.completing import Completion
from ..core.used_values import used_by_detection, used_by_spatial_filter
from ..device.as_objects import objects_of
from ..device.batches import Batches, batch_size, frames_of
from ..device.packages import jax
from ..device.series import SeriesProgram
from ..errors import NotSupportedError
from ..fields.source import ArraySource
from ..grid.missing import Described, MissingValues, Raw, UsedValues
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..run.report import Report
from ..settings.detection import DetectionSettings
from .filters import DeviceHarmonics
from .frames import Frames
from .quantities import Seen, Strengths

Pass = tuple[TrackingGrid, DetectionSettings]


def search_on_device(
    frames: Frames, passes: Sequence[Pass], limit: float, strengths: Strengths, report: Report
) -> Generator[list[Features]]:
    """Features of every frame, those of every search.

    Parameters
    ----------
    frames : Frames
    passes : sequence of (TrackingGrid, DetectionSettings)
    limit : float
        In units of the field: what `strengths` counts values beyond.
    strengths : Strengths
        Learns how strong the frames are.
    report : Report
        Hears what was compiled.

    Raises
    ------
    NotSupportedError
        For settings that the engine does not have.
    FieldError
        If a frame holds NaN or infinite values where they are used.
    """
    fields = fields_of(frames)
    program = SeriesProgram(passes, _transform(frames), order=fields.order, used=_used(frames, passes), limit=limit)
    batches = Batches(program, batch_size(int(np.prod(fields.shape)), frames.n_frames))
    completions = [Completion(*one) for one in passes]
    with closing(ahead(fields.batches(batches.size), depth=2)) as read:
        number = 0
        for batch in batches.searched(read):
            for searched in frames_of(batch):
                number += 1
                if not searched.is_usable:
                    _refuse(fields, passes, number)
                strengths.add(Seen(frames=1, largest=float(searched.largest), beyond=int(searched.beyond)))
                yield [
                    completion.features(objects_of(found, number))
                    for completion, found in zip(completions, searched.found, strict=True)
                ]
    report.note(
        f"engine {frames.given.engine} on {jax.devices()[0].platform}: batches of {batches.size} frames, "
        f"{batches.n_compiled} programs compiled, or taken from the cache on disk, in {batches.compile_seconds:.1f} s"
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnHost:
    """Frames that are read here and sent to the device, in working order."""

    frames: Frames

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.frames.grid.reorder.shape

    @property
    def order(self) -> tuple[Any, Any] | None:
        """Rows and columns that the program takes: a filter wants no closing column."""
        ny, nx = self.shape
        kept = np.arange(nx - _closing(self.frames))
        return None if len(kept) == nx else (np.arange(ny), kept)

    def batches(self, size: int) -> Iterator[Any]:
        """The frames, so many at a time."""
        for start in range(0, self.frames.n_frames, size):
            yield np.stack(list(self.frames.unfiltered(start, min(start + size, self.frames.n_frames))))

    @property
    def raw(self) -> Raw:
        """What messages say of the frames."""
        first, frames = self.frames.given.sources[0], self.frames
        return Described(name=first.name, lon=frames.grid.lon, lat=frames.grid.lat)

    def used(self, passes: Sequence[Pass]) -> list[UsedValues]:
        """What is used of frames that are not filtered; filters have looked at theirs."""
        return [used_by_detection(*one) for one in passes]

    def frame(self, number: int) -> F32:
        """One frame."""
        return next(self.frames.unfiltered(number - 1, number))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnDevice:
    """Frames that live on the device and are put in working order there."""

    frames: Frames
    source: ArraySource

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as stored."""
        return self.frames.grid.reorder.source_shape

    @property
    def order(self) -> tuple[Any, Any]:
        """Rows and columns of the stored frames that the program takes, in working order."""
        plan = self.frames.grid.reorder
        return plan.rows, plan.source_columns[: plan.shape[1] - _closing(self.frames)]

    def batches(self, size: int) -> Iterator[Any]:
        """The frames, so many at a time."""
        for start in range(0, self.frames.n_frames, size):
            yield self.source.on_device(start, min(start + size, self.frames.n_frames))

    @property
    def raw(self) -> Raw:
        """What messages say of the frames."""
        return self.source

    def used(self, passes: Sequence[Pass]) -> list[UsedValues]:
        """What is used, of the frames as stored."""
        if self.frames.given.band is not None:
            return [used_by_spatial_filter(self.frames.grid, None)]
        plan = self.frames.grid.reorder
        inner = [used_by_detection(*one) for one in passes]
        return [replace(one, rows=plan.rows[one.rows], columns=plan.source_columns[one.columns]) for one in inner]

    def frame(self, number: int) -> F32:
        """One frame, brought here to say what is wrong with it."""
        frame: F32 = np.asarray(self.source.on_device(number - 1, number)[0])
        return frame


def fields_of(frames: Frames) -> OnHost | OnDevice:
    """Where the fields are.

    Raises
    ------
    NotSupportedError
        If they live on a device and would have to come back.
    """
    if frames.keep_missing:
        raise NotSupportedError(
            f"engine={frames.given.engine!r} refuses missing values: leave out keep_missing, or use engine='fast'"
        )
    sources = frames.given.sources
    if not any(isinstance(source, ArraySource) and source.is_on_device for source in sources):
        return OnHost(frames=frames)
    (source, *others) = sources
    if others or not isinstance(source, ArraySource):
        raise NotSupportedError(
            "arrays on a device have to be one field: of winds take the vorticity first, of several levels the mean"
        )
    return OnDevice(frames=frames, source=source)


def _refuse(fields: OnHost | OnDevice, passes: Sequence[Pass], number: int) -> None:
    """Say what is wrong with a frame.

    Raises
    ------
    FieldError
    """
    frame = np.ascontiguousarray(fields.frame(number))
    for used in fields.used(passes):
        MissingValues(fields.raw, used).check(frame, number)
    raise AssertionError


def _closing(frames: Frames) -> int:
    """Closing columns of the working grid that the filter does not want."""
    return int(frames.grid.wraps and frames.given.band is not None)


def _transform(frames: Frames) -> Any:
    return frames.filter.transform if isinstance(frames.filter, DeviceHarmonics) else None


def _used(frames: Frames, passes: Sequence[Pass]) -> Any:
    """Which values of the frames have to be finite, if not all.

    Filters look at everything; of frames that are searched as they are the regions count.
    """
    if frames.given.band is not None:
        return None
    masks = [used_by_detection(grid, settings).mask(grid.grid.reorder.source_shape) for grid, settings in passes]
    return np.logical_or.reduce(masks)
