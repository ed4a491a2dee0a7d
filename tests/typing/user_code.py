"""What users write, for the strictest type check (tests/test_public_api.py); it is not run."""

from __future__ import annotations

from pathlib import Path

import stormtrack as st


def track_and_look(path: Path) -> int:
    """From a file to numbers."""
    tracks = st.track(path, st.presets.vorticity_nh_t42(threshold=0.8), threads=2)
    strong = tracks.select(season="DJF", intensity=(4.0, None), lifetime=("2 days", None))
    for one in strong:
        print(one.track_id[0], one.lon.max(), one["intensity"].max(), one.speed().mean())
    tracks.write("tracks.nc")
    tracks.write("ff_trs", format="track", lossy=True)
    return tracks.n_tracks + tracks.n_points + len(strong)


def stage_by_stage(path: str) -> st.Tracks:
    """Detection and linking one by one."""
    features: st.DetectedFeatures = st.detect(path, "vorticity-nh-t42", variable="vo")
    features.write("features.nc")
    return st.link(st.read_detected("features.nc"))


def other_trackers(path: str) -> bool:
    """The same call, the same result."""
    lows: st.Tracks = st.track(path, tracker=st.SimpleTracker(sign="min"), variable="msl")
    both = st.combine([lows, st.read_tracks("ff_trs_*")], ids="renumber")
    return lows == both


def told(what: str, done: int, total: int | None) -> None:
    """Progress."""


def with_progress(path: str) -> st.Tracks:
    """A function is told how far it is."""
    return st.track(path, Path("plan.toml"), opening={"level": 850}, progress=told)
