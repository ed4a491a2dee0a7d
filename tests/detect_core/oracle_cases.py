"""Random detection cases, and a script that runs them through the original's stage routines.

Run as ``python oracle_cases.py GOLDENS LIBRARY SEED COUNT OUT.npz`` in a fresh process.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

F = np.float32


def smooth(field: np.ndarray, times: int) -> np.ndarray:
    """Neighbour averages, wrapping in x."""
    for _ in range(times):
        field = (field + np.roll(field, 1, axis=1) + np.roll(field, -1, axis=1)) / 3
        field[1:-1] = (field[:-2] + field[1:-1] + field[2:]) / 3
    return field / field.std()


def case(seed: int) -> dict[str, Any]:
    """One random field with grid, region and options."""
    rng = np.random.default_rng(seed)
    ix, iy = int(rng.integers(9, 70)), int(rng.integers(7, 50))
    kind = int(rng.choice([0, 3, 4, 4, 7, 7]))
    periodic = bool(rng.random() < 0.4)
    border = periodic or bool(rng.random() < 0.5)
    lon = np.arange(ix + 1, dtype=np.float64) * (360.0 / ix)
    lat = np.sort(rng.uniform(-85, 85, iy)) if rng.random() < 0.3 else np.linspace(-84, 86, iy)
    closes = periodic or bool(rng.random() < 0.5)
    field = smooth(rng.standard_normal((iy, ix)), int(rng.integers(0, 4)))
    if rng.random() < 0.3:
        field = np.round(field * 2) / 2
    field = np.concatenate((field, field[:, :1]), axis=1) if closes else field
    columns = field.shape[1]
    if kind != 7 and rng.random() < 0.15:
        field[rng.random(field.shape) < 0.05] = np.nan
        field[:, -1] = field[:, 0] if closes else field[:, -1]
    region = (1, columns, 1, iy)
    if rng.random() < 0.5:
        x1, y1 = int(rng.integers(1, columns - 5)), int(rng.integers(1, iy - 4))
        x2, y2 = int(rng.integers(x1 + 4, columns + 1)), int(rng.integers(y1 + 3, iy + 1))
        region = (1, columns, y1, y2) if periodic else (x1, x2, y1, y2)
    surface = "sphery" if closes and rng.random() < 0.5 else "smoopy"
    smoothing = 0.0 if rng.random() < 0.7 else float(rng.uniform(1.0, 40.0))
    return {
        "field": field.astype(F),
        "xgrid": lon[:columns].astype(F),
        "ygrid": lat.astype(F),
        "thresh": float(F(rng.choice([0.25, 0.5, 1.0]))),
        "region": region,
        "cc": str(rng.choice(["e", "v"])),
        "border": border,
        "periodic": periodic,
        "filt": int(rng.integers(0, 4)),
        "kind": kind,
        "b_exc": int(rng.random() < 0.3),
        "surface": surface,
        "s": smoothing,
        # smoothing with pole continuity reads beyond the driver's arrays (specification 03, section 11)
        "c1": smoothing == 0.0 and bool(rng.random() < 0.5),
        "constraints": str(rng.choice(["d", "d", "o"])) if surface == "smoopy" else "d",
        "norm": "g" if rng.random() < 0.6 else "e",
    }


def main() -> None:
    """Run the cases and store points and features of every object, flat."""
    goldens, library, seed, count, out = sys.argv[1:]
    sys.path.insert(0, f"{goldens}/detection")
    from oracle_detect import Oracle

    oracle = Oracle(library)
    kept = {}
    for k in range(int(seed), int(seed) + int(count)):
        options = case(k)
        objects = oracle.detect(options.pop("field"), options.pop("xgrid"), options.pop("ygrid"), **options)
        kept[f"{k}/classes"] = np.array([ord(o["cls"] or "\0") for o in objects], np.int64)
        kept[f"{k}/counts"] = np.array([(len(o["pts"]), len(o["fet"])) for o in objects], np.int64).reshape(-1, 2)
        points = [o["pts"] for o in objects]
        kept[f"{k}/points"] = np.concatenate(points) if points else np.zeros(0, "<i4,<i4,<f4")
        features = [o["fet"] for o in objects]
        kept[f"{k}/features"] = np.concatenate(features) if features else np.zeros((0, 6), "<i4")
    np.savez(out, **kept)


if __name__ == "__main__":
    main()
