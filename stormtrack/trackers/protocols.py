"""What a tracker is, and what a linker is."""

from __future__ import annotations

from typing import Protocol

from ..model.features import Features
from ..model.tracks import TrackSet
from ..run.report import Report
from .series import FieldSeries


class Tracker(Protocol):
    """Finds tracks in a series of fields.

    Attributes
    ----------
    name : str
        By which it is known.
    """

    @property
    def name(self) -> str: ...

    def track(self, fields: FieldSeries, report: Report | None = None) -> TrackSet:
        """Find tracks.

        Parameters
        ----------
        fields : FieldSeries
        report : Report, optional
            Is told notes, warnings and progress; None: nobody is.

        Returns
        -------
        TrackSet
            Longitudes from 0 to 360 and latitudes in degrees, float32; frames counted from 1, and the times of the
            series; the first variable is the intensity, with its units; the label `stormtrack.model.tracks.KIND` names
            what each track is.

        Raises
        ------
        UserInputError
            For fields that cannot be tracked.
        """
        ...


class Linker(Protocol):
    """Makes tracks of features.

    Attributes
    ----------
    name : str
        By which it is known.
    """

    @property
    def name(self) -> str: ...

    def link(self, features: Features) -> TrackSet:
        """Make tracks.

        Parameters
        ----------
        features : Features
            Of all frames: longitudes from 0 to 360 and latitudes in degrees, float32, and times if the series has any.

        Returns
        -------
        TrackSet
            With frames counted from 1, and the variables of the features.

        Raises
        ------
        UserInputError
            For features that cannot be linked.
        """
        ...
