"""What the dialogue asks about the data of a run, answered from the data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..io.fields import FieldSource, open_source
from ..settings.startup import FieldSelection, GridSettings
from .data import RunData
from .names import OutputNames

if TYPE_CHECKING:  # imported when first needed: most runs use no earlier results
    from ..settings.reuse import LoadedTracks, ReuseSettings
    from ..settings.splice import SpliceSet
    from .reuse import EarlierResults
    from .splice_files import SpliceFiles


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
        self._reuse: ReuseSettings | None = None

    @cached_property
    def earlier(self) -> EarlierResults:
        """Object and track files of earlier runs."""
        from .reuse import EarlierResults

        return EarlierResults(self._names)

    @cached_property
    def splice_files(self) -> SpliceFiles:
        """Files that a splice names."""
        from .splice_files import SpliceFiles

        return SpliceFiles(self._names.folder, self._names.path("tr_trs"))

    def country_map(self) -> bool:
        path = self._environment.get("DATCM")
        return path is None or Path(path).is_file()

    def pp_code_known(self, selection: FieldSelection) -> bool:
        return not self._data.opened(selection).asks_continue

    def utf_equator_flag(self, selection: FieldSelection) -> bool:
        return False

    def candidate_fields(self, selection: FieldSelection) -> int:
        return len(self._data.opened(selection).candidates)

    def candidate_fields_of(self, path: str, selection: FieldSelection) -> int:
        with open_source(str(self._names.named(path)), selection.format) as source:
            return len(source.candidates)

    def added_axes(self) -> tuple[bool, bool]:
        source = self._data.source
        level, additional = (
            axis is not None and axis.asked_of_added_field for axis in (source.level, source.additional)
        )
        return level, additional

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

    def records_carry_time(self, frame: int = 1) -> bool:
        return self._data.source.frame_time(frame) != 0

    def time_average_exists(self) -> bool:
        return self._names.path("user_tavg").exists()

    def first_area_in_first_frame(self) -> bool:
        return True

    def objects_differ_from_projection(self, reuse: ReuseSettings, hemisphere: int) -> bool:
        self._reuse = reuse
        if self._data.startup is None:
            return False
        from .domain import TrackingGrid
        from .reuse import same_projection

        here = TrackingGrid.of(self._data.grid, self._data.startup, hemisphere).details
        return not same_projection(self.earlier.objects(reuse).header.projection, here)

    def frames_of_objects(self) -> tuple[int, int, int] | None:
        if self._reuse is None:
            return None
        numbers = [int(n) for n in self.earlier.objects(self._reuse).frame_number]
        return numbers[0], numbers[1] - numbers[0] if len(numbers) > 1 else 1, numbers[-1]

    def objects_know_missing(self) -> bool:
        return self._reuse is not None and self.earlier.objects(self._reuse).header.missing_flag == 1

    def loaded_track_parameters(self, loaded: LoadedTracks) -> tuple[float, float] | None:
        parameters = self.earlier.links(loaded).parameters
        return None if parameters is None else parameters[2:]

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

    def frames_of_set(self, object_file: str) -> int | None:
        return self.splice_files.objects(object_file).n_frames

    def additional_fields_of_sets(self, sets: tuple[SpliceSet, ...]) -> int:
        return len(self.splice_files.objects(sets[0].object_file).header.field_has_position) if sets else 0

    def additional_fields_of_tracks(self, path: str | None) -> int:
        return len(self.splice_files.existing(path or "").field_has_position)

    def tracks_have_times(self, path: str | None) -> bool:
        return bool((self.splice_files.existing(path or "").start_time != 0).any())

    def tracks_are_geographic(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        details = (
            self.splice_files.objects(sets[0].object_file).header.projection
            if sets
            else self.splice_files.existing(path or "").projection
        )
        return details.group == 0 and details.kind == 0
