"""From the answers about earlier results to settings, which are imported when needed: most runs use none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rows import Answers

if TYPE_CHECKING:
    from ..settings.reuse import LoadedTracks, ReuseSettings, RotatedPole
    from ..settings.tendency import TendencySettings


def reuse_settings(a: Answers) -> ReuseSettings:
    """Objects of an earlier run, as far as they have been answered."""
    from ..settings.reuse import ReuseSettings

    correction = {"y": "g", "g": "d"}
    return ReuseSettings(
        filtered=a.integer("reuse.which") == 2,
        file=a.text("reuse.file") if a.yes("reuse.other_file?") else None,
        read_points=a.yes("reuse.read_object_points?"),
        correct=correction.get(a.char("reuse.correct_grid?")),
        recompute=a.char("reuse.recompute?") != "n",
    )


def rotated_pole(a: Answers) -> RotatedPole | None:
    """The rotated pole, if any."""
    if not a.yes("rotated_pole?"):
        return None
    from ..settings.reuse import RotatedPole

    shift = a.real("pole.shift") if a.yes("pole.translated?") else None
    return RotatedPole(longitude=a.real("pole.lng"), latitude=a.real("pole.lat"), shift=shift)


def loaded_tracks(a: Answers) -> LoadedTracks:
    """Tracks of an earlier run."""
    from ..settings.reuse import LoadedTracks

    return LoadedTracks(
        file=a.text("tracks.file") if a.yes("tracks.other_file?") else None,
        further=a.yes("tracks.further_analysis?"),
    )


def tendency_settings(a: Answers) -> TendencySettings:
    """Time tendencies in the place of fields."""
    from ..settings.tendency import TendencySettings

    if a.yes("tendency.use_existing?"):
        return TendencySettings(existing=True)
    return TendencySettings(
        first=a.integer("tendency.first"), last=a.integer("tendency.last"), step=a.integer("tendency.step")
    )
