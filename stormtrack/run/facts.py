"""What the dialogue asks about the data of a run, answered from the data."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..model.variables import added_fields
from ..settings.detection import FeatureType
from ..settings.plan import ANY_FRAMES, FrameRange, PassPlan, RunPlan
from ..settings.startup import FieldSelection, GridSettings, StartupSettings
from ..sources.field_file import FieldFile
from ..sources.opening import open_file
from .data import RunData
from .names import TENDENCIES, OutputNames
from .report import Report
from .selection import count_frames, series_length

if TYPE_CHECKING:  # imported when first needed: most runs use no earlier results
    from ..settings.reuse import LoadedTracks, ReuseSettings
    from ..settings.series import OtherField, SeriesFrames
    from ..settings.splice import SpliceSet, SpliceSettings
    from ..settings.startup import ProjectionSettings
    from ..settings.statistics import StatisticsSettings, TrackContents
    from ..settings.tendency import TendencySettings
    from .earlier import EarlierResults
    from .splice_files import SpliceFiles
    from .track_statistics import TrackStatistics


class RunFacts:
    """The `stormtrack.answers.facts.Facts` of a real run.

    Parameters
    ----------
    data : RunData
    names : OutputNames
    environment : mapping
        Environment variables that name tables.
    report : Report
        Hears why questions are asked late or not at all.
    """

    def __init__(self, data: RunData, names: OutputNames, environment: Mapping[str, str], report: Report) -> None:
        self._data, self._names, self._environment, self._report = data, names, environment, report
        self._spliced: tuple[SpliceSettings, TrackStatistics] | None = None

    @cached_property
    def _earlier(self) -> EarlierResults:
        from .earlier import EarlierResults

        return EarlierResults(self._names, self._report.warning)

    @cached_property
    def _splice_files(self) -> SpliceFiles:
        from .splice_files import SpliceFiles

        return SpliceFiles(self._names.folder, self._names.path("tr_trs"), self._report.warning)

    def country_map(self) -> bool:
        path = self._environment.get("DATCM")
        return path is None or Path(path).is_file()

    def pp_code_known(self, selection: FieldSelection) -> bool:
        return not self._data.opened(selection).asks_continue

    def utf_equator_flag(self, selection: FieldSelection) -> bool:
        return False

    def candidate_fields(self, selection: FieldSelection) -> int:
        return len(self._data.opened(selection).candidates)

    def _other(self, selection: FieldSelection, path: str | None) -> AbstractContextManager[FieldFile]:
        """The input, which stays open, or another file."""
        if path is None:
            return nullcontext(self._data.opened(selection))
        return open_file(str(self._names.named(path)), selection.format)

    def candidate_fields_of(self, path: str, selection: FieldSelection) -> int:
        with open_file(str(self._names.named(path)), selection.format) as file:
            return len(file.candidates)

    def added_axes(self, selection: FieldSelection) -> tuple[bool, bool]:
        choices = self._data.choices(selection)
        level, additional = (
            axis is not None and axis.asked_of_added_field for axis in (choices.level, choices.additional)
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
        level = self._data.choices(selection).level
        return level is not None and level.asked

    def additional_axis(self, selection: FieldSelection) -> bool:
        axis = self._data.choices(selection).additional
        return axis is not None and axis.asked

    def can_be_made_periodic(self, selection: FieldSelection, grid: GridSettings) -> bool:
        return self._data.questions(selection, grid).make_periodic

    def grid_shape(self, selection: FieldSelection, grid: GridSettings) -> tuple[int, int] | None:
        working = self._data.grid_of(selection, grid)
        return working.nx, working.ny

    def frames(self, selection: FieldSelection) -> int | None:
        return self._data.selected(selection).n_frames

    def has_frame(self, selection: FieldSelection, number: int, path: str | None = None) -> bool:
        with self._other(selection, path) as file:
            return file.source(selection).has_frame(number)

    def series_length(self, frames: SeriesFrames, selection: FieldSelection) -> int:
        return series_length(frames, self._data.selected(selection))

    def records_carry_time(self, selection: FieldSelection, frames: FrameRange = ANY_FRAMES) -> bool:
        source = self._data.selected(selection)
        source.follow(frames.start, frames.step)
        return source.stamp(frames.start) != 0

    def time_average_exists(self) -> bool:
        return self._names.path("user_tavg").exists()

    def tendencies_exist(self) -> bool:
        return self._names.path(TENDENCIES).exists()

    def use_tendencies(self, startup: StartupSettings, settings: TendencySettings) -> None:
        self._data.use_tendencies(startup, settings, self._names.path(TENDENCIES))

    def first_area(self, run: RunPlan) -> int | None:
        from .trial import first_area

        return first_area(run, self._data, self._names, self._report)

    def objects_differ_from_projection(self, startup: StartupSettings, reuse: ReuseSettings, hemisphere: int) -> bool:
        from .earlier import same_projection
        from .tracking_grid import tracking_grid

        grid = self._data.grid_of(startup.selection, startup.grid)
        here = tracking_grid(grid, startup, hemisphere).reference
        return not same_projection(self._earlier.objects(reuse)[0].projection, here)

    def objects_know_missing(self, reuse: ReuseSettings) -> bool:
        return self._earlier.objects(reuse)[0].missing_flag == 1

    def frames_of_objects(self, reuse: ReuseSettings) -> int | None:
        return self._earlier.objects(reuse)[1].n_frames

    def frame_numbers_of_objects(self, reuse: ReuseSettings) -> tuple[int, int, int] | None:
        numbers = [int(n) for n in self._earlier.objects(reuse)[1].frame]
        return (numbers[0], numbers[1] - numbers[0] if len(numbers) > 1 else 1, numbers[-1]) if numbers else None

    def processed_frames(self, run: RunPlan) -> int:
        found = last_pass(run)
        if found.detection is None:
            assert found.reuse is not None
            return self._earlier.objects(found.reuse)[1].n_frames
        source = self._data.selected(run.startup.selection)
        return count_frames(found.detection.frames, source)

    def gives_features(self, run: RunPlan) -> bool:
        found = last_pass(run)
        if found.detection is not None:
            return found.detection.settings.feature_type != FeatureType.NONE
        assert found.reuse is not None
        return self._earlier.objects(found.reuse)[0].feature_type != FeatureType.NONE

    def number_of_tracks(self, run: RunPlan) -> int | None:
        from .trial import number_of_tracks

        return number_of_tracks(run, self._data, self._names)

    def loaded_track_parameters(self, loaded: LoadedTracks) -> tuple[float, float] | None:
        parameters = self._earlier.links(loaded).parameters
        return None if parameters is None else (float(parameters.dmax), float(parameters.phimax))

    def times_file_exists(self) -> bool:
        return self.times_file.is_file()

    @property
    def times_file(self) -> Path:
        """The default table of frame times."""
        return Path(self._environment.get("FRTIMES", self._names.folder / "times"))

    def field_has_missing_value(self, selection: FieldSelection, path: str | None = None) -> bool:
        with self._other(selection, path) as file:
            return file.choices(selection).has_missing_value

    def fields_in_file(self, other: OtherField, selection: FieldSelection) -> int:
        path = self._names.named(other.path)
        if not path.exists():  # the run will say so, or write it
            return 1
        with open_file(str(path), selection.format) as file:
            return len(file.candidates)

    def levels_in_file(self, other: OtherField, selection: FieldSelection) -> bool:
        path = self._names.named(other.path)
        if not path.exists():
            return False
        with open_file(str(path), selection.format) as file:
            level = file.choices(other.selection(selection)).level
            return level is not None and level.asked

    def frames_of_set(self, object_file: str) -> int | None:
        return self._splice_files.objects(object_file)[1].n_frames

    def additional_fields_of_sets(self, sets: tuple[SpliceSet, ...]) -> int:
        return len(self._splice_files.objects(sets[0].object_file)[0].field_has_position) if sets else 0

    def additional_fields_of_tracks(self, path: str | None) -> int:
        return len(added_fields(self._splice_files.existing(path or "").variables))

    def tracks_have_times(self, path: str | None) -> bool:
        from ..model.steps import dated

        return bool(dated(self._splice_files.existing(path or "")).any())

    def tracks_are_geographic(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        details = (
            self._splice_files.objects(sets[0].object_file)[0].projection
            if sets
            else self._splice_files.existing(path or "").projection
        )
        return details.is_geographic

    def contents_of_tracks(self, startup: StartupSettings, splice: SpliceSettings) -> TrackContents:
        return self._track_statistics(startup, splice).contents

    def bounds_of_sampling(
        self, startup: StartupSettings, projection: ProjectionSettings | None, hemisphere: int
    ) -> tuple[float, float, float, float] | None:
        from .track_statistics import bounds_of_sampling

        return bounds_of_sampling(self._data.grid_of(startup.selection, startup.grid), projection, hemisphere)

    def numbers_of_data(
        self, startup: StartupSettings, splice: SpliceSettings, settings: StatisticsSettings
    ) -> Mapping[str, int]:
        return self._track_statistics(startup, splice).numbers(settings)

    def _track_statistics(self, startup: StartupSettings, splice: SpliceSettings) -> TrackStatistics:
        """The tracks of a splice; kept, because several facts need them."""
        from .splicing import spliced
        from .track_statistics import TrackStatistics

        if self._spliced is None or self._spliced[0] != splice:
            grid = self._data.grid_of(startup.selection, startup.grid)
            result = spliced(splice, self._splice_files, grid, startup)
            self._spliced = splice, TrackStatistics.reread(result.filtered, grid, self._splice_files)
        return self._spliced[1]


def last_pass(run: RunPlan) -> PassPlan:
    """The pass to which a run has been answered."""
    assert run.tracking is not None
    return run.tracking.passes[-1]
