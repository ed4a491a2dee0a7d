"""The fixed data of a linking run, bundled for the kernels: geometry, limits, links between adjacent frames."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D, F64_2D, I32, I32_1D, I64_1D, Mask, Mask_1D
from ..kernels.declare import kernel
from ..kernels.sphere import unit_vector
from ..model.features import Features
from .limits import Limits, zone_limits


class Geometry(NamedTuple):
    """Positions and weights: all that distances and deviations need.

    Attributes
    ----------
    geodesic : bool
        Norm.
    position : float64, shape (n_points, 3)
        Unit vectors (geodesic norm), or x, y, 0 (Euclidean norm; exact copies of float32 values).
    w1, w2 : float64
        Weights, w1 halved.
    """

    geodesic: bool
    position: F64_2D
    w1: float
    w2: float


class Problem(NamedTuple):
    """What kernels read and never write.

    Attributes
    ----------
    geometry : Geometry
        Positions and weights.
    frame_start : int64, shape (n_frames + 1,); frame_of : int32, shape (n_points,)
        Points of a frame, frame of a point.
    missing : int32, shape (n_frames,)
        Missing frames after each frame.
    link_set : int32, shape (n_frames,)
        Parameter set of links between frame k and k + 1.
    turn_set : int32, shape (n_frames,)
        Parameter set of triples centred on frame k.
    dmax, phimax : float32, shape (n_sets,)
        Bounds of displacement and of smoothness.
    zonal, adaptive : bool
        Whether zones and the adaptive bound apply.
    zone : float32, shape (n_sets, n_points)
        Zone limit of each point.
    smoothness : float32, shape (n_sets, 14)
        Adaptive smoothness (see ``Limits``).
    next_start, prev_start : int64, shape (n_points + 1,); next_point, prev_point : int32
        Points of the next (previous) frame within the limit of each point, ascending.
    next_twin, prev_twin : int32
        Place of the same link in the other of these two tables.
    doubtful : bool, shape (n_points,)
        Points with a link so short, or on the sphere so nearly to the opposite point, that its direction is uncertain.
    """

    geometry: Geometry
    frame_start: I64_1D
    frame_of: I32_1D
    missing: I32_1D
    link_set: I32_1D
    turn_set: I32_1D
    dmax: F32_1D
    phimax: F32_1D
    zonal: bool
    adaptive: bool
    zone: F32_2D
    smoothness: F32_2D
    next_start: I64_1D
    next_point: I32_1D
    prev_start: I64_1D
    prev_point: I32_1D
    next_twin: I32_1D
    prev_twin: I32_1D
    doubtful: Mask_1D

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frame_start) - 1

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.frame_of)


def build_problem(features: Features, limits: Limits, geodesic: bool) -> Problem:
    """Problem over `features`, without links (see :mod:`stormtrack.linking.neighbours`)."""
    position = np.zeros((features.n_features, 3), np.float64)
    if geodesic:
        _unit_vectors(features.x, features.y, position)
    else:
        position[:, 0], position[:, 1] = features.x, features.y
    missing = np.ascontiguousarray(features.missing_after, np.int32)
    link_set, turn_set = sets_of_frames(missing, len(limits.dmax))
    none = np.zeros(features.n_features + 1, np.int64), np.zeros(0, np.int32)
    return Problem(
        geometry=Geometry(
            geodesic, position, float(limits.parameters.weight_direction), float(limits.parameters.weight_speed)
        ),
        frame_start=np.ascontiguousarray(features.frame_start, np.int64),
        frame_of=features.frame_index.astype(np.int32),
        missing=missing,
        link_set=link_set,
        turn_set=turn_set,
        dmax=limits.dmax,
        phimax=limits.phimax,
        zonal=limits.zonal,
        adaptive=limits.adaptive,
        zone=zone_limits(features, limits),
        smoothness=limits.smoothness,
        next_start=none[0],
        next_point=none[1],
        prev_start=none[0],
        prev_point=none[1],
        next_twin=none[1],
        prev_twin=none[1],
        doubtful=np.zeros(features.n_features, np.bool_),
    )


def sets_of_frames(missing: I32, n_sets: int) -> tuple[I32, I32]:
    """Parameter set of the link behind each frame, and of the triple centred on it."""
    before = np.concatenate([missing[:1], missing[:-1]])
    link_set = np.minimum(missing, n_sets - 1).astype(np.int32)
    return link_set, np.minimum(np.maximum(before, missing), n_sets - 1).astype(np.int32)


def with_limits(problem: Problem, features: Features, limits: Limits) -> Problem:
    """The problem over the same points under other limits, without links."""
    link_set, turn_set = sets_of_frames(problem.missing, len(limits.dmax))
    return problem._replace(
        link_set=link_set,
        turn_set=turn_set,
        dmax=limits.dmax,
        phimax=limits.phimax,
        zone=zone_limits(features, limits),
        smoothness=limits.smoothness,
    )


def restricted(problem: Problem, keep: Mask) -> Problem:
    """The problem over the points where `keep` is true, without links."""
    if keep.all():
        return problem
    kept_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    none = np.zeros(int(kept_before[-1]) + 1, np.int64)
    return problem._replace(
        geometry=problem.geometry._replace(position=problem.geometry.position[keep]),
        frame_start=kept_before[problem.frame_start],
        frame_of=problem.frame_of[keep],
        zone=np.ascontiguousarray(problem.zone[:, keep]),
        next_start=none,
        prev_start=none,
        doubtful=problem.doubtful[keep],
    )


@kernel
def _unit_vectors(x: F32_1D, y: F32_1D, position: F64_2D) -> None:
    for p in range(x.size):
        position[p, 0], position[p, 1], position[p, 2] = unit_vector(x[p], y[p])
