"""Reader of NetCDF files of every kind the NetCDF library opens.

What TRACK refuses but users have (64-bit integers, bytes, unsigned types) is read as a conversion to float32 would
give it, and noted.

References
----------
Specification 01, section 7.1. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import numpy.typing as npt

from ...errors import FieldError
from ...settings.startup import FieldSelection
from ..netcdf_fields import FieldDescription
from ._netcdf_attributes import is_original, missing_marks, number_attribute, unpack
from .classic import VariableLayout, classic_layout
from .description import describe
from .roles import Roles, dimension_roles
from .sniff import is_remote, wrong_format
from .source import AxisChoice, Candidate, FieldSource

F32 = npt.NDArray[np.float32]

_LEVEL_TOLERANCE = 1.0e-5
_CACHE_LIMIT = 256 << 20
"""Bytes of decompressed chunks kept, so that frames sharing chunks are decompressed once."""


def _layout(path: str) -> Mapping[str, VariableLayout]:
    """Layout of a classic file; empty for other kinds and for files that the library shall complain about."""
    try:
        return classic_layout(path) or {}
    except OSError:
        return {}


class NetcdfSource(FieldSource):
    """A NetCDF file; `select` (or `apply`) names the variable, then coordinates and axes are known."""

    format = 4

    def __init__(self, path: str, *, strict: bool = False) -> None:
        super().__init__(path)
        self._strict = strict
        self._refusal: FieldError | None = None
        layout: Mapping[str, VariableLayout] = {} if is_remote(path) else _layout(path)
        try:
            self._dataset = netCDF4.Dataset(path)
        except OSError as problem:
            raise wrong_format(path, 4, f"the NetCDF library says {problem.strerror or problem}") from problem
        except (
            UnicodeDecodeError,
            RuntimeError,
        ) as problem:  # of damaged names and sizes
            raise FieldError(f"'{path}' is damaged: its names and dimensions cannot be read ({problem})") from problem
        self._dataset.set_auto_maskandscale(False)
        self._dataset.set_auto_chartostring(False)
        self._layout = layout
        variables = self._dataset.variables
        self.candidates = tuple(
            Candidate(name=name, id=variable._varid, dimensions=variable.dimensions, shape=variable.shape)
            for name, variable in variables.items()
            if name not in self._dataset.dimensions
        )
        if not self.candidates:
            self.close()
            raise FieldError(f"'{path}' holds no field: every variable ({', '.join(variables)}) is a coordinate")
        self._selected: tuple[object, ...] = ()
        self._variable: Any = None
        self._roles = Roles()
        self._index: dict[str, int] = {}
        self._scale: np.float32 | None = None
        self._shift: np.float32 | None = None

    @property
    def variable_name(self) -> str:
        """Name of the variable selected (empty before)."""
        return "" if self._variable is None else str(self._variable.name)

    @property
    def has_missing_value(self) -> bool:
        """Whether the variable has the attribute `missing_value` or `_FillValue`."""
        names = () if self._variable is None else self._variable.ncattrs()
        return "missing_value" in names or "_FillValue" in names

    def apply(self, selection: FieldSelection) -> None:
        """Select the variable and, where answered, the level and the additional value."""
        self.select(selection.variable, by_name=selection.by_name, coards=selection.coards)
        if selection.level is not None:
            self.select_level(selection.level, by_name=selection.by_name)
        if selection.additional is not None:
            self.select_additional(selection.additional, by_name=selection.by_name)

    def select(self, variable: str | int | None = None, *, by_name: bool = True, coards: bool = False) -> None:
        """Choose the field; coordinates, frame number and axes are set.

        Parameters
        ----------
        variable : str or int, optional
            Name, or number in the file with ``by_name=False``; not needed when there is one candidate.
        coards : bool
            Dimensions are (additional,) (time,) (level,) latitude, longitude.

        Raises
        ------
        FieldError
            If the variable does not exist, or its dimensions or type cannot be used.
        """
        wanted = (variable, by_name, coards)
        if wanted == self._selected:
            return
        name = self._name_of(variable, by_name)
        chosen = self._dataset.variables[name]
        try:
            roles = dimension_roles(chosen.dimensions, self._dataset.variables, coards=coards)
        except FieldError as problem:
            raise FieldError(f"'{self.path}', variable '{name}': {problem}") from problem
        self._refusal = None
        try:
            self._check_type(chosen, "the field")
        except FieldError as problem:
            if not self._strict:
                raise
            self._refusal = problem  # TRACK looks at the type of the field when it reads the first frame
        self._variable, self._roles, self._selected = chosen, roles, wanted
        self.mapped = roles.mapped
        self.lon, self.lat = self._coordinate("longitude"), self._coordinate("latitude")
        self.n_frames = chosen.shape[roles.axes["time"]] if "time" in roles.axes else 0
        self._check_time()
        self.level, self.additional = self._choice("level"), self._choice("additional")
        self._check_other_axes()
        self.use_first_levels()
        self._scale, self._shift = self._packing(chosen)
        self.marks = missing_marks(chosen)
        self._enlarge_cache()

    def _name_of(self, variable: str | int | None, by_name: bool) -> str:
        if not self.asks_field:
            return self.candidates[0].name
        listing = ", ".join(f"{c.id} {c.name}({', '.join(c.dimensions)})" for c in self.candidates)
        if variable is None:
            raise FieldError(f"'{self.path}' holds several fields; name one of: {listing}")
        variables = self._dataset.variables
        if by_name:
            if str(variable) not in variables:
                raise FieldError(f"'{self.path}' has no variable '{variable}'; it holds: {listing}")
            return str(variable)
        for name, held in variables.items():
            if held._varid == int(variable):
                return str(name)
        raise FieldError(f"'{self.path}' has no variable number {variable}; it holds: {listing}")

    def _check_type(self, variable: Any, what: str) -> None:
        kind = variable.dtype
        if not isinstance(kind, np.dtype) or kind.kind not in "iuf":
            raise FieldError(f"'{self.path}': {what} '{variable.name}' is of type {kind}; numbers are needed")
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
            raise FieldError(f"'{self.path}': {what}, which TRACK refuses; run without --strict, or convert the file")
        self.notes.append(f"{what}, which TRACK refuses; {instead}")

    def _coordinate(self, role: str) -> F32:
        name = self._roles.coordinates[role]
        variable = self._dataset.variables[name]
        self._check_type(variable, f"the {role} coordinate")
        length = self._variable.shape[self._roles.axes[role]]
        if variable.shape != (length,):
            raise FieldError(
                f"'{self.path}': the {role} coordinate '{name}' has shape {variable.shape}; one dimension of {length} "
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
        return AxisChoice(name=name, values=values, length=length, entries=variable.size)

    def _check_other_axes(self) -> None:
        """Refuse axes of several entries that no coordinate lets choose from (TRACK reads zeros there)."""
        used = {axis for role, axis in self._roles.axes.items() if role in ("time", "latitude", "longitude")}
        used |= {self._roles.axes[role] for role in ("level", "additional") if role in self._roles.coordinates}
        for axis, (name, length) in enumerate(zip(self._variable.dimensions, self._variable.shape, strict=True)):
            if axis in used:
                continue
            if length > 1:
                raise FieldError(
                    f"'{self.path}': dimension '{name}' of '{self.variable_name}' has {length} entries but no "
                    f"coordinate variable, so none can be chosen; add a variable '{name}({name})' or cut out one entry"
                )
            self.notes.append(
                f"dimension '{name}' has no coordinate variable; its one entry is read (TRACK reads zeros)"
            )

    def description(self) -> FieldDescription:
        """What the file says about the field, at the level chosen; see `describe`."""
        return describe(self._dataset, self._variable, self._roles, self._index, self.lat, self.lon)

    def use_first_levels(self) -> None:
        """Read entry 0 of the level and additional axes."""
        self._index = {"level": 0, "additional": 0}

    def select_level(self, answer: float, *, by_name: bool = True) -> None:
        """Choose the level by its value, or by index (0-based) with ``by_name=False``."""
        self._choose("level", self.level, answer, by_name)

    def select_additional(self, answer: float, *, by_name: bool = True) -> None:
        """Choose the entry of the additional axis, like `select_level`."""
        self._choose("additional", self.additional, answer, by_name)

    def _choose(self, role: str, choice: AxisChoice | None, answer: float, by_name: bool) -> None:
        if choice is None:
            raise FieldError(f"'{self.path}': '{self.variable_name}' has no {role} axis to choose from")
        if not by_name:
            if not 0 <= int(answer) < choice.length:
                raise FieldError(
                    f"'{self.path}': {role} number {answer} of '{choice.name}' does not exist; allowed: 0 to "
                    f"{choice.length - 1}"
                )
            self._index[role] = int(answer)
            return
        wanted = np.float32(answer)
        for i, value in enumerate(choice.values):
            if abs(float(wanted - np.float32(value))) < _LEVEL_TOLERANCE:
                self._index[role] = i
                return
        shown = ", ".join(f"{v:g}" for v in choice.values) or "values that do not fit the axis being indexed"
        raise FieldError(
            f"'{self.path}': no {role} {answer:g}; '{choice.name}' holds {shown}. If the axes are mixed up, answer 'y' "
            "to the question for COARDS dimensions"
        )

    def _packing(self, variable: Any) -> tuple[np.float32 | None, np.float32 | None]:
        return number_attribute(variable, "scale_factor", self.notes), number_attribute(
            variable, "add_offset", self.notes
        )

    def _enlarge_cache(self) -> None:
        """Let the library keep all chunks that one frame touches, when they hold several frames."""
        chunks = None if is_remote(self.path) else self._variable.chunking()
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
            raise FieldError(f"'{self.path}': '{variable.name}' cannot be read: {problem}") from problem

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
        if self._variable is None:
            self.select()
        if self._refusal is not None:
            raise self._refusal
        entry = self._entry(number)
        if entry is None:
            return None
        self._check_complete(entry, number)
        raw = self._read(self._variable, entry)
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        with np.errstate(over="ignore", invalid="ignore"):
            np.copyto(frame, raw, casting="unsafe")
        return frame

    def _check_complete(self, entry: tuple[int, ...], number: int) -> None:
        layout = self._layout.get(self.variable_name)
        if layout is None:
            return
        shape = self._variable.shape
        position = int(np.ravel_multi_index(entry, shape[:-2])) if entry else 0
        plane = shape[-2] * shape[-1] * self._variable.dtype.itemsize
        end = layout.begin + (position + 1) * plane
        if layout.stride:
            within = position % max(1, int(np.prod(shape[1:-2])))
            end = layout.begin + entry[0] * layout.stride + (within + 1) * plane
        size = Path(self.path).stat().st_size
        if end > size:
            raise FieldError(
                f"'{self.path}' is cut off in frame {number} of {self.n_frames}: {size} bytes, at least {end} needed. "
                f"Get the whole file, or end the run at frame {number - 1}"
            )

    def _unpack(self, frame: F32) -> None:
        unpack(frame, self._scale, self._shift)

    def close(self) -> None:
        """Close the file."""
        if self._dataset.isopen():
            self._dataset.close()
