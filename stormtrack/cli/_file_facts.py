"""Facts for explaining an answer file beside the data that it is for."""

from __future__ import annotations

import os
from pathlib import Path

from ..config.assumed_facts import AssumedFacts
from ..pipeline.data import RunData
from ..pipeline.facts import RunFacts
from ..pipeline.names import OutputNames
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.splice import SpliceSet


class FileFacts(RunFacts):
    """Facts of a file for what it decides; typical ones for what a run would find out or read from earlier results."""

    def __init__(self, data: RunData) -> None:
        super().__init__(data, OutputNames(folder=Path.cwd(), extension=""), os.environ)
        self._typical = AssumedFacts()

    def processed_frames(self) -> int:
        """All frames of the file."""
        frames = self.frames()
        return self._typical.n_frames if frames is None else frames

    def first_area_in_first_frame(self) -> bool:
        return self._typical.first_area_in_first_frame()

    def objects_differ_from_projection(self, reuse: ReuseSettings, hemisphere: int) -> bool:
        return self._typical.objects_differ_from_projection(reuse, hemisphere)

    def objects_know_missing(self) -> bool:
        return self._typical.objects_know_missing()

    def number_of_tracks(self) -> int | None:
        return self._typical.number_of_tracks()

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
