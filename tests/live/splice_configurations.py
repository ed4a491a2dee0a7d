"""Random answers of a splice over what runs of the same folder wrote (01, section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.live.talk import Chooser, Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """What is spliced.

    Attributes
    ----------
    files : list of (str, str, int)
        Object file, track file and number of frames of each set.
    opening : Talk
        Answers up to `analysis_menu`, which replay the start-up of the runs.
    kind : int
        Feature type of the positions.
    fields : bool
        They have an additional field.
    projected : bool
        Their positions are projected ones.
    """

    files: list[tuple[str, str, int]]
    opening: Talk
    kind: int
    fields: bool
    projected: bool


def _start(t: Talk, what: Sets) -> None:
    t.extend(what.opening)
    t.say("analysis_menu", True)
    t.say("menu", 1)


def draw_splice(c: Chooser, t: Talk, what: Sets) -> None:
    """One splice, replaying the start-up of the tracking run."""
    _start(t, what)
    t.say("splice.use_existing?", False)
    t.say("splice.mode", int(c.chance(0.5)))
    t.say("splice.nsets", len(what.files))
    for number, (objects, tracks, frames) in enumerate(what.files):
        t.say("splice.objout_file", objects)
        t.say("splice.tdump_file", tracks)
        t.say("splice.first_frame", min(frames, int(c.rng.choice([1, 2, 3] if number else [1, 1, 2]))))
    merge = c.chance(0.2)
    t.say("splice.merge?", merge)
    if merge:
        ends = c.chance(0.8)
        t.say("merge.end_points?", ends)
        if ends:
            t.say("merge.radius", "3.0")
            t.say("merge.average", int(c.chance(0.5)))
    _rest(c, t, what)


def draw_existing(c: Chooser, t: Talk, what: Sets) -> None:
    """Filters on what a splice wrote."""
    _start(t, what)
    t.say("splice.use_existing?", True)
    t.say("splice.other_file?", True)
    t.say("splice.file", c.one_of(["tr_trs_s", "ff_trs_s"]))
    t.say("splice.file_type", "s")
    _rest(c, t, what)


def _rest(c: Chooser, t: Talk, what: Sets) -> None:
    t.say("splice.min_points", [c.integer(1, 3), 1000])
    filters(c, t, what)
    _select(c, t)
    t.say("splice.grid_positions?", c.chance(0.5))
    if not what.projected:
        t.say("splice.plot?", False)
        t.say("splice.again?", False)
    t.say("analysis_action", 0)


def _select(c: Chooser, t: Talk) -> None:
    selected = c.chance(0.1)
    t.say("splice.all_or_selected", "s" if selected else "a")
    if selected:
        t.say("select.by", int(c.chance(0.5)))
        t.say("select.id", 1)


def filters(c: Chooser, t: Talk, what: Sets) -> None:
    """Distance, strength, propagation and frame range."""
    chance, rng = c.chance, c.rng
    distance = chance(0.4)
    t.say("splice.filter_distance?", distance)
    if distance:
        t.say("distance", f"{rng.uniform(0.5, 6):.3g}")
        t.say("distance.kind", str(rng.choice(["s", "t"])))
    strength = chance(0.4)
    t.say("splice.filter_strength?", strength)
    if strength:
        if what.fields:
            t.say("strength.field", c.integer(0, 2))
        growth = int(rng.integers(3))
        t.say("strength.growth", growth)
        if growth == 2:
            t.say("strength.growth_step", 6)
        which = int(rng.integers(3))
        t.say("strength.kind", which)
        t.say("strength.lo", [f"{rng.uniform(-20, 2):.3g}", f"{rng.uniform(3, 2000):.3g}"])
        t.say("strength.check_missing?", chance(0.3))
        if which:
            life = chance(0.3)
            t.say("strength.lifecycle?", life)
            if life:
                t.say("strength.lneg", [1, 1])
    propagation = chance(0.4)
    t.say("splice.filter_propagation?", propagation)
    if propagation:
        direction = what.kind != 3 and chance(0.5)
        t.say("prop.direction?", direction)
        if direction:
            t.say("direction", [-120, 150])
        speed = chance(0.6)
        t.say("prop.speed?", speed)
        if speed:
            t.say("speed.time_step", 6)
            scale = chance(0.5)
            t.say("speed.scale?", scale)
            if scale:
                t.say("speed.scale_kind", 1)
            t.say("speed.kind", int(rng.integers(3)))
            t.say("speed.lo", [0, f"{rng.uniform(0.01, 200):.3g}"])
            region = chance(0.3)
            t.say("speed.region?", region)
            if region:
                t.say("speed.region", [0, 360, -60, 80])
    frame_range = chance(0.25)
    t.say("splice.frame_range?", frame_range)
    if frame_range:
        t.say("range", [int(rng.integers(1, 3)), int(rng.integers(4, 9))])
