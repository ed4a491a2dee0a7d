"""Sets of tracks for pages: many made-up storms, and nasty ones."""

from __future__ import annotations

import numpy as np

from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.tracksets.tracks import Tracks

EVIL = """</script><img src=x onerror="document.title='broken'"> <!-- & 'x' \u2028 "y" ]]>"""
"""A text that would end its element, were it not escaped."""
_GAP = np.float32(1e25)


def many(n: int, *, years: int = 2, seed: int = 1) -> Tracks:
    """Storms of two hemispheres with two values, some of the second missing."""
    draw = np.random.default_rng(seed)
    lengths = np.clip(draw.gamma(3, 8, n).astype(int) + 6, 6, 90)
    start = offsets(lengths)
    owner = np.repeat(np.arange(n), lengths)
    age = np.arange(start[-1]) - start[:-1][owner]
    side = np.where(draw.random(n) < 0.45, -1, 1)
    lat = side[owner] * np.clip(draw.normal(42, 10, n)[owner] + draw.normal(0.4, 0.3, n)[owner] * age, 8, 89)
    lon = (draw.uniform(0, 360, n)[owner] + draw.uniform(0.5, 4.5, n)[owner] * age) % 360
    strength = (draw.gamma(4, 1.3, n)[owner] + 1) * np.sin(np.pi * (age + 0.5) / lengths[owner])
    pressure = (1010 - 5 * strength).astype(np.float32)
    pressure[draw.random(len(pressure)) < 0.02] = _GAP
    frame = draw.integers(1, years * 1460 - 100, n)[owner] + age
    return Tracks(
        TrackSet(
            track_id=np.arange(1, n + 1),
            start=start,
            lon=lon.astype(np.float32),
            lat=lat.astype(np.float32),
            variables=(
                Variable(name="vorticity", values=strength.astype(np.float32), units="1e-5 s-1"),
                Variable(name="mslp", values=pressure, units="hPa", missing_value=1e25),
            ),
            frame=frame,
            missing_after=np.zeros(len(owner), np.int32),
            time=Times(values=6 * (frame - 1), units="hours since 2000-01-01 00:00:00", calendar="standard"),
        )
    )


def nasty(calendar: str = "360_day") -> Tracks:
    """Over the date line and the pole, one point only, all values missing, names that are HTML; another calendar."""
    lengths = np.array([4, 5, 1, 3])
    lon = [170, 178, -174, -166, 0, 0, 180, 180, 180, 33.3, 359, 361, 725]
    lat = [40, 41, 42, 43, 84, 88, 88, 84, 80, -0.0, -60, -61, -62]
    first, second = np.arange(13, dtype=np.float32) / 3, np.full(13, 1.0e25, np.float32)
    second[:3] = [np.float32(0.1), -1.0e-7, 16777217.0]
    names = np.empty(4, object)
    names[:] = ["plain", EVIL, "", 'comma, "quote"\nline']
    values = np.array([0, 6, 12, 18, 24, 30, 36, 42, 48, 700, 702, 708, 714])
    return Tracks(
        TrackSet(
            track_id=np.array([7, 9, 7, 2**40]),
            start=offsets(lengths),
            lon=np.array(lon, np.float32),
            lat=np.array(lat, np.float32),
            variables=(
                Variable(name="<b>u</b>", values=first),
                Variable(name="gaps", values=second, missing_value=1e25),
            ),
            frame=np.zeros(13, np.int64),
            missing_after=np.zeros(13, np.int32),
            time=Times(values=values, units="hours since 2001-02-29 00:00:00", calendar=calendar),
            labels={
                "name": names,
                "flag": np.array([True, False, True, True]),
                "weight": np.array([0.1, 1.0, np.nan, 1e300]),
            },
            attributes={"title": EVIL, "one": 1.0, "two": 2},
        )
    )
