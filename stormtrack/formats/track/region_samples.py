"""Samples of regions around track points: `ff_trs..._addfld_reg`.

References
----------
Specification 06, section 2.7. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import F32

_HEADER = "%6d %10d %6d %6d %2d %2d %3d %2d %2d %2d %2d %2d\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionHeader:
    """First line of the file.

    Attributes
    ----------
    n_tracks, n_points : int
    n_columns, n_rows : int
        Of a region: azimuths or longitudes, and radii or latitudes.
    n_fields : int
    turned : bool
        Regions are turned into the direction of motion.
    smoothing : int
        Segments over which it is averaged.
    chosen_centre : bool
    missing_policy : int
    on_longitudes : bool
        A region on longitudes and latitudes, else a radial one.
    """

    n_tracks: int
    n_points: int
    n_columns: int
    n_rows: int
    n_fields: int
    turned: bool
    smoothing: int
    chosen_centre: bool = False
    missing_policy: int = 0
    on_longitudes: bool = False

    @property
    def line(self) -> bytes:
        """The line."""
        numbers = (self.n_tracks, self.n_points, self.n_columns, self.n_rows, self.n_fields)
        flags = (self.turned, self.smoothing, self.chosen_centre, self.missing_policy, 0, 0, self.on_longitudes)
        return (_HEADER % (*numbers, *flags)).encode()


def region_file(header: RegionHeader, columns: F32, rows: F32, samples: F32) -> bytes:
    """Bytes of the file: the header, both axes, and a record for each track point and field.

    Parameters
    ----------
    header : RegionHeader
    columns, rows : float32
        Axes of a region.
    samples : float32, shape (n_points, n_fields, n_rows * n_columns)
    """
    records = np.ascontiguousarray(samples.reshape(-1, samples.shape[-1]))
    lines = np.empty((len(records), records.shape[1] * 4 + 1), np.uint8)
    lines[:, :-1] = records.view(np.uint8)
    lines[:, -1] = ord("\n")
    return b"".join((header.line, columns.tobytes(), b"\n", rows.tobytes(), b"\n", lines.tobytes()))
