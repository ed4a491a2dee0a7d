"""What all stages of one run share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..settings.plan import RunPlan
from ..settings.startup import StartupSettings
from .data import RunData
from .names import OutputNames
from .report import Report

if TYPE_CHECKING:  # imported when first needed: most runs use no earlier results
    from .earlier import EarlierResults
    from .splice_files import SpliceFiles


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """One run: its plan, its data, its outputs.

    Attributes
    ----------
    plan : RunPlan
        What is to be done.
    data : RunData
        Input file and working grid.
    names : OutputNames
        Where outputs go.
    results : OutputNames
        Where results of earlier runs are looked up.
    report : Report
        Where messages go.
    backend : Backend
        Workers that process frames; results do not depend on it.
    """

    plan: RunPlan
    data: RunData
    names: OutputNames
    results: OutputNames
    report: Report
    backend: Backend = field(default_factory=Serial)

    @property
    def startup(self) -> StartupSettings:
        """How the field is read, and on which grid."""
        return self.plan.startup

    @cached_property
    def earlier(self) -> EarlierResults:
        """Object and track files of earlier runs."""
        from .earlier import EarlierResults

        return EarlierResults(self.results, self.report.warning)

    @cached_property
    def splice_files(self) -> SpliceFiles:
        """Files that a splice names."""
        from .splice_files import SpliceFiles

        return SpliceFiles(self.results.folder, self.results.path("tr_trs"), self.report.warning)
