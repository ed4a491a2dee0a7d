"""NetCDF files of the statistics: `stat_trs..._1.nc` and its scaled copy.

References
----------
Specification 06, section 1.14. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import F32, I64, Array
from ...storage.classic_netcdf import Attribute, Header, Variable, big_endian
from .statistics_text import MapName
from .track_netcdf import FILL

MISSING = np.float32(1.0e10)
"""Value of grid cells without a sampling point."""
SPARE = (("spare1", "Spare1"), ("spare2", "Spare2"))
"""Variables that are never written."""
_TITLES = {
    False: "Tracking Statistics: densities (pdf's) and mean attributes",
    True: "Tracking Statistics: number densities and mean attributes",
}
_AXES = {False: (("long", "longitude"), ("lat", "latitude")), True: (("X-pos", "x-pos"), ("Y-pos", "y-pos"))}


def statistics_netcdf(
    track_file: str,
    on: MapName,
    lines: tuple[F32, F32],
    place: I64,
    fields: Sequence[tuple[str, str, F32]],
    factor: float | None,
) -> bytes:
    """Content of a file of statistics.

    Parameters
    ----------
    track_file : str
        Its name as answered.
    on : MapName
        Projection of the sampling points.
    lines : (x, y)
        Lines of their grid: float32, shapes (nx,), (ny,).
    place : int64, shape (n,)
        Where each point stands in the grid.
    fields : sequence of (name, title, values)
        Values: float32, shape (n,).
    factor : float, optional
        Of densities that are numbers.
    """
    history = (
        f"Track File: {track_file}; Projection group: {on.group_name}; Projection type: {on.kind_name}; "
        f"Projection centre: longitude {on.longitude:f}, latitude {on.latitude:f}; Density Scaling: "
        f"{1.0 if factor is None else float(np.float32(factor)):f}"
    )
    kind, shape = big_endian(np.float32), (len(lines[1]), len(lines[0]))
    variables, values = [], {}
    for axis, (name, title) in enumerate(_AXES[on.group != 0]):
        variables.append(Variable(name=name, axes=(axis,), kind=kind, attributes={"long_name": title.encode()}))
        values[name] = lines[axis]
    tables: list[tuple[str, str, F32]] = [(name, title, _table(found, place, shape)) for name, title, found in fields]
    tables += [(name, title, np.full(shape, FILL, np.float32)) for name, title in SPARE]
    for name, title, table in tables:
        of: dict[str, Attribute] = {"long_name": title.encode(), "missing_value": np.array([MISSING])}
        variables.append(Variable(name=name, axes=(1, 0), kind=kind, attributes=of))
        values[name] = table
    header = Header(
        dimensions=[(variables[k].name, len(lines[k])) for k in range(2)],
        variables=variables,
        attributes={"title": _TITLES[factor is not None].encode(), "history": history.encode()},
    )
    content: dict[str, Array] = dict(values)
    return header.start_of_file(content)


def _table(values: F32, place: I64, shape: tuple[int, int]) -> F32:
    table = np.full(shape[0] * shape[1], MISSING, np.float32)
    table[place] = values
    return table.reshape(shape)
