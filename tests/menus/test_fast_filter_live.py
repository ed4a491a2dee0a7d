"""The fast spectral filter (menu 4, type 1) with derived fields by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from stormtrack.settings.transform_sizes import is_smooth
from tests.branches.beside_track import assert_same
from tests.menus.drawn_fields import frame_numbers, smooth_noise, write_binary, write_netcdf

SEEDS = range(20)
MANY = range(100, 160)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
ROWS = (8, 10, 12, 16, 18, 20, 24)


def columns_of(truncation: int) -> int:
    """Columns of the quadratic grid."""
    n = 3 * truncation + 1
    n += n % 2
    return n + n % 4


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    rng = np.random.default_rng(seed)
    one_of = lambda *options: rng.choice(list(options))  # noqa: E731
    rows = int(one_of(*ROWS))
    lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(rows)[0]))
    lon = np.arange(2 * rows) * 180.0 / rows
    n = int(rng.integers(1, 4))
    field = (smooth_noise(rng, lon, lat, n) * float(one_of(1.0, 1e-5))).astype(np.float32)
    netcdf = rng.random() < 0.5
    if netcdf:
        write_netcdf(folder / "input", lon, lat[::-1], {"v": field[:, ::-1]})
    else:
        write_binary(folder / "input", lon, lat, field)
    words = ["n 0 4 n 1 y" if netcdf else "n 0 0 y", f"n n g n 1 {2 * rows} 1 {rows} y"]
    words.append(f"4 {frame_numbers(rng, n)} 1")
    derived = rng.random() < 0.7
    words.append(f"y {rng.integers(2)} {rng.integers(2)}" if derived else "n")
    most = rows - 2
    top = int(rng.integers(2, most + 1))
    words.append(str(top))
    files, grid = [], one_of("n", "n", "gaussian", "file")
    if grid == "gaussian":
        # with fewer than two columns for a wave the original damages its memory
        words.append(f"y 1 {one_of(*(t for t in range(1, rows) if is_smooth(columns_of(t)) and 3 * t >= 2 * top))}")
    elif grid == "file":
        columns = int(one_of(*(c for c in (12, 20, 36, 48) if c >= 2 * top)))
        axis = np.linspace(-80.0, 80.0, 6)
        numbers = [f"{v:.3f}" for v in (*(np.arange(columns) * 360.0 / columns), *axis)]
        (folder / "grid.txt").write_text(f"{columns} 6\n" + "\n".join(numbers) + "\n")
        files.append(folder / "grid.txt")
        words.append("y 0 grid.txt")
    else:
        words.append("n")
    bands = int(rng.integers(1, 4))
    words.append(str(bands))
    words.append(f"y {rng.uniform(0.05, 0.9):.3f}" if rng.random() < 0.5 else "n")
    words.append(" ".join(map(str, [0, *sorted(rng.integers(0, top + 1, bands - 1)), top])))
    unit = float(np.abs(field).max())
    words.append(f"y {0.4 * unit:.4e} {0.1 * unit:.4e}" if rng.random() < 0.3 else "n")
    got = assert_same(folder, folder / "input", " ".join(words), files)
    assert any(name.startswith("specfil") for name in got)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)
