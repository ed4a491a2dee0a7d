"""How near features and tracks of two engines are: the tolerances that docs/jax.md states."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

SAME_FEATURES, SAME_TRACKS = 0.999, 0.995


class Near(NamedTuple):
    """How far apart the same feature may be: degrees, and shares of its value."""

    degrees: float
    values: float


NEAR = {"jax": Near(1.0e-4, 1.0e-6), "jax-float32": Near(1.0e-3, 1.0e-5)}
"""In single precision rounding is 6e-8 of the largest values of a field, 2e-6 of the strength of a weak feature; a flat
maximum moves further. Of ERA5 99.9 % are within 1.3e-4 degrees and 3.1e-6 (MSLP): the limits leave a factor of 3."""
_RADIAN = np.pi / 180.0


def separation(a: Any, b: Any) -> Any:
    """Degrees between positions (lon, lat in degrees), of each of the one to each of the other."""
    unit = [
        np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
        for lon, lat in ((np.float64(lon) * _RADIAN, np.float64(lat) * _RADIAN) for lon, lat in (a, b))
    ]
    chord = np.linalg.norm(unit[0][:, None] - unit[1], axis=2)
    return 2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0)) / _RADIAN


def share_of_features(expected: Any, found: Any, near: Near = NEAR["jax"]) -> float:
    """How many features of all frames have one within the tolerances in the other set (`Features`), both ways."""
    assert expected.n_frames == found.n_frames
    matched = total = 0
    for k in range(expected.n_frames):
        one, other = _frame(expected, k), _frame(found, k)
        same = separation(one[:2], other[:2]) < near.degrees
        same &= np.abs(one[2][:, None] - other[2]) <= near.values * np.abs(one[2])[:, None]
        matched += int(same.any(axis=1).sum()) + int(same.any(axis=0).sum())
        total += len(one[0]) + len(other[0])
    assert total > 0
    return matched / total


def _frame(features: Any, k: int) -> tuple[Any, Any, Any]:
    """Longitudes, latitudes and strengths of a frame."""
    first, last = (features.feature_start[features.object_start[i]] for i in (k, k + 1))
    own = slice(int(first), int(last))
    return features.x[own], features.y[own], features.intensity[own].astype(np.float64)


def share_of_tracks(expected: Any, found: Any, near: Near = NEAR["jax"]) -> float:
    """How many tracks are in both sets (`Tracks`): the same frames, points within the tolerance."""
    one, other = ([_points(tracks.data, k) for k in range(tracks.n_tracks)] for tracks in (expected, found))
    assert one
    by_start: dict[tuple[int, int], list[Any]] = {}
    for points in other:
        by_start.setdefault((int(points[0][0]), len(points[0])), []).append(points)
    same = sum(any(_alike(a, b, near) for b in by_start.get((int(a[0][0]), len(a[0])), [])) for a in one)
    return 2.0 * same / (len(one) + len(other))


def _points(data: Any, k: int) -> tuple[Any, Any, Any]:
    """Frames, longitudes and latitudes of a track."""
    own = slice(int(data.start[k]), int(data.start[k + 1]))
    return data.frame[own], data.lon[own], data.lat[own]


def _alike(a: tuple[Any, Any, Any], b: tuple[Any, Any, Any], near: Near) -> bool:
    return bool((a[0] == b[0]).all() and (np.diag(separation(a[1:], b[1:])) < near.degrees).all())
