"""Fields on one grid, frame by frame: what every reader gives.

References
----------
Specification 01, section 7.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from .frame_times import FrameTimes

Check = Callable[[F32, int], None]
"""Looks at the raw values of a frame (1-based number) and refuses it by raising."""


class Source(abc.ABC):
    """A series of fields on one grid; a context manager.

    Attributes
    ----------
    name : str
        File, address or what else the fields come from, for messages.
    lon, lat : float32, shapes (nx,), (ny,)
        Coordinates of columns and rows in the order of the data.
    mapped : bool
        The axes are not longitudes and latitudes.
    n_frames : int
        As the data announce it; 0 for a field without a time axis, whose frame 1 can be read nevertheless.
    marks : float32
        Raw values that stand for missing data.
    notes : list of str
        What the user should hear (things that TRACK refuses, or odd files).
    warnings : list of str
        What the user should look at: what the data say and TRACK takes no notice of, and what reading them brings.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lon: F32 = np.zeros(0, np.float32)
        self.lat: F32 = np.zeros(0, np.float32)
        self.mapped = False
        self.n_frames = 0
        self.marks: F32 = np.zeros(0, np.float32)
        self.notes: list[str] = []
        self.warnings: list[str] = []

    @property
    def nx(self) -> int:
        """Columns of the frames."""
        return len(self.lon)

    @property
    def ny(self) -> int:
        """Rows of the frames."""
        return len(self.lat)

    def times(self) -> FrameTimes | None:
        """Times of the frames by a time axis; None without one, or if frames carry their time (`stamp`)."""
        return None

    def stamp(self, number: int) -> int:
        """Time YYYYMMDDHH that frame `number` carries, 0 without one."""
        return 0

    def has_frame(self, number: int) -> bool:
        """Whether frame `number` (1-based) begins before the end of the data."""
        return 1 <= number <= max(1, self.n_frames)

    def follow(self, first: int, step: int, rotated: int = 0) -> None:
        """Frames 1, `first`, `first` + `step`, ... will be read; only readers with TRACK's way of finding them care.

        Parameters
        ----------
        first, step : int
        rotated : int
            Columns that the working grid moves from the start of each row to its end.
        """
        return

    def heard(self, notes: Sequence[str], warnings: Sequence[str]) -> None:
        """Take over what reading the same data elsewhere brought; the first warning stands for all."""
        self.notes += [text for text in notes if text not in self.notes]
        if not self.warnings:
            self.warnings += warnings

    def read(self, number: int, out: F32 | None = None, check: Check | None = None) -> F32 | None:
        """One frame in the order of the data.

        Parameters
        ----------
        number : int
            1-based.
        out : float32, shape (ny, nx), C order, optional
            Receives the values.
        check : callable, optional
            Looks at the values as stored, before packing factors are applied (`MissingValues.check`). By default
            NaN, infinite and missing values are passed on, as the original does.

        Returns
        -------
        float32, shape (ny, nx), or None
            None at the end of the data.

        Raises
        ------
        FieldError
            If the data are cut off in the frame.
        """
        if number < 1:
            raise FieldError(f"frames are counted from 1; frame {number} was asked for")
        frame = self._read_raw(number, out)
        if frame is None:
            return None
        if check is not None:
            check(frame, number)
        self.unpack(frame)
        return frame

    @abc.abstractmethod
    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        """Values of frame `number` as stored, in float32, or None beyond the data."""

    def unpack(self, frame: F32) -> None:
        """Apply packing factors in place."""
        return

    @abc.abstractmethod
    def close(self) -> None:
        """Close what the fields come from."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
