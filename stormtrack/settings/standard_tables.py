"""TRACK's standard tables: regional limits of displacement, adaptive smoothness, constraints of the refinement.

References
----------
Specification 01, section 14.
"""

from __future__ import annotations

from .detection import ConstraintTable
from .linking import AdaptTable, ZoneTable

STANDARD_ZONES = ZoneTable(
    zones=((0.0, 360.0, -90.0, -20.0, 6.5), (0.0, 360.0, -20.0, 20.0, 3.0), (0.0, 360.0, 20.0, 90.0, 6.5))
)
"""3 degrees per step in the tropics, 6.5 elsewhere."""
STANDARD_ADAPT = AdaptTable(
    distances=(1.0, 2.0, 5.0, 8.0),
    limits=(1.0, 0.30000001192092896, 0.10000000149011612, 0.0),
)
"""Smoothness limit 1 for displacements up to 1 degree, falling to 0 at 8 degrees (0.3 and 0.1 as float32)."""
STANDARD_CONSTRAINTS: dict[str, ConstraintTable] = {
    "smoopy": ConstraintTable(
        n_equalities=0,
        normals=((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)),
        right_hand_sides=(-0.0, -87.86, -360.0, -87.86),
    ),
    "sphery": ConstraintTable(
        n_equalities=0,
        normals=((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)),
        right_hand_sides=(0.0, 0.0, -6.28318530717959, -3.1415926535896),
    ),
}
"""A box: x and y at or above their lower, at or below their upper limits."""
