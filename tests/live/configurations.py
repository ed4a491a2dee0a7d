"""Random valid configurations: input, tables and answer files, in the order of TRACK's dialogue.

Written from the specification (01, sections 3 to 5) and not from stormtrack's own table of prompts, so that a prompt
asked at the wrong place is found. `EXCLUDED` lists what is never drawn, because the original has no defined result.
"""

from __future__ import annotations

import numpy as np

from tests.live.detection_answers import Detection
from tests.live.input_files import Binary
from tests.live.linking_answers import Linking
from tests.live.reuse_answers import Earlier, reuse
from tests.live.scene import Configuration, Scene, StartUp
from tests.live.splice_configurations import Sets, draw_existing, draw_splice
from tests.live.talk import Chooser, Step, Talk

__all__ = ["EXCLUDED", "KNOWN_UNDEFINED", "Configuration", "Step", "Talk", "configuration"]

EXCLUDED = {
    "kind 7, periodic_x and shape together": "the original overruns its memory (01 §15, 02 §21)",
    "kind 0 with boundaries, restore flags, delayed objects or a rotated pole": "the original crashes (01 §15, 02 §21)",
    "unconstrained kind 7": "the line search may leave the data; the original then reads a constraint that does not"
    " exist (01 §15)",
    "shape with the Euclidean norm, or in one hemisphere only": "prints unset memory (01 §18.22)",
    "kind 3 with the too-close filter on a projection or a splice by direction": "the original crashes (01 §18.22)",
    "Fourier boundaries with written objects": "may damage the heap (01 §18.22)",
    "filling of boundaries with periodic_x or in a sub-region": "reads outside the array (02 §21)",
    "kind 8 on windows longer than their limits": "reads outside the array (02 §21); whole grids with kind 8 have"
    " small objects only (high threshold)",
    "shape with thresholds that let values below -1 into objects": "heap overrun (02 §21)",
    "missing.delay_objects? other than y or n": "header only (01 §18.22)",
    "sphery on a grid with a pole row, a limited area or uncorrected longitudes": "refused by the original (01 §15)",
    "an attempt of linking without adaptive limits after one with them and fewer sets": "reads limits that were never"
    " set",
    "a splice of grid numbers (type 3) of a projected grid": "they are looked up on the input's grid, or beyond it",
    "a splice of no tracks": "the original crashes (01 §15)",
    "added fields beside input whose records differ in length": "what cannot be read is left from the other file",
    "rotated_pole? after grid.correct_how 1": "refused by both",
    "re-use of object points that the file does not hold": "the original crashes",
    "averages computed of PP files, and of ASCII files that announce more frames than they hold": "marks that are never"
    " set; the last frame stands for those that are not there",
    "tendencies of PP files, or in two passes, with an added field, of ASCII fields of a multiple of ten points, or"
    " beyond the last frame of ASCII files": "read from wrong places, or what is there is no field (parity notes)",
}

KNOWN_UNDEFINED: dict[int, str] = dict.fromkeys((531, 1001), "kind 8 with an object as wide as the grid")
"""Draws whose data, not their answers, lead to an excluded case."""

PLANS = {"one run": 0.4, "re-use": 0.33, "chunks": 0.2, "menu": 0.07}


def configuration(seed: int) -> Configuration:
    """Configuration number `seed`; the same number gives the same case."""
    scene = Scene(seed)
    plan = scene.c.weighted(PLANS)
    start_up = StartUp(scene)
    if plan == "menu":
        _menu(scene, start_up)
    elif plan == "chunks" and scene.n_frames >= 4:
        _chunks(scene, start_up)
    else:
        if plan == "one run":
            scene.track_tendencies()
        runs = [Run(scene, start_up, scene.c, scene.frames(), "_t")]
        if plan == "re-use":
            reuse(scene, start_up, Earlier.of(runs[0]))
        _splice(scene, start_up, runs)
    scene.case.features |= _features(scene, plan)
    return scene.case


class Run:
    """A tracking run: one step of the case."""

    def __init__(
        self, scene: Scene, start_up: StartUp, c: Chooser, frames: tuple[int, int, int], extension: str
    ) -> None:
        t = Talk()
        start_up.again(t)
        t.say("analysis_menu", False)
        t.say("reuse_objects", False)
        if scene.tendency:
            scene.tendency.ask(t)
        else:
            t.say("tendency", False)
        self.extension, self.frames, self.talk = extension, frames, t
        self.processed = scene.processed(frames)
        self.detection = Detection(scene, start_up, c, frames, extension)
        linking = Linking(scene, c, self.processed)
        self.rotated, self.stopped = False, False
        for number in range(scene.passes):
            self.detection.ask(t, number)
            if not scene.geodesic and scene.kind:
                self.stopped = linking.ask(t) == "a"
                if self.stopped:
                    break
        if scene.geodesic:
            possible = scene.kind != 0 and not start_up.corrected_with_data
            self.rotated = linking.rotated_pole(t, allowed=possible)
            if scene.kind:
                self.stopped = linking.ask(t) == "a"
        scene.case.add(f"track{extension}", extension, t)

    @property
    def linked(self) -> bool:
        """It wrote tracks."""
        return ("load_tracks?", "n") in self.talk and self.processed > 3 and not self.stopped

    @property
    def repeats(self) -> int:
        """How often linking was repeated, which decides the names of its files."""
        return sum(k == "repeat?" and v == "y" for k, v in self.talk)


def _chunks(scene: Scene, start_up: StartUp) -> None:
    """Runs over parts of the series that overlap, detecting the same, and their splice."""
    n = scene.n_frames
    middle = scene.c.integer(3, n)
    overlap = scene.c.integer(0, 2)
    parts = [(1, 1, middle), (max(1, middle - overlap), 1, n + scene.c.integer(0, 3))]
    state = scene.c.rng.bit_generator.state
    runs = []
    for k, frames in enumerate(parts, start=1):
        scene.c.rng.bit_generator.state = state
        runs.append(Run(scene, start_up, scene.c, frames, f"_{k}"))
    _splice(scene, start_up, runs)


def _splice(scene: Scene, start_up: StartUp, runs: list[Run]) -> None:
    c, run = scene.c, runs[0]
    if not all(r.linked for r in runs) or not c.chance(0.6):
        return
    if not scene.geodesic and (scene.passes == 2 or (scene.projected and scene.kind == 3)):
        return
    kind = 4 if run.rotated or (scene.geodesic and scene.projected) else scene.kind
    sets = [
        (f"objout.new{r.extension}{'_' * r.repeats}", f"tdump{r.extension}{'_' * r.repeats}", r.processed) for r in runs
    ]
    opening = Talk()
    start_up.again(opening, replay=f"initial{run.extension}")
    what = Sets(files=sets, opening=opening, kind=kind, fields=run.rotated, projected=not scene.in_degrees)
    talk = Talk()
    draw_splice(c, talk, what)
    scene.case.add("splice", "_s", talk)
    if c.chance(0.25):
        talk = Talk()
        draw_existing(c, talk, what)
        scene.case.add("splice again", "_x", talk)


def _menu(scene: Scene, start_up: StartUp) -> None:
    """Functions of the menu on frames. The least squares and cosine filters belong here when stormtrack has them."""
    c = scene.c
    names = ["convert"]
    if isinstance(scene.case.layout, Binary):
        names.append("extract")
    if start_up.is_gaussian:
        names.append("filter")
    for name in names:
        t = Talk()
        start_up.again(t)
        t.say("analysis_menu", True)
        first, step = c.integer(1, scene.n_frames), c.integer(1, 3)
        t.say("menu", {"convert": 7, "extract": 8, "filter": 4}[name])
        t.say("frames", [first, step, c.integer(first, scene.n_frames + 2)])
        if name == "filter":
            _fast_filter(c, t, len(scene.grid.lat))
        if name == "extract":
            t.say("extract.choice", c.one_of("sia"))
            t.say("extract.holes", 0)
            t.say("extract.transform?", False)
            t.say("extract.convert?", c.chance(0.5))
        scene.case.add(name, f"_{name[0]}", t)


def _fast_filter(c: Chooser, t: Talk, rows: int) -> None:
    """The fast spectral filter (01, section 5.2)."""
    t.say("spec.method", 1)
    t.say("spec.derived?", False)
    truncation = c.integer(8, rows - 1)
    t.say("spec.truncation", truncation)
    new_grid = c.chance(0.5)
    t.say("spec.new_grid?", new_grid)
    if new_grid:
        t.say("spec.grid_kind", 1)
        t.say("spec.grid_truncation", c.integer(10, 21))
        truncation = min(truncation, 10)
    bands = c.integer(1, 3)
    t.say("spec.nbands", bands)
    hoskins = c.chance(0.5)
    t.say("spec.hoskins?", hoskins)
    if hoskins:
        t.say("spec.hoskins_cutoff", c.real(0.05, 0.5))
    inner = sorted(int(v) for v in c.rng.choice(np.arange(1, truncation), bands - 1, replace=False))
    for number, boundary in enumerate([0, *inner, truncation], start=1):
        t.say(f"spec.boundary{number}", boundary)
    restrict = c.chance(0.2)
    t.say("spec.restrict?", restrict)
    if restrict:
        t.say("spec.restrict", [c.real(2.0, 1000.0), "0.5"])


def _features(scene: Scene, plan: str) -> set[str]:
    case = scene.case
    out = {f"kind {k}" for k in scene.kinds} | {f"projection {scene.projection}", f"plan {plan}"}
    out |= {"geodesic" if scene.geodesic else "euclidean", f"grid {scene.grid.kind}"}
    if len(set(scene.kinds)) > 1:
        out.add("two kinds")
    out |= {f"{k} {v}" for step in case.steps for k, v in step.answers if k.endswith("?") or k == "constraints"}
    keys = {k for step in case.steps for k, _ in step.answers}
    out |= {"tendencies"} if scene.tendency else set()
    out |= {"computed average"} if "tavg.choice" in keys else set()
    first = [int(v) for step in case.steps for k, v in step.answers if k == "frame.start"]
    late = "late start" if max(first, default=1) > 1 else "start with frame 1"
    return out | case.layout.features | {late, f"{late}, {'' if case.layout.even else 'un'}equal records"}
