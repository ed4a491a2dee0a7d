"""Phase speeds, growth rates and tendencies of tracks, as velocity tracks (`phase_trs`).

References
----------
Specification 06, section 1.3. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F32
from ..model.steps import steps
from ..model.tracks import TrackSet, offsets
from ..model.variables import SPEED, VELOCITY, WEIGHT, Variable
from ..settings.statistics import PhaseSettings
from .phase_kernels import Phases, Steps, Units, find_phases


def phase_tracks(
    tracks: TrackSet, settings: PhaseSettings, frames: tuple[int, int], longitudes: tuple[float, float]
) -> TrackSet:
    """Velocity tracks: each point stands half-way between two points of a track and has the number of the first.

    Parameters
    ----------
    tracks : TrackSet
        Positions in degrees.
    settings : PhaseSettings
    frames : (int, int)
        Pairs count of which a point lies in these frames.
    longitudes : (float, float)
        First and last longitude of the grid; positions beyond are moved by a circle.
    """
    count = tracks.n_points
    out = Phases(np.zeros(count, np.bool_), *(np.zeros(count, np.float32) for _ in range(7)))
    missing = np.ascontiguousarray(tracks.missing_after, np.int32)
    lon, lat, value = _own(tracks.lon), _own(tracks.lat), _own(tracks.intensity)
    points = Steps(tracks.start, steps(tracks), lon, lat, value, missing)
    units = Units(*(np.float32(v) for v in (settings.interval, settings.scale, *longitudes)))
    find_phases(points, *frames, units, out)
    lengths = np.bincount(tracks.owner[out.kept], minlength=tracks.n_tracks).astype(np.int64)
    moved = tracks.take(out.kept, offsets(lengths))
    values = dict(zip((SPEED, *VELOCITY), out[3:], strict=True))
    variables = [Variable(name=name, values=found[out.kept]) for name, found in values.items()]
    weights = moved.variable(WEIGHT)
    return replace(
        moved,
        lon=out.lon[out.kept],
        lat=out.lat[out.kept],
        variables=(*variables, *([] if weights is None else [weights])),
    )


def _own(values: F32) -> F32:
    return np.ascontiguousarray(values, np.float32)
