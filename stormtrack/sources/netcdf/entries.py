"""Which entry of a level or additional axis an answer means.

References
----------
Specification 01, section 7.1. Parity: same choice as the original.
"""

from __future__ import annotations

import numpy as np

from ...errors import FieldError
from ..field_file import AxisChoice

_TOLERANCE = 1.0e-5


def chosen_entry(role: str, choice: AxisChoice, answer: float, *, by_name: bool, remedy: str) -> int:
    """Index (0-based) of an entry.

    Parameters
    ----------
    role : str
        ``level`` or ``additional``, for messages.
    choice : AxisChoice
    answer : float
        Value of the entry, or its number.
    by_name : bool
        The answer is a value.
    remedy : str
        What to do if the axes are mixed up.

    Raises
    ------
    FieldError
        If there is no such entry.
    """
    if not by_name:
        if not 0 <= int(answer) < choice.length:
            raise FieldError(
                f"{role} number {answer} of '{choice.name}' does not exist; allowed: 0 to {choice.length - 1}"
            )
        return int(answer)
    wanted = np.float32(answer)
    for i, value in enumerate(choice.values):
        if abs(float(wanted - np.float32(value))) < _TOLERANCE:
            return i
    raise FieldError(f"no {role} {answer:g}; {_offered(choice, answer, remedy)}")


def _offered(choice: AxisChoice, answer: float, remedy: str) -> str:
    """What may be chosen, and what is likely meant."""
    if not choice.values:
        return f"'{choice.name}' holds values that do not fit the axis being indexed: the axes are mixed up, {remedy}"
    shown = ", ".join(f"{v:g}" for v in choice.values) + (f" ({choice.units})" if choice.units else "")
    meant = next((v for v in choice.values for f in (100.0, 0.01) if abs(v - f * answer) < 1.0e-3 * abs(v)), None)
    if meant is not None:
        return f"'{choice.name}' holds {shown}: is {meant:g} meant?"
    return f"'{choice.name}' holds {shown}. If the axes are mixed up, {remedy}"
