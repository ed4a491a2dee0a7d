"""Answers of the original's splice dialogue as settings (specification 01, section 5.1), for the goldens."""

from __future__ import annotations

from collections.abc import Iterator

from stormtrack.settings.splice import (
    MergeSettings,
    SpeedFilter,
    SpliceSet,
    SpliceSettings,
    StrengthFilter,
    TrackFilters,
)


def _sets(words: Iterator[str]) -> tuple[bool, tuple[SpliceSet, ...]]:
    matching = next(words) == "1"
    sets = [
        SpliceSet(object_file=next(words), track_file=next(words), first_frame=int(next(words)))
        for _ in range(int(next(words)))
    ]
    return matching, tuple(sets)


def _merge(words: Iterator[str]) -> MergeSettings | None:
    if next(words) != "y":
        return None
    if next(words) != "y":
        return MergeSettings(end_points=False)
    return MergeSettings(end_points=True, radius=float(next(words)), average=next(words) == "1")


def _strength(words: Iterator[str], n_fields: int, kind: str) -> StrengthFilter | None:
    if next(words) != "y":
        return None
    field = int(next(words)) if n_fields and kind == "s" else 0
    growth = int(next(words))
    step = int(next(words)) if growth == 2 and kind == "s" else 1
    how, low, high = int(next(words)), float(next(words)), float(next(words))
    check = next(words) == "y"
    life = None
    if how != 0 and next(words) == "y":
        life = (int(next(words)), int(next(words)))
    return StrengthFilter(
        field=field, growth=growth, growth_step=step, kind=how, low=low, high=high, check_missing=check, lifecycle=life
    )


def _speed(words: Iterator[str]) -> SpeedFilter:
    step = float(next(words))
    scale = 1.0
    if next(words) == "y":
        scale = 6.37e3 if next(words) == "1" else float(next(words))
    kind, low, high = int(next(words)), float(next(words)), float(next(words))
    region = None
    if next(words) == "y":
        region = (float(next(words)), float(next(words)), float(next(words)), float(next(words)))
    return SpeedFilter(time_step=step, scale=scale, kind=kind, low=low, high=high, region=region)


def _filters(words: Iterator[str], n_fields: int, kind: str) -> TrackFilters:
    least, most = int(next(words)), int(next(words))
    distance, distance_kind = None, "s"
    if next(words) == "y":
        distance, distance_kind = float(next(words)), next(words)
    strength = _strength(words, n_fields, kind)
    direction = speed = None
    if next(words) == "y":
        if next(words) == "y":
            direction = (float(next(words)), float(next(words)))
        if next(words) == "y":
            speed = _speed(words)
    frames = (int(next(words)), int(next(words))) if next(words) == "y" else None
    number = track_id = None
    if next(words) == "s":
        by_id = next(words) == "1"
        number, track_id = (None, int(next(words))) if by_id else (int(next(words)), None)
    return TrackFilters(
        min_points=least,
        max_points=most,
        distance=distance,
        distance_kind=distance_kind,
        strength=strength,
        direction=direction,
        speed=speed,
        frame_range=frames,
        select_number=number,
        select_id=track_id,
    )


def splice_settings(text: str, *, skip: int, n_fields: int = 0) -> SpliceSettings:
    """Settings from answers; the first `skip` words come before ``splice.use_existing?``."""
    words = iter(text.split()[skip:])
    existing, kind, merge = None, "s", None
    matching, sets = False, ()
    if next(words) == "y":
        assert next(words) == "y"
        existing, kind = next(words), next(words)
    else:
        matching, sets = _sets(words)
        merge = _merge(words)
    filters = _filters(words, n_fields, kind)
    return SpliceSettings(
        filters=filters,
        sets=sets,
        matching=matching,
        existing_file=existing,
        existing_kind="v" if kind == "v" else "s",
        merge=merge,
        grid_positions=next(words) == "y",
    )
