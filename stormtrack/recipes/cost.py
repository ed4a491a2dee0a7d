"""What a recipe costs: processor seconds, by a measured law.

References
----------
docs/scaling.md: how the constants were measured.
"""

from __future__ import annotations

SECONDS_PER_FRAME = 4.0e-4
"""Of the filter's fixed part and of linking."""
SECONDS_PER_SEARCH = 1.5e-3
"""For each frame and search, on the polar stereographic grid of 150 x 150 points."""
SECONDS_PER_POINT = 9.0e-9
"""For each frame and point of the grid of the input: reading and filtering."""
LAW = (
    f"{1e3 * SECONDS_PER_FRAME:g} ms, {1e3 * SECONDS_PER_SEARCH:g} ms a search, {1e9 * SECONDS_PER_POINT:g} ns a point"
)
"""For a frame, in words."""


def work_seconds(n_frames: int, n_points: int, n_searches: int) -> float:
    """How long one worker takes, about.

    Parameters
    ----------
    n_frames : int
    n_points : int
        Of a frame of the input; of winds, and of several levels, of all together.
    n_searches : int
    """
    each = SECONDS_PER_FRAME + n_searches * SECONDS_PER_SEARCH + n_points * SECONDS_PER_POINT
    return n_frames * each
