"""The input of a run: the open file, its working grid, and the facts that the dialogue asks about.

The file is opened when the first fact is needed, because the dialogue asks for its format first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FieldError, GridError
from ..grid.missing import MissingValues, UsedValues
from ..grid.model import Grid
from ..grid.setup import GridQuestions, grid_questions, set_up_grid
from ..settings.startup import FieldSelection, GridSettings, StartupSettings
from ..sources.field_file import Choices, FieldFile
from ..sources.opening import open_file
from ..sources.source import Source
from .report import Report

if TYPE_CHECKING:
    from ..settings.tendency import TendencySettings


class RunData:
    """Input file of a run; a context manager.

    Parameters
    ----------
    path : Path or str
        The file, or an address.
    strict : bool
        Refuse what TRACK refuses.
    keep_missing : bool
        Run on with missing values, as TRACK does.

    Attributes
    ----------
    startup : StartupSettings or None
        The answers of the start-up; after `settle`.
    """

    def __init__(self, path: Path | str, *, strict: bool = False, keep_missing: bool = False) -> None:
        self.path, self._strict, self._keep_missing = path, strict, keep_missing
        self._file: FieldFile | None = None
        self._source: Source | None = None
        self._selection: FieldSelection | None = None
        self._grid: Grid | None = None
        self._tendencies: Source | None = None
        self._given = False
        self._looked_at: list[MissingValues] = []
        self.startup: StartupSettings | None = None

    @property
    def needs_this_process(self) -> str:
        """Why another process cannot open the data again; empty if it can."""
        if self._tendencies is not None:
            return "time tendencies are made of the frames as they come"
        return "the fields were given as a source" if self._given else ""

    def __getstate__(self) -> dict[str, object]:
        """What another process needs to open the data: they have been settled, and were not given as a source."""
        assert not self.needs_this_process
        return {
            "path": self.path,
            "folder": Path.cwd(),
            "strict": self._strict,
            "keep_missing": self._keep_missing,
            "startup": self.startup,
            "name": self.source.name,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        name, folder = str(state["path"]), state["folder"]
        path = name if "://" in name else folder / name
        self.__init__(path, strict=state["strict"], keep_missing=state["keep_missing"])  # type: ignore[misc]
        self.settle(state["startup"])
        self.source.name = state["name"]

    @classmethod
    def of_source(cls, source: Source, *, keep_missing: bool = False) -> RunData:
        """Fields that are there already, whatever answers say about their file; who gave them closes them."""
        from ..sources.given import GivenFields

        data = cls(source.name, keep_missing=keep_missing)
        data._file, data._given = GivenFields(source), True
        return data

    def tell(self, report: Report) -> None:
        """Report what is to be said about the file and its grid, as far as they are known."""
        if self._source is None:
            return
        for text in (*self._source.notes, *(() if self._grid is None else self._grid.notes)):
            report.note(text)
        for text in (*self._source.warnings, *filter(None, [self.disorder])):
            report.warning(text)

    def tell_missing(self, report: Report) -> None:
        """Warn of frames that were used although they hold missing values."""
        frames = {number: count for looked in self._looked_at for number, count in looked.frames.items()}
        if frames:
            first = min(frames)
            report.warning(
                f"'{self.path}': {len(frames)} of the frames used hold NaN, infinite or missing values where they are "
                f"used (the first is frame {first} with {frames[first]}); the run went on with them, as TRACK does "
                "(--keep-missing)"
            )

    def tell_oddities(self, numbers: Iterable[int], report: Report) -> None:
        """Warn of times of the frames used (1-based) that are uneven, unordered or there twice."""
        times = self.source.times()
        if times is None:
            return
        for text in times.oddities(list(numbers)):
            report.warning(f"'{self.path}': {text}")

    def missing_values(self, used: UsedValues) -> MissingValues:
        """What looks for missing values in the frames of the run."""
        self._looked_at.append(MissingValues(self.source, used, keep=self._keep_missing))
        return self._looked_at[-1]

    def missing_values_of(self, other: Source, used: UsedValues | None) -> MissingValues:
        """What looks for missing values in fields besides those of the run."""
        return MissingValues(other, used, keep=self._keep_missing)

    def close(self) -> None:
        """Close the file if it is open."""
        if self._tendencies is not None:
            self._tendencies.close()
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> RunData:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def opened(self, selection: FieldSelection) -> FieldFile:
        """The file, opened in the format answered."""
        if self._file is None:
            self._file = open_file(str(self.path), selection.format, strict=self._strict)
        return self._file

    def selected(self, selection: FieldSelection) -> Source:
        """The field selected as far as answered."""
        fields = self.opened(selection).source(selection)
        self._source, self._selection = self._tendencies or fields, selection
        return self._source

    def use_tendencies(self, startup: StartupSettings, settings: TendencySettings, stored: Path) -> Source:
        """Process time tendencies from now on, instead of the fields; `stored` is the file that may hold them."""
        from ..sources.tendencies import TendencySource, stored_tendencies

        if self._tendencies is None:
            fields = self.selected(startup.selection)
            if settings.existing:
                self._tendencies = stored_tendencies(str(stored), fields)
            else:
                used = UsedValues.of(self.grid_of(startup.selection, startup.grid))
                self._tendencies = TendencySource(fields, settings, self.missing_values(used).check)
        return self.selected(startup.selection)

    def use_first_entries(self) -> None:
        """Forget the level and additional value chosen: entry 0 is read from now on, as TRACK does after menu 7."""
        assert self._selection is not None
        self.selected(replace(self._selection, level=None, additional=None))

    def choices(self, selection: FieldSelection) -> Choices:
        """Axes of a field from which entries are chosen."""
        return self.opened(selection).choices(selection)

    @property
    def chosen(self) -> Choices:
        """Axes of the field selected from which entries are chosen."""
        return Choices() if self._selection is None else self.choices(self._selection)

    def questions(self, selection: FieldSelection, settings: GridSettings | None = None) -> GridQuestions:
        """Which questions the grid raises."""
        source = self.selected(selection)
        return grid_questions(source.lon, source.lat, settings, mapped=source.mapped)

    def grid_of(self, selection: FieldSelection, settings: GridSettings) -> Grid:
        """Working grid under the answers so far."""
        source = self.selected(selection)
        return set_up_grid(source.lon, source.lat, settings, mapped=source.mapped)

    def known_questions(self) -> GridQuestions | None:
        """Which questions the grid raises under all answers; None before they are known, or if it cannot be used."""
        source = self._source
        if source is None or not source.nx:
            return None
        try:
            settings = None if self.startup is None else self.startup.grid
            return grid_questions(source.lon, source.lat, settings, mapped=source.mapped)
        except GridError:
            return None

    @property
    def disorder(self) -> str:
        """Where the rows or columns do not increase; empty in an orderly grid, and before it is known."""
        return "" if self._grid is None else self._grid.disorder

    def settle(self, startup: StartupSettings) -> Grid:
        """Apply all answers of the start-up."""
        self._grid, self.startup = self.grid_of(startup.selection, startup.grid), startup
        return self._grid

    @property
    def file(self) -> FieldFile:
        """The open file."""
        if self._file is None:
            raise FieldError(f"'{self.path}' has not been opened: the start-up was not completed")
        return self._file

    @property
    def source(self) -> Source:
        """The fields selected."""
        if self._source is None:
            raise FieldError(f"'{self.path}' has not been opened: the start-up was not completed")
        return self._source

    @property
    def grid(self) -> Grid:
        """The working grid."""
        if self._grid is None:
            raise FieldError(f"'{self.path}': the start-up was not completed")
        return self._grid
