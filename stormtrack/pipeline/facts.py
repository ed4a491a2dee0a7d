"""What the dialogue asks about the data of a run, answered from the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..io.fields import FieldSource
from ..settings.startup import FieldSelection, GridSettings
from .data import RunData
from .names import OutputNames


class RunFacts:
    """The `stormtrack.config.facts.Facts` of a real run.

    Parameters
    ----------
    data : RunData
    names : OutputNames
    environment : mapping
        Environment variables that name tables.

    Attributes
    ----------
    processed : int
        Frames processed (or read from an object file) so far.
    tracks : int or None
        Tracks of the last linking.
    """

    def __init__(self, data: RunData, names: OutputNames, environment: Mapping[str, str]) -> None:
        self._data, self._names, self._environment = data, names, environment
        self.processed = 0
        self.tracks: int | None = None

    def country_map(self) -> bool:
        path = self._environment.get("DATCM")
        return path is None or Path(path).is_file()

    def pp_code_known(self, selection: FieldSelection) -> bool:
        return not self._data.opened(selection).asks_continue

    def utf_equator_flag(self, selection: FieldSelection) -> bool:
        return False

    def candidate_fields(self, selection: FieldSelection) -> int:
        return len(self._data.opened(selection).candidates)

    def lat_lon(self, selection: FieldSelection) -> bool:
        return not self._data.selected(selection).mapped

    def beyond_0_360(self, selection: FieldSelection) -> bool:
        return self._data.questions(selection).correct_longitudes

    def equator_row(self, selection: FieldSelection) -> bool:
        return self._data.questions(selection).keep_equator

    def pole_rows(self, selection: FieldSelection) -> tuple[bool, bool]:
        questions = self._data.questions(selection)
        return questions.keep_south_pole, questions.keep_north_pole

    def level_axis(self, selection: FieldSelection) -> bool:
        level = self._data.selected(selection).level
        return level is not None and level.asked

    def additional_axis(self, selection: FieldSelection) -> bool:
        axis = self._data.selected(selection).additional
        return axis is not None and axis.asked

    def can_be_made_periodic(self, selection: FieldSelection, grid: GridSettings) -> bool:
        return self._data.questions(selection, grid).make_periodic

    def grid_shape(self, selection: FieldSelection, grid: GridSettings) -> tuple[int, int] | None:
        working = self._data.grid_of(selection, grid)
        return working.nx, working.ny

    def frames(self) -> int | None:
        return self._data.source.n_frames

    def records_carry_time(self) -> bool:
        return self._data.source.frame_time(1) != 0

    def time_average_exists(self) -> bool:
        return self._names.path("user_tavg").exists()

    def first_area_in_first_frame(self) -> bool:
        return True

    def processed_frames(self) -> int:
        return self.processed

    def number_of_tracks(self) -> int | None:
        return self.tracks

    def times_file_exists(self) -> bool:
        return self.times_file.is_file()

    @property
    def times_file(self) -> Path:
        """The default table of frame times."""
        return Path(self._environment.get("FRTIMES", self._names.folder / "times"))

    def field_has_missing_value(self) -> bool:
        source: FieldSource = self._data.source
        return bool(getattr(source, "has_missing_value", False))
