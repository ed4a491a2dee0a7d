"""Fourier smoothing of the objects of a frame: their boundaries, and points and features to fit them.

References
----------
Specification 02, section 14 (fd = 1). Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays import F32, I32, I64, Array
from ..errors import AnswersError, FieldError, StormtrackError
from ..settings.detection import FourierSettings
from .domain import Domain, EdgeState
from .edge_marks import mark_edges
from .objects import FEATURE_ARRAYS, FrameObjects
from .smoothing_kernels import (
    KEPT_AS_IS,
    SMOOTHED,
    TOO_FEW_FREQUENCIES,
    Polygon,
    Smoothing,
    SmoothingWork,
    boundary_values,
    coordinates_of_numbers,
    filled_values,
    points_flags,
    smooth_object,
)


def smooth_boundaries(
    objects: FrameObjects, field: F32, domain: Domain, edges: EdgeState, fourier: FourierSettings
) -> FrameObjects:
    """Smooth the boundaries of all objects of a frame and fit points and features to them.

    Parameters
    ----------
    objects : FrameObjects
        Objects, with features or without.
    field : float32, shape (iy, ix)
        Field on which detection runs: source of the values of filled objects.
    domain : Domain
        Grid and search region.
    edges : EdgeState
        Set by filling when the domain is periodic; the caller zeroes it first.
    fourier : FourierSettings
        Smoothing.

    Returns
    -------
    FrameObjects
        New points, classes, features and boundaries in coordinates (`boundary_state` 1).

    Raises
    ------
    FieldError
        A boundary walk does not return to its start.
    AnswersError
        The fixed number of frequencies is smaller than a boundary needs.

    References
    ----------
    Specification 02, section 14, (a) to (c). Parity: bitwise.
    """
    parts = _Parts(objects, np.ascontiguousarray(field), domain, edges, fourier)
    for k in range(objects.n_objects):
        parts.add(k)
    return parts.joined()


class _Parts:
    """Collects the objects of a frame one by one."""

    def __init__(
        self, objects: FrameObjects, field: F32, domain: Domain, edges: EdgeState, fourier: FourierSettings
    ) -> None:
        self.objects, self.field, self.domain, self.edges, self.fourier = objects, field, domain, edges, fourier
        self.smoothing = smoothing_choices(fourier)
        self.x: list[I32] = []
        self.y: list[I32] = []
        self.value: list[F32] = []
        self.boundary_x: list[F32] = []
        self.boundary_y: list[F32] = []
        self.boundary_value: list[F32] = []
        self.features: list[I64] = []
        self.classes = objects.object_class.copy()
        self.mem = objects.object_mem.copy()
        self.places = feature_coordinates(objects, domain)
        self.total = 0

    def add(self, k: int) -> None:
        """Append object `k`, smoothed if it has two points or more."""
        o = self.objects
        first, end = int(o.point_start[k]), int(o.point_start[k + 1])
        features = np.arange(o.feature_start[k], o.feature_start[k + 1])
        if end - first <= 1:
            self._append(o.point_x[first:end], o.point_y[first:end], o.point_value[first:end], features)
            self._append_boundary(np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32))
            return
        x, y, value = o.point_x[first:end], o.point_y[first:end], o.point_value[first:end]
        cells = int(np.ptp(x) + 3) * int(np.ptp(y) + 3)
        work = SmoothingWork.of(cells, end - first, self.smoothing)
        made = smooth_object(x, y, 0, end - first, self.smoothing, self.domain.axes, work)
        status, n_traced, n_smooth, n_kept, n_new = made
        if status == KEPT_AS_IS:
            on_boundary = np.empty(n_traced, np.float32)
            traced = work.cell_x[:n_traced], work.cell_y[:n_traced]
            boundary_values(x, y, value, *traced, np.zeros(cells, np.float32), on_boundary)
            self._append(x, y, value, features)
            self._append_boundary(work.real_x[:n_traced].copy(), work.real_y[:n_traced].copy(), on_boundary)
            return
        if status != SMOOTHED:
            raise smoothing_error(status, k, self.fourier)
        if self.fourier.fill:
            self._append_filled(k, work.new_x[:n_new].copy(), work.new_y[:n_new].copy())
        else:
            kept = work.kept[:n_kept]
            self._append_points(x[kept], y[kept], value[kept])
        poly = Polygon(work.smooth_x[:n_smooth], work.smooth_y[:n_smooth])
        if len(self.x[-1]) == 0:
            self.features.append(features[:0])
            self._append_boundary(poly.x[:0], poly.x[:0], poly.x[:0])
            return
        within, by_row = np.empty(len(features), np.bool_), np.argsort(self.places[1][features], kind="stable")
        points_flags(*self.places, features[by_row], poly, work.edges, within)
        within[by_row] = within.copy()
        self.features.append(features[within])
        self.total += int(within.sum())
        self._append_boundary(poly.x.copy(), poly.y.copy(), np.zeros(n_smooth, np.float32))

    def _append_filled(self, k: int, x: I32, y: I32) -> None:
        d = self.domain
        value = np.empty(len(x), np.float32)
        filled_values(x, y, self.field, d.x1, d.y1, value)
        self._append_points(x, y, value)
        count = len(x)
        if d.periodic:
            self.classes[k], count = mark_edges(x, y, k + 1, len(d.xgrid), self.classes[k], count, self.edges)
        self.mem[k] = count

    def _append_points(self, x: I32, y: I32, value: F32) -> None:
        self.x.append(x)
        self.y.append(y)
        self.value.append(value)

    def _append(self, x: I32, y: I32, value: F32, features: I64) -> None:
        self._append_points(x, y, value)
        self.features.append(features)

    def _append_boundary(self, x: F32, y: F32, value: F32) -> None:
        self.boundary_x.append(x)
        self.boundary_y.append(y)
        self.boundary_value.append(value)

    def joined(self) -> FrameObjects:
        """The whole frame."""
        o = self.objects
        if o.n_objects == 0:
            return replace(o, boundary_state=1, total_features=0)
        chosen = np.concatenate(self.features)
        columns = {name: getattr(o, name)[chosen] for name in FEATURE_ARRAYS}
        return replace(
            o,
            point_start=_offsets(self.x),
            point_x=np.concatenate(self.x),
            point_y=np.concatenate(self.y),
            point_value=np.concatenate(self.value),
            object_class=self.classes,
            object_mem=self.mem,
            feature_start=_offsets(self.features),
            boundary_start=_offsets(self.boundary_x),
            boundary_x=np.concatenate(self.boundary_x),
            boundary_y=np.concatenate(self.boundary_y),
            boundary_value=np.concatenate(self.boundary_value),
            boundary_state=1,
            total_features=self.total,
            **columns,
        )


def _offsets(parts: Sequence[Array]) -> I64:
    out = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(p) for p in parts], out=out[1:])
    return out


def feature_coordinates(objects: FrameObjects, domain: Domain) -> tuple[F32, F32]:
    """Coordinates (float32) of the features, from grid numbers where they are held as such."""
    if not objects.integer_positions:
        return objects.feature_x, objects.feature_y
    x, y = np.empty(objects.n_features, np.float32), np.empty(objects.n_features, np.float32)
    coordinates_of_numbers(objects.feature_x, objects.feature_y, domain.axes, x, y)
    return x, y


def smoothing_choices(fourier: FourierSettings | None) -> Smoothing:
    """Smoothing as the kernels take it."""
    if fourier is None:
        return Smoothing(wanted=False, fixed=0, extra=0, modes=0, fill=False, expand=0)
    return Smoothing(
        wanted=True,
        fixed=fourier.fixed_exponent or 0,
        extra=fourier.extra_exponent,
        modes=fourier.modes,
        fill=fourier.fill,
        expand=fourier.expand,
    )


def smoothing_error(status: int, index: int, fourier: FourierSettings) -> StormtrackError:
    """The error for a smoothing status of the 0-based object `index`."""
    if status == TOO_FEW_FREQUENCIES:
        return AnswersError(
            f"2**{fourier.fixed_exponent} Fourier frequencies are fewer than the boundary of object {index + 1} needs",
            allowed="an exponent with 2**exponent not below the longest boundary",
            hint="Raise the exponent or let the number of frequencies follow each boundary",
        )
    return FieldError(unclosed_boundary(index))


def unclosed_boundary(index: int) -> str:
    """Message for the 0-based object `index` whose boundary walk does not come back."""
    return (
        f"object {index + 1} of the frame: its boundary starts at a cell without neighbour, where TRACK never "
        "returns. Smoothing has left the object in pieces; allowed: objects whose first piece has 2 cells or more. "
        "Keep more modes, fill the smoothed objects, or switch the boundaries off."
    )
