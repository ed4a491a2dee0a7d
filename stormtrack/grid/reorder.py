"""From the file's frame to the working frame: columns, rows, scaling and signs in one pass.

References
----------
Specification 01, section 7.6; 02, section 4. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_2D, I64, I64_1D, Mask, Mask_1D
from ..errors import GridError
from ..kernels.declare import helper, kernel
from ..settings.detection import FieldPreparation

_NO_MEAN = np.zeros((1, 1), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reorder:
    """Index map of the working frame into the file's frame.

    Attributes
    ----------
    source_shape : tuple of int
        Rows and columns of the file's frame.
    rows, columns : int64, shapes (ny,), (nx,)
        File row and file column of every working row and column.
    wrap_from, wrap_to : int
        Working column that is copied, and the closing column that receives it; -1 without one.
    """

    source_shape: tuple[int, int]
    rows: I64
    columns: I64
    wrap_from: int = -1
    wrap_to: int = -1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the working frame."""
        return len(self.rows), len(self.columns)

    @property
    def source_columns(self) -> I64:
        """File column of every working column, a closing one included."""
        is_closing = np.arange(len(self.columns)) == self.wrap_to
        return np.where(is_closing, self.columns[self.wrap_from], self.columns)


class Places(NamedTuple):
    """Where working values come from: fields of `Reorder`."""

    rows: I64_1D
    columns: I64_1D
    wrap_from: int
    wrap_to: int


class Steps(NamedTuple):
    """What is done to every value, in this order: scale, mean, offset, sign, sign of inverted rows.

    Attributes
    ----------
    scaled, centred, shifted : bool
        Which of the first three are done.
    scale, offset, sign : float32
    mean : float32, shape (ny, nx), or (1, 1) if it is not subtracted
    inverted : bool, shape (ny,)
    """

    scaled: bool
    scale: np.float32
    centred: bool
    mean: F32_2D
    shifted: bool
    offset: np.float32
    sign: np.float32
    inverted: Mask_1D


@helper
def stretch_end(columns, first):
    """End (excluded) of the columns from `first` on that lie side by side in the file."""
    end = first + 1
    while end < len(columns) and columns[end] == columns[end - 1] + 1:
        end += 1
    return end


@helper
def prepare_values(source, steps, mean, inverted, out):
    """The steps on values side by side, each in float32; `mean` and `inverted` are those of the row."""
    scaled, centred, shifted = steps.scaled, steps.centred, steps.shifted
    scale, offset, sign = steps.scale, steps.offset, steps.sign
    minus = np.float32(-1.0)
    for k in range(len(out)):
        value = source[k]
        if scaled:
            value = value * scale
        if centred:
            value = value - mean[k]
        if shifted:
            value = value - offset
        value = value * sign
        if inverted:
            value = value * minus
        out[k] = value


@kernel
def reorder_frame(raw: F32_2D, places: Places, steps: Steps, out: F32_2D) -> None:
    """Fill `out` (ny, nx) from `raw`. The columns are a few stretches of the file's."""
    rows, columns, mean, centred = places.rows, places.columns, steps.mean, steps.centred
    wrap_from, wrap_to = places.wrap_from, places.wrap_to
    first = 0
    while first < len(columns):
        end = stretch_end(columns, first)
        begin = columns[first]
        for j in range(len(rows)):
            of_row = mean[j, first:end] if centred else mean[0]
            source = raw[rows[j], begin : begin + end - first]
            prepare_values(source, steps, of_row, steps.inverted[j], out[j, first:end])
        first = end
    if wrap_to >= 0:
        for j in range(len(rows)):
            out[j, wrap_to] = out[j, wrap_from]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameTransform:
    """A `Reorder` with the scaling and signs of one pass over the data.

    Attributes
    ----------
    reorder : Reorder
    scale, offset : float32 or None
        Factor; value subtracted after scaling.
    sign : float32
        1 or -1.
    mean : float32, shape (ny, nx), or None
        Time mean on the working grid, subtracted after scaling.
    inverted : bool, shape (ny,)
        Rows whose sign is changed.
    """

    reorder: Reorder
    scale: np.float32 | None
    offset: np.float32 | None
    sign: np.float32
    mean: F32 | None
    inverted: Mask

    def apply(self, raw: F32, out: F32 | None = None) -> F32:
        """Working frame of one frame of the file.

        Parameters
        ----------
        raw : float32, shape `reorder.source_shape`
        out : float32, shape `reorder.shape`, C order, optional
            Receives the result.

        Raises
        ------
        GridError
            If `raw` has another shape.
        """
        plan = self.reorder
        if raw.shape != plan.source_shape:
            raise GridError(f"a frame of shape {raw.shape} does not fit the grid, made for {plan.source_shape}")
        if out is None:
            out = np.empty(plan.shape, np.float32)
        zero = np.float32(0.0)
        steps = Steps(
            self.scale is not None,
            zero if self.scale is None else self.scale,
            self.mean is not None,
            _NO_MEAN if self.mean is None else self.mean,
            self.offset is not None,
            zero if self.offset is None else self.offset,
            self.sign,
            self.inverted,
        )
        places = Places(plan.rows, plan.columns, plan.wrap_from, plan.wrap_to)
        reorder_frame(np.ascontiguousarray(raw), places, steps, out)
        return out


def frame_transform(
    reorder: Reorder, lat: F32, preparation: FieldPreparation | None = None, mean: F32 | None = None
) -> FrameTransform:
    """Transform of the frames of one pass.

    Parameters
    ----------
    reorder : Reorder
    lat : float32, shape (ny,)
        Latitudes of the working rows.
    preparation : FieldPreparation, optional
        Scale, offset, sign and hemisphere; without it values stay as they are.
    mean : float32, shape (ny, nx), optional
        Time mean to subtract.
    """
    if mean is not None and mean.shape != reorder.shape:
        raise GridError(f"the time mean has shape {mean.shape}, the working grid {reorder.shape}")
    wanted = preparation or FieldPreparation()
    inverted = np.zeros(len(lat), np.bool_)
    if wanted.inversion is not None:
        limit = np.float32(wanted.inversion.latitude)
        inverted = lat > limit if wanted.inversion.which == "n" else lat < limit  # strict: the limit itself stays
    return FrameTransform(
        reorder=reorder,
        scale=None if wanted.scale is None else np.float32(wanted.scale),
        offset=None if wanted.offset is None else np.float32(wanted.offset),
        sign=np.float32(-1.0 if wanted.minima else 1.0),
        mean=None if mean is None else np.ascontiguousarray(mean, np.float32),
        inverted=inverted,
    )
