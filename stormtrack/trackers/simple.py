"""The simple tracker: extrema of a window in the field as it is, nearest neighbours within 500 km.

References
----------
Specification 07, section 1; Yau and Chang (2020, J. Climate 33, 10169). Not TRACK's method.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ..errors import UserInputError
from ..model.features import Features
from ..model.tracks import TrackSet
from ..recipes.grouping import Group, one_set
from ..recipes.presets import PRESSURE, VORTICITY
from ..recipes.quantities import factor_to
from ..run.report import Report, Silent
from ..settings.recipe import BandFilter
from ..settings.simple import CentreSettings, NearestSettings, Sign
from ..simple import detect, link
from .protocols import Linker
from .series import FieldSeries

KINDS = {"min": "minima", "max": "maxima"}
"""What tracks are labelled as."""
DEFAULT_CONTRASTS = ((PRESSURE, 0.0), (VORTICITY, 1.0))
"""Contrast of each quantity, in the quantity's units (hPa, 1e-5 s-1)."""
_NAMES = {
    PRESSURE.name: ("msl", "mslp", "psl", "slp", "prmsl", "pmsl", "air_pressure_at_mean_sea_level"),
    VORTICITY.name: ("vo", "vor", "vort", "relvor", "rv", "zeta", "atmosphere_relative_vorticity"),
}
"""Names that tell what a field without units is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestLinker:
    """Linking to the nearest neighbour of the next frame.

    Attributes
    ----------
    settings : NearestSettings
        By default 500 km, and over no gap in the series.

    Examples
    --------
    >>> from stormtrack.trackers import NearestLinker
    >>> NearestLinker().settings.distance_km
    500.0
    """

    settings: NearestSettings = field(default_factory=NearestSettings)
    name: ClassVar[str] = "nearest"

    def link(self, features: Features) -> TrackSet:
        """Make tracks; see `stormtrack.simple.link`.

        Raises
        ------
        UserInputError
            For features that cannot be linked; without SciPy.
        """
        return link(features, self.settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleTracker:
    """Centres are grid points that are extrema of their window and stand out in it; the nearest ones are linked.

    Attributes
    ----------
    sign : {'min', 'max'}
        Minima (lows, cyclonic vorticity of the south) or maxima.
    contrast : float, optional
        By which a third of the window's values and one more have to lie above a minimum, in the units of the field. By
        default 0 for pressure and 1e-5 s-1 for vorticity; other fields need it.
    window : int
        Rows and columns, odd.
    linker : Linker
    band : BandFilter, optional
        Wave numbers that are kept before; by default the field is taken as it is.

    Examples
    --------
    >>> from stormtrack.settings.simple import NearestSettings
    >>> from stormtrack.trackers import NearestLinker, SimpleTracker
    >>> SimpleTracker(sign="min", linker=NearestLinker(settings=NearestSettings(distance_km=300.0))).window
    5
    """

    sign: Sign
    contrast: float | None = None
    window: int = 5
    linker: Linker = field(default_factory=NearestLinker)
    band: BandFilter | None = None
    name: ClassVar[str] = "simple"

    def track(self, fields: FieldSeries, report: Report | None = None) -> TrackSet:
        """Find tracks; see `Tracker.track`.

        Returns
        -------
        TrackSet
            Intensities are the values of the field at the centres, in its units. Tracks of one point are kept.

        Raises
        ------
        UserInputError
            For settings or data that cannot be used; without SciPy.

        Notes
        -----
        Missing values count as high ground around minima (low around maxima). On limited areas no window reaches beyond
        the outer columns. The first frame that has neighbours in time says how long a gap is.
        """
        told = report or Silent()
        frames = fields.frames(band=self.band)
        settings = CentreSettings(sign=self.sign, contrast=self._contrast(fields, told), window=self.window)
        read = told.progress(frames, "tracking", frames.n_frames)
        found = detect(read, frames.lon, frames.lat, settings, periodic=frames.periodic, times=fields.times)
        tracks = self.linker.link(found.moved(lambda x, y: (x % np.float32(360.0), y)))
        _tell(found, tracks, told)
        return one_set([Group(name=KINDS[self.sign], tracks=tracks)], fields.units)

    def _contrast(self, fields: FieldSeries, report: Report) -> float:
        if self.contrast is not None:
            return self.contrast
        for quantity, contrast in DEFAULT_CONTRASTS:
            factor = factor_to(quantity, fields.units)
            if factor is None and not fields.units.strip() and fields.name.lower() in _NAMES[quantity.name]:
                unit, factor = quantity.factors[0]
                report.warning(f"'{fields.name}' does not state its units; they are taken for {unit}")
            if factor is not None:
                return contrast / factor
        stated = f"in '{fields.units}'" if fields.units.strip() else "of no stated units"
        raise UserInputError(
            f"'{fields.name}' is {stated}; a contrast is known for pressure (Pa, hPa) and vorticity (s-1) only. Say it "
            "with contrast=... (--contrast), in the units of the field; 0 takes every extremum"
        )


def _tell(features: Features, tracks: TrackSet, report: Report) -> None:
    text = f"{features.n_frames} frames, {features.n_features} centres, {tracks.n_filled} tracks"
    if tracks.n_filled:
        report.note(text)
    else:
        report.warning(f"no tracks were found. {text}; look at the sign, the contrast and the units of the data")
