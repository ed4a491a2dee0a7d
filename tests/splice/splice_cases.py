"""Random splice sets and settings: coinciding positions, gaps, the seam, additional fields."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stormtrack.formats.track.links import LinkRows
from stormtrack.model.features import features_of_points
from stormtrack.model.variables import SHAPE, Variable, added_from_columns
from stormtrack.settings.splice import MergeSettings, SpeedFilter, StrengthFilter, TrackFilters
from stormtrack.tracks.join import Chunk

Rng = np.random.Generator


def _links(rng: Rng, counts: list[list[int]]) -> tuple[list[int], list[list[tuple[int, int, int]]]]:
    """Random tracks: every feature of every frame belongs to one; each is handed on to the next frame or ends."""
    tracks: list[list[tuple[int, int, int]]] = []
    open_tracks: list[int] = []
    for frame, per_object in enumerate(counts, 1):
        features = [(frame, o, f) for o, n in enumerate(per_object, 1) for f in range(1, n + 1)]
        rng.shuffle(features)
        following: list[int] = []
        rng.shuffle(open_tracks)
        for point in features:
            if open_tracks and rng.random() < 0.8:
                following.append(open_tracks.pop())
                tracks[following[-1]].append(tuple(point))
            else:
                tracks.append([tuple(point)])
                following.append(len(tracks) - 1)
        open_tracks = following
    start = np.cumsum([0, *map(len, tracks)]).tolist()
    return start, tracks


def random_chunk(
    rng: Rng, frames: list[np.ndarray], *, shape: bool, fields: tuple[bool, ...], first_frame: int = 1
) -> Chunk:
    """A set over given frames; `frames` hold rows x, y, value, object (sorted by object)."""
    counts = [np.bincount(f[:, 3].astype(int), minlength=int(f[:, 3].max(initial=0)) + 1).tolist() for f in frames]
    start, tracks = _links(rng, counts)
    flat = np.array([p for t in tracks for p in t], np.int64).reshape(-1, 3)
    table = np.concatenate(frames) if frames else np.zeros((0, 4))
    n = len(table)
    values = sum(3 if p else 1 for p in fields)
    extra = rng.normal(size=(n, values)).round(2) * 10
    extra[rng.random(extra.shape) < 0.1] = 1e25
    last = np.zeros(len(flat), bool)
    last[np.array(start[1:], int) - 1] = True
    missing = np.where((rng.random(len(flat)) < 0.2) & ~last, rng.integers(1, 4, len(flat)), 0)
    features = features_of_points(
        frame_start=np.cumsum([0, *map(len, frames)]),
        x=table[:, 0],
        y=table[:, 1],
        intensity=table[:, 2],
        object_number=table[:, 3].astype(np.int64),
        n_objects=np.array([len(c) for c in counts], np.int64),
    )
    names = SHAPE if shape else ()
    shapes = [Variable(name=v, values=rng.normal(size=n).round(3).astype(np.float32)) for v in names]
    added = added_from_columns(extra.astype(np.float32), fields)
    features = replace(features, variables=(*features.variables, *shapes, *added))
    rows = LinkRows(
        name="random",
        track_id=np.arange(1, len(tracks) + 1),
        start=np.array(start, np.int64),
        frame=flat[:, 0].copy(),
        object=flat[:, 1].copy(),
        feature=flat[:, 2].copy(),
        missing_after=missing.astype(np.int64),
    )
    return Chunk(features=features, links=rows.over(features), name="random", first_frame=first_frame)


def random_frame(rng: Rng, most: int) -> np.ndarray:
    """Features of one frame on a coarse grid, so that positions coincide; rows x, y, value, object."""
    n = int(rng.integers(0, most + 1))
    x = rng.choice(np.arange(0, 360, 20.0), n) + rng.choice([0.0, 0.000031, 7.5], n)
    y = rng.choice([-90.0, -40.0, 0.0, 35.0, 36.5, 60.0, 89.0, 90.0], n)
    value = rng.normal(size=n).round(2) * 10
    return np.stack([x, y, value, np.sort(rng.integers(0, max(n // 2, 1), n))], axis=1)


def random_sets(rng: Rng, *, shape: bool, fields: tuple[bool, ...]) -> list[Chunk]:
    """One to three sets whose frames overlap so that the first frame of a set is the last one of the set before."""
    series = [random_frame(rng, 12) for _ in range(24)]
    sets: list[Chunk] = []
    begin = 0
    for k in range(int(rng.integers(1, 4))):
        first = 1 if k == 0 else int(rng.integers(1, 4))
        first = first if rng.random() < 0.8 else int(rng.integers(1, 4))
        length = first + int(rng.integers(0, 6))
        low = max(begin - (first - 1), 0)
        frames = series[low : low + length]
        first = min(first, len(frames))
        sets.append(random_chunk(rng, frames, shape=shape, fields=fields, first_frame=first))
        begin = low + len(frames) - 1
    return sets


def random_filters(rng: Rng, n_fields: int, frames: int, tracks: int) -> TrackFilters:
    """Random filters, each present in about half of the cases."""

    def some() -> bool:
        return bool(rng.random() < 0.4)

    strength = speed = None
    if some():
        growth, kind = int(rng.integers(0, 3)), int(rng.integers(0, 3))
        life = (int(rng.integers(0, 3)), int(rng.integers(0, 3))) if kind and some() else None
        strength = StrengthFilter(
            field=int(rng.integers(0, n_fields + 1)) if n_fields else 0,
            growth=growth,
            growth_step=int(rng.integers(1, 7)) if growth == 2 else 1,
            kind=kind,
            low=float(rng.choice([-30.0, -5.5, 0.0, 2.0])),
            high=float(rng.choice([2.5, 8.0, 40.0, 1e26])),
            check_missing=some(),
            lifecycle=life,
        )
    if some():
        region = (300.0, 60.0, -50.0, 40.0) if some() else (0.0, 200.0, -90.0, 36.5)
        speed = SpeedFilter(
            time_step=float(rng.choice([1.0, 6.0, 0.5])),
            scale=float(rng.choice([1.0, 6.37e3, 100.0])),
            kind=int(rng.integers(0, 3)),
            low=float(rng.choice([0.0, 0.5, 100.0])),
            high=float(rng.choice([1.0, 400.0, 2000.0])),
            region=region if some() else None,
        )
    first = int(rng.integers(1, max(frames, 2)))
    number = int(rng.integers(1, tracks + 1)) if tracks and rng.random() < 0.05 else None
    return TrackFilters(
        min_points=int(rng.integers(1, 4)),
        max_points=int(rng.choice([3, 8, 100000])),
        distance=float(rng.choice([0.0, 10.0, 60.0])) if some() else None,
        distance_kind=str(rng.choice(["s", "t"])),
        strength=strength,
        direction=(-90.0, 90.0) if some() else None,
        speed=speed,
        frame_range=(first, first + int(rng.integers(1, 8))) if some() else None,
        select_number=number,
        select_id=int(rng.integers(1, 40)) if number is None and rng.random() < 0.05 else None,
    )


def random_merge(rng: Rng) -> MergeSettings | None:
    """Merging in half of the cases."""
    if rng.random() < 0.5:
        return None
    radius, average = float(rng.choice([5.0, 30.0, 181.0])), bool(rng.random() < 0.5)
    return MergeSettings(end_points=bool(rng.random() < 0.9), radius=radius, average=average)
