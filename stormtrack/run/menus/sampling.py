"""Fields added along the filtered tracks (analysis action 1).

References
----------
Specification 06, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...arrays import F32
from ...errors import TrackFileError
from ...formats.track.region_samples import RegionHeader, region_file
from ...formats.track.stored import read_stored
from ...formats.track.track_text_read import parse_tracks
from ...formats.track.track_text_write import write_tracks
from ...grid.missing import UsedValues
from ...model.tracks import TrackSet
from ...sampling.places import axes_of_region, sampling_frames
from ...sampling.sampler import Sampled, Sampler
from ...settings.fields import FieldSeries
from ...settings.menus import MenuFrames
from ...settings.sampling import Cap, Region, SampledField, SampledFrames, SamplingRequest, SamplingSettings
from ...storage.outputs import OutputFile
from ..context import RunContext
from ..fields import FieldsTogether
from .splice import FILTERED_TRACKS
from .winds import tell_poor_fits

ADDED, REGIONS = "_addfld", "_addfld_reg"
_MISSING_POLICIES = ("default", "search", "leave")


def run(context: RunContext, request: SamplingRequest) -> None:
    """Sample the fields along the tracks just filtered and write the tracks with them."""
    path = context.names.path(FILTERED_TRACKS)
    tracks = parse_tracks(read_stored(path), str(path)).without_empty()
    if not tracks.n_filled:
        raise TrackFileError("no track passes the filters: there is nothing to add fields to", path=str(path))
    if not tracks.projection.is_geographic:
        raise TrackFileError("fields are added to tracks in longitudes and latitudes", path=str(path))
    settings = request.settings
    frames = _Frames(context, settings, tracks)
    result = Sampler(context.data.grid, settings, tracks).sample(frames.of)
    tell_poor_fits(context, result.poor_fits)
    if isinstance(settings.what, Region):
        _write_regions(context, settings, settings.what, result)
        return
    with OutputFile(context.names.path(FILTERED_TRACKS, ADDED)) as out:
        write_tracks(out, result.tracks)


class _Frames:
    """Opens the frames of fields, with the frame numbers of the tracks that they belong to."""

    def __init__(self, context: RunContext, settings: SamplingSettings, tracks: TrackSet) -> None:
        self._context = context
        numbers = sampling_frames(tracks)
        self._used = UsedValues.of(context.data.grid) if settings.missing is None else None
        self._first, self._last = int(numbers.min()), int(numbers.max())

    def of(self, field: SampledField) -> Iterator[tuple[int, F32]]:
        """Frames of a field, one after the other."""
        asked, first = field.frames, 1
        if asked is None:
            first, asked = self._first, SampledFrames(first=self._first, last=self._last)
        if asked.step < 1:
            yield from self._held(field, asked)
            return
        frames = self._opened(field, MenuFrames(first=asked.first, step=asked.step, last=asked.last))
        for k, (values,) in enumerate(self._context.report.progress(frames, "sampling", None)):
            yield first + k, values

    def _opened(self, field: SampledField, frames: MenuFrames) -> FieldsTogether:
        series = FieldSeries(path=field.file.path, selection=field.file.selection, frames=frames)
        return FieldsTogether(self._context, [series], frames.last, self._used)

    def _held(self, field: SampledField, asked: SampledFrames) -> Iterator[tuple[int, F32]]:
        """The first frame, for all frames of the tracks up to a number."""
        for (values,) in self._opened(field, MenuFrames(first=asked.first, step=1, last=asked.first)):
            for number in range(1, asked.last - asked.first + 2):
                yield number, values
            return


def _write_regions(context: RunContext, settings: SamplingSettings, what: Region, result: Sampled) -> None:
    assert result.regions is not None
    columns, rows = axes_of_region(what.points)
    header = RegionHeader(
        n_tracks=result.tracks.n_tracks,
        n_points=result.tracks.n_points,
        n_columns=len(columns),
        n_rows=len(rows),
        n_fields=len(settings.fields),
        turned=what.direction is not None,
        smoothing=0 if what.direction is None else what.direction.smoothing,
        chosen_centre=any(field.centre for field in settings.fields),
        missing_policy=_MISSING_POLICIES.index(settings.missing_centre),
        on_longitudes=not isinstance(what.points, Cap),
    )
    with OutputFile(context.names.path(FILTERED_TRACKS, REGIONS)) as out:
        out.write(region_file(header, columns, rows, result.regions))
