"""TRACK binary and ASCII files as the dialogue sees them: nothing to choose but how records end.

References
----------
Specification 01, sections 7.2 and 7.3.
"""

from __future__ import annotations

from ..settings.startup import FieldSelection
from .ascii_text import AsciiSource
from .field_file import FieldFile
from .headed import HeadedSource
from .track_binary import BinarySource


class HeadedFile(FieldFile):
    """A TRACK binary (0) or ASCII file (1)."""

    def __init__(self, path: str, format: int) -> None:
        super().__init__(path)
        self.format = format
        self._newline_separated = False
        self._source = self._open()

    def _open(self) -> HeadedSource:
        if self.format == 1:
            return AsciiSource(self.path)
        return BinarySource(self.path, newline_separated=self._newline_separated)

    def source(self, selection: FieldSelection) -> HeadedSource:
        """The fields; records of TRACK binary files may be followed by a newline."""
        if self.format == 0 and selection.newline_separated != self._newline_separated:
            self._newline_separated = selection.newline_separated
            self._source.close()
            self._source = self._open()
        return self._source

    def close(self) -> None:
        """Close the file."""
        self._source.close()
