"""A threshold by time average on a projection against the wheel: whole output files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import assert_same
from tests.branches.test_recompute_live import LINK, N_FRAMES, POLAR, _detection, data

__all__ = ["data"]


@pytest.mark.parametrize("percent", ["0.", "12.5"])
def test_threshold_by_time_average(oracle_library: Path, data: Path, tmp_path: Path, percent: str) -> None:
    content = data.read_bytes()
    fields = [
        np.frombuffer(content, "<f4", 128 * 64, content.index(b"FRAME %6d\n" % (k + 1)) + 13) for k in range(N_FRAMES)
    ]
    average = tmp_path / "user_tavg_a"
    average.write_bytes(b"FRAME      1\n" + np.mean(fields, axis=0, dtype=np.float32).astype("<f4").tobytes() + b"\n")
    detection = _detection(projected=True).replace("n n n n 0. ", f"n n n y t {percent} y 0. ")
    assert "y t" in detection
    assert_same(tmp_path, data, POLAR + "n n " + detection + LINK.format(""), [average])
