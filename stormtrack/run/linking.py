"""From features to tracks: `objout.new`, `idump` and `tdump`.

References
----------
Specification 01, sections 4.3 and 4.4; 04, sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..formats.track.links import write_links
from ..formats.track.objects_write import write_objects
from ..linking.driver import finish_loaded, link
from ..linking.limits import weights_add_up
from ..linking.result import LinkResult
from ..model.features import Features
from ..model.links import Links
from ..settings.plan import LinkStep
from ..storage.outputs import OutputFile
from .context import RunContext
from .detected import DetectedPass
from .linking_notes import LinkingNotes

NEW_OBJECTS, INITIAL_TRACKS, FINAL_TRACKS = "objout.new", "idump", "tdump"


class Linking:
    """Linking of the features of one pass (or of both together).

    Parameters
    ----------
    context : RunContext
    found : DetectedPass
    """

    def __init__(self, context: RunContext, found: DetectedPass) -> None:
        self._context = context
        self._shown = found.features
        """As `objout.new` shows them: positions may be numbers of nodes."""
        self._features = found.coordinates()
        self._header = replace(found.header, missing_flag=1, region=None)
        self._filtered = False

    def run(self, steps: Sequence[LinkStep]) -> tuple[Features, Links] | None:
        """Link step by step; the features and final tracks of the last step, None if that gives initial ones only."""
        linked = None
        for step in steps:
            linked = self._finish_loaded(step) if step.action == "load" else self._link(step)
        return linked

    def _link(self, step: LinkStep) -> tuple[Features, Links] | None:
        w1, w2 = step.settings.weight_direction, step.settings.weight_speed
        if not weights_add_up(step.settings):
            self._context.report.warning(
                f"the weights w1 = {w1:g} and w2 = {w2:g} do not add up to 1 (usual are 0.2 and 0.8); linking goes on "
                "with them, as in TRACK"
            )
        filters = step.refilter or not self._filtered
        result = link(
            self._features,
            step.settings,
            apply_filter=filters,
            stop_after_initial=step.action == "initial",
            preprocessing_before=step.settings.preprocess_mode,
            progress=LinkingNotes(self._context.report),
        )
        self._features = result.features
        if filters:
            self._shown = self._shown.kept(result.kept).renumbered()
            self._write_objects()
        self._filtered = True
        self._write_tracks(INITIAL_TRACKS, result.features, result.initial)
        return self._write_final(result) if step.action == "link" else None

    def _finish_loaded(self, step: LinkStep) -> tuple[Features, Links]:
        """Filter tracks of a file further and write them."""
        assert step.loaded is not None
        tracks = self._context.earlier.links(step.loaded).over(self._features)
        finished = finish_loaded(self._features, tracks, step.settings)
        self._write_tracks(FINAL_TRACKS, self._features, finished)
        return self._features, finished

    def _write_final(self, result: LinkResult) -> tuple[Features, Links] | None:
        if result.final is None:
            self._context.report.warning(
                f"{result.features.n_frames} frames are too few for tracks to be optimised (4 are needed): no tdump "
                "is written, and only repeat? is asked after reinitialise?, as in TRACK; answers made for longer "
                "series are left over"
            )
            return None
        self._write_tracks(FINAL_TRACKS, result.features, result.final)
        return result.features, result.final

    def _write_objects(self) -> None:
        with OutputFile(self._context.names.path(NEW_OBJECTS), keep_existing=True) as out:
            write_objects(out, self._header, self._shown, points=self._shown.points is not None)
        self._shown = self._shown.without_outlines()  # they are written once

    def _write_tracks(self, stem: str, features: Features, links: Links) -> None:
        with OutputFile(self._context.names.path(stem), keep_existing=True) as out:
            write_links(out, links, features)
