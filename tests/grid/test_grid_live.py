"""Random grids and answers through the original's menu 7, compared as whole files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.setup import grid_questions, set_up_grid
from stormtrack.run.menus.convert import convert_frames
from stormtrack.settings.menus import MenuFrames
from stormtrack.settings.startup import FieldSelection, GridSettings
from stormtrack.sources.opening import open_source

RUN = "import sys\nfrom pyTRACK import track\ntrack(input_file='in.nc', ext='_g', namelist='a.in')\n"
SEEDS = range(400 if os.environ.get("STORMTRACK_NIGHTLY") else 12)
NC = FieldSelection(format=4, by_name=True)


def random_longitudes(rng: np.random.Generator) -> np.ndarray:
    n = int(rng.choice([12, 15, 18, 24, 36]))
    step = 360.0 / n
    whole = np.arange(n) * step
    uneven = np.sort(rng.uniform(0, 359, n))
    return [
        whole,
        np.append(whole, 360.0),
        whole - 180.0,
        whole + step / 2,
        np.append(whole - 180.0, 180.0),
        whole + rng.uniform(0, step),
        whole[: n // 2] + rng.uniform(-170, 200),
        np.where(whole + step > 180, whole + step - 360, whole + step),
        uneven,
        uneven - 180.0,
    ][rng.integers(10)]


def random_latitudes(rng: np.random.Generator) -> np.ndarray:
    lat = [
        np.linspace(-90, 90, 13),
        np.linspace(-85, 85, 12),
        np.linspace(0, 90, 7),
        np.linspace(-90, -10, 9),
        np.degrees(np.arcsin(np.polynomial.legendre.leggauss(12)[0])),
    ][rng.integers(5)]
    return lat[::-1] if rng.integers(2) else lat


def random_settings(rng: np.random.Generator, columns: int) -> GridSettings:
    return GridSettings(
        translate_columns=int(rng.integers(1 - columns, columns)) if rng.integers(2) else None,
        correct_longitudes=int(rng.integers(3)),  # type: ignore[arg-type]
        keep_equator=bool(rng.integers(2)),
        keep_south_pole=bool(rng.integers(2)),
        keep_north_pole=bool(rng.integers(2)),
        make_periodic=bool(rng.integers(2)),
    )


def write_field(path: Path, lon: np.ndarray, lat: np.ndarray, rng: np.random.Generator) -> None:
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as data:
        for name, values in (("time", [0.0, 6.0]), ("latitude", lat), ("longitude", lon)):
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
        field = data.createVariable("f", "f4", ("time", "latitude", "longitude"))
        field[:] = rng.normal(size=field.shape)


def answers_to(lon: np.ndarray, lat: np.ndarray, settings: GridSettings) -> list[str]:
    asked = grid_questions(lon, lat, settings)
    words = ["n", "0", "4", "n", "1", "n"]
    words += ["n"] if settings.translate_columns is None else ["y", str(settings.translate_columns)]
    if asked.correct_longitudes:
        words += ["y", str(settings.correct_longitudes)] if settings.correct_longitudes else ["n"]
    for question, kept in (
        (asked.keep_equator, settings.keep_equator),
        (asked.keep_south_pole, settings.keep_south_pole),
        (asked.keep_north_pole, settings.keep_north_pole),
        (asked.make_periodic, settings.make_periodic),
    ):
        words += ["y" if kept else "n"] if question else []
    return [*words, "g", "n"]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_grids_against_the_original(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = random_longitudes(rng), random_latitudes(rng)
    settings = random_settings(rng, len(lon))
    write_field(tmp_path / "in.nc", lon, lat, rng)
    with open_source(str(tmp_path / "in.nc"), NC) as source:
        try:
            grid = set_up_grid(source.lon, source.lat, settings)
        except GridError:
            grid = None
            words = [f"n 0 4 n 1 n n y {settings.correct_longitudes} y y y y g n 1 5 1 5 y 7 1 1 9"]
        else:
            words = [*answers_to(source.lon, source.lat, settings), f"1 {grid.nx} 1 {grid.ny} y 7 1 1 9"]
            convert_frames(source, grid, MenuFrames(first=1, step=1, last=9), tmp_path / "mine")
    (tmp_path / "a.in").write_text("\n".join(words) + "\n")
    command = [sys.executable, "-c", RUN]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, timeout=60)
    theirs = tmp_path / "conv_bin_g"
    if grid is None:
        assert done.returncode == 1
    else:
        assert (tmp_path / "mine").read_bytes() == theirs.read_bytes()
