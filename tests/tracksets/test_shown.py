"""The pictures that people get of a set, kept as files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stormtrack.tracksets import Tracks, example

pytest.importorskip("pytest_regressions", reason="keeps what was shown before")


@pytest.mark.parametrize("name", ["dates", "frames", "calendar", "labels"])
def test_repr(name: str, file_regression: Any) -> None:
    dated = example.tracks().data
    several = replace(
        dated,
        variables=(
            replace(dated.variables[0], name="mslp", units="hPa", values=1000 - dated.intensity),
            *(replace(dated.variables[0], name=f"added_{k}", missing_value=2.0) for k in range(1, 9)),
        ),
        labels={"kind": np.array(["NH_cyclones", "NH_cyclones", "SH_cyclones"], object)},
    )
    shown = {
        "dates": example.tracks(),
        "frames": example.tracks(dates=False)[1:],
        "calendar": example.tracks(calendar="360_day"),
        "labels": Tracks(several),
    }[name]
    file_regression.check(repr(shown) + "\n" + shown._repr_html_().replace("<tr>", "\n<tr>") + "\n")
