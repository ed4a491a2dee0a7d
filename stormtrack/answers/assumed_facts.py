"""Typical facts about data, for explaining an answer file without any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from ..settings.plan import ANY_FRAMES, FrameRange, RunPlan
from ..settings.reuse import LoadedTracks, ReuseSettings
from ..settings.series import OtherField, SeriesFrames
from ..settings.splice import SpliceSet, SpliceSettings
from ..settings.startup import FieldSelection, GridSettings, ProjectionSettings, StartupSettings
from ..settings.statistics import TRACKS, StatisticsSettings, TrackContents
from ..settings.tendency import TendencySettings


@dataclass(slots=True, kw_only=True)
class AssumedFacts:
    """Typical data instead of real ones: a Gaussian 128 x 64 global grid without the periodic column, one field."""

    nx: int = field(default=128, metadata={"about": "columns of the input grid"})
    ny: int = field(default=64, metadata={"about": "rows of the input grid"})
    check_bounds: bool = field(default=False, metadata={"about": "hold areas and frame numbers against the sizes"})
    n_fields: int = field(default=1, metadata={"about": "fields in a NetCDF file"})
    is_lat_lon: bool = field(default=True, metadata={"about": "the grid is longitude by latitude"})
    negative_longitudes: bool = field(default=False, metadata={"about": "longitudes leave 0 to 360"})
    has_equator: bool = field(default=False, metadata={"about": "a row lies on the equator"})
    has_south_pole: bool = field(default=False, metadata={"about": "a row lies on the south pole"})
    has_north_pole: bool = field(default=False, metadata={"about": "a row lies on the north pole"})
    has_levels: bool = field(default=False, metadata={"about": "the field has several levels"})
    has_additional: bool = field(default=False, metadata={"about": "the field has a further axis"})
    global_not_periodic: bool = field(default=True, metadata={"about": "the grid is global without the column at 360"})
    pp_known: bool = field(default=True, metadata={"about": "PP records have a known code"})
    utf_equator: bool = field(default=False, metadata={"about": "UTF records have the equator flag"})
    map_present: bool = field(default=True, metadata={"about": "the coast-line file can be opened"})
    missing_attribute: bool = field(default=False, metadata={"about": "the field has a missing value"})
    n_frames: int = field(default=62, metadata={"about": "frames of the data, all processed"})
    times_in_records: bool = field(default=False, metadata={"about": "records carry TIME"})
    average_present: bool = field(default=False, metadata={"about": "user_tavg exists"})
    tendencies_present: bool = field(default=False, metadata={"about": "field_tend exists"})
    area_found: bool = field(default=True, metadata={"about": "some feature of the first frame gets an area"})
    other_projection_in_objects: bool = field(default=False, metadata={"about": "re-used objects are on another grid"})
    missing_known: bool = field(default=True, metadata={"about": "the object file counts missing frames"})
    parameters_in_tracks: tuple[float, float] | None = field(
        default=(0.113446, 1.0), metadata={"about": "dmax (radians) and phimax in the header of loaded tracks"}
    )
    times_present: bool = field(default=True, metadata={"about": "the table of frame times exists"})
    n_additional: int = field(default=0, metadata={"about": "additional fields in the track files"})
    start_times: bool = field(default=False, metadata={"about": "track files carry start times"})
    geographic: bool = field(default=True, metadata={"about": "track files are in geographical coordinates"})

    shapes: bool = field(default=True, metadata={"about": "tracks carry shapes"})
    weights: int = field(default=0, metadata={"about": "kind of weights that tracks carry"})
    few_data: bool = field(default=False, metadata={"about": "sets of data of statistics are empty"})

    def describe(self) -> list[tuple[str, str]]:
        """Pairs of value and meaning, for printing."""
        words = {True: "yes", False: "no"}
        values = ((getattr(self, f.name), f.metadata["about"]) for f in fields(self))
        return [(words[v] if isinstance(v, bool) else str(v), about) for v, about in values]

    def country_map(self) -> bool:
        return self.map_present

    def pp_code_known(self, selection: FieldSelection) -> bool:
        return self.pp_known

    def utf_equator_flag(self, selection: FieldSelection) -> bool:
        return self.utf_equator

    def candidate_fields(self, selection: FieldSelection) -> int:
        return self.n_fields

    def candidate_fields_of(self, path: str, selection: FieldSelection) -> int:
        return self.n_fields

    def added_axes(self, selection: FieldSelection) -> tuple[bool, bool]:
        return self.has_levels, self.has_additional

    def lat_lon(self, selection: FieldSelection) -> bool:
        return self.is_lat_lon

    def beyond_0_360(self, selection: FieldSelection) -> bool:
        return self.negative_longitudes

    def equator_row(self, selection: FieldSelection) -> bool:
        return self.has_equator

    def pole_rows(self, selection: FieldSelection) -> tuple[bool, bool]:
        return self.has_south_pole, self.has_north_pole

    def level_axis(self, selection: FieldSelection) -> bool:
        return self.has_levels

    def additional_axis(self, selection: FieldSelection) -> bool:
        return self.has_additional

    def can_be_made_periodic(self, selection: FieldSelection, grid: GridSettings) -> bool:
        corrected = not self.negative_longitudes or grid.correct_longitudes != 0
        return self.global_not_periodic and self.is_lat_lon and corrected

    def grid_shape(self, selection: FieldSelection, grid: GridSettings) -> tuple[int, int] | None:
        if not self.check_bounds:
            return None
        dropped = (
            (self.has_equator and not grid.keep_equator)
            + (self.has_south_pole and not grid.keep_south_pole)
            + (self.has_north_pole and not grid.keep_north_pole)
        )
        return self.nx + grid.make_periodic, self.ny - dropped

    def frames(self, selection: FieldSelection) -> int | None:
        return self.n_frames if self.check_bounds else None

    def has_frame(self, selection: FieldSelection, number: int, path: str | None = None) -> bool:
        return number <= self.n_frames

    def series_length(self, frames: SeriesFrames, selection: FieldSelection) -> int:
        return self.n_frames

    def records_carry_time(self, selection: FieldSelection, frames: FrameRange = ANY_FRAMES) -> bool:
        return self.times_in_records

    def time_average_exists(self) -> bool:
        return self.average_present

    def tendencies_exist(self) -> bool:
        return self.tendencies_present

    def use_tendencies(self, startup: StartupSettings, settings: TendencySettings) -> None:
        return

    def first_area(self, run: RunPlan) -> int | None:
        return 0 if self.area_found else 1

    def objects_differ_from_projection(self, startup: StartupSettings, reuse: ReuseSettings, hemisphere: int) -> bool:
        return self.other_projection_in_objects

    def objects_know_missing(self, reuse: ReuseSettings) -> bool:
        return self.missing_known

    def frames_of_objects(self, reuse: ReuseSettings) -> int | None:
        return None

    def frame_numbers_of_objects(self, reuse: ReuseSettings) -> tuple[int, int, int] | None:
        return None

    def processed_frames(self, run: RunPlan) -> int:
        return self.n_frames

    def gives_features(self, run: RunPlan) -> bool:
        detection = run.tracking.passes[-1].detection if run.tracking is not None else None
        return detection is None or detection.settings.feature_type != 0

    def number_of_tracks(self, run: RunPlan) -> int | None:
        return None

    def loaded_track_parameters(self, loaded: LoadedTracks) -> tuple[float, float] | None:
        return self.parameters_in_tracks

    def times_file_exists(self) -> bool:
        return self.times_present

    def frames_of_set(self, object_file: str) -> int | None:
        return None

    def additional_fields_of_sets(self, sets: tuple[SpliceSet, ...]) -> int:
        return self.n_additional

    def additional_fields_of_tracks(self, path: str | None) -> int:
        return self.n_additional

    def tracks_have_times(self, path: str | None) -> bool:
        return self.start_times

    def tracks_are_geographic(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        return self.geographic

    def field_has_missing_value(self, selection: FieldSelection, path: str | None = None) -> bool:
        return self.missing_attribute

    def fields_in_file(self, other: OtherField, selection: FieldSelection) -> int:
        return 1

    def levels_in_file(self, other: OtherField, selection: FieldSelection) -> bool:
        return False

    def contents_of_tracks(self, startup: StartupSettings, splice: SpliceSettings) -> TrackContents:
        return TrackContents(fields=(False,) * self.n_additional, shape=self.shapes, weights=self.weights)

    def bounds_of_sampling(
        self, startup: StartupSettings, projection: ProjectionSettings | None, hemisphere: int
    ) -> tuple[float, float, float, float] | None:
        return None

    def numbers_of_data(
        self, startup: StartupSettings, splice: SpliceSettings, settings: StatisticsSettings
    ) -> Mapping[str, int]:
        sets = {"strength", "genesis", "lysis", TRACKS}
        sets |= {"shape", "area"} if self.shapes else set()
        sets |= {"speed", "growth", "tendency"} if settings.has_phases else set()
        return dict.fromkeys(sets - set(settings.dropped), 0 if self.few_data else 2)
