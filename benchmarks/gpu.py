"""Filter and detection on the device that JAX finds: checks, then times; no case is begun after four minutes.

    python -m benchmarks.gpu --output gpu.json            on a GPU: 0.25 degrees and T42, both precisions
    python -m benchmarks.gpu --small --output cpu.json    on a processor, in small

Fields are synthetic and made here. First features are compared with those of the fast engine on this processor, by the
tolerances of docs/jax.md; then frames that live on the device are searched, batch after batch, and nothing but features
comes back (implicit transfers are an error). The processor's engine is timed on the same frames on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import stormtrack as st
from stormtrack.device.batches import Batches
from stormtrack.device.packages import jax
from stormtrack.device.series import SeriesProgram, needed
from stormtrack.recipes.frames import Frames
from stormtrack.recipes.on_device import fields_of
from stormtrack.recipes.run import searches_of
from stormtrack.trackers import HodgesTracker
from stormtrack.trackers.files import series_of
from tests.device.comparing import NEAR, SAME_FEATURES, share_of_features

BUDGET_SECONDS = 300.0
PRESET = "vorticity-nh-t42"


def main() -> None:
    """Check, time, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, help="JSON file")
    parser.add_argument("--small", action="store_true", help="few frames, small batches: for a processor")
    parser.add_argument(
        "--seconds", type=float, default=BUDGET_SECONDS, help="no case is begun after four fifths of them (300)"
    )
    args = parser.parse_args()
    started = time.perf_counter()
    result: dict[str, Any] = {"machine": machine(), "cases": []}
    for name, degrees, batch, engine in cases(small=args.small):
        if time.perf_counter() - started > args.seconds * 0.8:
            result["cases"].append({"case": name, "left out": "no time left"})
            continue
        result["cases"].append(case(name, degrees, batch, engine))
        print(json.dumps(result["cases"][-1]), flush=True)
        args.output.write_text(json.dumps(result, indent=1) + "\n")
    result["seconds"] = round(time.perf_counter() - started, 1)
    args.output.write_text(json.dumps(result, indent=1) + "\n")


def cases(*, small: bool) -> list[tuple[str, float | None, int, str]]:
    """Name, step of the grid (None: T42), frames of a batch, engine."""
    coarse, fine = ("T42", None), ("0.25 degrees", 0.25)
    if small:
        return [(*coarse, 16, "jax"), (*fine, 2, "jax"), (*fine, 2, "jax-float32")]
    double = [(*coarse, 64, "jax"), (*coarse, 256, "jax"), (*fine, 16, "jax"), (*fine, 64, "jax")]
    return [*double, (*fine, 64, "jax-float32"), (*coarse, 256, "jax-float32")]


def machine() -> dict[str, Any]:
    """What this ran on."""
    device = jax.devices()[0]
    return {
        "device": device.device_kind,
        "platform": device.platform,
        "jax": jax.__version__,
        "stormtrack": st.__version__,
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "date": time.strftime("%Y-%m-%d"),
    }


def case(name: str, degrees: float | None, batch: int, engine: str) -> dict[str, Any]:
    """One case: alike, compiled, timed."""
    field = st.sample_field(batch)
    if degrees is not None:
        field = st.regrid(field, degrees, engine="fast").astype(np.float32)
    told: dict[str, Any] = {"case": name, "engine": engine, "batch": batch, "grid": list(field.shape[1:])}
    few = field.isel(time=slice(0, 4))
    expected, found = (st.detect(few, PRESET, engine=one) for one in ("fast", engine))
    share = share_of_features(expected["NH_cyclones"], found["NH_cyclones"], NEAR[engine])
    told["same features"] = share
    assert share >= SAME_FEATURES, told
    return told | timed_on_device(field, engine) | timed_here(few)


def timed_on_device(field: Any, engine: str) -> dict[str, Any]:
    """Frames a second of a batch that lives on the device."""
    tracker = HodgesTracker(recipe=PRESET, engine=engine)
    series = next(iter(series_of([st.open_field(field)])))
    frames = Frames(tracker.input_of(series))
    passes = searches_of(frames, tracker.followed, 1.0e5)
    where = fields_of(frames)
    program = SeriesProgram(passes, frames.filter.transform, order=where.order)
    batches = Batches(program, len(field))
    raw = jax.device_put(next(where.batches(len(field))))
    (first,) = batches.searched([raw])
    seconds = []
    with jax.transfer_guard("disallow"):
        for _ in range(5):
            begun = time.perf_counter()
            for _ in batches.searched([raw] * 3):
                pass
            seconds.append((time.perf_counter() - begun) / 3)
    features = sum(int(found.maxima.is_feature.sum()) for found in first.found)
    return {
        "compile seconds": round(batches.compile_seconds, 1),
        "features a frame": round(features / len(field), 1),
        "slots": list(batches.slots),
        "slots needed": list(needed(first)),
        "ms a frame on the device": round(1e3 * min(seconds) / len(field), 4),
        "frames a second on the device": round(len(field) / min(seconds), 1),
        "frames a second, median": round(len(field) / float(np.median(seconds)), 1),
    }


def timed_here(field: Any) -> dict[str, Any]:
    """The fast engine on one core of this processor: filter and detection of the same frames."""
    st.detect(field, PRESET, engine="fast")
    begun = time.process_time()
    rounds = 3
    for _ in range(rounds):
        st.detect(field, PRESET, engine="fast")
    return {"ms a frame, fast engine, one core": round(1e3 * (time.process_time() - begun) / rounds / len(field), 3)}


if __name__ == "__main__":
    main()
