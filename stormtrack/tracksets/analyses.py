"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..arrays import Mask
from ..errors import TracksError
from ..model.tracks import TrackSet
from .aligning import headings, hours_after, lags_given, points_meant

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from ..labels.criteria import Criteria


class Analyses:
    """Methods of `Tracks` that give fields and other sets; what they take and raise is said by the functions.

    Attributes
    ----------
    data : TrackSet
        The tracks.
    """

    data: TrackSet

    def statistics(
        self, grid: Any = "T63", *, basins: str | Sequence[str] = (), at: str = "any", **options: Any
    ) -> xarray.Dataset:
        """Densities and means by TRACK's spherical kernels, on a grid (docs/statistics.md).

        Parameters
        ----------
        grid : str, number, tuple or xarray object
            ``'T63'``, ``2.5``, ``(longitudes, latitudes)``, a field on the grid.
        basins : str or sequence of str
            NA, EP, WP, NI, SI, SP, SA, NH, SH: one field for the tracks of each.
        at : {"any", "all", "genesis", "lysis", "maximum"}
            Which points of a track lie in its basins.
        **options
            Those of `stormtrack.functions.track_statistics.statistics`.

        Returns
        -------
        xarray.Dataset
            float32, (latitude, longitude), with basins and periods in front.

        Raises
        ------
        UserInputError
            If an argument cannot be used, or dates are missing and no `interval` is given.
        """
        from ..functions.track_statistics import statistics

        return statistics(self.data, grid, basins=self.of_basins(basins, at), **options)

    def metrics(
        self,
        names: str | Sequence[str] | None = None,
        grid: Any = 5.0,
        *,
        basins: str | Sequence[str] = (),
        at: str = "any",
        **options: Any,
    ) -> xarray.Dataset:
        """Metrics of tracks within a radius of each grid point, such as CF, ATA and densities (docs/metrics.md).

        Parameters
        ----------
        names : str or sequence of str, optional
            Such as ``"ATA"``; None: CF, ACA, CA, TF, ATA.
        grid : str, number, tuple or xarray object
            ``5.0``, ``'T63'``, ``(longitudes, latitudes)``, a field on the grid.
        basins : str or sequence of str
            NA, EP, WP, NI, SI, SP, SA, NH, SH: one field for the tracks of each.
        at : {"any", "all", "genesis", "lysis", "maximum"}
            Which points of a track lie in its basins.
        **options
            Those of `stormtrack.functions.track_metrics.metrics`.

        Returns
        -------
        xarray.Dataset
            float64, (latitude, longitude), with basins and periods in front.

        Raises
        ------
        UserInputError
            If an argument cannot be used, or dates or amplitudes are missing.
        """
        from ..functions.track_metrics import metrics
        from ..settings.metrics import USUAL

        return metrics(self.data, names or USUAL, grid, basins=self.of_basins(basins, at), **options)

    def label(
        self,
        *,
        cyclonic: bool | str = False,
        tc: str | Mapping[str, Any] | Criteria | None = None,
        wind: str | None = None,
        **options: Any,
    ) -> Self:
        """The set with labels of tracks and points (docs/after-tracking.md, "Labels").

        Parameters
        ----------
        cyclonic : bool or str
            Label ``cyclonic``: 1, -1 for anticyclonic, 0 not known. A text names the variable that says it.
        tc : str or mapping, optional
            Labels ``tc_NAME``: criteria of tropical cyclones, such as ``"hodges2017"``, or a table of your own.
        wind : str, optional
            Label ``category`` by the Saffir-Simpson scale: the variable with the wind.
        **options
            ``levels``, ``variables``, ``units``, ``land``, ``southern`` of
            `stormtrack.functions.track_labels.label_tropical`; ``quantity`` of `label_cyclonic`.

        Returns
        -------
        Tracks

        Raises
        ------
        TracksError
            If a name is not known, or a variable or its units are missing.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> example.tracks().label(cyclonic=True, quantity="vorticity").labels["cyclonic"].tolist()
        [1, 1, -1]
        """
        from ..functions.track_labels import label_cyclonic, label_tropical, label_winds

        data, quantity = self.data, options.pop("quantity", None)
        if not (cyclonic or tc or wind) or (quantity and not cyclonic):
            raise TracksError("label: give cyclonic=True, tc='hodges2017' or wind=NAME; quantity belongs to cyclonic")
        if options and tc is None and (wind is None or set(options) != {"units"}):
            raise TracksError(f"label: {', '.join(options)} belong to tc='hodges2017'")
        if cyclonic:
            data = label_cyclonic(data, cyclonic if isinstance(cyclonic, str) else None, quantity)
        if tc is not None:
            data = label_tropical(data, tc, **options)
        if wind is not None:
            data = label_winds(data, wind, units=options.get("units"))
        return self._with(data)

    def phase_space(self, heights: Any, **options: Any) -> Self:
        """The set with Hart's parameters of the phase space of cyclones at every point.

        Parameters
        ----------
        heights : DataArray, Dataset or path
            Geopotential height, or geopotential, on pressure levels, with dates.
        **options
            ``variable``, ``radius`` (km), ``layers``, ``missing`` of
            `stormtrack.functions.track_phases.phase_space`.

        Returns
        -------
        Tracks
            With the variables ``hart_b``, ``hart_vtl``, ``hart_vtu`` (m) and the label of points ``hart_phase``.

        Raises
        ------
        TracksError, FieldError
            If dates, times, levels or units do not fit.
        """
        from ..functions.track_phases import phase_space
        from .dating import known_seconds
        from .motion import direction

        course = direction(self.data, known_seconds(self.data, "phase_space"), "central")
        return self._with(phase_space(self.data, course, heights, **options))

    def _with(self, data: TrackSet) -> Self:
        return type(self)(data)  # type: ignore[call-arg]

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
        return self._with(sample(self.data, field, wanted, reading))

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

    def of_basins(self, basins: str | Sequence[str], at: str = "any") -> dict[str, Mask]:
        """Which tracks belong to each of some basins: bool, shape (n_tracks,), by the basins' short names.

        Parameters
        ----------
        basins : str or sequence of str
            NA, EP, WP, NI, SI, SP, SA, NH, SH, or their long names.
        at : {"any", "all", "genesis", "lysis", "maximum"}
            Which of their points lie there.

        Raises
        ------
        TracksError
            If there is no such basin or word.
        """
        from . import rules
        from .basins import basin_named

        names = [basin_named(one).name for one in ([basins] if isinstance(basins, str) else basins)]
        return {one: rules.of_tracks(self.data, rules.in_basin_named(self.data, one), at, None) for one in names}

    def difference(
        self,
        other: Analyses,
        fields: str | Sequence[str] | None = None,
        grid: Any = None,
        *,
        permutations: int = 1000,
        units: str = "track",
        seed: int = 0,
        **options: Any,
    ) -> xarray.Dataset:
        """Differences to another set of tracks on a grid, with permutation tests (docs/significance.md).

        Parameters
        ----------
        other : Tracks
        fields : str or sequence of str, optional
            Statistics (``"track_density"``) or metrics (``"ATA"``); None: all statistics.
        grid : str, number, tuple or xarray object, optional
            None: T63, of metrics 5 degrees.
        permutations : int
        units : str
            What is exchanged as a whole: ``"track"``, ``"month"``, ``"season"``, ``"year"``, or a label of the tracks,
            such as ``"member"``.
        seed : int
        **options
            ``workers`` (threads), ``tail``, ``fdr``, ``periods``, and those of `statistics` or `metrics`.

        Returns
        -------
        xarray.Dataset
            ``NAME_first``, ``NAME_second``, ``NAME_difference``, ``NAME_p_value``, ``NAME_significant`` of each field.

        Raises
        ------
        TracksError
            If `other` is no set of tracks.
        UserInputError
            If a set is empty, nothing could be significant, or an argument cannot be used.
        """
        from ..functions.track_significance import Resampling, difference

        if not isinstance(other, Analyses):
            raise TracksError(f"difference: {other!r} is no set of tracks; files are read with stormtrack.read_tracks")
        how = Resampling(number=permutations, units=units, seed=seed, workers=options.pop("workers", 1))
        return difference(self.data, other.data, fields, grid, resampling=how, **options)

    def confidence(
        self,
        fields: str | Sequence[str] | None = None,
        grid: Any = None,
        *,
        draws: int = 1000,
        units: str = "track",
        seed: int = 0,
        **options: Any,
    ) -> xarray.Dataset:
        """Statistics or metrics with bootstrap confidence intervals (docs/significance.md).

        Parameters
        ----------
        fields, grid, units, seed
            As in `difference`.
        draws : int
            Samples with replacement.
        **options
            ``workers`` (threads), ``level``, ``periods``, and those of `statistics` or `metrics`.

        Returns
        -------
        xarray.Dataset
            ``NAME``, ``NAME_lower``, ``NAME_upper``, ``NAME_standard_error`` of each field.

        Raises
        ------
        UserInputError
            If there are fewer than two units, or an argument cannot be used.
        """
        from ..functions.track_significance import Resampling, confidence

        how = Resampling(number=draws, units=units, seed=seed, workers=options.pop("workers", 1))
        return confidence(self.data, fields, grid, resampling=how, **options)

    def plot(self, by: str | None = None, *, marks: bool | None = None, **options: Any) -> Figure:
        """A map of the tracks, coloured by a value (docs/maps.md).

        Parameters
        ----------
        by : str, optional
            Variable; None: the intensity.
        marks : bool, optional
            Mark genesis and lysis; None: if there are 400 tracks at most.
        **options
            ``projection`` (``"auto"``, ``"plate-carree"``, ``"north"``, ``"south"``, ``"lambert"``), ``region`` (west,
            east, south, north), ``centre``, ``limits`` (least, largest value), ``title``.

        Returns
        -------
        matplotlib.figure.Figure
            ``figure.savefig("map.png")`` writes it.

        Raises
        ------
        UserInputError
            If there is nothing to draw, or an argument cannot be used.
        MissingPackageError
            Without Matplotlib (``pip install 'stormtrack[plot]'``).
        """
        from ..maps.choosing import map_options
        from ..maps.tracks import track_map
        from .showing import period, title

        of = f"{title(self.data)}\n{period(self.data)}" if self.data.n_points else ""
        return track_map(self.data, map_options(options), by=by, marks=marks, title=of)

    def explore(
        self,
        path: str | PathLike[str],
        *,
        value: str | None = None,
        title: str | None = None,
        limit: int | None = None,
    ) -> None:
        """Write a page (HTML) on which the tracks can be explored: a globe, filters, life cycles (docs/explorer.md).

        Parameters
        ----------
        path : str or path
            Ends with ``.html``; replaced if it exists. Everything is in this one file, and it asks for nothing else.
        value : str, optional
            Variable that colours the tracks and says how strong they are; None: the intensity.
        title : str, optional
            Above the map.
        limit : int, optional
            Only so many tracks, the strongest ones.

        Raises
        ------
        UserInputError
            If there are no tracks, they are not on the sphere, or an argument cannot be used.
        OutputError
            If the name has another end, or the file cannot be written.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> example.tracks().explore("storms.html", title="Three storms")  # doctest: +SKIP
        """
        from ..explorer.page import PageOptions, write_page
        from .showing import period
        from .showing import title as counted

        about = f"{counted(self.data)}; {period(self.data)}" if self.data.n_points else ""
        write_page(self.data, path, PageOptions(value=value, title=title, limit=limit), about)
