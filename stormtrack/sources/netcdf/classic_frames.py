"""Frames of classic NetCDF files, read without the NetCDF library, which takes five times as long.

References
----------
Specification 01, section 7.1. Parity: bitwise.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...arrays import F32, Array
from ...errors import FieldError
from ...storage.classic_netcdf import MAGIC, ClassicFormatError, Place, is_classic, read_header

_SINGLE = np.dtype(">f4")


class CutOffError(ValueError):
    """A file ends before its data; the text says where."""


class ClassicFrames:
    """An open file; frames are the last two dimensions of its variables.

    Raises
    ------
    ClassicFormatError
        If the header is cut off or damaged.
    """

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            with open(self._descriptor, "rb", closefd=False) as stream:
                self._places = read_header(stream).places()
        except BaseException:
            self.close()
            raise

    @classmethod
    def of(cls, path: str) -> ClassicFrames | None:
        """The frames of a file; None if it is not classic NetCDF, or cannot be read.

        Raises
        ------
        FieldError
            If the header is cut off or damaged. The NetCDF library may read on for ever then.
        """
        try:
            with Path(path).open("rb") as stream:
                if not is_classic(stream.read(len(MAGIC) + 1)):
                    return None
            return cls(path)
        except OSError:
            return None
        except ClassicFormatError as problem:
            raise FieldError(f"'{path}' is damaged: its NetCDF header is cut off or not valid ({problem})") from problem

    def hold(self, name: str) -> bool:
        """Whether the last two dimensions of a variable lie in one piece."""
        return name in self._places and self._places[name].has_planes

    def read(self, name: str, entry: Sequence[int], out: F32) -> None:
        """Read the frame of a variable at the indices `entry` of its leading dimensions into `out`.

        Raises
        ------
        CutOffError
            If the file ends before the frame does.
        """
        place = self._places[name]
        begin = place.plane(entry)
        end, size = begin + out.size * place.kind.itemsize, os.fstat(self._descriptor).st_size
        if end > size:
            raise CutOffError(f"{size} bytes, at least {end} needed")
        self._fill(out, place, begin)

    def _fill(self, out: F32, place: Place, begin: int) -> None:
        raw: Array = out if place.kind == _SINGLE else np.empty(out.shape, place.kind)
        view = memoryview(raw.view(np.uint8).data).cast("B")
        got = 0
        while got < len(view):
            step = os.preadv(self._descriptor, [view[got:]], begin + got)
            if step == 0:
                raise CutOffError("it became shorter while it was read")
            got += step
        if raw is not out:
            with np.errstate(over="ignore", invalid="ignore"):
                np.copyto(out, raw, casting="unsafe")
        elif sys.byteorder == "little":
            out.byteswap(inplace=True)

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
