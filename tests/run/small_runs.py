"""Answers of small runs on the synthetic series: the usual feature types without a projection."""

from __future__ import annotations

TRUNCATION, FRAMES = 21, 6
COLUMNS, ROWS = 64, 32
FILTERED = "specfil_band001._s_band001"

_GLOBAL = f"n 0 0 y n y {{norm}} n 1 {COLUMNS + 1} 1 {ROWS} n n n y 1.0e+5 n {{threshold}} n 1 n 1 1 {FRAMES}"
"""Periodic global grid without projection: start-up, scale, threshold, maxima, frames."""
_LINKING = "n n 0.2 0.8 n n n y 9.0 0.8 n n n y n n n 0 0 n"
_GEODESIC, _EUCLIDEAN = f"n n 0 {_LINKING}", "n n 0 n 0.2 0.8 n n n n 8.0 0.8 n n n n 0 0 n"
"""From write_objects? to the end, the first with the question of a rotated pole."""

UNPROJECTED = {
    "sphery": f"{_GLOBAL} v y y 2 7 n 1 n n y 2.0 n 0 0. y 1 y d {_GEODESIC}".format(norm="g", threshold="3.0"),
    "smoopy": f"{_GLOBAL} e y y 2 7 n 0 n y n 0 0. y o {_EUCLIDEAN}".format(norm="e", threshold="4.0"),
    "boundaries": f"{_GLOBAL} v y y 2 4 y 0 y n n n n 0 m 5 1 y n n y 0.3 1 0 y n 0 {_LINKING}".format(
        norm="g", threshold="4.0"
    ),
    "nodes": f"{_GLOBAL} v y y 2 3 n n n n n 0 {_EUCLIDEAN}".format(norm="e", threshold="4.0"),
}
"""Feature types 7 (on both surfaces), 4 with boundaries, shape and objects written, and 3."""
