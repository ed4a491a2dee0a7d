"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..errors import TracksError
from ..model.tracks import TrackSet
from .aligning import headings, hours_after, lags_given, points_meant

if TYPE_CHECKING:
    import xarray


class Analyses:
    """Methods of `Tracks` that give fields and other sets; what they take and raise is said by the functions.

    Attributes
    ----------
    data : TrackSet
        The tracks.
    """

    data: TrackSet

    def statistics(self, grid: Any = "T63", **options: Any) -> xarray.Dataset:
        """Densities and means by TRACK's spherical kernels, on a grid (docs/statistics.md).

        Parameters
        ----------
        grid : str, number, tuple or xarray object
            ``'T63'``, ``2.5``, ``(longitudes, latitudes)``, a field on the grid.
        **options
            Those of `stormtrack.functions.track_statistics.statistics`.

        Returns
        -------
        xarray.Dataset
            float32, (latitude, longitude).

        Raises
        ------
        UserInputError
            If an argument cannot be used, or dates are missing and no `interval` is given.
        """
        from ..functions.track_statistics import statistics

        return statistics(self.data, grid, **options)

    def metrics(self, names: str | Sequence[str] | None = None, grid: Any = 5.0, **options: Any) -> xarray.Dataset:
        """Metrics of track activity within a radius of each grid point, such as CF and ATA (docs/metrics.md).

        Parameters
        ----------
        names : str or sequence of str, optional
            Such as ``"ATA"``; None: CF, ACA, CA, TF, ATA.
        grid : str, number, tuple or xarray object
            ``5.0``, ``'T63'``, ``(longitudes, latitudes)``, a field on the grid.
        **options
            Those of `stormtrack.functions.track_metrics.metrics`.

        Returns
        -------
        xarray.Dataset
            float64, (latitude, longitude) or (time, latitude, longitude).

        Raises
        ------
        UserInputError
            If an argument cannot be used, or dates or amplitudes are missing.
        """
        from ..functions.track_metrics import metrics
        from ..metrics.options import METRICS

        chosen = [names] if isinstance(names, str) else list(METRICS) if names is None else names
        return metrics(self.data, chosen, grid, **options)

    def sample(
        self,
        field: Any,
        how: str | Sequence[str] | None = None,
        radius: float | str | tuple[float | str, float | str] | None = None,
        *,
        threshold: Any = None,
        engine: str = "fast",
        name: str = "{field}_{how}",
        interpolation: str = "linear",
        time: str = "exact",
        missing: str = "error",
        **opening: Any,
    ) -> Self:
        """The set with values of fields added to its points (docs/after-tracking.md).

        Parameters
        ----------
        field : DataArray, Dataset, path, list of paths, or a mapping of names to these
            Of a Dataset, or of files, all fields are taken, or those of ``variable``. Lazy ones are read frame by
            frame.
        how : str or sequence of str, optional
            ``"value"`` at the point; of the cap around it ``"max"``, ``"min"``, ``"local_max"``, ``"local_min"`` (with
            their places), ``"mean"``, ``"std"``, ``"area"``, ``"count"``, ``"missing"``. None: ``"max"`` with a radius,
            else ``"value"``.
        radius : float or str, optional
            Of the cap: degrees, ``"5deg"``, ``"500km"``; for ``engine="track"`` also those of window and cap.
        threshold : float, array or pair of these, optional
            Only values from it on (between a pair) count for mean, std, area and count.
        engine : {"fast", "track"}
            Exact caps in float64, or TRACK's.
        name : str
            Of the new variables.
        interpolation : {"linear", "nearest", "bicubic", "spline"}
            Of ``"value"``.
        time : {"exact", "nearest", "linear", "frame", "constant"}
            Which frames belong to a point: those of its date, the nearest, between two, that of its number, the only
            one.
        missing : {"error", "skip"}
            Where the field has no frame for a point or does not reach it: an error, or no value.
        **opening
            Further arguments of `open_field`; ``variable`` may name several.

        Returns
        -------
        Tracks

        Raises
        ------
        UserInputError
            If an argument is not allowed, or a field cannot be opened or does not cover the tracks.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> import xarray as xr
        >>> height = xr.DataArray(
        ...     [[0.0] * 4, [90.0, 0.0, 90.0, 180.0], [0.0] * 4],
        ...     coords={"lat": [-90.0, 0.0, 90.0], "lon": [0.0, 90.0, 180.0, 270.0]},
        ...     dims=("lat", "lon"),
        ...     name="height",
        ... )
        >>> example.tracks().sample(height)["height_value"][:2].tolist()
        [44.44444274902344, 41.98148727416992]
        """
        from ..functions.reading_along import Reading
        from ..functions.track_sampling import Wanted, sample

        wanted = Wanted(how=how, radius=radius, threshold=threshold, engine=engine, name=name)
        reading = Reading(interpolation=interpolation, time=time, missing=missing, opening=opening)
        return type(self)(sample(self.data, field, wanted, reading))  # type: ignore[call-arg]

    def around(
        self,
        field: Any,
        radius: float | str = 15.0,
        spacing: float | str = 1.0,
        *,
        shape: str = "disc",
        azimuths: int = 36,
        up: str = "north",
        mirror: bool = False,
        where: Any = None,
        interpolation: str = "linear",
        time: str = "exact",
        missing: str = "error",
        **opening: Any,
    ) -> xarray.Dataset:
        """Fields around the points, in the frame of the storms (docs/after-tracking.md).

        Parameters
        ----------
        field : DataArray, Dataset, path, list of paths, or a mapping of names to these
            As in `sample`.
        radius, spacing : float or str
            Of the outermost circle (half the side of a box), and between circles (rows and columns): degrees,
            ``"15deg"``, ``"1500km"``.
        shape : {"disc", "box"}
            Circles and azimuths; or the rows and columns of a grid of longitudes and latitudes whose origin is the
            point.
        azimuths : int
            How many; clockwise from the direction that is up.
        up : {"north", "motion"}
            The direction that is up; points that do not move are left out.
        mirror : bool
            Regions of the Southern Hemisphere are reflected: left and right of the motion; or south is up, and east
            stays on the right.
        where : bool array, optional
            Of the points, or of the tracks, that are taken.
        interpolation, time, missing, **opening
            As in `sample`; no spline.

        Returns
        -------
        xarray.Dataset
            float32, (point, radius, azimuth) or (point, y, x).

        Raises
        ------
        UserInputError
            If an argument is not allowed, or a field cannot be opened or does not cover the points.
        """
        from ..functions.reading_along import Reading
        from ..functions.track_composites import Placing, Region, around

        placing = Placing(
            up=up,
            heading=headings(self.data) if up == "motion" else None,
            mirror=mirror,
            group=np.where(points_meant(self.data, where), 0, -1),
        )
        region = Region(shape=shape, radius=radius, spacing=spacing, azimuths=azimuths)
        reading = Reading(interpolation=interpolation, time=time, missing=missing, opening=opening)
        return around(self.data, field, region, placing, reading)

    def composite(
        self,
        field: Any,
        radius: float | str = 15.0,
        spacing: float | str = 1.0,
        *,
        shape: str = "disc",
        azimuths: int = 36,
        up: str = "north",
        mirror: bool = False,
        align: str | None = None,
        lags: Any = None,
        by: str | None = None,
        where: Any = None,
        interpolation: str = "linear",
        time: str = "exact",
        missing: str = "error",
        **opening: Any,
    ) -> xarray.Dataset:
        """Mean, standard deviation and number of fields around the points (docs/after-tracking.md).

        Parameters
        ----------
        field, radius, spacing, shape, azimuths, up, mirror, where, interpolation, time, missing, **opening
            As in `around`.
        align : {"maximum", "genesis", "lysis"}, optional
            Event of each track; None: all points are put together.
        lags : number, text, or a list of these, optional
            Hours (``"24h"``) after the event, each with a composite of its own; None: the event itself.
        by : str, optional
            Variable of the maximum; None: the intensity.

        Returns
        -------
        xarray.Dataset
            ``NAME_mean``, ``NAME_std``, ``NAME_count``: ([lag,] radius, azimuth) or ([lag,] y, x).

        Raises
        ------
        UserInputError
            As `around`; if dates are missing where there is an event.
        """
        from ..functions.reading_along import Reading
        from ..functions.track_composites import Placing, Region, composite, groups_of

        if align is None and (lags is not None or by is not None):
            raise TracksError("lags and by are about an event: give align='maximum', 'genesis' or 'lysis'")
        hours = None if align is None else hours_after(self.data, align, by)
        group, wanted = groups_of(hours, lags_given(lags), points_meant(self.data, where))
        placing = Placing(
            up=up,
            heading=headings(self.data) if up == "motion" else None,
            mirror=mirror,
            group=group,
            lags=wanted,
            event=align or "",
        )
        region = Region(shape=shape, radius=radius, spacing=spacing, azimuths=azimuths)
        reading = Reading(interpolation=interpolation, time=time, missing=missing, opening=opening)
        return composite(self.data, field, region, placing, reading)
