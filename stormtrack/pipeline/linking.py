"""From detected frames to tracks: the linking dialogue, `objout.new`, `idump` and `tdump`.

References
----------
Specification 01, sections 4.3 and 4.4; 04, sections 2 and 8.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ..config.steps import LinkStep
from ..io.link_files import LinkFile, write_links
from ..io.objects_write import object_frame, object_header
from ..io.outputs import OutputFile
from ..link.driver import finish_loaded, link
from ..link.model import LinkPoints, LinkResult, Tracks
from .context import RunContext
from .detected import DetectedPass
from .points import filtered, link_points, without_points

Outcome = Literal["linked", "kept", "aborted"]
"""Linked; not linked (``retrack? = n``, or tracks of a file instead); ended by ``reinitialise? = a``."""
NEW_OBJECTS, INITIAL_TRACKS, FINAL_TRACKS = "objout.new", "idump", "tdump"


class Linking:
    """Linking of the features of one run.

    Parameters
    ----------
    context : RunContext
    found : DetectedPass
        Features of all frames, their positions as linking sees them.
    """

    def __init__(self, context: RunContext, found: DetectedPass) -> None:
        self._context, self._has_points = context, found.points
        self._frames = list(found.frames)
        self._header = replace(found.header, missing_flag=1, region=None)
        coordinates = found.grid.node_coordinates if found.header.integer_positions else None
        self._points = link_points(self._frames, coordinates)
        self._filtered = False

    def run(self) -> Outcome:
        """Go through the linking part of the dialogue."""
        context = self._context
        context.facts.processed = len(self._frames)
        outcome: Outcome = "kept"
        for step in context.conversation.linking(context.facts):
            if step.action == "load":
                self._finish_loaded(step)
            elif step.action != "stop":
                self._link(step)
                outcome = "aborted" if step.action == "abort" else "linked"
        return outcome

    def _link(self, step: LinkStep) -> None:
        assert step.settings is not None
        filters = step.refilter or not self._filtered
        result = link(
            self._points,
            step.settings,
            apply_filter=filters,
            stop_after_initial=step.action != "link",
            preprocessing_before=step.settings.preprocess_mode,
        )
        if filters:
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
        name = step.loaded.file or str(self._context.names.path(FINAL_TRACKS))
        tracks = loaded_tracks(content, self._frames, self._points, name)
        self._write_tracks(FINAL_TRACKS, self._points, finish_loaded(self._points, tracks, step.settings))

    def _write_final(self, result: LinkResult) -> None:
        if result.final is None:
            self._context.report.warning(
                f"{len(self._frames)} frames are too few for tracks to be optimised (4 are needed): "
                "no tdump is written, as in TRACK"
            )
            return
        self._context.facts.tracks = result.final.n_tracks
        self._write_tracks(FINAL_TRACKS, result.points, result.final)

    def _write_objects(self) -> None:
        with OutputFile(self._context.names.path(NEW_OBJECTS), keep_existing=True) as out:
            out.write(object_header(self._header))
            for frame in self._frames:
                out.write(object_frame(self._header, frame, points=self._has_points))
        if self._has_points:  # they are written once
            self._frames = [without_points(frame) for frame in self._frames]

    def _write_tracks(self, stem: str, points: LinkPoints, tracks: Tracks) -> None:
        with OutputFile(self._context.names.path(stem), keep_existing=True) as out:
            write_links(out, LinkFile.from_tracks(tracks, points))
