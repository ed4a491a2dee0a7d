"""Settings of the cosine filter of limited areas (specification 05, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuFrames, MenuRequest
from .ranges import Positive
from .restriction import Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineSettings:
    """Filter by cosine transforms of a limited area.

    Attributes
    ----------
    boundaries : tuple of float
        nbands + 1 wavelengths (km), descending.
    resolution : float
        Distance of grid points (km).
    prime_factor : bool
        Transforms of lengths with the factors 2, 3 and 5, else of powers of 2.
    size : (int, int), optional
        Columns and rows to which the field is padded for prime-factor transforms; None: as few as possible.
    exponents : (int, int)
        Powers of 2 in the direction of columns and rows, at least.
    reflects : bool
        The padding holds the field reflected at its edges, not zeros (prime factor only).
    centres : bool
        The mean is taken off before (and not put back).
    cutoff : float, optional
        Taper at the last boundary.
    restriction : Restriction, optional
    """

    boundaries: tuple[float, ...]
    resolution: Positive
    prime_factor: bool = True
    size: tuple[int, int] | None = None
    exponents: tuple[int, int] = (0, 0)
    reflects: bool = False
    centres: bool = False
    cutoff: float | None = None
    restriction: Restriction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineRequest(MenuRequest):
    """Menu 4, cosine filter."""

    frames: MenuFrames
    settings: CosineSettings
