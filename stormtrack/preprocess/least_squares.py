"""Filter by least-squares spherical harmonics: frames in, one field per band out.

References
----------
Specification 05, section 3. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..arrays import F32, F64
from ..errors import FitError, GridError
from ..grid.gaussian import gaussian_grid
from ..settings.least_squares import LeastSquaresSettings
from . import _harmonics
from ._cholesky import BAND, TILE, add_products, blocks, factor, triangle_length
from ._harmonic_basis import LANES, HarmonicBasis, Layout, basis_products
from ._triangles import solve_triangles
from .bands import band_factors
from .legendre import hoskins_taper
from .restriction import restricted

BATCH = LANES
"""Frames whose sums are taken together."""
_WORTH_A_BATCH = 4
_POINTS = 128
"""Points whose products are added together to the normal equations."""
_PERIOD = np.float32(360.0)


class LeastSquaresFilter:
    """Everything about a filter that does not depend on the frame; threads may share one once its factor is there.

    Parameters
    ----------
    lon, lat : float32, shapes (columns,) and (rows,), degrees
        The input grid, any with rows south to north.
    settings : LeastSquaresSettings
    closed : bool
        The last column repeats the first: it has no part in the fit.
    file_grid : (float32, float32), optional
        Longitudes and latitudes read from ``settings.grid_file``; needed if ``settings.new_grid`` is ``'file'``.

    Attributes
    ----------
    lon, lat : float32
        The output grid.
    n_bands : int
        Fields for each frame.
    triangle : float64, shape (n_unknowns (n_unknowns + 1) / 2,), or None
        Lower triangle of the Cholesky factor, row by row; made by `build`, or set as it was read from a file.
    level : int
        Of vector instructions; results do not depend on it.

    Raises
    ------
    GridError
        If the bands, the masks or the output grid cannot be used.
    """

    def __init__(
        self,
        lon: F32,
        lat: F32,
        settings: LeastSquaresSettings,
        *,
        closed: bool = False,
        file_grid: tuple[F32, F32] | None = None,
    ) -> None:
        self.settings, self.closed = settings, closed
        self._columns, self._rows = len(lon), len(lat)
        self.lon, self.lat = _output_grid(lon, lat, settings, file_grid)
        self._bands = _bands(settings)
        self.n_bands = len(self._bands)
        self._layout = Layout.of(settings.truncation)
        own = lon[:-1] if closed else lon
        self._fitted = HarmonicBasis.of(self._layout, own, lat)
        same = self.lon is lon and not closed
        self._wanted = self._fitted if same else HarmonicBasis.of(self._layout, self.lon, self.lat)
        self.triangle: F64 | None = None
        self.level: int = _harmonics.vector_instructions()

    @property
    def n_unknowns(self) -> int:
        """Unknowns of the fit."""
        return len(self._layout.unknowns)

    def build(self) -> Iterator[int]:
        """Make the factor of the normal equations; gives the number of every row of the grid when it has been added.

        Raises
        ------
        FitError
            If the grid does not determine the coefficients.
        """
        n = self.n_unknowns
        triangle = np.zeros(triangle_length(n))
        basis, layout = self._fitted, self._layout
        place = layout.unknowns % layout.size
        circle = self._circle()
        for row in range(self._rows):
            legendre = basis.legendre[row, place]
            for points in np.array_split(circle, -(-basis.columns // _POINTS)):
                left, right = blocks(len(points), n, BAND), blocks(len(points), n, TILE)
                basis_products(legendre, points, left)
                basis_products(legendre, points, right)
                add_products(self.level, n, 0, left, right, triangle)
            yield row
        failed = factor(self.level, n, triangle)
        if failed >= 0:
            raise FitError(
                "least-squares spherical harmonics", failed + 1,
                f"the grid of {self._rows} rows and {basis.columns} columns does not determine the {n} coefficients of "
                f"truncation {self.settings.truncation}; choose a smaller one",
            )  # fmt: skip
        self.triangle = triangle

    def _circle(self) -> F64:
        """Cosine or sine of every unknown at every column, shape (columns, n_unknowns)."""
        basis, layout = self._fitted, self._layout
        order = np.zeros(2 * layout.size, np.int64)
        order[layout.place], order[layout.place + layout.size] = layout.order, layout.order + layout.truncation + 1
        both = np.concatenate([basis.cosines, basis.sines])[:, : basis.columns]
        return np.ascontiguousarray(both.T[:, order[layout.unknowns]])

    def filter(self, frames: Sequence[F32]) -> list[list[F32]]:
        """All bands of some frames: ``result[frame][band]``.

        Parameters
        ----------
        frames : sequence of float32, shape (rows, columns), south to north
            Any number; those of a `BATCH` are the cheapest.
        """
        out = []
        for first in range(0, len(frames), BATCH):
            batch = [restricted(frame, self.settings.restriction) for frame in frames[first : first + BATCH]]
            sums = self._right_hand_sides(batch)
            even, odd = self._coefficients(sums)
            out += [self._fields(frame, even[k], odd[k]) for k, frame in enumerate(batch)]
        return out

    def _right_hand_sides(self, batch: Sequence[F32]) -> F64:
        """Right-hand sides, shape (2, size, frames): cosines, sines."""
        if len(batch) < _WORTH_A_BATCH:
            parts = [self._sums(frame[None]) for frame in batch]
            return np.concatenate(parts, axis=2)
        stack = np.zeros((BATCH, self._rows, self._columns), np.float32)
        stack[: len(batch)] = batch
        return self._sums(stack)[:, :, : len(batch)]

    def _sums(self, stack: F32) -> F64:
        basis = self._fitted
        p = np.ascontiguousarray(basis.legendre).reshape(basis.rows, -1, LANES)
        cosines = np.ascontiguousarray(basis.cosines[:, : basis.columns])
        sines = np.ascontiguousarray(basis.sines[:, : basis.columns])
        sums = _harmonics.right_hand_sides(self.level, p.T, cosines.T, sines.T, np.ascontiguousarray(stack).T)
        lanes, frames, parts, blocks = sums.shape
        shaped: F64 = sums.transpose(2, 3, 0, 1).reshape(parts, blocks * lanes, frames)
        return shaped

    def _coefficients(self, sums: F64) -> tuple[F64, F64]:
        """Coefficients of cosines and sines, each of shape (frames, size), from right-hand sides."""
        assert self.triangle is not None
        unknowns, size = self._layout.unknowns, self._layout.size
        flat = sums.reshape(2 * size, -1)
        sides = np.ascontiguousarray(flat[unknowns])
        solve_triangles(self.triangle, np.empty((8, self.n_unknowns)), sides)
        out = np.zeros((sides.shape[1], 2 * size))
        out[:, unknowns] = sides.T
        return out[:, :size].copy(), out[:, size:].copy()

    def _fields(self, frame: F32, even: F64, odd: F64) -> list[F32]:
        out = []
        finite = bool(np.isfinite(even).all() and np.isfinite(odd).all())
        for factors, lowest, highest in self._bands:
            if not finite:
                lowest, highest = 0, self.settings.truncation  # zero factors still spread NaN
            field = np.empty((len(self.lat), len(self.lon)), np.float32)
            band = self._layout.spread(factors.astype(np.float64)[self._layout.degree])
            basis = self._wanted
            _harmonics.evaluate(
                *(self.level, lowest, highest, basis.legendre.T, band, even, odd),
                *(basis.cosines.T, basis.sines.T, field.T),
            )
            out.append(frame - field if self.settings.subtracts else field)
        return out


def _bands(settings: LeastSquaresSettings) -> list[tuple[F32, int, int]]:
    """Factors of every field that is written."""
    top = settings.truncation
    tapered = band_factors(top, settings.boundaries, hoskins_taper(top, settings.hoskins_cutoff))
    plain = band_factors(top, settings.boundaries, hoskins_taper(top, None))
    wanted = settings.untapered or (False,) * len(tapered)
    bands = [b if without else a for a, b, without in zip(tapered, plain, wanted, strict=True)]
    if not settings.kept or all(settings.kept):
        return bands
    kept = [band for band, is_kept in zip(bands, settings.kept, strict=True) if is_kept]
    if len(kept) > 1:
        raise GridError(f"{len(kept)} of {len(bands)} bands are left by the masks; keep one, or all")
    return kept or [(np.zeros(top + 1, np.float32), 0, -1)]


def _output_grid(
    lon: F32, lat: F32, settings: LeastSquaresSettings, file_grid: tuple[F32, F32] | None
) -> tuple[F32, F32]:
    """Longitudes and latitudes of the output."""
    if settings.new_grid == "same":
        return lon, lat
    if settings.new_grid == "gaussian":
        x, y = gaussian_grid(settings.grid_truncation)
        return (np.append(x, _PERIOD) if settings.grid_closed else x), y
    if file_grid is None:
        raise GridError(f"the output grid of file {settings.grid_file!r} was not given")
    return file_grid
