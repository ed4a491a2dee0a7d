"""Fields that are there already (in memory, or opened otherwise), in the place of a file that a dialogue opens."""

from __future__ import annotations

from ..settings.startup import FieldSelection
from .field_file import FieldFile
from .source import Source


class GivenFields(FieldFile):
    """A source as the only field of a file; nothing has to be chosen.

    Parameters
    ----------
    source : Source
        Stays open.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source.name)
        self._source = source

    def source(self, selection: FieldSelection) -> Source:
        """The fields, whatever is selected."""
        return self._source

    def close(self) -> None:
        """The fields are closed by who gave them."""
