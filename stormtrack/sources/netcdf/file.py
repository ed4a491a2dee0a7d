"""NetCDF files of every kind that the NetCDF library opens, and which of their variables may be the field.

References
----------
Specification 01, section 7.1.
"""

from __future__ import annotations

from typing import Any

import netCDF4

from ...errors import FieldError
from ...settings.startup import FieldSelection
from ..field_file import Candidate, Choices, FieldFile
from ..remote import check_server, is_remote
from ..sniff import wrong_format
from .classic_frames import ClassicFrames
from .field import NetcdfField


def _opened(path: str) -> Any:
    """The library's view of a file, or of what a server offers."""
    finding = check_server(path) if is_remote(path) else ""
    try:
        return netCDF4.Dataset(path)
    except OSError as problem:
        if finding:
            raise FieldError(f"'{path}' cannot be read: {finding}") from problem
        raise wrong_format(path, 4, f"the NetCDF library says {problem.strerror or problem}") from problem
    except UnicodeEncodeError as problem:
        raise FieldError(f"the name '{path}' holds bytes that are no text (UTF-8): rename the file") from problem
    except UnicodeDecodeError as problem:
        raise FieldError(
            f"'{path}' holds a name that is no text (UTF-8: {problem.object!r}); rename that dimension, variable "
            "or attribute, or get the file again if it is damaged"
        ) from problem
    except RuntimeError as problem:  # of damaged sizes
        raise FieldError(f"'{path}' is damaged: its names and dimensions cannot be read ({problem})") from problem


class NetcdfFile(FieldFile):
    """A NetCDF file, or data of a server.

    Parameters
    ----------
    path : str
    strict : bool
        Refuse the number types that TRACK refuses.

    Raises
    ------
    FieldError
        If it cannot be read, or holds no field.
    """

    format = 4

    def __init__(self, path: str, *, strict: bool = False) -> None:
        super().__init__(path)
        self._strict = strict
        self._chosen: tuple[tuple[object, ...], NetcdfField] | None = None
        self._frames = None if is_remote(path) else ClassicFrames.of(path)
        try:
            self._dataset = _opened(path)
        except FieldError:
            self._close_frames()
            raise
        self._dataset.set_auto_maskandscale(False)
        self._dataset.set_auto_chartostring(False)
        self.candidates = tuple(
            Candidate(name=name, id=variable._varid, dimensions=variable.dimensions, shape=variable.shape)
            for name, variable in self._dataset.variables.items()
            if name not in self._dataset.dimensions
        )
        if not self.candidates:
            refusal = self._no_field()
            self.close()
            raise refusal

    def _no_field(self) -> FieldError:
        groups, variables = list(self._dataset.groups), list(self._dataset.variables)
        if groups:
            return FieldError(
                f"'{self.path}' holds its fields in groups ({', '.join(groups[:8])}), which TRACK does not see: move "
                f"one to the top of a file (for example by ncks -G : -g {groups[0]} IN.nc OUT.nc)"
            )
        if not variables:
            return FieldError(f"'{self.path}' holds no variable at all")
        return FieldError(f"'{self.path}' holds no field: every variable ({', '.join(variables)}) is a coordinate")

    def source(self, selection: FieldSelection) -> NetcdfField:
        """The variable chosen, at the level and the additional value chosen, else at their first entries."""
        return self._field(selection).at(
            level=selection.level, additional=selection.additional, by_name=selection.by_name
        )

    def choices(self, selection: FieldSelection) -> Choices:
        """Level and additional axis of the variable chosen, and whether it has the attribute of a missing value."""
        return self._field(selection).choices

    def _field(self, selection: FieldSelection) -> NetcdfField:
        wanted = (selection.variable, selection.by_name, selection.coards)
        if self._chosen is None or self._chosen[0] != wanted:
            name = self._name_of(selection.variable, selection.by_name)
            field = NetcdfField(
                *(self._dataset, self._frames, self.path, name), coards=selection.coards, strict=self._strict
            )
            self._chosen = (wanted, field)
        return self._chosen[1]

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

    def close(self) -> None:
        """Close the file."""
        if self._dataset.isopen():
            self._dataset.close()
        self._close_frames()

    def _close_frames(self) -> None:
        if self._frames is not None:
            self._frames.close()
