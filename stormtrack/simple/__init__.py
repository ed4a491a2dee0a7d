"""The simple tracker: extrema of a window in every frame, linked to their nearest neighbours.

Arrays in, arrays out: `detect` finds centres, `link` makes tracks of them. The cost grows as n log n with the centres
of a frame.

References
----------
Specification 07, section 1; Yau and Chang (2020, J. Climate 33, 10169), whose text gives the distance of 500 km and
nothing more: the rest is convention.
"""

from __future__ import annotations

from .detection import detect
from .linking import link

__all__ = ["detect", "link"]
