"""Random valid configurations: input, tables and answer files, in the order of TRACK's dialogue.

Written from the specification (01, sections 3 to 5) and not from stormtrack's own table of prompts, so that a prompt
asked at the wrong place is found. `EXCLUDED` lists what is never drawn, because the original has no defined result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.live.splice_configurations import draw_splice
from tests.live.synthetic_data import Data, draw_data

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
    "a splice of feature type 3 with shape": "its positions are printed as 0 (02 §18) and index the grid",
    "a splice of no tracks": "the original crashes (01 §15)",
    "rotated_pole?, re-used objects, added fields": "drawn by tests of their own",
    "tendency, computing a time average": "not available in stormtrack",
}

KNOWN_UNDEFINED = {
    121: "kind 8: an object as large as the grid, whose window leaves its limits",
    467: "kind 8: no object in the first frame, so the original never reads the constraints",
}
"""Draws whose data, not their answers, lead to an excluded case."""

EXTENSION = "_t"


class Talk(list[tuple[str, str]]):
    """Answers with the keys of the prompts they are meant for."""

    def say(self, key: str, value: object) -> None:
        """Answer a prompt; a list answers several values of one read."""
        if isinstance(value, (list, tuple)):
            for k, one in enumerate(value):
                self.say(f"{key}.{k}", one)
            return
        if isinstance(value, bool):
            value = "y" if value else "n"
        self.append((key, str(value)))

    def text(self) -> str:
        """The answer file."""
        return "".join(f"{value}\n" for _, value in self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One run of the program."""

    name: str
    input: str
    extension: str
    answers: Talk

    @property
    def annotated(self) -> str:
        return "".join(f"{value}\t# {key}\n" for key, value in self.answers)


@dataclass(slots=True, kw_only=True, eq=False)
class Configuration:
    """Input, tables and steps of one random case."""

    seed: int
    data: Data
    files: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    """What it exercises."""

    def lay_out(self, folder: Path) -> None:
        """Write input, tables and answers."""
        self.data.write(folder)
        for name, text in self.files.items():
            (folder / name).write_text(text)
        for step in self.steps:
            (folder / f"{step.name}.in").write_text(step.answers.text())
            (folder / f"{step.name}.annotated").write_text(step.annotated)


class _Drawing:
    """State of a draw: the generator and what was answered that later prompts depend on."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        r = self.chance
        self.projection = str(self.rng.choice(["none", "polar", "oblique", "both"], p=[0.5, 0.25, 0.12, 0.13]))
        self.geodesic = r(0.7)
        self.kind = int(self.rng.choice([0, 3, 4, 7, 8, 9], p=[0.06, 0.14, 0.22, 0.34, 0.12, 0.12]))
        self.projected = self.projection != "none"
        self.proj_sphery = self.projected and r(0.35)
        self.region_sphery = not self.projected and self.kind == 7 and r(0.35)
        self.sphery = self.proj_sphery or self.region_sphery
        self.data = draw_data(
            self.rng, whole_sphere=self.sphery or self.projection == "both", poles_allowed=not self.sphery
        )
        self.case = Configuration(seed=seed, data=self.data)
        self.shape = self.kind != 0 and self.geodesic and r(0.4)
        self.border = not self.projected and r(0.5)
        self.periodic = self.border and self.data.all_round and r(0.7) and not (self.kind == 7 and self.shape)
        self.whole = self.sphery or self.periodic or r(0.6)
        self.processed = 0

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one_of(self, values: Iterable[object]) -> object:
        values = list(values)
        return values[int(self.rng.integers(len(values)))]

    def real(self, low: float, high: float, digits: int = 3) -> str:
        text = f"{self.rng.uniform(low, high):.{digits}g}"
        return f"{float(text):.3e}" if self.chance(0.15) else text

    # --- start-up -------------------------------------------------------------------------------------------------

    def startup(self, t: Talk) -> None:
        self.dialogue_of_data(t)
        self.dialogue_of_grid(t)
        t.say("distance_norm", "g" if self.geodesic else "e")
        t.say("other_projection", self.projected)
        if self.projected:
            self.dialogue_of_projection(t)
        else:
            self.dialogue_of_area(t)

    def dialogue_of_data(self, t: Talk) -> None:
        d = self.data
        if self.chance(0.1):
            t.say("load_country_map", True)
            t.say("map.offset?", False)
        else:
            t.say("load_country_map", False)
        t.say("use_initial", 0)
        self.by_name = self.chance(0.6)
        if not d.netcdf:
            t.say("format", 0)
            t.say("bin.newline_separated", d.newline)
            return
        t.say("format", 4)
        t.say("nc.summary", self.chance(0.2))
        t.say("nc.by_name", int(self.by_name))
        t.say("nc.coards", self.chance(0.6))
        if d.several_fields:
            variables = ["time", "lat", "lon", "other", "vo"]
            variables = ["lev", *variables] if d.levels else variables
            t.say("nc.field", "vo" if self.by_name else variables.index("vo"))

    def dialogue_of_grid(self, t: Talk) -> None:
        d = self.data
        translate = d.all_round and self.chance(0.15)
        t.say("grid.translate", translate)
        if translate:
            t.say("grid.offset", int(self.rng.integers(-12, 13)))
        if d.negative:
            correct = self.sphery or self.periodic or self.chance(0.8)
            t.say("grid.correct_0_360", correct)
            if correct:
                t.say("grid.correct_how", self.one_of([1, 2]))
        self.ny, self.nx = len(d.lat), len(d.lon)
        if d.has_equator:
            self.ny -= self.dropped(t, "grid.keep_equator", 0.7)
        if d.has_poles:
            self.ny -= self.dropped(t, "grid.keep_south_pole", 0.5)
            self.ny -= self.dropped(t, "grid.keep_north_pole", 0.5)
        if d.netcdf and d.levels > 1:
            level = int(self.rng.integers(d.levels))
            t.say("nc.level", f"{850.0 - 100.0 * level}" if self.by_name else level)
        # Longitudes left below 0 count as a limited area, which cannot be made periodic.
        if d.all_round and not d.closed and ("grid.correct_0_360", "n") not in t:
            make = self.periodic or self.sphery or self.chance(0.7)
            t.say("grid.make_periodic", make)
            self.nx += make

    def dropped(self, t: Talk, key: str, p: float) -> int:
        keep = self.chance(p)
        t.say(key, keep)
        return int(not keep)

    def dialogue_of_projection(self, t: Talk) -> None:
        both = self.projection == "both"
        kind = 2 if self.chance(0.6) else int(self.rng.integers(1, 6))
        north = self.chance(0.5) or not self.data.all_round
        if self.projection == "oblique":
            lat, lng = (45.0, 260.0) if not self.data.all_round else (self.real(-70, 70), self.real(0, 360))
        else:
            lat, lng = 90.0 if north else -90.0, self.one_of([0.0, 0.0, 30.0, -20.0])
        t.say("proj.group", 1)
        t.say("proj.already_azimuthal", 0)
        t.say("proj.hemispheres", "b" if both else "s")
        t.say("proj.type", kind)
        t.say("proj.lat", [lat, lng])
        # Gnomonic maps reach to infinity at the equator: keep away from it.
        rows = (1, self.ny)
        if self.projection != "oblique" and (kind == 3 or self.chance(0.5)):
            rows = (self.ny * 2 // 3, self.ny) if lat > 0 else (1, self.ny // 3)
        t.say("proj.region", [1, self.nx, *rows])
        self.grid_of_projection(t, "proj")
        if both:
            t.say("proj2.lat", [-lat, lng])
            second = (self.ny + 1 - rows[1], self.ny + 1 - rows[0])
            t.say("proj2.region", [1, self.nx, *second])
            self.grid_of_projection(t, "proj2")

    def grid_of_projection(self, t: Talk, key: str) -> None:
        t.say(f"{key}.grid_by", 0)
        t.say(f"{key}.nx", [int(self.rng.integers(24, 56)), int(self.rng.integers(24, 56))])

    def dialogue_of_area(self, t: Talk) -> None:
        x, y = (1, self.nx), (1, self.ny)
        if not self.whole:
            x = (int(self.rng.integers(1, self.nx // 4)), int(self.rng.integers(self.nx * 3 // 4, self.nx + 1)))
            y = (int(self.rng.integers(1, self.ny // 4)), int(self.rng.integers(self.ny * 3 // 4, self.ny + 1)))
        t.say("area.x", x)
        t.say("area.y", y)

    # --- detection ------------------------------------------------------------------------------------------------

    def before_frames(self, t: Talk, frames: tuple[int, int, int], minima: bool) -> None:
        d = self.data
        t.say("scale?", d.unit != 1.0)
        if d.unit != 1.0:
            t.say("scale", self.one_of(["1.0e+5", "1e5", "100000."]))
        offset = d.base != 0.0 or self.chance(0.1)
        t.say("offset?", offset)
        if offset:
            t.say("offset", d.base + (0.0 if self.chance(0.5) else 0.25))
            t.say("offset.restore?", self.kind != 0 and self.chance(0.5))
        high = self.kind == 8
        t.say("threshold", self.real(1.5, 3.0) if high else self.real(0.5, 2.5))
        if self.projected:
            t.say("proj.spline", int(self.proj_sphery))
        t.say("add_field?", False)
        t.say("max_or_min", int(not minima))
        if minima:
            t.say("minima.restore?", self.kind != 0 and self.chance(0.5))
        if not self.projected:
            invert = self.chance(0.25)
            t.say("invert_hemisphere?", invert)
            if invert:
                t.say("invert.which", self.one_of("ns"))
                t.say("invert.lat", self.real(-10, 10))
                t.say("invert.restore?", self.kind != 0 and self.chance(0.5))
        for key, value in zip(("frame.start", "frame.step", "frame.end"), frames, strict=True):
            t.say(key, value)
        t.say("connectivity", self.one_of("ev"))
        if not self.projected:
            t.say("boundary_search?", self.border)
            if self.border:
                t.say("periodic_x?", self.periodic)
        t.say("min_object_points", int(self.rng.integers(0, 5)))
        t.say("feature_type", self.kind)
        self.settings_of_features(t)
        t.say("time_average_use?", False)

    def settings_of_features(self, t: Talk) -> None:
        self.fourier_boundaries = False
        if self.kind not in (7, 9):
            boundaries = self.kind != 0 and self.chance(0.4)
            t.say("boundary_determination?", boundaries)
            if boundaries:
                self.fourier_boundaries = self.chance(0.35)
                t.say("boundary.fourier", int(self.fourier_boundaries))
                if self.fourier_boundaries:
                    self.fourier(t, "boundary")
        if self.kind == 0:
            return
        t.say("shape_attributes?", self.shape)
        if self.kind == 7:
            t.say("region.spline", int(self.region_sphery or (self.projected and self.chance(0.2))))
        if self.kind == 8:
            self.smooth_objects = self.chance(0.3)
            t.say("object_smooth?", self.smooth_objects)
        bounded = self.chance(0.3)
        t.say("filter_unphysical?", bounded)
        if bounded:
            t.say("unphysical", [self.real(0.5, 2.5), self.real(5.0, 2000.0)])
        largest = self.chance(0.25)
        t.say("keep_largest_only?", largest)
        if not largest:
            close = self.chance(0.4) and not (self.kind == 3 and self.projected)
            t.say("filter_too_close?", close)
            if close:
                t.say("too_close.radius", self.real(2, 15) if self.geodesic else self.real(0.05, 0.3))

    def fourier(self, t: Talk, key: str) -> None:
        """Block B without its first question."""
        fixed = self.chance(0.3)
        t.say(f"{key}.freq", "f" if fixed else "a")
        t.say(f"{key}.factor", 8 if fixed else int(self.rng.integers(0, 3)))
        t.say(f"{key}.modes", int(self.rng.integers(2, 12)))
        fill = self.whole and not self.periodic and self.chance(0.4)
        t.say(f"{key}.fill", fill)
        if fill:
            t.say(f"{key}.expand", int(self.rng.integers(0, 3)))

    def surface(self, t: Talk, key: str, sphery: bool) -> None:
        t.say(f"{key}.spline.s", self.one_of(["0.", "0.", "0.0", self.real(0.05, 2.0), "5."]))
        if sphery:
            poles = self.chance(0.7)
            t.say(f"{key}.sphery.poles?", poles)
            if poles:
                t.say(f"{key}.sphery.continuity", self.one_of([0, 1, 1]))

    def first_frame(self, t: Talk) -> None:
        if self.data.times and not self.data.netcdf:
            t.say("missing.time_step", 6)
        if self.projected:
            self.surface(t, "proj", self.proj_sphery)
        if self.kind in (3, 4, 7):
            t.say("exclude_boundary_maxima", self.one_of([0, 1]))
        if self.kind == 7:
            self.surface(t, "region", self.region_sphery)
            t.say("constrained?", True)
            t.say("constraints", self.one_of("ddon"))
        if self.kind in (8, 9):
            self.transform(t)
        if self.kind == 8:
            t.say("object_fit.s", self.one_of(["0.", self.real(0.1, 3.0)]))
            t.say("object_fit.points", self.one_of("ao"))
            t.say("object_fit.off_grid", self.one_of([0, 1]))
            t.say("exclude_boundary_maxima", self.one_of([0, 1]))
            t.say("object_fit.check", False)
        if self.shape:
            self.dialogue_of_shape(t)
        points = self.chance(0.4) and not self.fourier_boundaries
        t.say("write_objects?", points)
        if self.data.times and not self.data.netcdf:
            t.say("missing.delay_objects?", self.kind != 0 and self.chance(0.5))
        t.say("plot_first?", False)
        t.say("plot_multiple", 0)

    def transform(self, t: Talk) -> None:
        """Block D."""
        smooth = False
        if self.kind == 9:
            smooth = self.chance(0.4)
            t.say("transform.smooth?", smooth)
            if not smooth:
                fourier = self.chance(0.3)
                t.say("transform.fourier?", fourier)
                if fourier:
                    self.fourier(t, "transform")
        elif self.smooth_objects:
            fourier = self.chance(0.3)
            t.say("transform.method", "f" if fourier else "d")
            if fourier:
                self.fourier(t, "transform")
            smooth = not fourier
        else:
            return
        if smooth:
            expansion = int(self.rng.integers(0, 4))
            t.say("transform.expansion", expansion)
            if expansion:
                t.say("transform.threshold", int(self.rng.integers(1, expansion + 1)))
        t.say("transform.redefine?", self.chance(0.4))

    def dialogue_of_shape(self, t: Talk) -> None:
        t.say("shape.orientation", self.one_of("nzm"))
        t.say("shape.min_points", int(self.rng.integers(0, 6)))
        t.say("shape.centre", self.one_of([0, 1]))
        t.say("shape.overlap?", self.chance(0.3))
        smooth = self.chance(0.2)
        t.say("shape.smooth?", smooth)
        if smooth:
            t.say("shape.fraction", self.real(0.2, 0.8))
            self.fourier(t, "shape")
        t.say("shape.plot?", False)
        area = self.chance(0.5)
        t.say("area?", area)
        if area:
            t.say("area.fraction", self.one_of(["0.", self.real(0.1, 0.7)]))
            t.say("area.type", self.one_of([0, 1, 2]))
            if self.projected:
                t.say("area.on_projection", self.one_of([0, 1]))
            refine = self.chance(0.3)
            t.say("area.refine", int(refine))
            if refine:
                t.say("area.refine.box", [0.0, 350.0, self.real(-85, -60), self.real(60, 85)])
                t.say("area.refine.nx", [int(self.rng.integers(60, 120)), int(self.rng.integers(30, 60))])

    def frames(self, first: int = 1) -> tuple[int, int, int]:
        """Start, step and end; the frames processed are counted by the rule of 01, section 10."""
        n = len(self.data.frames)
        start = min(n, first if first > 1 or self.chance(0.75) else int(self.rng.integers(1, 3)))
        step = min(n, 2 if self.chance(0.12) else 1)
        end = max(start, n if self.chance(0.75) else int(self.rng.integers(1, n + 5)))
        self.processed, number = 1, start + step
        while number <= n:
            self.processed += 1
            number += step
            if number > end:
                break
        return start, step, end

    def tracking(self, first: int = 1) -> Talk:
        """The whole dialogue of a tracking run."""
        t = Talk()
        self.startup(t)
        t.say("analysis_menu", False)
        self.run(t, first)
        return t

    def run(self, t: Talk, first: int) -> None:
        t.say("reuse_objects", False)
        t.say("tendency", False)
        frames = self.frames(first)
        minima = self.chance(0.5)
        passes = 2 if self.projection == "both" else 1
        for number in range(passes):
            self.before_frames(t, frames, minima != (number == 1))
            self.first_frame(t)
            if not self.geodesic and self.kind:
                self.linking(t)
        if self.geodesic:
            t.say("rotated_pole?", False)
            if self.kind:
                self.linking(t)

    # --- linking --------------------------------------------------------------------------------------------------

    def linking(self, t: Talk) -> None:
        t.say("load_tracks?", False)
        self.sets, self.adaptive_sets = 1, 0
        repeats = 0
        while True:
            w = float(self.rng.choice([0.2, 0.5, 0.3]))
            t.say("w", [f"{w:g}", f"{1 - w:g}"])
            answer = self.attempts(t)
            if answer == "a":
                return
            if self.processed > 3:
                self.ending(t)
            again = repeats == 0 and self.chance(0.12)
            t.say("repeat?", again)
            if not again:
                return
            repeats += 1

    def attempts(self, t: Talk) -> str:
        tries = 0
        while True:
            missing = self.chance(0.5 if self.data.times else 0.15)
            t.say("missing_frames?", missing)
            if missing:
                self.sets = int(self.rng.integers(1, 4))
                t.say("missing.nsets", self.sets)
            zones = self.chance(0.45)
            t.say("regional_dmax?", zones)
            adaptive = self.chance(0.4) or 0 < self.adaptive_sets < self.sets
            self.adaptive_sets = self.sets if adaptive else self.adaptive_sets
            t.say("adaptive?", adaptive)
            if not adaptive:
                t.say("preprocess?", self.chance(0.3))
            if self.sets == 1:
                t.say("dmax", [self.displacement(), self.real(0.2, 1.0)])
            else:
                pairs = [f"{self.displacement()} {self.real(0.2, 1.0)}\n" for _ in range(self.sets)]
                name = f"pairs{len(self.case.files)}"
                self.case.files[name] = "".join(pairs)
                t.say("missing.dmax_file", name)
            t.say("plot_initial?", False)
            answer = str(self.rng.choice(["n", "y", "a"], p=[0.85, 0.12, 0.03])) if tries == 0 else "n"
            t.say("reinitialise?", answer)
            tries += 1
            if answer != "y":
                return answer

    def displacement(self) -> str:
        if self.geodesic or not self.projected:
            return self.real(3.0, 10.0)
        return self.real(0.05, 0.25)

    def ending(self, t: Talk) -> None:
        search = self.chance(0.2)
        t.say("missing_frame_search?", search)
        if search:
            self.table_of_times()
            t.say("search.time_step", 6)
            limit = "1.0" if self.geodesic or not self.projected else "0.02"
            t.say("search.dmax", [limit, "0.05"])
        final = self.chance(0.6)
        t.say("apply_zonal_adaptive?", final)
        if final:
            missing = self.chance(0.3)
            t.say("final.missing_frames?", missing)
            if missing:
                t.say("final.nsets", int(self.rng.integers(1, self.sets + 1)))
            t.say("final.regional_dmax?", self.chance(0.7))
            t.say("final.adaptive?", self.chance(0.6))
        t.say("plot_min_points", 0)
        t.say("plot_track", 0)

    def table_of_times(self) -> None:
        lines, hours = [], 0
        for _ in range(len(self.data.frames) + 2):
            lines.append(f"2001 {1 + hours // 744:2d} {1 + hours // 24 % 31:2d} {hours % 24:2d}\n")
            hours += 6 * int(self.rng.choice([1, 1, 2]))
        self.case.files["times"] = f"{len(lines)}\n" + "".join(lines)

    def tables(self) -> None:
        """Zones that cover every point (one that does not is an error), adaptive limits; three sets of each."""
        wide = 1.0e6
        for number in range(3):
            unit = 1.0 if self.geodesic or not self.projected else 0.03
            limits = [f"{self.rng.uniform(2.5, 8.0) * unit:.4g}" for _ in range(3)]
            split = self.rng.uniform(-30, 30)
            zones = [(0.0, 180.0, split, 90.0, limits[0]), (180.0, 360.0, split, 90.0, limits[1])]
            if self.chance(0.3):
                zones[1] = (300.0, 60.0, split, 90.0, limits[1])
            zones.append((-wide, wide, -wide, wide, limits[2]))
            self.case.files[f"zone.dat{number}"] = f"{len(zones)}\n" + "".join(
                " ".join(str(v) if isinstance(v, str) else f"{v:.2f}" for v in zone) + "\n" for zone in zones
            )
            distances = np.sort(self.rng.uniform(0.5, 9.0, 4)) * unit
            values = np.sort(self.rng.uniform(0.0, 1.0, 4))[::-1]
            self.case.files[f"adapt.dat{number}"] = "".join(
                " ".join(f"{v:.4g}" for v in row) + "\n" for row in (distances, values)
            )


def configuration(seed: int) -> Configuration:
    """Configuration number `seed`; the same number gives the same case."""
    drawing = _Drawing(seed)
    case = drawing.case
    drawing.tables()
    answers = drawing.tracking()
    case.steps.append(Step(name="track", input=drawing.data.name, extension=EXTENSION, answers=answers))
    stopped = ("reinitialise?", "a") in answers
    linked = drawing.kind != 0 and drawing.processed > 3 and not stopped
    simple = (drawing.geodesic or not drawing.projected) and not (drawing.kind == 3 and drawing.shape)
    if linked and simple and drawing.chance(0.55):
        repeated = "_" * sum(k == "repeat?" and v == "y" for k, v in answers)
        talk = Talk()
        draw_splice(drawing.rng, talk, EXTENSION, repeated, kind=drawing.kind, projected=drawing.projected)
        case.steps.append(Step(name="splice", input=drawing.data.name, extension="_s", answers=talk))
    case.features = _features(drawing, case)
    return case


def _features(drawing: _Drawing, case: Configuration) -> set[str]:
    out = {f"kind {drawing.kind}", f"projection {drawing.projection}", "geodesic" if drawing.geodesic else "euclidean"}
    out |= {f"{k} {v}" for step in case.steps for k, v in step.answers if k.endswith("?") or k == "constraints"}
    return out
