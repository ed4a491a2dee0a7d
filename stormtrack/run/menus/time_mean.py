"""Time averages, anomalies and standard deviations (menu 3): `user_tavg` and the files beside it.

References
----------
Specification 05, section 8.1. Parity: bytes.
"""

from __future__ import annotations

from ...settings.time_mean import TimeMeanRequest
from ..context import RunContext
from ..time_means import write_time_mean


def run(context: RunContext, request: TimeMeanRequest) -> None:
    """Average the series, or subtract an average."""
    write_time_mean(context, request.settings)
