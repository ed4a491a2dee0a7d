"""One variable of a NetCDF file as a series of fields.

What TRACK refuses but users have (64-bit integers, bytes, unsigned types) is read as a conversion to float32 would
give it, and noted.

References
----------
Specification 01, section 7.1. Parity: bitwise.
"""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ...arrays import F32
from ...errors import FieldError
from ...formats.fields.netcdf_frames import FieldDescription
from ..field_file import AxisChoice, Choices
from ..frame_times import FrameTimes
from ..remote import is_remote
from ..rotated import rotated_warning
from ..source import Source
from .attributes import is_original, missing_marks, number_attribute, unpack
from .classic_frames import ClassicFrames, CutOffError
from .conventions import grid_hint, ignored_metadata, rotated_pole, text, times_of
from .description import describe
from .entries import chosen_entry
from .roles import dimension_roles

_CACHE_LIMIT = 256 << 20
"""Bytes of decompressed chunks kept, so that frames sharing chunks are decompressed once."""


class NetcdfField(Source):
    """A variable, at the first entries of its level and additional axes; `at` chooses others.

    Parameters
    ----------
    dataset : netCDF4.Dataset
    frames : ClassicFrames or None
        Frames of a classic file, read without the library.
    name : str
        File or address, for messages.
    variable : str
    coards : bool
        Dimensions are (additional,) (time,) (level,) latitude, longitude.
    strict : bool
        Refuse the number types that TRACK refuses.

    Attributes
    ----------
    choices : Choices

    Raises
    ------
    FieldError
        If the dimensions or the type of the variable or its coordinates cannot be used.
    """

    def __init__(
        self, dataset: Any, frames: ClassicFrames | None, name: str, variable: str, *, coards: bool, strict: bool
    ) -> None:
        super().__init__(name)
        self._dataset, self._frames, self._strict = dataset, frames, strict
        self._variable = dataset.variables[variable]
        try:
            self._roles = dimension_roles(self._variable.dimensions, dataset.variables, coards=coards)
        except FieldError as problem:
            hint = grid_hint(dataset, self._variable)
            raise FieldError(f"'{name}', variable '{variable}': {hint or problem}") from problem
        self._refusal = self._type_refused()
        self.mapped = self._roles.mapped
        self.lon, self.lat = self._coordinate("longitude"), self._coordinate("latitude")
        axes = self._roles.axes
        self.n_frames = self._variable.shape[axes["time"]] if "time" in axes else 0
        self._check_time()
        attributes = self._variable.ncattrs()
        self.choices = Choices(
            level=self._choice("level"),
            additional=self._choice("additional"),
            has_missing_value="missing_value" in attributes or "_FillValue" in attributes,
        )
        self._check_other_axes()
        self._describe()
        self._index = {"level": 0, "additional": 0}
        self._scale, self._shift = self._packing(self._variable)
        self.marks = missing_marks(self._variable)
        self._enlarge_cache()

    def _type_refused(self) -> FieldError | None:
        """What TRACK says of the field's type when it reads the first frame, if types are to be refused."""
        try:
            self._check_type(self._variable, "the field")
        except FieldError as problem:
            if not self._strict:
                raise
            return problem
        return None

    def at(self, *, level: float | None = None, additional: float | None = None, by_name: bool = True) -> Self:
        """The same field at an entry of its level and additional axes, given by value or (not `by_name`) by number.

        None keeps what was chosen before.

        Raises
        ------
        FieldError
            If there is no such axis, or no such entry.
        """
        index = dict(self._index)
        for role, answer in (("level", level), ("additional", additional)):
            if answer is None:
                continue
            choice = self.choices.level if role == "level" else self.choices.additional
            where = f"'{self.name}'"
            if choice is None:
                raise FieldError(f"{where}: '{self._variable.name}' has no {role} axis to choose from")
            try:
                index[role] = chosen_entry(role, choice, answer, by_name=by_name, remedy=self._roles.remedy)
            except FieldError as problem:
                raise FieldError(f"{where}: {problem}") from problem
        other = copy.copy(self)
        other._index = index
        return other

    def _describe(self) -> None:
        """Notes and warnings about the axes and about what TRACK takes no notice of."""
        chosen, roles, additional = self._variable, self._roles, self.choices.additional
        if additional is not None and additional.asked:
            values = additional.values
            span = f", {values[0]:g} to {values[-1]:g}" if values else ""
            self.notes.append(
                f"dimension {roles.reasons[chosen.dimensions.index(additional.name)]}, {additional.length} "
                f"entries{span}: nc.add_value asks for one of them. If it is the time, {roles.remedy}"
            )
        time = roles.axes.get("time")
        if time is None:
            self.notes.append(
                f"the field '{chosen.name}' has no time dimension, so TRACK counts 0 frames: it can be converted (menu "
                "7) but not tracked"
            )
        elif "time" not in roles.coordinates:
            name = chosen.dimensions[time]
            self.notes.append(f"dimension '{name}' ({self.n_frames} entries) is taken for the time by its place")
        is_rotated, pole = rotated_pole(self._dataset, chosen, chosen.dimensions)
        if is_rotated:
            self.warnings.append(rotated_warning(self.name, pole))
        self.warnings += ignored_metadata(self._dataset, chosen, roles.coordinates)

    @property
    def whole_numbers(self) -> np.iinfo[Any] | None:
        """Range of the numbers that the file holds, if they are whole numbers."""
        kind = self._variable.dtype
        return np.iinfo(kind) if kind.kind in "iu" else None

    def times(self) -> FrameTimes | None:
        """Times by the time coordinate of the field."""
        name = self._roles.coordinates.get("time")
        return None if name is None else times_of(self._dataset.variables[name], self.n_frames)

    def _check_type(self, variable: Any, what: str) -> None:
        kind = variable.dtype
        if not isinstance(kind, np.dtype) or kind.kind not in "iuf":
            raise FieldError(f"'{self.name}': {what} '{variable.name}' is of type {kind}; numbers are needed")
        if not is_original(kind):
            self._beyond_track(f"{what} '{variable.name}' is of type {kind}", "it is read as converted to float32")

    def _check_time(self) -> None:
        name = self._roles.coordinates.get("time")
        if name is not None and not is_original(self._dataset.variables[name].dtype):
            kind = self._dataset.variables[name].dtype
            self._beyond_track(f"the time coordinate '{name}' is of type {kind}", "it is not needed")

    def _beyond_track(self, what: str, instead: str) -> None:
        """Something that TRACK refuses: noted, or refused as well."""
        if self._strict:
            raise FieldError(f"'{self.name}': {what}, which TRACK refuses; run without --strict, or convert the file")
        self.notes.append(f"{what}, which TRACK refuses; {instead}")

    def _coordinate(self, role: str) -> F32:
        name = self._roles.coordinates[role]
        variable = self._dataset.variables[name]
        self._check_type(variable, f"the {role} coordinate")
        length = self._variable.shape[self._roles.axes[role]]
        if variable.shape != (length,):
            raise FieldError(
                f"'{self.name}': the {role} coordinate '{name}' has shape {variable.shape}; one dimension of {length} "
                "is needed (curvilinear grids cannot be read: interpolate to longitudes and latitudes first)"
            )
        values = self._read(variable, (slice(None),)).astype(np.float32)
        scale, shift = self._packing(variable)
        return unpack(values, scale, shift)

    def _choice(self, role: str) -> AxisChoice | None:
        """The axis of a level or additional value that is chosen by the dialogue."""
        name = self._roles.coordinates.get(role)
        if name is None or role not in self._roles.axes:
            return None
        variable = self._dataset.variables[name]
        length = self._variable.shape[self._roles.axes[role]]
        values: tuple[float, ...] = ()
        if length <= variable.size and isinstance(variable.dtype, np.dtype) and variable.dtype.kind in "iuf":
            raw = self._read(variable, (slice(0, length),) if variable.ndim == 1 else ()).astype(np.float32)
            values = tuple(float(v) for v in np.atleast_1d(raw))
        return AxisChoice(name=name, values=values, length=length, entries=variable.size, units=text(variable, "units"))

    def _check_other_axes(self) -> None:
        """Refuse axes of several entries that no coordinate lets choose from (TRACK reads zeros there)."""
        used = {axis for role, axis in self._roles.axes.items() if role in ("time", "latitude", "longitude")}
        used |= {self._roles.axes[role] for role in ("level", "additional") if role in self._roles.coordinates}
        for axis, (name, length) in enumerate(zip(self._variable.dimensions, self._variable.shape, strict=True)):
            if axis in used:
                continue
            if length > 1:
                raise FieldError(
                    f"'{self.name}': dimension '{name}' of '{self._variable.name}' has {length} entries but no "
                    f"coordinate variable, so none can be chosen; add a variable '{name}({name})' or cut out one entry"
                )
            self.notes.append(
                f"dimension '{name}' has no coordinate variable; its one entry is read (TRACK reads zeros)"
            )

    def description(self) -> FieldDescription:
        """What the file says about the field, at the level chosen; see `describe`."""
        return describe(self._dataset, self._variable, self._roles, self._index, self.lat, self.lon)

    def _packing(self, variable: Any) -> tuple[np.float32 | None, np.float32 | None]:
        return number_attribute(variable, "scale_factor", self.warnings), number_attribute(
            variable, "add_offset", self.warnings
        )

    def _enlarge_cache(self) -> None:
        """Let the library keep all chunks that one frame touches, when they hold several frames."""
        chunks = None if is_remote(self.name) else self._variable.chunking()
        if not isinstance(chunks, list):
            return
        ny, nx = self._variable.shape[-2:]
        across = -(-ny // chunks[-2]) * -(-nx // chunks[-1])
        needed = across * int(np.prod(chunks)) * self._variable.dtype.itemsize
        if needed <= _CACHE_LIMIT and self._variable.get_var_chunk_cache()[0] < needed:
            self._variable.set_var_chunk_cache(size=needed, nelems=max(1009, 10 * across + 1))

    def _read(self, variable: Any, index: tuple[Any, ...]) -> npt.NDArray[Any]:
        try:
            return np.asarray(variable[index])
        except (RuntimeError, OSError, IndexError) as problem:
            raise FieldError(f"'{self.name}': '{variable.name}' cannot be read: {problem}") from problem

    def _entry(self, number: int) -> tuple[int, ...] | None:
        """Leading indices of a frame; None beyond the data."""
        axes = self._roles.axes
        entry = [0] * (self._variable.ndim - 2)
        for role in ("additional", "level"):
            if role in axes and axes[role] < len(entry):
                entry[axes[role]] = self._index[role]
        if "time" in axes:
            entry[axes["time"]] = number - 1
            return tuple(entry) if number <= self.n_frames else None
        return tuple(entry) if number == 1 else None

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if self._refusal is not None:
            raise self._refusal
        entry = self._entry(number)
        if entry is None:
            return None
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        if self._frames is not None and self._frames.hold(self._variable.name):
            self._read_classic(self._frames, entry, number, frame)
            return frame
        raw = self._read(self._variable, entry)
        with np.errstate(over="ignore", invalid="ignore"):
            np.copyto(frame, raw, casting="unsafe")
        return frame

    def _read_classic(self, frames: ClassicFrames, entry: tuple[int, ...], number: int, out: F32) -> None:
        try:
            frames.read(self._variable.name, entry, out)
        except CutOffError as problem:
            raise FieldError(
                f"'{self.name}' is cut off in frame {number} of {self.n_frames}: {problem}. "
                f"Get the whole file, or end the run at frame {number - 1}"
            ) from problem

    def unpack(self, frame: F32) -> None:
        """Apply `scale_factor` and `add_offset`."""
        unpack(frame, self._scale, self._shift)

    def close(self) -> None:
        """Close the file."""
        if self._dataset.isopen():
            self._dataset.close()
        if self._frames is not None:
            self._frames.close()
