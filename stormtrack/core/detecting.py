"""Detection on arrays: features of a series of fields.

References
----------
Specification 02. Parity: bitwise, as in a run with the same settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..arrays import F32
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..detection.as_features import features_of
from ..detection.objects import FrameObjects
from ..errors import FieldError
from ..grid.missing import Described, MissingValues
from ..grid.tracking import TrackingGrid
from ..model.features import Features, concatenated
from ..model.times import Times
from ..settings.detection import DetectionSettings, FeatureType
from .frames import FrameProcessor, ProcessedFrame, RawFrame, TimeMean
from .used_values import used_by_detection

Fields = npt.ArrayLike | Iterable[npt.ArrayLike]


def detect(
    fields: Fields,
    grid: TrackingGrid,
    settings: DetectionSettings,
    *,
    added: Fields | None = None,
    mean: TimeMean | None = None,
    times: Times | None = None,
    keep_missing: bool = False,
    backend: Backend | None = None,
) -> Features:
    """Features of a series of fields.

    Parameters
    ----------
    fields : array_like, shape (n, ny, nx), or iterable of array_like, shape (ny, nx)
        Frames in the order of the coordinates of which `grid` was made; converted to float32. They are taken one by
        one, so a generator need not hold them all.
    grid : TrackingGrid
        Where detection runs.
    settings : DetectionSettings
        How fields are prepared, and what is looked for.
    added : like `fields`, optional
        A field to be added to the features (``settings.added``), frame by frame.
    mean : TimeMean, optional
        A time average that is subtracted, or serves as the threshold.
    times : Times, optional
        Of the frames.
    keep_missing : bool
        Run on with NaN and infinite values, as TRACK does, instead of refusing them where they are used.
    backend : Backend, optional
        Workers that process frames; results do not depend on it. By default this thread.

    Returns
    -------
    Features
        Frames are numbered 1, 2, ... Positions are longitudes and latitudes with the geodesic norm, else coordinates
        of the tracking grid.

    Raises
    ------
    FieldError
        If there is no frame, a frame does not fit the grid, or holds NaN or infinite values where they are used.
    NotSupportedError
        For settings whose result TRACK leaves undefined.
    FitError
        If a surface cannot be fitted.

    References
    ----------
    Specification 02. Parity: bitwise.
    """
    task = Detection(grid, settings, mean, keep_missing=keep_missing)
    with closing((backend or Serial()).map(task, _items(fields, added))) as found:
        parts = list(found)
    return series_of_frames(parts, grid, times)


def detect_all(
    fields: Fields,
    passes: Sequence[tuple[TrackingGrid, DetectionSettings]],
    *,
    times: Times | None = None,
    keep_missing: bool = False,
    backend: Backend | None = None,
) -> list[Features]:
    """Features of several passes over a series of fields that is read once: `detect` for each grid and its settings.

    Parity: bitwise, as `detect`.
    """
    task = Passes(passes, keep_missing=keep_missing)
    with closing((backend or Serial()).map(task, _items(fields, None))) as found:
        return task.together(found, times)


def series_of_frames(parts: Sequence[Features], grid: TrackingGrid, times: Times | None) -> Features:
    """The features of all frames, with the positions that linking wants."""
    if not parts:
        raise FieldError("there is no frame to detect features in")
    features = replace(concatenated(parts), time=times)
    return grid.on_the_sphere(features) if grid.geodesic else grid.with_coordinates(features)


Item = tuple[int, F32, F32 | None]


def _items(fields: Fields, added: Fields | None) -> Iterator[Item]:
    """Index, field and added field of every frame."""
    others = iter(added) if added is not None else None  # type: ignore[arg-type]
    for index, field in enumerate(fields):  # type: ignore[arg-type]
        other = None if others is None else next(others, None)
        if others is not None and other is None:
            raise FieldError(f"the added field ends before frame {index + 1}")
        yield index, np.asarray(field, np.float32), None if other is None else np.asarray(other, np.float32)


class Detection:
    """The task of detecting in frames; can be pickled."""

    def __init__(
        self, grid: TrackingGrid, settings: DetectionSettings, mean: TimeMean | None, *, keep_missing: bool
    ) -> None:
        self._grid, self._settings, self._mean, self._keep = grid, settings, mean, keep_missing

    def worker(self) -> Callable[[Item], Features]:
        """Detection in one frame."""
        process = self.processing()
        return lambda item: self.features(process(item).result.objects)

    def features(self, objects: FrameObjects) -> Features:
        """The features of a frame; positions are those of the tracking grid."""
        has_shape = self._settings.shape is not None and self._settings.feature_type != FeatureType.NONE
        return features_of(objects, shape=has_shape, projection=self._grid.reference)

    def processing(self) -> Callable[[Item], ProcessedFrame]:
        """What one frame goes through: checks, preparation, projection, detection."""
        processor = FrameProcessor(self._grid, self._settings, self._mean)
        used = used_by_detection(self._grid, self._settings)
        lon, lat = self._grid.grid.source_coordinates
        shape = self._grid.grid.reorder.source_shape
        missing = MissingValues(Described(name="fields", lon=lon, lat=lat), used, keep=self._keep)

        def process(item: Item) -> ProcessedFrame:
            index, field, added = item
            for values in (field, *([] if added is None else [added])):
                if values.shape != shape:
                    raise FieldError(f"frame {index + 1} has shape {values.shape}, the grid {shape}")
                missing.check(np.ascontiguousarray(values), index + 1)
            return processor.process(RawFrame(number=index + 1, values=field, added=added), first=index == 0)

        return process


class Passes:
    """The task of several detections in the same frames; can be pickled.

    Parameters
    ----------
    passes : sequence of (TrackingGrid, DetectionSettings)
    keep_missing : bool
        As that of `detect`.
    """

    def __init__(self, passes: Sequence[tuple[TrackingGrid, DetectionSettings]], *, keep_missing: bool = False) -> None:
        self._detections = [Detection(*one, None, keep_missing=keep_missing) for one in passes]
        self._grids = [grid for grid, _ in passes]

    def worker(self) -> Callable[[Item], list[Features]]:
        """All detections in one frame: its index, the field, and no added field."""
        processes = [detection.worker() for detection in self._detections]
        return lambda item: [process(item) for process in processes]

    def together(self, found: Iterable[list[Features]], times: Times | None) -> list[Features]:
        """What the work found in all frames (or blocks of them), in order, as one series for each pass."""
        parts = list(found)
        return [series_of_frames([part[k] for part in parts], grid, times) for k, grid in enumerate(self._grids)]
