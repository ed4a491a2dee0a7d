"""Input series of the cases: ERA5 fields where they are at hand, else the synthetic series; all filtered to T5-42.

Everything is made by `stormtrack` itself before anything is measured, and kept in the work folder.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stormtrack.arrays import F32
from stormtrack.formats.fields.track_binary import TrackBinaryWriter
from stormtrack.sample import gaussian
from stormtrack.sample.series import write_series

from . import answers
from .answers import QUARTER_COLUMNS, QUARTER_ROWS, T42_COLUMNS, T42_ROWS, Frames
from .measure import BenchmarkError, run_plainly, stormtrack_command
from .random_fields import Spectrum, fields, latitudes, maxima

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("STORMTRACK_SHARED", ROOT.parent / "shared"))
SEED = 1
ERA5_FRAMES = 62
PASCAL_PER_VORTICITY = 2.0e7
"""Stand-in for pressure: 2 hPa of depression for 1e-5 s-1."""
THRESHOLD_OF_ANSWERS = 1.0e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A filtered series as TRACK binary.

    Attributes
    ----------
    path : Path
    origin : str
        What it was made from.
    """

    path: Path
    origin: str


def era5(name: str) -> Path | None:
    """A file of ERA5 fields (62 frames, T42 grid), None where there is none."""
    path = SHARED / "goldens" / "formats" / "inputs" / name
    return path if path.is_file() else None


class Inputs:
    """Makes the series that cases ask for, each once.

    Parameters
    ----------
    folder : Path
        Where they are kept; a later run finds them there.
    say : callable
        Receives a line when something takes time.
    """

    def __init__(self, folder: Path, say: Callable[[str], object]) -> None:
        self.folder, self._say = folder, say
        folder.mkdir(parents=True, exist_ok=True)

    def vorticity(self, frames: int) -> Series:
        """850 hPa vorticity on the T42 grid: ERA5, beyond 62 frames back and forth in time; else synthetic."""
        real = era5("vo_F32_62.nc")
        if real is None:
            raw, origin = self._synthetic(frames), f"synthetic, seed {SEED}"
            return self._filtered(raw, f"vorticity_{frames}", origin, Frames(1, frames), T42_COLUMNS, T42_ROWS)
        whole = Frames(1, ERA5_FRAMES)
        series = self._filtered(real, f"vorticity_{ERA5_FRAMES}", "ERA5", whole, T42_COLUMNS, T42_ROWS)
        return series if frames <= ERA5_FRAMES else self._back_and_forth(series, frames)

    def quarter(self, frames: int) -> Series:
        """The same on the 0.25 degree grid with poles and equator, evaluated from the T42 coefficients."""
        grid = self.folder / "grid_025.txt"
        degrees = 360.0 / QUARTER_COLUMNS
        lon = " ".join(f"{degrees * k:.5f}" for k in range(QUARTER_COLUMNS))
        lat = " ".join(f"{degrees * k - 90.0:.5f}" for k in range(QUARTER_ROWS))
        grid.write_text(f"{QUARTER_COLUMNS} {QUARTER_ROWS}\n{lon}\n{lat}\n")
        real = era5("vo_F32_62.nc") if frames <= ERA5_FRAMES else None
        raw, origin = (real, "ERA5") if real else (self._synthetic(frames), f"synthetic, seed {SEED}")
        name, kind = f"quarter_{frames}", f"0 {grid.name}"
        return self._filtered(raw, name, origin, Frames(1, frames), T42_COLUMNS, T42_ROWS, grid=kind)

    def random_spectrum(self, frames: int, per_frame: int) -> Series:
        """A moving random spectrum, T159 on the 0.25 degree grid, scaled so that so many maxima exceed 1e-5 s-1."""
        path = self.folder / f"t159_{frames}_{per_frame}.dat"
        if not path.exists():
            self._say(f"making {path.name}")
            spectrum = Spectrum(frames=frames)
            every = list(fields(spectrum))
            lat = latitudes(spectrum)
            strengths = np.sort(np.concatenate([maxima(field, lat).value for field in every]))[::-1]
            scale = THRESHOLD_OF_ANSWERS / strengths[per_frame * frames]
            lon = np.arange(QUARTER_COLUMNS) * 360.0 / QUARTER_COLUMNS
            with TrackBinaryWriter(path, lon, lat) as out:
                for field in every:
                    out.write_frame((scale * field).astype(np.float32))
        return Series(path=path, origin=f"random spectrum, seed {SEED}")

    def pressure(self, frames: int) -> Series:
        """Mean-sea-level pressure on the T42 grid: ERA5, else the synthetic vorticity turned into depressions."""
        real = era5("msl_F32_62.nc")
        if real is not None and frames <= ERA5_FRAMES:
            return self._filtered(real, f"pressure_{frames}", "ERA5", Frames(1, frames), T42_COLUMNS, T42_ROWS)
        vorticity = self._filtered(
            self._synthetic(frames), f"synthetic_{frames}", "", Frames(1, frames), T42_COLUMNS, T42_ROWS
        )
        return self._depressions(vorticity, frames)

    def _synthetic(self, frames: int) -> Path:
        path = self.folder / f"sample_{frames}.nc"
        if not path.exists():
            self._say(f"making {path.name}")
            write_series(path, gaussian(42), frames, SEED)
        return path

    def _filtered(
        self, raw: Path, name: str, origin: str, frames: Frames, columns: int, rows: int, *, grid: str = "1 42"
    ) -> Series:
        path = self.folder / f"{name}_{'era5' if origin == 'ERA5' else 'synthetic'}.dat"
        if not path.exists():
            self._say(f"making {path.name}")
            text = answers.spectral_filter(columns, rows, frames, grid=grid)
            run_plainly(stormtrack_command(str(raw.resolve()), f"_{name}"), text, self.folder)
            band = "specfil_band{:03d}._" + name + "_band{:03d}"
            (self.folder / band.format(0, 0)).unlink()
            (self.folder / band.format(1, 1)).rename(path)
        return Series(path=path, origin=origin)

    def _back_and_forth(self, series: Series, frames: int) -> Series:
        """A series continued by its own frames in reverse, then forward again, and so on: motion stays smooth."""
        path = self.folder / f"vorticity_{frames}_era5.dat"
        if not path.exists():
            self._say(f"making {path.name}")
            fields = _frames_of(series.path.read_bytes(), T42_COLUMNS * T42_ROWS)
            period = 2 * (len(fields) - 1)
            grid = gaussian(42)
            with TrackBinaryWriter(path, grid.lon, grid.lat) as out:
                for number in range(frames):
                    place = number % period
                    field = fields[min(place, period - place)]
                    out.write_frame(field.reshape(T42_ROWS, T42_COLUMNS))
        return Series(path=path, origin="ERA5, 62 frames back and forth")

    def _depressions(self, vorticity: Series, frames: int) -> Series:
        path = self.folder / f"pressure_{frames}_synthetic.dat"
        grid = gaussian(42)
        size = T42_COLUMNS * T42_ROWS
        content = vorticity.path.read_bytes()
        with TrackBinaryWriter(path, grid.lon, grid.lat) as out:
            for field in _frames_of(content, size):
                out.write_frame((field * np.float32(-PASCAL_PER_VORTICITY)).reshape(T42_ROWS, T42_COLUMNS))
        return Series(path=path, origin=f"synthetic, seed {SEED}")


def _frames_of(content: bytes, size: int) -> list[F32]:
    """Fields of a TRACK binary file with lines ``FRAME n`` before and an extra byte after each."""
    fields = []
    place = content.index(b"FRAME")
    while place < len(content):
        begin = content.index(b"\n", place) + 1
        fields.append(np.frombuffer(content, "<f4", size, begin))
        place = begin + 4 * size + 1
    return fields


def need_reference() -> None:
    """Raise unless the wheel is there."""
    if importlib.util.find_spec("pyTRACK") is None:
        raise BenchmarkError("the comparison needs the wheel track-pylib (pip install 'stormtrack[oracle]')")
