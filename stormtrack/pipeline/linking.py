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

from ..config.steps import LinkStep
from ..detect.objects import FrameObjects
from ..io.link_files import LinkFile, write_links
from ..io.objects import ObjectHeader
from ..io.objects_write import object_frame, object_header
from ..io.outputs import OutputFile
from ..link.driver import finish_loaded, link
from ..link.limits import weights_add_up
from ..link.model import LinkPoints, LinkResult, Tracks
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
        self._weights_told: tuple[float, float] | None = None

    def run(self) -> None:
        """Go through the linking part of the dialogue."""
        context = self._context
        context.facts.processed = len(self._frames)
        for step in context.conversation.linking(context.facts):
            if step.action == "load":
                self._finish_loaded(step)
            elif step.action != "stop":
                self._link(step)

    def _link(self, step: LinkStep) -> None:
        assert step.settings is not None
        weights = (step.settings.weight_direction, step.settings.weight_speed)
        if not weights_add_up(step.settings) and weights != self._weights_told:
            self._weights_told = weights
            self._context.report.warning(
                f"the weights w1 = {weights[0]:g} and w2 = {weights[1]:g} do not add up to 1 (usual are 0.2 and 0.8); "
                "linking goes on with them, as in TRACK"
            )
        filters = step.refilter or not self._filtered
        result = link(
            self._points,
            step.settings,
            apply_filter=filters,
            stop_after_initial=step.action != "link",
            preprocessing_before=step.settings.preprocess_mode,
        )
        if filters:
            if self._fields is not None:
                ends = np.cumsum([len(values) for values in self._fields])[:-1]
                kept = np.split(result.kept, ends)
                self._fields = [values[keep] for values, keep in zip(self._fields, kept, strict=True)]
            self._frames = filtered(self._frames, result.kept)
            self._write_objects()
        self._filtered = True
        self._points = result.points
        self._write_tracks(INITIAL_TRACKS, result.points, result.initial)
        if step.action == "link":
            self._write_final(result)

    def _finish_loaded(self, step: LinkStep) -> None:
        """Filter tracks of a file further and write them."""
        from .reuse import loaded_tracks

        assert step.settings is not None and step.loaded is not None
        content = self._context.facts.earlier.links(step.loaded)
        for text in self._context.facts.earlier.warnings:
            self._context.report.warning(text)
        name = step.loaded.file or str(self._context.names.path(FINAL_TRACKS))
        tracks = loaded_tracks(content, self._frames, self._points, name)
        self._write_tracks(FINAL_TRACKS, self._points, finish_loaded(self._points, tracks, step.settings))

    def _write_final(self, result: LinkResult) -> None:
        if result.final is None:
            self._context.report.warning(
                f"{len(self._frames)} frames are too few for tracks to be optimised (4 are needed): no tdump is "
                "written, and only repeat? is asked after reinitialise?, as in TRACK; answers made for longer series "
                "are left over"
            )
            return
        self._context.facts.tracks = result.final.n_tracks
        self._write_tracks(FINAL_TRACKS, result.points, result.final)

    def _write_objects(self) -> None:
        with OutputFile(self._context.names.path(NEW_OBJECTS), keep_existing=True) as out:
            out.write(object_header(self._header))
            for k, frame in enumerate(self._frames):
                fields = None if self._fields is None else self._fields[k]
                out.write(object_frame(self._header, frame, fields=fields))

    def _write_tracks(self, stem: str, points: LinkPoints, tracks: Tracks) -> None:
        with OutputFile(self._context.names.path(stem), keep_existing=True) as out:
            write_links(out, LinkFile.from_tracks(tracks, points))
