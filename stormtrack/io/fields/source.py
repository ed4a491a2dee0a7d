"""What every reader of field files offers.

References
----------
Specification 01, section 7.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import numpy.typing as npt

from ...errors import FieldError
from ...grid.finite import find_unusable
from ...settings.startup import FieldSelection

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A variable that may be the field: its name, number in the file (0-based) and dimensions."""

    name: str
    id: int
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisChoice:
    """An axis besides time, latitude and longitude from which one entry is chosen.

    Attributes
    ----------
    name : str
        Coordinate whose values are listed.
    values : tuple of float
        Its values (float32, unscaled); empty when they cannot be read.
    length : int
        Entries of the axis that is indexed.
    entries : int
        Values of the coordinate, which belongs to another axis where TRACK mixes them up.
    """

    name: str
    values: tuple[float, ...]
    length: int
    entries: int

    @property
    def asked(self) -> bool:
        """Whether the question is asked."""
        return self.length > 1

    @property
    def asked_of_added_field(self) -> bool:
        """Whether the question is asked again for a field that is added."""
        return self.entries > 1


class FieldSource(abc.ABC):
    """An open file of fields, read frame by frame; a context manager.

    Attributes
    ----------
    path : str
    format : int
        The dialogue's number: 0 TRACK binary, 1 ASCII, 3 PP, 4 NetCDF.
    lon, lat : float32, shapes (nx,), (ny,)
        Coordinates in the order of the file (for NetCDF: after `select`).
    n_frames : int
        As the file announces it; 0 for a field without a time axis, whose frame 1 can be read nevertheless.
    mapped : bool
        The axes are not longitudes and latitudes (no question about the grid is asked).
    candidates : tuple of Candidate
        NetCDF only.
    level, additional : AxisChoice or None
        Axes from which the dialogue chooses an entry.
    notes : list of str
        What the user should hear (things that TRACK refuses, or odd files).
    warnings : list of str
        What the user must look at, known when frames have been read.
    marks : float32
        Raw values that stand for missing data.
    """

    format: int = -1

    def __init__(self, path: str) -> None:
        self.path = path
        self.lon: F32 = np.zeros(0, np.float32)
        self.lat: F32 = np.zeros(0, np.float32)
        self.n_frames = 0
        self.mapped = False
        self.candidates: tuple[Candidate, ...] = ()
        self.level: AxisChoice | None = None
        self.additional: AxisChoice | None = None
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.marks: F32 = np.zeros(0, np.float32)

    @property
    def nx(self) -> int:
        """Columns of the file's frames."""
        return len(self.lon)

    @property
    def ny(self) -> int:
        """Rows of the file's frames."""
        return len(self.lat)

    @property
    def asks_field(self) -> bool:
        """Whether the dialogue asks which variable to use."""
        return len(self.candidates) > 1

    @property
    def asks_continue(self) -> bool:
        """Whether the dialogue asks to go on with an unusual PP file."""
        return False

    def apply(self, selection: FieldSelection) -> None:
        """Apply all answers about the reading of the file.

        Raises
        ------
        FieldError
            If the variable, level or additional value does not exist or cannot be read.
        """
        return  # nothing to choose unless a reader says otherwise

    def use_first_levels(self) -> None:
        """Forget the choices of level and additional value: entry 0 is read (menu 7 does so)."""
        return

    def follow(self, first: int, step: int, rotated: int = 0) -> None:
        """Frames 1, `first`, `first` + `step`, ... will be read; only readers with TRACK's way of finding them care.

        Parameters
        ----------
        first, step : int
        rotated : int
            Columns that the working grid moves from the start of each row to its end.
        """
        return

    @abc.abstractmethod
    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        """Raw values (before packing factors) of frame `number` as float32, or None beyond the data."""

    def _unpack(self, frame: F32) -> None:
        """Apply packing factors in place."""
        return

    def read_frame(self, number: int, out: F32 | None = None, *, check: bool = True) -> F32 | None:
        """One frame as it lies in the file.

        Parameters
        ----------
        number : int
            1-based.
        out : float32, shape (ny, nx), C order, optional
            Receives the values.
        check : bool
            Refuse frames with NaN, infinite or missing values. The original passes them on; only copying does so here.

        Returns
        -------
        float32, shape (ny, nx), or None
            None at the end of the data.

        Raises
        ------
        FieldError
            If the file is cut off in the frame, or values are NaN, infinite or missing.
        """
        if number < 1:
            raise FieldError(f"frames are counted from 1; frame {number} was asked for")
        frame = self._read_raw(number, out)
        if frame is None:
            return None
        if check:
            self._check(frame, number, self.marks)
        self._unpack(frame)
        return frame

    def _check(self, frame: F32, number: int, marks: F32) -> None:
        count, first = find_unusable(frame, marks)
        if not count:
            return
        row, column = divmod(first, self.nx)
        value = frame[row, column]
        kind = "NaN or infinite" if not np.isfinite(value) else f"missing ({value:g})"
        raise FieldError(
            f"'{self.path}', frame {number}: {count} of {frame.size} values are NaN, infinite or missing; the first "
            f"({kind}) is in row {row + 1}, column {column + 1}, longitude {self.lon[column]:g}, latitude "
            f"{self.lat[row]:g}. Fill the gaps, or cut the area or the frames that hold them"
        )

    def frame_text(self, number: int) -> str:
        """Text line before frame `number` (empty where the format has none)."""
        return ""

    def frame_time(self, number: int) -> int:
        """Time YYYYMMDDHH of frame `number`, 0 without a stamp."""
        return 0

    @abc.abstractmethod
    def close(self) -> None:
        """Close the file."""

    def __enter__(self) -> FieldSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
