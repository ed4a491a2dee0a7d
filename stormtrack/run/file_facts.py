"""Facts of an input file, for explaining an answer file before the run."""

from __future__ import annotations

import os
from pathlib import Path

from ..answers.assumed_facts import AssumedFacts
from ..settings.plan import RunPlan
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.splice import SpliceSet
from ..settings.startup import StartupSettings
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
