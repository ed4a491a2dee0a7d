"""Filter of limited areas by cosine transforms.

References
----------
Specification 05, section 4. Parity: bitwise.
"""

from __future__ import annotations

import abc
import itertools
import math

import numpy as np

from ..arrays import F32, F64, F64_2D, I64
from ..errors import GridError
from ..kernels.declare import kernel
from ..settings.cosine_filter import CosineSettings
from ..settings.transform_sizes import is_smooth, padded_size
from .fft import fourier_plan
from .radix2 import Parts, Tables, tables, transform
from .restriction import restricted

PI = 3.14159265358979323846
ROOT_2 = 1.41421356237309504880


@kernel
def _radix2(re: F64_2D, im: F64_2D, table: Tables, backward: bool) -> None:
    """Transforms along the first axis in place, not divided by the length."""
    transform(Parts(re, im), table, backward)


class _CosineTransform(abc.ABC):
    """Cosine transforms of one even length along the first axis of arrays (float64, shape (n, series))."""

    def __init__(self, n: int) -> None:
        self.n = n
        turn = PI / float(np.float32(2 * n))
        cosines = np.array([math.cos(i * turn) for i in range(n)])
        sines = np.array([math.sin(i * turn) for i in range(n)])
        self._forward = _weights(cosines, -sines, 2.0 / math.sqrt(2.0 * n))
        self._inverse = _weights(cosines, sines, math.sqrt(2.0 * n))
        half = np.arange(n // 2)
        self._even_odd = np.empty(n, np.int64)
        self._even_odd[half], self._even_odd[n - 1 - half] = 2 * half, 2 * half + 1

    def forward(self, values: F64) -> F64:
        """Coefficients of values."""
        re, im = self._spectrum(np.ascontiguousarray(values[self._even_odd]))
        cosines, sines = self._forward
        found: F64 = cosines * re - sines * im
        return found

    def inverse(self, coefficients: F64) -> F64:
        """Values of coefficients."""
        cosines, sines = self._inverse
        return self._values(coefficients * cosines, coefficients * sines + 0.0)

    @abc.abstractmethod
    def _spectrum(self, values: F64) -> tuple[F64, F64]:
        """Real and imaginary parts of the transform by exp(-i)."""

    @abc.abstractmethod
    def _values(self, re: F64, im: F64) -> F64:
        """Values in their order from the weighted coefficients."""


def _weights(cosines: F64, sines: F64, scale: float) -> tuple[F64, F64]:
    """Weights of the coefficients, shape (n, 1) each."""
    a, b = cosines * scale, sines * scale
    a[0], b[0] = a[0] / ROOT_2, b[0] / ROOT_2
    return a[:, None], b[:, None]


class _PrimeFactor(_CosineTransform):
    """Lengths with the factors 2, 3 and 5."""

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self._plans = fourier_plan(n, 1), fourier_plan(n, -1)
        self._place = np.empty(n, np.int64)
        middle = np.arange(1, n // 2)
        self._place[0], self._place[n - 1] = 0, n // 2
        self._place[2 * middle - 1], self._place[2 * middle] = middle, n - middle

    def _spectrum(self, values: F64) -> tuple[F64, F64]:
        plan, im = self._plans[0], np.zeros_like(values)
        plan.transform(values, im)
        return values[plan.place], -im[plan.place]

    def _values(self, re: F64, im: F64) -> F64:
        plan = self._plans[1]
        re, im = np.ascontiguousarray(re), np.ascontiguousarray(im)
        plan.transform(re, im)
        found: F64 = re[plan.place[self._place]] / float(np.float32(self.n))
        return found


class _PowerOfTwo(_CosineTransform):
    """Lengths that are powers of 2."""

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self._tables = tables(n)
        self._place: I64 = np.empty(n, np.int64)
        self._place[self._even_odd] = np.arange(n)

    def _spectrum(self, values: F64) -> tuple[F64, F64]:
        im = np.zeros_like(values)
        _radix2(values, im, self._tables, False)
        return values, im

    def _values(self, re: F64, im: F64) -> F64:
        re, im = np.ascontiguousarray(re), np.ascontiguousarray(im)
        _radix2(re, im, self._tables, True)
        found: F64 = re[self._place] / self.n
        return found


class CosineFilter:
    """Filters fields of one grid.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the fields.
    settings : CosineSettings

    Raises
    ------
    GridError
        The transform cannot have the size asked for.

    Attributes
    ----------
    size : (int, int)
        Rows and columns of the transform.
    """

    def __init__(self, shape: tuple[int, int], settings: CosineSettings) -> None:
        self._shape, self._settings = shape, settings
        self.size = _size(shape, settings)
        kind = _PrimeFactor if settings.prime_factor else _PowerOfTwo
        self._of_columns, self._of_rows = kind(self.size[0]), kind(self.size[1])
        self._corner = tuple((whole - part) // 2 for whole, part in zip(self.size, shape, strict=True))
        self._masks = _masks(self.size, settings)
        if settings.reflects:
            self._check_reflection()

    @property
    def n_bands(self) -> int:
        """Number of bands."""
        return len(self._masks)

    def filter(self, frame: F32) -> list[F32]:
        """Fields of the bands (float32, shape (rows, columns)) of a frame."""
        field = restricted(frame, self._settings.restriction)
        if self._settings.centres:
            total = np.cumsum(field.ravel(), dtype=np.float64)[-1]
            field = field - np.float32(total / field.size)
        spectrum = self._of_columns.forward(self._of_rows.forward(self._placed(field).T).T)
        rows, columns = (slice(a, a + n) for a, n in zip(self._corner, self._shape, strict=True))
        bands = []
        for mask in self._masks:
            values = self._of_columns.inverse(self._of_rows.inverse((spectrum * mask).T).T)
            bands.append(values[rows, columns].astype(np.float32))
        return bands

    def _placed(self, field: F32) -> F64:
        """The field in the middle of the transform's array."""
        out = np.zeros(self.size)
        (down, along), (rows, columns) = self._corner, self._shape
        out[down : down + rows, along : along + columns] = field
        if self._settings.reflects:
            _reflect(out.T, along, columns)
            _reflect(out, down, rows)
        return out

    def _check_reflection(self) -> None:
        for whole, part, what in zip(self.size, self._shape, ("rows", "columns"), strict=True):
            if whole > 2 * part:
                raise GridError(
                    f"padding to {whole} {what} cannot be filled by reflecting the field's {part} {what}; pad to at "
                    f"most {2 * part}, or with zeros"
                )


def _size(shape: tuple[int, int], settings: CosineSettings) -> tuple[int, int]:
    """Rows and columns of the transform."""
    rows, columns = shape
    if not settings.prime_factor:
        along, down = settings.exponents
        return int(2 ** max(down, (rows - 1).bit_length())), int(2 ** max(along, (columns - 1).bit_length()))
    nx, ny = settings.size or (None, None)
    return _prime_factor_size(rows, ny, "rows"), _prime_factor_size(columns, nx, "columns")


def _prime_factor_size(points: int, wanted: int | None, what: str) -> int:
    size = padded_size(points, wanted)
    if size < points or size < 2 or not is_smooth(size):
        raise GridError(
            f"the field cannot be padded to {size} {what}: it has {points}, and the number must be even with no prime "
            f"factors but 2, 3 and 5; the least is {padded_size(points, None)}"
        )
    return size


def _reflect(array: F64, first: int, count: int) -> None:
    """Fill what lies before and behind the lines from `first` on by reflection at the edges."""
    end = first + count
    behind = len(array) - end
    array[:first] = array[first + 1 : 2 * first + 1][::-1]
    array[end:] = array[end - 1 - behind : end - 1][::-1]


def _masks(size: tuple[int, int], settings: CosineSettings) -> list[F64]:
    """What coefficients are multiplied by, for every band."""
    ny, nx = size
    least = min(nx, ny)
    doubled = 2.0 * float(np.float32(settings.resolution)) * least
    bounds = [int(doubled / float(np.float32(boundary)) + 0.5) for boundary in settings.boundaries]
    radius = _radial_index(ny, nx)
    taper = np.ones(least)
    if settings.cutoff is not None:
        if bounds[-1] == 0:
            raise GridError(
                f"the last boundary, {settings.boundaries[-1]:g} km, is longer than the field allows, so that the "
                "taper has no scale; give a shorter one, or no taper"
            )
        scale = float(np.float32(bounds[-1])) / math.pow(-math.log(float(np.float32(settings.cutoff))), 0.25)
        taper = np.array([math.exp(-math.pow(k / scale, 4.0)) for k in range(least)])
    masks = []
    for band, (low, high) in enumerate(itertools.pairwise(bounds)):
        kept = (radius >= low if band == 0 else radius > low) & (radius <= high)
        masks.append(np.where(kept, taper[radius], 0.0))
    return masks


def _radial_index(ny: int, nx: int) -> I64:
    """Largest k below the smaller size whose circle (radius k over that size) a coefficient lies on or beyond."""
    least = min(nx, ny)
    row, column = np.arange(ny) / ny, np.arange(nx) / nx
    radius = np.sqrt((row * row)[:, None] + column * column)
    circles = np.arange(least) / least
    index: I64 = np.searchsorted(circles, radius, side="right") - 1
    return index
