"""What the dialogue must know about the data: asked lazily, answered by the run or assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..settings.plan import ANY_FRAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings.plan import FrameRange, RunPlan
    from ..settings.reuse import LoadedTracks, ReuseSettings
    from ..settings.series import OtherField, SeriesFrames
    from ..settings.splice import SpliceSet, SpliceSettings
    from ..settings.startup import FieldSelection, GridSettings, ProjectionSettings, StartupSettings
    from ..settings.statistics import StatisticsSettings, TrackContents
    from ..settings.tendency import TendencySettings


class Facts(Protocol):
    """Facts about the data; every method is called only when the condition of a prompt needs it.

    They get the answers so far: `selection` says how the file is read, `grid` which transformations have been
    answered, `run` what a tracking run does as far as its last pass (or link). What does not depend on them may ignore
    them. Facts that only a part of the run itself can tell (`first_area`, `number_of_tracks`) may cost that part.
    """

    def country_map(self) -> bool:
        """Whether the coast-line file can be opened."""

    def pp_code_known(self, selection: FieldSelection) -> bool:
        """PP input: LBCODE is 1 or 2."""

    def utf_equator_flag(self, selection: FieldSelection) -> bool:
        """UTF 1.4 input: the equator flag is set."""

    def candidate_fields(self, selection: FieldSelection) -> int:
        """NetCDF input: number of variables that are no coordinates."""

    def candidate_fields_of(self, path: str, selection: FieldSelection) -> int:
        """Number of variables that are no coordinates in another NetCDF file, that of the added field."""

    def added_axes(self, selection: FieldSelection) -> tuple[bool, bool]:
        """Whether level and additional value are asked for again for a field that is added."""

    def lat_lon(self, selection: FieldSelection) -> bool:
        """Whether the grid is longitude by latitude (not classified as igtyp 4)."""

    def beyond_0_360(self, selection: FieldSelection) -> bool:
        """First longitude < 0 or last > 360, after steps 2 and 3 of specification 01, section 8."""

    def equator_row(self, selection: FieldSelection) -> bool:
        """Whether some latitude is 0 (within 0.0005)."""

    def pole_rows(self, selection: FieldSelection) -> tuple[bool, bool]:
        """Whether the ascending latitudes begin at the south pole, end at the north pole (within 1e-4)."""

    def level_axis(self, selection: FieldSelection) -> bool:
        """Whether a level coordinate with more than one entry was found."""

    def additional_axis(self, selection: FieldSelection) -> bool:
        """Whether an additional dimension with more than one entry was found."""

    def can_be_made_periodic(self, selection: FieldSelection, grid: GridSettings) -> bool:
        """Whether the transformed grid is global but not periodic (igtyp 1)."""

    def grid_shape(self, selection: FieldSelection, grid: GridSettings) -> tuple[int, int] | None:
        """nx, ny after the transformations (with the periodic column, without dropped rows); None: unknown."""

    def frames(self, selection: FieldSelection) -> int | None:
        """Number of frames of the data; None: unknown."""

    def has_frame(self, selection: FieldSelection, number: int, path: str | None = None) -> bool:
        """Whether the input, or another file, holds a frame (1-based)."""

    def series_length(self, frames: SeriesFrames, selection: FieldSelection) -> int:
        """Number of frames that a time function of the menu finds."""

    def records_carry_time(self, selection: FieldSelection, frames: FrameRange = ANY_FRAMES) -> bool:
        """Whether the record of the first of these frames, where a run reads it, carries ``TIME``."""

    def time_average_exists(self) -> bool:
        """Whether `user_tavg` exists."""

    def tendencies_exist(self) -> bool:
        """Whether `field_tend` exists."""

    def use_tendencies(self, startup: StartupSettings, settings: TendencySettings) -> None:
        """Take note that the run processes time tendencies: facts about frames are about them from now on."""

    def first_area(self, run: RunPlan) -> int | None:
        """Which frame (0-based) of the last pass is the first in which a feature gets an area; None: no frame."""

    def objects_differ_from_projection(self, startup: StartupSettings, reuse: ReuseSettings, hemisphere: int) -> bool:
        """Projection group, type or centre of an object file differ from the run's."""

    def objects_know_missing(self, reuse: ReuseSettings) -> bool:
        """Third header number of an object file is 1."""

    def frames_of_objects(self, reuse: ReuseSettings) -> int | None:
        """Number of frames of an object file; None: unknown."""

    def frame_numbers_of_objects(self, reuse: ReuseSettings) -> tuple[int, int, int] | None:
        """First frame, step and last frame of an object file; None: unknown."""

    def processed_frames(self, run: RunPlan) -> int:
        """Number of frames that the last pass processes (or reads from its object file)."""

    def gives_features(self, run: RunPlan) -> bool:
        """Whether the last pass gives features: its feature type, or that of its object file, is not 0."""

    def number_of_tracks(self, run: RunPlan) -> int | None:
        """Number of tracks of the last linking; None: unknown."""

    def loaded_track_parameters(self, loaded: LoadedTracks) -> tuple[float, float] | None:
        """dmax and phimax of the header of a track file, as written there; None: it has no parameter lines."""

    def times_file_exists(self) -> bool:
        """Whether the default table of frame times exists."""

    def frames_of_set(self, object_file: str) -> int | None:
        """Number of frames of an object file to be spliced; None: unknown."""

    def additional_fields_of_sets(self, sets: tuple[SpliceSet, ...]) -> int:
        """Number of additional fields in the object files to be spliced."""

    def additional_fields_of_tracks(self, path: str | None) -> int:
        """Number of additional fields of a spliced track file (None: the run's own `tr_trs`)."""

    def tracks_have_times(self, path: str | None) -> bool:
        """Whether a spliced track file carries start times."""

    def tracks_are_geographic(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        """Whether the files to be spliced say projection ``0 0``."""

    def field_has_missing_value(self, selection: FieldSelection, path: str | None = None) -> bool:
        """Whether the field of NetCDF input, or of another such file, has `missing_value` or `_FillValue`."""

    def fields_in_file(self, other: OtherField, selection: FieldSelection) -> int:
        """Number of variables that are no coordinates in another NetCDF file."""

    def levels_in_file(self, other: OtherField, selection: FieldSelection) -> bool:
        """Whether the field of another NetCDF file has a level coordinate with more than one entry."""

    def contents_of_tracks(self, startup: StartupSettings, splice: SpliceSettings) -> TrackContents:
        """What the tracks of a splice hold; costs the splice."""

    def bounds_of_sampling(
        self, startup: StartupSettings, projection: ProjectionSettings | None, hemisphere: int
    ) -> tuple[float, float, float, float] | None:
        """First and last x and y of the grid on which sampling points lie; None if they are not known."""

    def numbers_of_data(
        self, startup: StartupSettings, splice: SpliceSettings, settings: StatisticsSettings
    ) -> Mapping[str, int]:
        """Numbers of data of each set of the statistics of a splice's tracks; of tracks 2 if any point has as many."""
