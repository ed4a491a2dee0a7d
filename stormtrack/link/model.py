"""What linking takes and gives: feature points of all frames, and sets of tracks over them.

Everything is a flat array, so that a file can be written without a Python object per point.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..arrays import F32, I32, I64, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPoints:
    """Feature points of a run, frame by frame, objects ascending, points of an object ascending.

    Attributes
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Offsets of the frames into the point arrays.
    object : int32, shape (n_points,)
        Object of the point in its frame, 0-based.
    feature : int32, shape (n_points,)
        Number of the point in its object, 0-based.
    x, y : float32, shape (n_points,)
        Longitude and latitude in degrees (geodesic norm), or coordinates in any unit (Euclidean norm). Grid numbers
        (feature type 3) have been turned into grid coordinates by the caller.
    strength : float32, shape (n_points,)
        Field value; only used to drop points below -1e10.
    n_objects : int32, shape (n_frames,)
        Number of objects of each frame, empty ones included.
    missing_after : int32, shape (n_frames,)
        Number of frames missing between each frame and the next.
    """

    frame_start: I64
    object: I32
    feature: I32
    x: F32
    y: F32
    strength: F32
    n_objects: I32
    missing_after: I32

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frame_start) - 1

    @property
    def n_points(self) -> int:
        """Number of points of all frames."""
        return len(self.x)

    @property
    def frame(self) -> I32:
        """Frame of each point, 0-based: int32, shape (n_points,)."""
        return np.repeat(np.arange(self.n_frames, dtype=np.int32), np.diff(self.frame_start))

    def restricted_to(self, keep: Mask) -> LinkPoints:
        """Points where `keep` is true; points move up within their object, objects and frames keep their numbers.

        Parameters
        ----------
        keep : bool, shape (n_points,)
            Points to keep.

        References
        ----------
        Specification 04, section 4. Parity: bitwise.
        """
        kept_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
        frame, obj = self.frame[keep], self.object[keep]
        count = np.arange(len(obj), dtype=np.int64)
        first = np.ones(len(obj), np.bool_)
        first[1:] = (np.diff(frame) != 0) | (np.diff(obj) != 0)
        start_of_object = np.maximum.accumulate(np.where(first, count, 0)) if len(obj) else count
        return LinkPoints(
            frame_start=kept_before[self.frame_start],
            object=obj,
            feature=(count - start_of_object).astype(np.int32),
            x=self.x[keep],
            y=self.y[keep],
            strength=self.strength[keep],
            n_objects=self.n_objects,
            missing_after=self.missing_after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackHeader:
    """Values at the top of a track file, float32, as linking used them.

    Attributes
    ----------
    weight_direction : float32
        Weight w1, already halved.
    weight_speed : float32
        Weight w2.
    dmax : float32
        Upper bound of displacement of the first parameter set: radians (geodesic norm) or coordinate units.
    phimax : float32
        Upper bound of the smoothness cost of the first parameter set.
    """

    weight_direction: np.float32
    weight_speed: np.float32
    dmax: np.float32
    phimax: np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """Tracks with at least one point, ascending by number.

    Attributes
    ----------
    track_id : int32, shape (n_tracks,)
        Track number as printed in the track file: 1-based, in order of creation, with gaps.
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into `point` and `missing`.
    point : int64, shape (n_linked,)
        Index of each point in the points that were linked (``LinkResult.points``), frames ascending.
    missing : int32, shape (n_linked,)
        The original's ``nmpt``: number of frames missing after the point as the track file shows it; 0 is not printed.
    header : TrackHeader
        Values at the top of the track file.
    """

    track_id: I32
    start: I64
    point: I64
    missing: I32
    header: TrackHeader

    @property
    def n_tracks(self) -> int:
        """Number of tracks with at least one point."""
        return len(self.track_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSeries:
    """What one series of exchange sweeps did.

    Attributes
    ----------
    forward : bool
        Direction of the sweeps.
    sweeps : int
        Number of sweeps, the last one without an exchange.
    exchanges : int
        Number of exchanges.
    costs : tuple of float
        Total cost after each sweep, if asked for (04, section 8.2).
    """

    forward: bool
    sweeps: int
    exchanges: int
    costs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """Outcome of linking.

    Attributes
    ----------
    points : LinkPoints
        The points that passed the point filter: content of ``objout.new``.
    kept : bool, shape (n_points of the input,)
        Which input points these are.
    initial : Tracks
        Nearest-neighbour tracks: content of ``idump``.
    final : Tracks or None
        Tracks after exchange and cutting: content of ``tdump``. ``None`` with 3 frames or fewer, or if the run was
        asked to stop after the initial tracks.
    preprocessing : int
        The original's ``pproc`` after this run (1 adaptive, -1 cutting before each series, 0 none), to be handed to
        a repetition of the stage, where the original does not reset it.
    series : tuple of SweepSeries
        The exchange series, in order.
    """

    points: LinkPoints
    kept: Mask
    initial: Tracks
    final: Tracks | None
    preprocessing: int
    series: tuple[SweepSeries, ...] = field(default=())
