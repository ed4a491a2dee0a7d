"""What users compute from a set of tracks: methods of `Tracks` that are thin calls of `stormtrack.functions`.

The functions are imported when a method is called: reading and selecting tracks needs no xarray.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
