"""Synthetic, storm-like vorticity for trying, testing and timing: the same seed gives the same bytes everywhere.

Not a model of the atmosphere: vortices are born, drift with a schematic flow, grow, decay; weak eddies and planetary
waves surround them.
"""

from .fields import generate
from .grids import SampleGrid, gaussian, regular
from .series import SampleFiles, write_sample

__all__ = ["SampleFiles", "SampleGrid", "gaussian", "generate", "regular", "write_sample"]
