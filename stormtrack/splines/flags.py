"""Status flags of the fits and of the optimiser, and what they mean.

References
----------
Specification 03, sections 8, 11 and 13; the numbers are those of ``fortran/status.f90``.
"""

from __future__ import annotations

from ..errors import FitError

FIT_FLAGS = {
    -2: "the least-squares polynomial already has a residual within s",
    -1: "interpolating spline",
    0: "smoothing spline with the residual asked for",
    1: "every knot allowed is used and the residual is still above s; raise s",
    2: "the residual does not change with the smoothing parameter as theory has it; raise s",
    3: "no smoothing parameter found in 100 steps; raise s",
    30: "no knot interval can take another knot (missing or infinite values in the field?)",
}
UNDEFINED_FIT = 30

OPTIMISER_FLAGS = {
    0: "converged",
    2: "no direction of ascent",
    3: "the value fell along a search line",
    4: "not converged in 20 iterations",
    5: "the equality constraints are linearly dependent",
    6: "a line search or the way to a feasible start does not end (TRACK would run for ever)",
}
DEPENDENT_EQUALITIES = 5


def fit_sentence(flag: int) -> str:
    """Meaning of the flag of a fit."""
    return FIT_FLAGS.get(flag, f"unknown flag {flag}")


def optimiser_sentence(flag: int) -> str:
    """Meaning of the flag of an optimisation."""
    return OPTIMISER_FLAGS.get(flag, f"unknown flag {flag}")


def fit_error(routine: str, flag: int, columns: int, rows: int, smoothing: float) -> FitError:
    """The error for a fit that failed, with the sizes concerned."""
    return FitError(routine, flag, f"{fit_sentence(flag)}; {rows} x {columns} values, s={smoothing:g}")
