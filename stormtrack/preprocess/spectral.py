"""The fast spectral filter: one frame in, one field per band out.

References
----------
Specification 05, section 2. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32, F64
from ..errors import FieldError
from ..grid.gaussian import gaussian_latitudes
from ..settings.spectral import SpectralSettings
from ._spectral_grid import check_input_grid, check_truncation, largest_safe_truncation, output_grid
from ._sums import (
    Coefficients,
    Restriction,
    Rows,
    Waves,
    fill_waves,
    load_rows,
    store_rows,
    sum_over_degrees,
    sum_over_rows,
)
from .bands import band_factors
from .fft import fourier_plan
from .legendre import PI, RAD, hoskins_taper, legendre_columns, slope_columns

EARTH_RADIUS = 6.37e6
"""Metres."""


class SpectralFilter:
    """Everything about a spectral filter that does not depend on the frame; threads may share one.

    Parameters
    ----------
    lon, lat : float32, shapes (columns,) and (rows,), degrees
        The input grid, west to east and south to north, without the 360-degree column.
    settings : SpectralSettings
    file_grid : (float32, float32), optional
        Longitudes and latitudes read from ``settings.grid_file``; needed if ``settings.new_grid`` is ``'file'``.

    Attributes
    ----------
    lon, lat : float32
        The output grid.
    suffixes : tuple of str
        What TRACK appends to the name of a band's file, one per field of a band: ``('',)``, ``('.strf',)``,
        ``('.velpot',)``, ``('.Urot', '.Vrot')`` or ``('.Udiv', '.Vdiv')``.
    n_bands : int
    warning : str or None
        Set when the truncation aliases short waves.

    Raises
    ------
    GridError
        If the input grid is no full Gaussian grid, the number of columns has other prime factors than 2, 3, 5,
        or the truncation, the boundaries or the output grid do not fit.
    """

    def __init__(
        self, lon: F32, lat: F32, settings: SpectralSettings, file_grid: tuple[F32, F32] | None = None
    ) -> None:
        lon, lat = np.asarray(lon, np.float32), np.asarray(lat, np.float32)
        self.settings = settings
        check_input_grid(lon, lat)
        check_truncation(settings.truncation, len(lon))
        self.lon, self.lat = output_grid(lon, lat, settings, file_grid)
        self._rows, self._columns = len(lat), len(lon)
        limit = largest_safe_truncation(len(lon))
        self.warning = (
            f"truncation {settings.truncation} aliases short waves of {len(lon)} columns (limit {limit})"
            if settings.truncation > limit
            else None
        )
        self._forward, self._backward = fourier_plan(len(lon), 1), fourier_plan(len(self.lon), -1)
        self._weight = gaussian_latitudes(len(lat))[1]
        self._k1 = float(len(lon)) * math.sqrt(2.0 * (2.0 * PI))
        self._k2 = (2.0 * PI) / self._k1
        taper = hoskins_taper(settings.truncation, settings.hoskins_cutoff)
        self._bands = band_factors(settings.truncation, settings.boundaries, taper)
        self.n_bands = len(self._bands)
        self._prepare_bases(lat)

    def _prepare_bases(self, lat: F32) -> None:
        top = self.settings.truncation
        size = (top + 1) * (top + 2) // 2
        values, beyond = np.empty((size, len(lat))), np.empty((top + 1, len(lat)))
        legendre_columns(lat, top, values, beyond)
        self._analysis = np.ascontiguousarray(values.T)
        if self.lat is not lat:
            values, beyond = np.empty((size, len(self.lat))), np.empty((top + 1, len(self.lat)))
            legendre_columns(self.lat, top, values, beyond)
        self._bases: list[F64] = [values]
        self.suffixes: tuple[str, ...] = ("",)
        divergence = self.settings.input_is_divergence
        if self.settings.derived == "potential":
            self.suffixes = (".velpot",) if divergence else (".strf",)
        elif self.settings.derived == "winds":
            self.suffixes = (".Udiv", ".Vdiv") if divergence else (".Urot", ".Vrot")
            slopes = np.empty_like(values)
            slope_columns(top, values, beyond, slopes)
            order = np.concatenate([np.full(top + 1 - m, float(m)) for m in range(top + 1)])
            self._bases = [slopes if divergence else -slopes, order[:, None] * values]
            cosines = [math.cos(float(y) * RAD) for y in self.lat]
            self._wind_scale = np.array([EARTH_RADIUS / c if c else math.inf for c in cosines])[:, None]
        degrees = np.concatenate([np.arange(m, top + 1, dtype=np.float64) for m in range(top + 1)])
        self._inverse_laplacian = np.full(size, -1.0)
        np.divide(-1.0, degrees * (degrees + 1.0), out=self._inverse_laplacian, where=degrees > 0)

    def analyse(self, frame: F32) -> Coefficients:
        """Spectral coefficients of a frame (float32, shape (rows, columns), south to north).

        Raises
        ------
        FieldError
            If the frame has another shape than the grid.
        """
        if frame.shape != (self._rows, self._columns):
            raise FieldError(f"a frame of shape {frame.shape} on a grid of {self._rows} rows, {self._columns} columns")
        re, im = np.empty((self._columns, self._rows)), np.zeros((self._columns, self._rows))
        upper, replacement = self.settings.restrict or (0.0, 0.0)
        restriction = Restriction(self.settings.restrict is not None, np.float32(upper), np.float32(replacement))
        load_rows(np.ascontiguousarray(frame, np.float32), restriction, re)
        self._forward.transform(re, im)
        size = self._analysis.shape[1]
        out = Coefficients(np.empty(size), np.empty(size))
        transformed = Rows(re, im, self._forward.place)
        sum_over_rows(transformed, self._analysis, self._weight, self.settings.truncation, self._k2, out)
        return out

    def _wave_fields(self, basis: F64, coefficients: Coefficients, band: int) -> F32:
        """Sum over total wavenumbers, transform to the circle, round (section 2.8)."""
        factors, lowest, highest = self._bands[band]
        if not all(np.isfinite(part).all() for part in coefficients):
            lowest, highest = 0, self.settings.truncation  # zero factors still spread NaN
        shape = (self.settings.truncation + 1, len(self.lat))
        waves = Waves(np.empty(shape), np.empty(shape))
        sum_over_degrees(basis, factors, coefficients, lowest, highest, waves)
        full_re, full_im = np.empty((len(self.lon), len(self.lat))), np.empty((len(self.lon), len(self.lat)))
        fill_waves(waves, self._k1, full_re, full_im)
        self._backward.transform(full_re, full_im)
        out = np.empty((len(self.lat), len(self.lon)), np.float32)
        store_rows(full_re, self._backward.place, float(self._columns), out)
        return out

    def synthesise(self, coefficients: Coefficients, band: int) -> tuple[F32, ...]:
        """Fields of one band, one per entry of `suffixes` (float32, shape (rows, columns) of the output grid)."""
        if self.settings.derived == "none":
            return (self._wave_fields(self._bases[0], coefficients, band),)
        re, im = (part * self._inverse_laplacian for part in coefficients)
        if self.settings.derived == "potential":
            re[0] = im[0] = 0.0
            potential = self._wave_fields(self._bases[0], Coefficients(re, im), band)
            return (potential * np.float32(EARTH_RADIUS * EARTH_RADIUS),)
        across = self._wave_fields(self._bases[0], Coefficients(re, im), band)
        along = self._wave_fields(self._bases[1], Coefficients(-im, re), band)
        pair = (along, across) if self.settings.input_is_divergence else (across, along)
        return tuple((w.astype(np.float64) * self._wind_scale).astype(np.float32) for w in pair)

    def filter(self, frame: F32) -> tuple[tuple[F32, ...], ...]:
        """All fields of all bands of a frame: ``result[band][k]`` belongs to ``suffixes[k]``."""
        coefficients = self.analyse(frame)
        return tuple(self.synthesise(coefficients, band) for band in range(self.n_bands))
