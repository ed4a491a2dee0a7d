"""Menu 3: time averages, anomalies and standard deviations.

References
----------
Specification 05, section 8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NotSupportedError
from ...settings.time_mean import TimeMeanRequest, TimeMeanSettings
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section, yes, yes_no
from .series import (
    SERIES,
    missing_rows,
    missing_test,
    other_field,
    other_file_rows,
    series_frames,
    tell_field,
    tell_frames,
    tell_missing,
    tell_weights,
    weight_rows,
    weight_table,
)

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

TIME_MEAN_START: Section = (
    *SERIES,
    *missing_rows("mean"),
    Row("mean.existing?", "c", "only subtract an average that exists"),
    *other_file_rows("mean.existing", "file of that average", yes("mean.existing?")),
)
TIME_MEAN: Section = (
    *weight_rows("mean"),
    Row("mean.anomalies?", "c", "write the fields less their average"),
    Row("mean.filtered_variance?", "c", "compute filtered variances"),
)


def ask(asker: Asker, tables: Tables) -> TimeMeanRequest:
    """Ask which average, and what is to be written."""
    return TimeMeanRequest(settings=ask_time_mean(asker, tables))


def ask_time_mean(asker: Asker, tables: Tables) -> TimeMeanSettings:
    """Ask for an average, on its own or within a tracking run."""
    a = asker.section(TIME_MEAN_START)
    frames, missing = series_frames(a), missing_test(a, "mean")
    if a.yes("mean.existing?"):
        return TimeMeanSettings(frames=frames, missing=missing, existing=other_field(a, "mean.existing"))
    asker.section(TIME_MEAN)
    if a.yes("mean.filtered_variance?"):
        raise NotSupportedError("mean.filtered_variance?: filtered variances (specification 05, section 8.1); answer n")
    return TimeMeanSettings(
        frames=frames,
        missing=missing,
        weights=weight_table(a, "mean", tables),
        anomalies=a.yes("mean.anomalies?"),
    )


def tell(request: TimeMeanRequest, tables: TableFiles) -> list[Scene]:
    """What a time average answers."""
    settings = request.settings
    return [
        {
            **tell_frames(settings.frames),
            **tell_missing("mean", settings.missing),
            "mean.existing?": yes_no(settings.existing),
            **({} if settings.existing is None else tell_field("mean.existing", settings.existing)),
            **tell_weights("mean", settings.weights, tables),
            "mean.anomalies?": yes_no(settings.anomalies),
        }
    ]
