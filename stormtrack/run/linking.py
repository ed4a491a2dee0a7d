"""From detected frames to tracks: the linking dialogue, `objout.new`, `idump` and `tdump`.

References
----------
Specification 01, sections 4.3 and 4.4; 04, sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..detect.objects import FrameObjects
from ..io.link_files import LinkFile, write_links
from ..io.objects import ObjectHeader
from ..io.objects_write import object_frame, object_header
from ..io.outputs import OutputFile
from ..link.driver import finish_loaded, link
from ..link.model import LinkPoints, LinkResult, Tracks
from ..settings.plan import LinkStep
from .context import RunContext
from .points import Positions, filtered, link_points

F32 = npt.NDArray[np.float32]
NEW_OBJECTS, INITIAL_TRACKS, FINAL_TRACKS = "objout.new", "idump", "tdump"


class Linking:
    """Linking of the features of one run.

    Parameters
    ----------
    context : RunContext
    frames : sequence of FrameObjects
        Features of all frames.
    header : ObjectHeader
        As in `objout` (positions as linking sees them).
    coordinates : callable, optional
        Turns the grid numbers of feature type 3 into coordinates.
    fields : list of float32, shape (n_features, n_field_values), optional
        Additional fields of the features, by frame.
    """

    def __init__(
        self,
        context: RunContext,
        frames: Sequence[FrameObjects],
        header: ObjectHeader,
        coordinates: Positions | None = None,
        fields: list[F32] | None = None,
    ) -> None:
        self._context = context
        self._frames, self._fields = list(frames), fields
        self._header = replace(header, missing_flag=1, region=None)
        self._points = link_points(self._frames, coordinates)
        self._filtered = False

    def run(self, steps: Sequence[LinkStep]) -> int | None:
        """Link step by step; the number of tracks of the last step that gives final ones."""
        tracks = None
        for step in steps:
            tracks = self._finish_loaded(step) if step.action == "load" else self._link(step)
        return tracks

    def _link(self, step: LinkStep) -> int | None:
        filters = step.refilter or not self._filtered
        result = link(
            self._points,
            step.settings,
            apply_filter=filters,
            stop_after_initial=step.action == "initial",
            preprocessing_before=step.settings.preprocess_mode,
        )
        if filters:
            self._take_filtered(result)
        self._filtered = True
        self._points = result.points
        self._write_tracks(INITIAL_TRACKS, result.points, result.initial)
        return self._write_final(result) if step.action == "link" else None

    def _take_filtered(self, result: LinkResult) -> None:
        """Go on with the features that passed the point filter."""
        if self._fields is not None:
            ends = np.cumsum([len(values) for values in self._fields])[:-1]
            kept = np.split(result.kept, ends)
            self._fields = [values[keep] for values, keep in zip(self._fields, kept, strict=True)]
        self._frames = filtered(self._frames, result.kept)
        self._write_objects()

    def _finish_loaded(self, step: LinkStep) -> int:
        """Filter tracks of a file further and write them."""
        from .reuse import loaded_tracks

        assert step.loaded is not None
        content = self._context.earlier.links(step.loaded)
        name = step.loaded.file or str(self._context.names.path(FINAL_TRACKS))
        tracks = loaded_tracks(content, self._frames, self._points, name)
        finished = finish_loaded(self._points, tracks, step.settings)
        self._write_tracks(FINAL_TRACKS, self._points, finished)
        return finished.n_tracks

    def _write_final(self, result: LinkResult) -> int | None:
        if result.final is None:
            self._context.report.warning(
                f"{len(self._frames)} frames are too few for tracks to be optimised (4 are needed): "
                "no tdump is written, as in TRACK"
            )
            return None
        self._write_tracks(FINAL_TRACKS, result.points, result.final)
        return result.final.n_tracks

    def _write_objects(self) -> None:
        with OutputFile(self._context.names.path(NEW_OBJECTS), keep_existing=True) as out:
            out.write(object_header(self._header))
            for k, frame in enumerate(self._frames):
                fields = None if self._fields is None else self._fields[k]
                out.write(object_frame(self._header, frame, fields=fields))

    def _write_tracks(self, stem: str, points: LinkPoints, tracks: Tracks) -> None:
        with OutputFile(self._context.names.path(stem), keep_existing=True) as out:
            write_links(out, LinkFile.from_tracks(tracks, points))
