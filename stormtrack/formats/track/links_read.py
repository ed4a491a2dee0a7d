"""Reading of the track files of a linking run (idump, tdump).

References
----------
Specification 01, section 11.4. Parity: every file of the original is read.
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from ...model.links import LinkParameters
from .integer_tracks_read import parse_integer_tracks
from .links import LAYOUT, NUMBER_TAG, LinkRows
from .stored import read_stored
from .text_tokens import HeaderLines


def parse_links(data: bytes, name: str = "track file") -> LinkRows:
    """Track file of a linking run from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    parameters = None
    if NUMBER_TAG not in lines.peek():
        w1, w2 = lines.reals(lines.take("the weights"), 2, "the weights w1 and w2")
        dmax, phimax = lines.reals(lines.take("dmax and phimax"), 2, "dmax and phimax")
        parameters = LinkParameters(
            weight_direction=np.float32(w1),
            weight_speed=np.float32(w2),
            dmax=np.float32(dmax),
            phimax=np.float32(phimax),
        )
    ids, start, cells = parse_integer_tracks(lines, LAYOUT)
    columns = [cells[:, i].copy() for i in range(4)]
    return LinkRows(
        name=name,
        track_id=ids,
        start=start,
        frame=columns[0],
        object=columns[1],
        feature=columns[2],
        missing_after=columns[3],
        parameters=parameters,
    )


def read_links(path: str | PathLike[str]) -> LinkRows:
    """Read a track file of a linking run (idump, tdump).

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_links(read_stored(path), str(path))
