"""A plan of a run, as an answer file of TRACK makes it, followed as a tracker.

References
----------
Specification 01, section 4. Parity: bitwise, as the drop-in run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..backends.choice import Workers
from ..errors import FieldError
from ..model.tracks import TrackSet
from ..plans.running import planned_tracks
from ..recipes.grouping import Group, one_set
from ..run.report import Report
from ..settings.plan import RunPlan
from .series import FieldSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTracker:
    """Tracking as the plan of a run says.

    Attributes
    ----------
    plan : RunPlan
        With tracking; how a file is read is not its business here, because fields are given.
    keep_missing : bool
        Run on with missing values, as TRACK does.
    threads : int
    workers : Wanted or Backend, optional
        Workers in place of threads.
    """

    plan: RunPlan
    keep_missing: bool = False
    threads: int = 1
    workers: Workers | None = None
    name: ClassVar[str] = "plan"

    def track(self, fields: FieldSeries, report: Report | None = None) -> TrackSet:
        """Find tracks; see `Tracker.track`.

        Returns
        -------
        TrackSet
            With the ids of TRACK's files, and no units: a plan does not say them.

        Raises
        ------
        UserInputError
            For fields or plans that cannot be used.
        """
        if len(fields.sources) != 1:
            raise FieldError("the plan of a run works on one field; compute the vorticity of winds first (vorticity)")
        found = planned_tracks(
            self.plan,
            fields.sources[0],
            times=fields.times,
            threads=self.threads,
            workers=self.workers,
            keep_missing=self.keep_missing,
            report=report,
        )
        return one_set([Group(name="tracks", tracks=found)], "")
