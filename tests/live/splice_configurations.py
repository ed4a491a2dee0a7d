"""Random answers of a splice over what a tracking run of the same folder wrote (01, section 5.1)."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Answers(Protocol):
    """Where answers go."""

    def say(self, key: str, value: object) -> None:
        """Answer a prompt."""


def draw_splice(
    rng: np.random.Generator, t: Answers, extension: str, suffix: str, *, kind: int, projected: bool
) -> None:
    """One splice, replaying the start-up of the tracking run."""

    def chance(p: float) -> bool:
        return bool(rng.random() < p)

    t.say("load_country_map", False)
    t.say("use_initial", 1)
    t.say("initial_file", f"initial{extension}")
    t.say("analysis_menu", True)
    t.say("menu", 1)
    t.say("splice.use_existing?", False)
    t.say("splice.mode", int(chance(0.5)))
    t.say("splice.nsets", 1)
    t.say("splice.objout_file", f"objout.new{extension}{suffix}")
    t.say("splice.tdump_file", f"tdump{extension}{suffix}")
    t.say("splice.first_frame", int(rng.choice([1, 1, 2])))
    merge = chance(0.2)
    t.say("splice.merge?", merge)
    if merge:
        ends = chance(0.8)
        t.say("merge.end_points?", ends)
        if ends:
            t.say("merge.radius", "3.0")
            t.say("merge.average", int(chance(0.5)))
    t.say("splice.min_points", [int(rng.integers(1, 4)), 1000])
    filters(rng, t, kind)
    t.say("splice.all_or_selected", "a")
    t.say("splice.grid_positions?", chance(0.5))
    t.say("splice.plot?", False)
    t.say("splice.again?", False)
    t.say("analysis_action", 0)


def filters(rng: np.random.Generator, t: Answers, kind: int) -> None:
    """Distance, strength, propagation and frame range."""

    def chance(p: float) -> bool:
        return bool(rng.random() < p)

    distance = chance(0.4)
    t.say("splice.filter_distance?", distance)
    if distance:
        t.say("distance", f"{rng.uniform(0.5, 6):.3g}")
        t.say("distance.kind", str(rng.choice(["s", "t"])))
    strength = chance(0.4)
    t.say("splice.filter_strength?", strength)
    if strength:
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
        direction = kind != 3 and chance(0.5)
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
