"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..arrays import Mask
from ..model.tracks import TrackSet

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
