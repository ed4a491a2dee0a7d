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
from .frame_times import FrameTimes

F32 = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedValues:
    """Which values of a frame are used, so that missing ones elsewhere do no harm.

    Attributes
    ----------
    rows, columns : int64
        Rows and columns of the file's frame, 0-based; the values where they cross are used.
    replaced_above : float32, optional
        Values (packing factors applied) above this are replaced before they are used.
    spread : bool
        Every result depends on every value, so that one NaN makes all of them NaN.
    """

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    replaced_above: np.float32 | None = None
    spread: bool = False

    def mask(self, shape: tuple[int, ...]) -> Mask:
        """The same as a mask of a frame of this shape."""
        used = np.zeros(shape, np.bool_)
        used[np.ix_(self.rows, self.columns)] = True
        return used


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
    """

    name: str
    values: tuple[float, ...]
    length: int

    @property
    def asked(self) -> bool:
        """Whether the question is asked."""
        return self.length > 1


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
        What the user should look at (what the file says and TRACK takes no notice of).
    marks : float32
        Raw values that stand for missing data.
    keeps_missing : bool
        Frames with NaN, infinite or missing values are passed on, as the original does, and only counted.
    frames_with_missing : dict of int to int
        How many such values frames that were passed on hold where they are used.
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
        self.keeps_missing = False
        self.frames_with_missing: dict[int, int] = {}

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

    def times(self) -> FrameTimes | None:
        """Times of the frames by the file's own time axis; None if it has none, or frames carry their time."""
        return None

    @abc.abstractmethod
    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        """Raw values (before packing factors) of frame `number` as float32, or None beyond the data."""

    def _unpack(self, frame: F32) -> None:
        """Apply packing factors in place."""
        return

    def read_frame(
        self, number: int, out: F32 | None = None, *, check: bool = True, used: UsedValues | None = None
    ) -> F32 | None:
        """One frame as it lies in the file.

        Parameters
        ----------
        number : int
            1-based.
        out : float32, shape (ny, nx), C order, optional
            Receives the values.
        check : bool
            Refuse frames with NaN, infinite or missing values. The original passes them on; only copying does so here,
            and a source that keeps them.
        used : UsedValues, optional
            Which values are checked; by default all.

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
            self._check(frame, number, used)
        self._unpack(frame)
        return frame

    def _check(self, frame: F32, number: int, used: UsedValues | None) -> None:
        if not find_unusable(frame, self.marks)[0]:
            return
        mask = np.ones(frame.shape, np.bool_) if used is None else used.mask(frame.shape)
        wrong = mask & self._unusable(frame, used)
        count = int(np.count_nonzero(wrong))
        if not count:
            return
        spoilt = used is not None and used.spread and not np.isfinite(frame[wrong]).all()
        if self.keeps_missing and not spoilt:
            self.frames_with_missing[number] = count
            return
        row, column = (int(n) for n in np.argwhere(wrong)[0])
        value = frame[row, column]
        kind = "NaN or infinite" if not np.isfinite(value) else f"missing ({value:g})"
        total = int(np.count_nonzero(mask))
        remedy = "Fill the gaps, cut the area or the frames that hold them, or run on with them as TRACK does by "
        remedy += "--keep-missing"
        if spoilt:
            remedy = "One NaN would make every value of the result NaN, as in TRACK: fill the gaps"
        raise FieldError(
            f"'{self.path}', frame {number}: {count} of {total} values that are used are NaN, infinite or missing; the "
            f"first ({kind}) is in row {row + 1}, column {column + 1}, longitude {self.lon[column]:g}, latitude "
            f"{self.lat[row]:g}. {remedy}{self._frames_before(number, count == total)}"
        )

    def _unusable(self, frame: F32, used: UsedValues | None) -> Mask:
        """Where values are NaN, infinite or missing, and are not replaced before they are used."""
        wrong: Mask = ~np.isfinite(frame) | np.isin(frame, self.marks)
        if used is not None and used.replaced_above is not None:
            values = frame.copy()
            self._unpack(values)
            wrong &= ~(values > used.replaced_above)
        return wrong

    @staticmethod
    def _frames_before(number: int, whole: bool) -> str:
        """What to do about a frame that is missing as a whole."""
        if not whole:
            return ""
        last = "" if number == 1 else f": the run can end at frame {number - 1}"
        return f". The whole frame is missing{last}"

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
