"""Random runs that start from the results of an earlier one: objects, with or without points, and tracks.

Specification 01, section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.live.detection_answers import Detection
from tests.live.linking_answers import Linking
from tests.live.scene import Scene, StartUp
from tests.live.talk import Talk

if TYPE_CHECKING:
    from tests.live.configurations import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Results of an earlier run.

    Attributes
    ----------
    extension : str
    frames : (int, int, int)
        Start, step and end of the run.
    processed : int
        Frames in its files.
    linked : bool
        There is a `tdump`.
    filtered : bool
        There is an `objout.new`.
    points : tuple of bool
        Whether the object file of each pass holds object points.
    shape, rotated : bool
    corrected : bool
        Longitudes were corrected with their data: no rotated pole then.
    """

    extension: str
    frames: tuple[int, int, int]
    processed: int
    linked: bool
    filtered: bool
    points: tuple[bool, ...]
    shape: bool
    rotated: bool

    @classmethod
    def of(cls, run: Run) -> Earlier:
        """Results of a run just drawn."""
        wrote = [v == "y" for k, v in run.talk if k == "write_objects?"]
        # Once refused, points are not written in the second pass either.
        points = tuple(all(wrote[: k + 1]) for k in range(len(wrote)))
        return cls(
            extension=run.extension,
            frames=run.frames,
            processed=run.processed,
            linked=run.linked and not run.repeats,
            filtered=("load_tracks?", "n") in run.talk,
            points=points,
            shape=run.detection.shape,
            rotated=run.rotated,
        )


def reuse(scene: Scene, start_up: StartUp, earlier: Earlier) -> None:
    """Add a run that re-uses the objects of an earlier one."""
    c, t = scene.c, Talk()
    if not scene.kind or len(earlier.points) < scene.passes:
        return
    own_name = c.chance(0.3)
    extension = earlier.extension if own_name else "_u"
    start_up.again(t, replay=f"initial{earlier.extension}" if c.chance(0.4) and not own_name else "")
    t.say("analysis_menu", False)
    t.say("reuse_objects", True)
    filtered = earlier.filtered and c.chance(0.5)
    recompute = c.chance(0.4)
    detection = Detection(scene, start_up, c, earlier.frames, extension, reused=True)
    linking = Linking(scene, c, earlier.processed)
    loaded = filtered and earlier.linked and scene.passes == 1 and not recompute and c.chance(0.7)
    retracked = []
    for number in range(scene.passes):
        _file(scene, t, earlier, number, filtered=filtered, own_name=own_name)
        t.say("reuse.recompute?", recompute)
        if recompute:
            detection.ask(t, number)
        if not scene.geodesic:
            retracked.append(_link(scene, t, linking, f"tdump{earlier.extension}" if loaded else ""))
            if retracked[-1] == "a":
                break
    if scene.projected and retracked and retracked[0] != "y" and retracked[-1] != "a":
        _link(scene, t, linking, "")  # the first pass is asked for once more
    if scene.geodesic:
        linking.rotated_pole(t, allowed=not start_up.corrected_with_data)
        _link(scene, t, linking, f"tdump{earlier.extension}" if loaded else "")
    scene.case.add("re-use", extension, t)


def _file(scene: Scene, t: Talk, earlier: Earlier, number: int, *, filtered: bool, own_name: bool) -> None:
    """The object file of a pass, and what is read of it."""
    c = scene.c
    t.say("reuse.which", 2 if filtered else 1)
    default = own_name and number == 0 and c.chance(0.7)
    t.say("reuse.other_file?", not default)
    if not default:
        second = number == 1 and not (filtered and scene.geodesic)
        t.say("reuse.file", f"{'objout.new' if filtered else 'objout'}{earlier.extension}{'_' if second else ''}")
    points = earlier.points[number] and not filtered and c.chance(0.6)
    t.say("reuse.read_object_points?", points)
    if filtered and scene.geodesic and scene.projected:
        t.say("reuse.correct_grid?", c.one_of("gn"))
    if points:
        t.say("reuse.display", False)


def _link(scene: Scene, t: Talk, linking: Linking, tracks: str) -> str:
    """Link (y), or not (n), or take tracks of a file (l), or end the program (a)."""
    again = scene.c.chance(0.8)
    t.say("retrack?", again)
    if not again:
        return "n"
    if tracks:
        linking.load(t, tracks)
        return "l"
    return "a" if linking.ask(t) == "a" else "y"
