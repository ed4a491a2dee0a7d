"""Settings of the filter by least-squares spherical harmonics (specification 05, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .menus import MenuFrames, MenuRequest
from .ranges import NotNegative
from .restriction import Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSquaresSettings:
    """Filter by spherical harmonics fitted to the values of any grid.

    Attributes
    ----------
    truncation : int
        Triangular.
    boundaries : tuple of int
        nbands + 1 total wavenumbers.
    kept : tuple of bool
        Bands not masked: all, one, or none (a field of zeros); empty if there is one band only.
    subtracts : bool
        The filtered field is taken off the field, instead of being the result.
    hoskins_cutoff : float, optional
        Taper at the truncation.
    untapered : tuple of bool
        Bands without the taper; empty: none.
    new_grid : {'same', 'gaussian', 'file'}
    grid_truncation : int
        Of the Gaussian grid.
    grid_closed : bool
        The Gaussian grid gets a column at 360 degrees.
    grid_file : str, optional
    restriction : Restriction, optional
    factor_file : str, optional
        File of an earlier run that holds the factor of the normal equations.
    factor_output : str, optional
        File to which the factor is written.
    """

    truncation: NotNegative
    boundaries: tuple[int, ...]
    kept: tuple[bool, ...] = ()
    subtracts: bool = False
    hoskins_cutoff: float | None = None
    untapered: tuple[bool, ...] = ()
    new_grid: Literal["same", "gaussian", "file"] = "same"
    grid_truncation: NotNegative = 0
    grid_closed: bool = False
    grid_file: str | None = None
    restriction: Restriction | None = None
    factor_file: str | None = None
    factor_output: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSquaresRequest(MenuRequest):
    """Menu 4, least squares."""

    frames: MenuFrames
    settings: LeastSquaresSettings
