"""Cases for the tests of linking: from the goldens, at random, and as text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from stormtrack.model.features import Features, features_of_points
from stormtrack.model.links import LinkParameters, Links
from stormtrack.settings.linking import (
    AdaptTable,
    FinalFilter,
    LinkSettings,
    MissingFrameSearch,
    ParameterSet,
    ZoneTable,
)

ZONES = (
    "3\n0.0 360.0 -90.0 -20.0 6.5\n0.0 360.0 -20.0 20.0 3.0\n0.0 360.0 20.0 90.0 6.5\n",
    "3\n350.0 10.0 -90. 90. 15.0\n0.0 360.0 -90.0 0.0 8.0\n0.0 360. 0. 90.0 21.0\n",
    "2\n0.0 360.0 30.0 90.0 9.0\n0.0 360.0 -90.0 90.0 30.0\n",
)
ADAPTS = (
    "1.0 2.0 5.0 8.0\n1.0 0.3 0.1 0.0\n",
    "1.0 2.0 5.0 8.0\n0.9 0.6 0.4 0.2\n",
    "2.0 2.0 10.0 20.0\n1.2 1.0 0.5 0.1\n",
)


def zone_table(text: str) -> ZoneTable:
    """Zone table from the text of a file."""
    words = [float(np.float32(w)) for w in text.split()]
    rows = [tuple(words[1 + 5 * i : 6 + 5 * i]) for i in range(int(words[0]))]
    return ZoneTable(zones=tuple(rows))  # type: ignore[arg-type]


def adapt_table(text: str) -> AdaptTable:
    """Adaptive table from the text of a file."""
    words = [float(np.float32(w)) for w in text.split()]
    return AdaptTable(distances=tuple(words[:4]), limits=tuple(words[4:]))  # type: ignore[arg-type]


def points_of(case: dict) -> Features:
    """Points of a golden or random case."""
    fr, ob, n = np.asarray(case["fr"], int), np.asarray(case["ob"], int), int(case["nframes"])
    order = np.lexsort((np.arange(len(fr)), ob, fr))
    fr, ob = fr[order], ob[order]
    return features_of_points(
        frame_start=np.searchsorted(fr, np.arange(n + 1)).astype(np.int64),
        object_number=ob,
        x=np.asarray(case["x"], np.float32)[order],
        y=np.asarray(case["y"], np.float32)[order],
        intensity=np.asarray(case["st"], np.float32)[order],
        n_objects=np.asarray(case["nobj"], np.int32),
        missing_after=np.asarray(case["nmiss"], np.int32),
    )


def settings_of(params: dict, norm: str) -> LinkSettings:
    """Settings of a golden or random case."""
    n = max(1, params.get("npar") or 0)
    pairs = [(params.get("dmax"), params.get("phimax"))]
    if n > 1:
        words = [float(w) for w in params["dmphi"].split()]
        pairs = [(words[2 * i], words[2 * i + 1]) for i in range(n)]

    def pick(name, i, make):
        value = params.get(name)
        return make(value[i] if isinstance(value, list) else value) if value else None

    sets = tuple(
        ParameterSet(dmax=d, phimax=f, zones=pick("zones", i, zone_table), adapt=pick("adapt", i, adapt_table))
        for i, (d, f) in enumerate(pairs)
    )
    miss, zonal, adaptive = params.get("miss"), bool(params.get("zones")), bool(params.get("adapt"))
    search = None
    if miss:
        times = tuple(tuple(t) for t in miss["times"])
        search = MissingFrameSearch(times=times, step_hours=miss["tstep"], dmax=miss["dm"], phimax=miss["phim"])
    return LinkSettings(
        weight_direction=params["w1"],
        weight_speed=params["w2"],
        sets=sets,
        adaptive=adaptive,
        zonal=zonal,
        preprocess=bool(params.get("pproc")),
        geodesic=norm == "g",
        missing_search=search,
        final=FinalFilter(zones=zonal, adaptive=adaptive) if params.get("final") else None,
    )


def read_case(path: Path) -> tuple[dict, dict]:
    """A golden and its parameters."""
    case = dict(np.load(path))
    return case, json.loads(str(case["params"]))


def track_text(tracks: Links | None, points: Features) -> str:
    """A track file as text, written in the plainest way (specification 04, section 8.4)."""
    if tracks is None:
        return ""
    h, frame = tracks.parameters, points.frame_index
    objects, features = points.object_number, points.feature_number
    out = [f"{h.weight_direction:f} {h.weight_speed:f}\n{h.dmax:f} {h.phimax:f}\nTRACK_No. {tracks.n_tracks}\n"]
    for t in range(tracks.n_tracks):
        first, last = tracks.start[t], tracks.start[t + 1]
        out.append(f"TRACK_Id. {tracks.track_id[t]}\nPOINT_No. {last - first}\n")
        for r in range(first, last):
            p, m = tracks.feature[r], tracks.missing_after[r]
            out.append(f"{frame[p] + 1} {objects[p] + 1} {features[p] + 1} {f'{m} ' if m else ''}\n")
    return "".join(out)


def read_tracks(text: str, points: Features) -> Links:
    """Tracks from the text of a track file over `points`."""
    lines = text.splitlines()
    w1, w2, dmax, phimax = (np.float32(w) for line in lines[:2] for w in line.split())
    number = {
        key: i
        for i, key in enumerate(
            zip(points.frame_index + 1, points.object_number + 1, points.feature_number + 1, strict=True)
        )
    }
    ids, start, point, missing, at = [], [0], [], [], 3
    while at < len(lines):
        ids.append(int(lines[at].split()[1]))
        count = int(lines[at + 1].split()[1])
        for line in lines[at + 2 : at + 2 + count]:
            words = [int(w) for w in line.split()]
            point.append(number[tuple(words[:3])])
            missing.append(words[3] if len(words) > 3 else 0)
        start.append(len(point))
        at += 2 + count
    return Links(
        track_id=np.array(ids, np.int64),
        start=np.array(start, np.int64),
        feature=np.array(point, np.int64),
        missing_after=np.array(missing, np.int32),
        parameters=LinkParameters(weight_direction=w1, weight_speed=w2, dmax=dmax, phimax=phimax),
    )


def points_text(points: Features) -> str:
    """The object file of filtered points as text (specification 04, section 8.5, isotropic points)."""
    out = ["4 0 1\nPROJ_DETAILS\n0 0\nADDITIONAL_FIELDS\n  0   0 &\n"]
    owner = points.object_number
    for k in range(points.n_frames):
        low, high = points.frame_start[k], points.frame_start[k + 1]
        n_objects = points.object_start[k + 1] - points.object_start[k]
        out.append(f"FRAME  {k + 1}  NMISS {points.missing_after[k]}\nOBJ_NUM  {n_objects}\n")
        out.append(f"BOUNDARY_STATE  -1\nFRAME_FEATURE_NUM {high - low}\n")
        for o in range(n_objects):
            rows = [p for p in range(low, high) if owner[p] == o]
            out.append(f"OBJECT  {o + 1}\nPOINT_NUM  0\nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  {len(rows)}\n")
            out += [f"{points.x[p]:f} {points.y[p]:f} {points.intensity[p]:e} \n" for p in rows]
    return "".join(out)


def random_case(seed: int, largest: int = 7, frames: int = 9) -> tuple[dict, dict]:
    """A small case in which ties, duplicates, poles, the seam, gaps and every option abound, and its parameters."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, frames + 1))
    euclid = rng.random() < 0.2
    centre_y = rng.choice([0.0, 0.0, 45.0, -45.0, 84.0, 90.0, -88.0])
    centre_x = rng.choice([10.0, 0.0, 180.0, 355.0])
    spread, snap = rng.choice([3.0, 8.0, 20.0]), rng.choice([0.0, 0.0, 1.25, 2.5, 5.0])
    drift, n_movers = rng.normal(0, 3, 2), int(rng.integers(1, largest))
    movers = rng.normal(0, spread, (n_movers, 2))
    velocity = rng.normal(0, rng.choice([0.5, 3.0]), (n_movers, 2)) + drift
    fr, ob, x, y, nobj = [], [], [], [], []
    for k in range(n):
        here = movers + k * velocity + rng.normal(0, 0.4, movers.shape)
        here = here[rng.random(n_movers) > 0.12]
        extra = rng.normal(0, spread, (int(rng.integers(0, 3)), 2))
        here = np.concatenate([here, extra, here[: int(rng.random() < 0.15)]])
        if rng.random() < 0.06:
            here = here[:0]
        if snap:
            here = np.round(here / snap) * snap
        objects = int(rng.integers(1, len(here) + 2))
        nobj.append(objects)
        for dx, dy in here:
            fr.append(k)
            ob.append(int(rng.integers(0, objects)))
            x.append((centre_x + dx) if euclid else (centre_x + dx) % 360.0)
            y.append(centre_y + dy if euclid else float(np.clip(centre_y + dy, -90, 90)))
    st = np.where(rng.random(len(x)) < 0.03, -2e10, rng.normal(5, 1, len(x)))
    nmiss = np.zeros(n, int)
    if rng.random() < 0.5:
        nmiss = rng.choice([0, 0, 0, 1, 2, 4], n)
    case = {"nframes": n, "nmiss": nmiss, "nobj": np.array(nobj, int), "fr": np.array(fr, int), "ob": np.array(ob, int)}
    case |= {"x": np.array(x, np.float32), "y": np.array(y, np.float32), "st": st.astype(np.float32)}
    case |= {"tom": "e" if euclid else "g", "tf": 4}
    return case, _random_params(rng, euclid, n)


FEW, MANY = (4, 9), (40, 160)
"""Frames of a crowded case, from and up to: a few; and so many that tens of sweeps are under way at a time."""


def crowded_case(seed: int, largest: int = 400, frames: tuple[int, int] = FEW) -> tuple[dict, dict]:
    """A case of 5 to `largest` points a frame, each with 1 to 12 in reach; ties, duplicates, gaps and every option."""
    rng = np.random.default_rng(seed)
    n_frames, euclid = int(rng.integers(*frames)), rng.random() < 0.2
    params = _random_params(rng, euclid, n_frames)
    per_frame = int(np.exp(rng.uniform(np.log(5), np.log(largest + 1))))
    dmax = params["dmax"] if not params.get("zones") else 8.0
    width = min(dmax * np.sqrt(per_frame * np.pi / rng.uniform(1, 12)), 150.0)
    centre_x, centre_y = rng.choice([10.0, 0.0, 180.0, 355.0]), rng.choice([0.0, 0.0, 45.0, 84.0])
    snap, drift = dmax * rng.choice([0.0, 0.0, 0.0, 0.1, 0.4]), rng.normal(0, 0.3 * dmax, 2)
    here = rng.uniform(-width / 2, width / 2, (per_frame, 2))
    velocity = rng.normal(0, dmax * rng.choice([0.05, 0.3]), here.shape) + drift
    fr, x, y = [], [], []
    for k in range(n_frames):
        shown = here[rng.random(per_frame) > 0.1]
        shown = np.concatenate([shown, shown[: int(rng.integers(0, 4))]])
        if rng.random() < 0.04:
            shown = shown[:0]
        if snap:
            shown = np.round(shown / snap) * snap
        fr += [k] * len(shown)
        x += list(centre_x + shown[:, 0] if euclid else (centre_x + shown[:, 0]) % 360.0)
        y += list(centre_y + shown[:, 1] if euclid else np.clip(centre_y + shown[:, 1], -90, 90))
        here = here + velocity + rng.normal(0, 0.05 * dmax, here.shape)
        new = rng.random(per_frame) < 0.1
        here[new] = rng.uniform(-width / 2, width / 2, (int(new.sum()), 2)) + (k + 1) * drift
    nmiss = rng.choice([0, 0, 0, 1, 2, 4], n_frames) if rng.random() < 0.4 else np.zeros(n_frames, int)
    fr, st = np.array(fr, int), np.where(rng.random(len(x)) < 0.01, -2e10, rng.normal(5, 1, len(x)))
    case = {"nframes": n_frames, "nmiss": nmiss, "nobj": np.bincount(fr, minlength=n_frames), "fr": fr}
    case |= {"ob": np.concatenate([np.arange(c) for c in case["nobj"]]).astype(int), "st": st.astype(np.float32)}
    case |= {"x": np.array(x, np.float32), "y": np.array(y, np.float32), "tom": "e" if euclid else "g", "tf": 4}
    return case, params


def _random_params(rng: np.random.Generator, euclid: bool, n: int) -> dict:
    w1 = float(rng.choice([0.2, 0.5, 1.0, 0.0]))
    params = {"w1": w1, "w2": round(1 - w1, 3), "npar": int(rng.integers(0, 4))}
    params |= {
        "dmax": float(rng.choice([2.5, 5.0, 6.5, 20.0, 60.0])),
        "phimax": float(rng.choice([0.05, 0.2, 0.5, 1.0])),
    }
    params["dmphi"] = f"{params['dmax']} {params['phimax']}\n9.5 0.7\n12.5 1.1\n"
    sets = max(1, params["npar"])
    if not euclid and rng.random() < 0.4:
        params["zones"] = [ZONES[int(i)] for i in rng.integers(0, len(ZONES), sets)]
    if rng.random() < 0.35:
        params["adapt"] = [ADAPTS[int(i)] for i in rng.integers(0, len(ADAPTS), sets)]
    elif rng.random() < 0.4:
        params["pproc"] = True
    if rng.random() < 0.4:
        params["final"] = True
    if rng.random() < 0.15 and n > 3:
        hours = np.cumsum(rng.choice([6, 6, 6, 12, 18], n)) % 24
        days = np.cumsum(rng.choice([0, 0, 1], n)) % 28 + 1
        times = [[2024, 2, int(d), int(h)] for d, h in zip(np.sort(days), np.sort(hours), strict=True)]
        params["miss"] = {"times": times, "nfr": n, "tstep": 6, "dm": 2.0, "phim": 0.04}
    return params
