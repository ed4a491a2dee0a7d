"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from ..errors import TracksError
from ..model.tracks import TrackSet

if TYPE_CHECKING:
    import xarray

    from ..labels.criteria import Criteria


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
