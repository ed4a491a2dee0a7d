"""The input of a run: the open file, its working grid, and the facts that the dialogue asks about.

The file is opened when the first fact is needed, because the dialogue asks for its format first.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import FieldError
from ..grid.model import Grid
from ..grid.setup import GridQuestions, grid_questions, set_up_grid
from ..io.fields import FieldSource, open_source
from ..settings.startup import FieldSelection, GridSettings, StartupSettings


class RunData:
    """Input file of a run.

    Parameters
    ----------
    path : Path
        The file.
    strict : bool
        Refuse what TRACK refuses.

    Attributes
    ----------
    startup : StartupSettings or None
        The answers of the start-up; after `settle`.
    """

    def __init__(self, path: Path, *, strict: bool = False) -> None:
        self.path, self._strict = path, strict
        self._source: FieldSource | None = None
        self._grid: Grid | None = None
        self.startup: StartupSettings | None = None

    def close(self) -> None:
        """Close the file if it is open."""
        if self._source is not None:
            self._source.close()

    def __enter__(self) -> RunData:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def warnings(self) -> list[str]:
        """What the reader warns of so far."""
        return [] if self._source is None else self._source.warnings

    def opened(self, selection: FieldSelection) -> FieldSource:
        """The file, opened in the format answered."""
        if self._source is None:
            self._source = open_source(str(self.path), selection.format, strict=self._strict)
        return self._source

    def selected(self, selection: FieldSelection) -> FieldSource:
        """The file with the field selected as far as answered."""
        source = self.opened(selection)
        source.apply(selection)
        return source

    def questions(self, selection: FieldSelection, settings: GridSettings | None = None) -> GridQuestions:
        """Which questions the grid raises."""
        source = self.selected(selection)
        return grid_questions(source.lon, source.lat, settings, mapped=source.mapped)

    def grid_of(self, selection: FieldSelection, settings: GridSettings) -> Grid:
        """Working grid under the answers so far."""
        source = self.selected(selection)
        return set_up_grid(source.lon, source.lat, settings, mapped=source.mapped)

    def settle(self, startup: StartupSettings) -> Grid:
        """Apply all answers of the start-up."""
        self._grid, self.startup = self.grid_of(startup.selection, startup.grid), startup
        return self._grid

    @property
    def source(self) -> FieldSource:
        """The open file."""
        if self._source is None:
            raise FieldError(f"'{self.path}' has not been opened: the start-up was not completed")
        return self._source

    @property
    def grid(self) -> Grid:
        """The working grid."""
        if self._grid is None:
            raise FieldError(f"'{self.path}': the start-up was not completed")
        return self._grid
