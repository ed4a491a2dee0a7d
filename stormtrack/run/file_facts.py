"""Facts of an input file, for explaining an answer file before the run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..answers.assumed_facts import AssumedFacts
from ..settings.plan import RunPlan
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.series import OtherField
from ..settings.splice import SpliceSet, SpliceSettings
from ..settings.startup import FieldSelection, StartupSettings
from ..settings.statistics import StatisticsSettings, TrackContents
from ..settings.tendency import TendencySettings
from .data import RunData
from .facts import RunFacts, last_pass
from .names import OutputNames
from .report import Silent


class FileFacts(RunFacts):
    """Facts of an input file alone: typical ones for what a run would find out, or other files say."""

    def __init__(self, data: RunData) -> None:
        super().__init__(data, OutputNames(folder=Path.cwd(), extension=""), os.environ, Silent())
        self._typical = AssumedFacts()

    def first_area(self, run: RunPlan) -> int | None:
        return self._typical.first_area(run)

    def tendencies_exist(self) -> bool:
        return self._typical.tendencies_exist()

    def use_tendencies(self, startup: StartupSettings, settings: TendencySettings) -> None:
        """Existing tendencies are not looked at."""
        if not settings.existing:
            super().use_tendencies(startup, settings)

    def objects_differ_from_projection(self, startup: StartupSettings, reuse: ReuseSettings, hemisphere: int) -> bool:
        return self._typical.objects_differ_from_projection(startup, reuse, hemisphere)

    def objects_know_missing(self, reuse: ReuseSettings) -> bool:
        return self._typical.objects_know_missing(reuse)

    def frames_of_objects(self, reuse: ReuseSettings) -> int | None:
        return self._typical.frames_of_objects(reuse)

    def frame_numbers_of_objects(self, reuse: ReuseSettings) -> tuple[int, int, int] | None:
        return self._typical.frame_numbers_of_objects(reuse)

    def processed_frames(self, run: RunPlan) -> int:
        """Of an object file's frames it is assumed that they are all of the data's."""
        if last_pass(run).detection is None:
            return self._data.selected(run.startup.selection).n_frames
        return super().processed_frames(run)

    def gives_features(self, run: RunPlan) -> bool:
        return self._typical.gives_features(run)

    def number_of_tracks(self, run: RunPlan) -> int | None:
        return self._typical.number_of_tracks(run)

    def loaded_track_parameters(self, loaded: LoadedTracks) -> tuple[float, float] | None:
        return self._typical.loaded_track_parameters(loaded)

    def frames_of_set(self, object_file: str) -> int | None:
        return self._typical.frames_of_set(object_file)

    def additional_fields_of_sets(self, sets: tuple[SpliceSet, ...]) -> int:
        return self._typical.additional_fields_of_sets(sets)

    def additional_fields_of_tracks(self, path: str | None) -> int:
        return self._typical.additional_fields_of_tracks(path)

    def tracks_have_times(self, path: str | None) -> bool:
        return self._typical.tracks_have_times(path)

    def tracks_are_geographic(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        return self._typical.tracks_are_geographic(sets, path)

    def candidate_fields_of(self, path: str, selection: FieldSelection) -> int:
        return self._typical.candidate_fields_of(path, selection)

    def has_frame(self, selection: FieldSelection, number: int, path: str | None = None) -> bool:
        if path is not None:
            return self._typical.has_frame(selection, number, path)
        return super().has_frame(selection, number)

    def field_has_missing_value(self, selection: FieldSelection, path: str | None = None) -> bool:
        if path is not None:
            return self._typical.field_has_missing_value(selection, path)
        return super().field_has_missing_value(selection)

    def fields_in_file(self, other: OtherField, selection: FieldSelection) -> int:
        return self._typical.fields_in_file(other, selection)

    def levels_in_file(self, other: OtherField, selection: FieldSelection) -> bool:
        return self._typical.levels_in_file(other, selection)

    def contents_of_tracks(self, startup: StartupSettings, splice: SpliceSettings) -> TrackContents:
        return self._typical.contents_of_tracks(startup, splice)

    def numbers_of_data(
        self, startup: StartupSettings, splice: SpliceSettings, settings: StatisticsSettings
    ) -> Mapping[str, int]:
        return self._typical.numbers_of_data(startup, splice, settings)
