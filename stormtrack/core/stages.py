"""The three stages on arrays.

References
----------
Specification 02 (detection), 04 (linking, splicing). Parity: bitwise, as in a run with the same settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..arrays import F32, I32
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..detection.as_features import features_of
from ..detection.objects import FrameObjects
from ..errors import FieldError, LinkError
from ..grid.missing import Described, MissingValues
from ..grid.tracking import TrackingGrid
from ..linking import driver
from ..model.features import Features, concatenated
from ..model.links import Links
from ..model.times import Times
from ..model.tracks import TrackSet
from ..settings.detection import DetectionSettings, FeatureType
from ..settings.linking import LinkSettings
from ..settings.splice import MergeSettings, TrackFilters
from ..tracks.filters import apply_filters
from ..tracks.join import Chunk, join, track_set
from ..tracks.merge import merge as merge_tracks
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linked:
    """Features and the tracks that they make up.

    Attributes
    ----------
    features : Features
        Those that can belong to a track.
    links : Links
    """

    features: Features
    links: Links

    @property
    def tracks(self) -> TrackSet:
        """The tracks with their points."""
        return track_set(self.features, self.links)


def link(
    features: Features,
    settings: LinkSettings,
    *,
    missing_after: I32 | None = None,
    progress: driver.Progress | None = None,
) -> Linked:
    """Tracks of features.

    Parameters
    ----------
    features : Features
        Of all frames, with coordinates for positions, as `detect` gives them.
    settings : LinkSettings
    missing_after : int32, shape (n_frames,), optional
        Frames missing after each frame; by default as the features have it.
    progress : callable, optional
        Called several times a second with the ``linking.result.SweepSeries`` under way.

    Raises
    ------
    LinkError
        If there are too few frames (4 are needed) or too many features, a point lies in no zone, or a table is missing.

    References
    ----------
    Specification 04, sections 4 to 8; Hodges (1994, 1999). Parity: bitwise.
    """
    if features.n_frames < driver.FEWEST_FRAMES:
        raise LinkError(
            f"{features.n_frames} frames are too few for tracks to be optimised; {driver.FEWEST_FRAMES} are needed"
        )
    if missing_after is not None:
        features = replace(features, missing_after=np.asarray(missing_after, np.int32))
    result = driver.link(features, settings, progress=progress)
    assert result.final is not None
    return Linked(features=result.features, links=result.final)


def splice(
    parts: Sequence[Linked],
    *,
    first_frames: Sequence[int] | None = None,
    matching: bool = False,
    geodesic: bool = True,
    merge: MergeSettings | None = None,
    filters: TrackFilters | None = None,
) -> TrackSet:
    """One set of tracks of stretches of frames that follow one another.

    Parameters
    ----------
    parts : sequence of Linked
    first_frames : sequence of int, optional
        First frame (1-based) of each part that is used, so that parts may overlap; by default 1.
    matching : bool
        Tracks that end in the last frame of a part go on with those that begin at the same place in the next.
    geodesic : bool
        Distances are measured on the sphere, else in units of the grid.
    merge : MergeSettings, optional
        Merging of split tracks.
    filters : TrackFilters, optional
        Tracks that fail them lose their points and keep their place (`TrackSet.without_empty` drops them).

    Raises
    ------
    TrackFileError
        If the parts cannot be joined.

    References
    ----------
    Specification 01, section 13; 04, sections 10 to 12. Parity: bitwise.
    """
    first = [1] * len(parts) if first_frames is None else list(first_frames)
    chunks = [
        Chunk(features=part.features, links=part.links, name=f"part {number}", first_frame=begin)
        for number, (part, begin) in enumerate(zip(parts, first, strict=True), 1)
    ]
    tracks = join(chunks, matching=matching, geodesic=geodesic)
    if merge is not None:
        tracks = merge_tracks(tracks, merge, geodesic=geodesic)
    return tracks if filters is None else apply_filters(tracks, filters, geodesic=geodesic)
