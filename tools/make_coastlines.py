"""Write stormtrack/maps/_coastlines.py from Natural Earth's land polygons, as the npm package world-atlas has them.

Usage: npm pack world-atlas && tar xzf world-atlas-*.tgz && python tools/make_coastlines.py package/land-110m.json
"""

from __future__ import annotations

import base64
import json
import sys
import textwrap
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

OUT = Path(__file__).resolve().parent.parent / "stormtrack" / "maps" / "_coastlines.py"
STEP = 0.01
"""Degrees in which coordinates count."""
HEADER = '''\
"""Coastlines of the world at 1:110 million, as text; made by tools/make_coastlines.py, not to be edited.

The data are "Land" of Natural Earth (naturalearthdata.com), version 4.1, which are in the public domain; they were
taken from {source} (world-atlas 2.0.2, npm; the packaging is ISC-licensed, copyright Michael Bostock), without
the edges along the date line and the South Pole.
"""

COASTLINES = """
{text}
"""
'''


def arcs_of(topology: dict[str, Any]) -> list[npt.NDArray[np.float64]]:
    """Longitudes and latitudes of each arc: shape (n, 2)."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def coasts(arc: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """The parts of an arc that are no edges of the map."""
    edge = (np.abs(arc[:, 0]) > 179.99) | (arc[:, 1] < -89.99)
    artificial = edge[:-1] & edge[1:]
    parts, first = [], 0
    for k in [*np.flatnonzero(artificial), len(artificial)]:
        if k > first:
            parts.append(arc[first : k + 1])
        first = k + 1
    return parts


def packed(lines: list[npt.NDArray[np.float64]]) -> bytes:
    """Numbers of points (int16), then the differences of all coordinates (int16), compressed."""
    whole = [np.rint(line / STEP).astype(np.int64) for line in lines]
    whole = [line[np.append(True, (np.diff(line, axis=0) != 0).any(1))] for line in whole]
    whole = [line for line in whole if len(line) > 1]
    lengths = np.array([len(whole), *map(len, whole)], "<i2")
    steps = np.diff(np.concatenate(whole), axis=0, prepend=0)
    assert np.abs(steps).max() < 2**16
    wrapped = steps.astype("<u2")  # modulo 2**16, undone by a sum in the same type
    return zlib.compress(lengths.tobytes() + wrapped.T.tobytes(), 9)


def main(path: str) -> None:
    """Read the topology, write the module."""
    topology = json.loads(Path(path).read_text())
    lines = [part for arc in arcs_of(topology) for part in coasts(arc)]
    text = "\n".join(textwrap.wrap(base64.b64encode(packed(lines)).decode(), 118))
    OUT.write_text(HEADER.format(source=Path(path).name, text=text))


if __name__ == "__main__":
    main(*sys.argv[1:])
