"""Text files of the statistics: `stat_trs`, `gstat1.dat`, `init_trs`, `disp_trs`.

References
----------
Specification 06, section 1.14. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import F32, I64
from ...storage.outputs import ByteSink
from ...text import print_groups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatisticsHead:
    """First lines of a file of statistics.

    Attributes
    ----------
    factor : float, optional
        Densities are numbers, times this; None: they are not scaled.
    domain : tuple of float
        x1, x2, y1, y2 of the data.
    kernel : tuple of int
    half_width, number : float32, shape (17,)
    """

    factor: float | None
    domain: tuple[float, float, float, float]
    kernel: tuple[int, ...]
    half_width: F32
    number: F32


def write_statistics(out: ByteSink, head: StatisticsHead, lon: F32, lat: F32, fields: Sequence[F32]) -> None:
    """Write `stat_trs` or `stat_trs_scl`."""
    scaled, factor = int(head.factor is not None), 1.0 if head.factor is None else float(np.float32(head.factor))
    text = f"PROJ_ID  0 0\nPOINT_NUM  {len(lon)} SCALED_DENSITY {scaled} ADDITIONAL_DENSITY_SCALING {factor:.8f}\n"
    text += "DOMAIN {:f} {:f} {:f} {:f}\nSMOOTHING\n".format(*(float(np.float32(v)) for v in head.domain))
    text += "".join(f"{k} " for k in head.kernel) + "\n"
    out.write(text.encode("ascii"))
    for row in (head.half_width, head.number):
        out.write(print_groups([("%f " * len(row) + "\n", [row[k : k + 1] for k in range(len(row))], None)]))
    line = "%f  %f  " + "%f " * (len(fields) - 1) + "%f\n"
    out.write(print_groups([(line, [lon, lat, *fields], None)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class MapName:
    """A projection in the files' heads: numbers, names, centre (longitude, latitude)."""

    group: int = 0
    kind: int = 0
    group_name: str = "Cylindrical"
    kind_name: str = "Plate Caree"
    longitude: float = 0.0
    latitude: float = 0.0


def grid_file(track_file: str, on: MapName, x: F32, y: F32, place: I64) -> bytes:
    """Content of `gstat1.dat`: the grid of the sampling points."""
    text = f"{track_file}\n{len(place)}\n{len(x)} {len(y)}\n{on.group} {on.kind}\n"
    text += f"{on.longitude:f} {on.latitude:f}\n{on.group_name}\n{on.kind_name}\n"
    lines = x.astype("<f4").tobytes() + b"\n" + y.astype("<f4").tobytes() + b"\n"
    return text.encode() + lines + print_groups([("%ld ", [place], None)]) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndPoints:
    """Points at which tracks begin or end: shape (n,) each; lifetime and mean speed are those of the track."""

    frame: I64
    lon: F32
    lat: F32
    value: F32
    lifetime: F32
    speed: F32


def end_points_file(points: EndPoints) -> bytes:
    """Content of `init_trs` or `disp_trs`: the count is written over the beginning of the first record, as in TRACK."""
    count = len(points.frame)
    records = "".join(
        f"{frame:<8d} {x:7.2f} {y:7.2f} {z:e} {life:6.2f} {_speed(speed)}\n"
        for frame, x, y, z, life, speed in zip(
            *(values.tolist() for values in (points.frame, points.lon, points.lat, points.value)),
            *(values.tolist() for values in (points.lifetime, points.speed)),
            strict=True,
        )
    )
    text = f"{0:<5d}\n{records}"
    return (f"{count:<8d}" + text[8:]).encode("ascii")


def _speed(speed: float) -> str:
    return "  -nan" if np.isnan(speed) else f"{speed:6.2f}"
