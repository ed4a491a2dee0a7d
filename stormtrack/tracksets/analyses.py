"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import TracksError
from ..model.tracks import TrackSet

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure


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
