"""The spectral filter against the wheel, on grids and fields that the goldens do not have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from stormtrack.grid.gaussian import gaussian_latitudes
from stormtrack.preprocess.spectral import SpectralFilter
from stormtrack.settings.spectral import SpectralSettings
from stormtrack.testing import assert_bitwise

RUN = "from pyTRACK import track; track(input_file='v.nc', ext='X', namelist='a.in')"


def fields(kind: str, rows: int, columns: int) -> Any:
    rng = np.random.default_rng(columns)
    made = {
        "noise": rng.standard_normal((2, rows, columns)),
        "zero": np.zeros((2, rows, columns)),
        "constant": np.full((2, rows, columns), 101325.0),
        "spike": np.zeros((2, rows, columns)),
    }[kind].astype(np.float32)
    if kind == "spike":
        made[0, rows // 3, 0], made[1, 0, columns - 1] = 1e6, -1e6
    return made


CASES = [
    ("noise", 32, 10, (0, 3, 10), "n"),
    ("noise", 48, 14, (2, 3), "y 0.1"),
    ("noise", 60, 19, (0, 19), "n"),
    ("noise", 72, 23, (0, 4, 23), "y 0.3"),
    ("noise", 80, 45, (5, 45), "n"),
    ("noise", 100, 12, (0, 12), "n"),
    ("noise", 108, 12, (1, 12), "n"),
    ("noise", 240, 20, (0, 5, 20), "n"),
    ("zero", 64, 21, (0, 5, 21), "n"),
    ("constant", 64, 0, (0, 0), "n"),
    ("spike", 96, 31, (0, 5, 31), "y 0.1"),
]


@pytest.mark.parametrize(("kind", "columns", "truncation", "boundaries", "taper"), CASES)
def test_filter_has_the_wheels_bits(
    *, kind: str, columns: int, truncation: int, boundaries: tuple[int, ...], taper: str,
    tmp_path: Path, oracle_library: Path,
) -> None:  # fmt: skip
    rows = columns // 2
    frames = fields(kind, rows, columns)
    lat = gaussian_latitudes(rows)[0]
    lon = np.arange(columns) * (360.0 / columns)
    with netCDF4.Dataset(tmp_path / "v.nc", "w", format="NETCDF3_CLASSIC") as data:
        for name, values in (("time", np.arange(2.0)), ("lat", lat[::-1]), ("lon", lon)):
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
        data.createVariable("v", "f4", ("time", "lat", "lon"))[:] = frames[:, ::-1]
    limits = " ".join(map(str, boundaries))
    bands = len(boundaries) - 1
    start = f"n 0 4 n 1 y n n g n 1 {columns} 1 {rows} y "
    answers = start + f"4 1 1 9 1 n {truncation} n {bands} {taper} {limits} n 0"
    (tmp_path / "a.in").write_text("\n".join(answers.split()) + "\n")
    subprocess.run([sys.executable, "-c", RUN], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    cutoff = float(taper.split()[1]) if taper != "n" else None
    settings = SpectralSettings(truncation=truncation, boundaries=boundaries, hoskins_cutoff=cutoff)
    plan = SpectralFilter(lon.astype(np.float32), lat.astype(np.float32), settings)
    size = 13 + 4 * rows * columns + 1
    for band in range(bands):
        raw = (tmp_path / f"specfil_band{band:03d}.X_band{band:03d}").read_bytes()
        records = raw[raw.index(b"FRAME") :]
        assert len(records) == 2 * size
        for k in range(2):
            theirs = np.frombuffer(records, "<f4", rows * columns, k * size + 13).reshape(rows, columns)
            assert_bitwise(plan.filter(frames[k])[band][0], theirs, f"{kind} band {band} frame {k + 1}")
