"""The program of a batch of frames: order, filter, every search; what JAX compiles for a series.

References
----------
Specification 02, 05. Parity: tolerances of docs/jax.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import I64, Mask
from ..grid.tracking import TrackingGrid
from ..settings.detection import DetectionSettings
from .packages import DeviceArray, jnp
from .program import Found, FrameProgram, Slots
from .spectral import DeviceTransform
from .support import check_supported


class Searched(NamedTuple):
    """What a batch holds, each array with the frames first.

    Attributes
    ----------
    is_usable : bool
        No value that is used is NaN or infinite.
    largest : float32
        Size of the largest value of the field that is searched.
    beyond : int64
        Values beyond the limit, either way.
    found : tuple of Found
        Of every search.
    """

    is_usable: DeviceArray
    largest: DeviceArray
    beyond: DeviceArray
    found: tuple[Found, ...]


class SeriesProgram:
    """Everything between raw frames and features.

    Parameters
    ----------
    passes : sequence of (TrackingGrid, DetectionSettings)
        The searches.
    transform : DeviceTransform, optional
        The filter; None: frames are searched as they are.
    order : (int64, int64), optional
        Rows and columns of the raw frames that the filter (or the search) wants; None: all, as they come.
    used : bool, optional
        Values (in that order) that have to be finite; None: all.
    limit : float
        In units of the field: values beyond it are counted.

    Raises
    ------
    NotSupportedError
        For settings that the engine does not have.
    """

    def __init__(
        self,
        passes: Sequence[tuple[TrackingGrid, DetectionSettings]],
        transform: DeviceTransform | None = None,
        *,
        order: tuple[I64, I64] | None = None,
        used: Mask | None = None,
        limit: float = 0.0,
    ) -> None:
        for one in passes:
            check_supported(*one)
        self._searches = [FrameProgram(*one) for one in passes]
        self._transform, self._order, self._used, self._limit = transform, order, used, limit

    @property
    def cells(self) -> int:
        """Cells of the largest region that is searched."""
        return max(search.cells for search in self._searches)

    def search(self, raw: DeviceArray, slots: Slots) -> Searched:
        """Search frames, float32, shape (frames, rows, columns)."""
        frames = raw
        if self._order is not None:
            rows, columns = self._order
            frames = raw[:, rows][:, :, columns]
        finite = jnp.isfinite(frames if self._used is None else jnp.where(self._used, frames, 0.0))
        fields = frames if self._transform is None else self._transform.filtered(frames).astype(jnp.float32)
        size = jnp.abs(fields)
        return Searched(
            finite.all(axis=(1, 2)),
            jnp.nanmax(size, axis=(1, 2), initial=0.0),
            (size > jnp.float32(self._limit)).sum(axis=(1, 2)),
            tuple(search.find(fields, slots) for search in self._searches),
        )


def needed(searched: Searched) -> Slots:
    """The slots that a batch fills, brought back from the device."""
    return Slots(
        int(max(np.max(found.maxima.cells) for found in searched.found)),
        int(max(np.max(found.points.count) for found in searched.found)),
        int(max(np.max(found.rows.count) for found in searched.found)),
    )


def held(searched: Searched) -> Slots:
    """The slots that a batch has."""
    found = searched.found[0]
    return Slots(*(a.shape[-1] for a in (found.maxima.is_feature, found.points.key, found.rows.is_kept)))
