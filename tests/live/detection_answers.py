"""Random answers of a detection pass, from `scale?` to `plot_multiple` (specification 01, sections 4.1 and 4.2)."""

from __future__ import annotations

from dataclasses import replace

from tests.live.input_files import Ascii, Headed, Pp
from tests.live.scene import Scene, StartUp
from tests.live.synthetic_data import draw_series
from tests.live.talk import Chooser, Talk


class Detection:
    """Answers of the passes of one run.

    Parameters
    ----------
    scene, start_up
    c : Chooser
        Source of the choices; runs that shall detect the same are given generators in the same state.
    frames : (int, int, int)
        Start, step and end.
    extension : str
        Of the run's files.
    reused : bool
        Objects of a file replace the detected ones: every feature type becomes 4.
    """

    def __init__(
        self,
        scene: Scene,
        start_up: StartUp,
        c: Chooser,
        frames: tuple[int, int, int],
        extension: str,
        *,
        reused: bool = False,
    ) -> None:
        self.scene, self.start_up, self.c, self.frames = scene, start_up, c, frames
        self.extension, self.reused, self.area = extension, reused, False
        self.minima = c.chance(0.5)
        self.kind = self.asked_kind = scene.kind
        self.shape = scene.shape and not reused
        self.computed = False

    def ask(self, t: Talk, number: int) -> None:
        """One pass (0 or 1)."""
        self.asked_kind = self.scene.kinds[number]
        self.kind = 4 if self.reused and self.asked_kind else self.asked_kind
        self._before_frames(t, minima=self.minima != (number == 1))
        self._first_frame(t)

    # --- before the first frame -----------------------------------------------------------------------------------

    def _before_frames(self, t: Talk, *, minima: bool) -> None:
        c, scene = self.c, self.scene
        series = scene.case.series
        self.sphery = scene.proj_sphery and c.chance(0.8)
        t.say("scale?", series.unit != 1.0)
        if series.unit != 1.0:
            t.say("scale", c.one_of(["1.0e+5", "1e5", "100000."]))
        base = 0.0 if scene.tendency else series.base
        offset = base != 0.0 or c.chance(0.1)
        t.say("offset?", offset)
        if offset:
            t.say("offset", base + (0.0 if c.chance(0.5) else 0.25))
            t.say("offset.restore?", self.kind != 0 and c.chance(0.5))
        t.say("threshold", c.real(2.2, 3.6) if self.kind == 8 else c.real(0.5, 2.5))
        if scene.projected:
            t.say("proj.spline", int(self.sphery))
        self._added_field(t)
        t.say("max_or_min", int(not minima))
        if minima and not self.added:
            t.say("minima.restore?", self.kind != 0 and c.chance(0.5))
        if not scene.projected:
            self._inversion(t)
        for key, value in zip(("frame.start", "frame.step", "frame.end"), self.frames, strict=True):
            t.say(key, value)
        t.say("connectivity", c.one_of("ev"))
        if not scene.projected:
            t.say("boundary_search?", scene.border)
            if scene.border:
                t.say("periodic_x?", scene.periodic)
        t.say("min_object_points", c.integer(0, 4))
        t.say("feature_type", self.asked_kind)
        self._features(t)
        self._time_average(t)

    def _added_field(self, t: Talk) -> None:
        """Without a projection the original aborts before it links."""
        case = self.scene.case
        possible = self.kind != 0 and not self.reused and case.layout.even and not self.scene.tendency
        self.added = possible and self.c.chance(0.2 if self.scene.projected else 0.05)
        t.say("add_field?", self.added)
        if not self.added:
            return
        t.say("add_field.objects", self.c.chance(0.5))
        name = f"added{len(case.inputs)}{case.layout.name[-4:]}"
        content = draw_series(self.c, self.scene.grid, n=len(case.series.frames), strength=0.2)
        content = replace(content, frames=content.frames - content.base, times=case.series.times)
        case.inputs.append((name, case.layout, content))
        t.say("add_field.file", name)
        case.layout.ask_added(t)

    def _inversion(self, t: Talk) -> None:
        invert = self.c.chance(0.25)
        t.say("invert_hemisphere?", invert)
        if invert:
            t.say("invert.which", self.c.one_of("ns"))
            t.say("invert.lat", self.c.real(-10, 10))
            if not self.added:
                t.say("invert.restore?", self.kind != 0 and self.c.chance(0.5))

    def _features(self, t: Talk) -> None:
        c, scene = self.c, self.scene
        self.fourier_boundaries = self.smooth_objects = False
        if self.asked_kind not in (7, 9):
            boundaries = self.kind != 0 and c.chance(0.4)
            t.say("boundary_determination?", boundaries)
            if boundaries:
                self.fourier_boundaries = c.chance(0.35)
                t.say("boundary.fourier", int(self.fourier_boundaries))
                if self.fourier_boundaries:
                    self._fourier(t, "boundary")
        if self.kind == 0:
            return
        t.say("shape_attributes?", self.shape)
        self.region_sphery = scene.region_sphery and self.kind == 7
        self.added_sphery = self.region_sphery
        if self.kind == 7 or (self.added and self.kind > 3):
            t.say("region.spline", int(self.region_sphery or (scene.projected and c.chance(0.2))))
        if self.kind == 8:
            self.smooth_objects = c.chance(0.3)
            t.say("object_smooth?", self.smooth_objects)
        bounded = c.chance(0.3)
        t.say("filter_unphysical?", bounded)
        if bounded:
            t.say("unphysical", [c.real(0.5, 2.5), c.real(5.0, 2000.0)])
        largest = c.chance(0.25)
        t.say("keep_largest_only?", largest)
        if not largest:
            close = c.chance(0.4) and not (self.kind == 3 and scene.projected)
            t.say("filter_too_close?", close)
            if close:
                t.say("too_close.radius", c.real(2, 15) if scene.geodesic else c.real(0.05, 0.3))

    def _fourier(self, t: Talk, key: str) -> None:
        """Block B without its first question."""
        c, scene = self.c, self.scene
        fixed = c.chance(0.3)
        t.say(f"{key}.freq", "f" if fixed else "a")
        t.say(f"{key}.factor", 8 if fixed else c.integer(0, 2))
        t.say(f"{key}.modes", c.integer(2, 11))
        fill = scene.whole and not scene.periodic and c.chance(0.4)
        t.say(f"{key}.fill", fill)
        if fill:
            t.say(f"{key}.expand", c.integer(0, 2))

    def _time_average(self, t: Talk) -> None:
        """But for thresholds on a projection the original aborts before it links. A field added forbids it."""
        case, projected = self.scene.case, self.scene.projected
        possible = not self.added and isinstance(case.layout, (Headed, Pp))
        self.average = possible and self.c.chance(0.12 if projected else 0.03)
        self.average_first = self.average and projected and self.c.chance(0.9)
        t.say("time_average_use?", self.average)
        if self.average:
            subtract = not self.average_first and self.c.chance(0.5)
            self.average_first = projected and not subtract
            t.say("tavg.kind", "s" if subtract else "t")
            if not subtract:
                t.say("tavg.percent", self.c.real(0.0, 30.0))
            self._which_average(t)

    @property
    def _beyond_data(self) -> bool:
        """The original takes the last of ASCII frames for all that are announced and not there."""
        return self.scene.tendency is not None or self.scene.announced > self.scene.n_frames

    def _which_average(self, t: Talk) -> None:
        """That of a file, or one that is computed."""
        case = self.scene.case
        own = Chooser([case.seed, 2, len(t)])
        name = f"user_tavg{self.extension}"
        layout = case.layout
        possible = isinstance(layout, Headed) and layout.even and not (isinstance(layout, Ascii) and self._beyond_data)
        computed = possible and own.chance(0.5)
        if name in case.averages or self.computed or not computed:
            t.say("tavg.use_existing", not computed)
        if not computed:
            case.averages += [] if self.computed or name in case.averages else [name]
            return
        self.computed = True
        t.say("tavg.choice", own.one_of("asi"))
        weighted = own.chance(0.4)
        t.say("tavg.weights?", weighted)
        if weighted:
            t.say("tavg.weights", "weights")
            case.files["weights"] = "".join(f"{w:.5g}\n" for w in own.rng.uniform(0.1, 2.0, 50))

    # --- during the first frame -----------------------------------------------------------------------------------

    def _surface(self, t: Talk, key: str, *, sphery: bool) -> None:
        c = self.c
        t.say(f"{key}.spline.s", c.one_of(["0.", "0.", "0.0", c.real(0.05, 2.0), "5."]))
        if sphery:
            poles = c.chance(0.7)
            t.say(f"{key}.sphery.poles?", poles)
            if poles:
                t.say(f"{key}.sphery.continuity", c.one_of([0, 1, 1]))

    def _first_frame(self, t: Talk) -> None:
        c, scene = self.c, self.scene
        stamped = scene.case.layout.stamped
        if self.average_first:
            self._surface(t, "proj", sphery=self.sphery)
        if stamped:
            t.say("missing.time_step", 6)
        if scene.projected and not self.average_first:
            self._surface(t, "proj", sphery=self.sphery)
        if self.kind in (3, 4, 7):
            t.say("exclude_boundary_maxima", c.one_of([0, 1]))
        if self.kind == 7:
            self._surface(t, "region", sphery=self.region_sphery)
            t.say("constrained?", True)
            t.say("constraints", c.one_of("ddon"))
        if self.kind in (8, 9):
            self._transform(t)
        if self.kind == 8:
            self._object_fit(t)
        self.early = False
        if self.shape:
            self._shape(t)
        if self.added and self.kind in (4, 8, 9):
            self._surface(t, "add_field", sphery=self.added_sphery)
        t.say("write_objects?", not self.early and c.chance(0.4) and not self.fourier_boundaries)
        if stamped:
            t.say("missing.delay_objects?", not self.early and self.kind != 0 and c.chance(0.5))
        t.say("plot_first?", "0" if self.early else "n")
        t.say("plot_multiple", 0)

    def _object_fit(self, t: Talk) -> None:
        c = self.c
        t.say("object_fit.s", c.one_of(["0.", c.real(0.1, 3.0)]))
        t.say("object_fit.points", c.one_of("ao"))
        t.say("object_fit.off_grid", c.one_of([0, 1]))
        t.say("exclude_boundary_maxima", c.one_of([0, 1]))
        t.say("object_fit.check", False)

    def _transform(self, t: Talk) -> None:
        """Block D."""
        c, smooth = self.c, False
        if self.kind == 9:
            smooth = c.chance(0.4)
            t.say("transform.smooth?", smooth)
            if not smooth:
                fourier = c.chance(0.3)
                t.say("transform.fourier?", fourier)
                if fourier:
                    self._fourier(t, "transform")
        elif self.smooth_objects:
            fourier = c.chance(0.3)
            t.say("transform.method", "f" if fourier else "d")
            if fourier:
                self._fourier(t, "transform")
            smooth = not fourier
        else:
            return
        if smooth:
            expansion = c.integer(0, 3)
            t.say("transform.expansion", expansion)
            if expansion:
                t.say("transform.threshold", c.integer(1, expansion))
        t.say("transform.redefine?", c.chance(0.4))

    def _shape(self, t: Talk) -> None:
        c = self.c
        t.say("shape.orientation", c.one_of("nzm"))
        t.say("shape.min_points", c.integer(0, 5))
        t.say("shape.centre", c.one_of([0, 1]))
        t.say("shape.overlap?", c.chance(0.3))
        smooth = c.chance(0.2)
        t.say("shape.smooth?", smooth)
        if smooth:
            t.say("shape.fraction", c.real(0.2, 0.8))
            self._fourier(t, "shape")
        t.say("shape.plot?", False)
        area = not self.added and c.chance(0.5)
        t.say("area?", area)
        if area:
            t.say("area.fraction", c.one_of(["0.", c.real(0.1, 0.7)]))
            t.say("area.type", c.one_of([0, 1, 2]))
            if self.scene.projected:
                t.say("area.on_projection", c.one_of([0, 1]))
            # Asked when the first area is computed. Mostly the answers that follow are such that they do as well if
            # that is after the first frame.
            self.early = c.chance(0.8)
            refine = not self.early
            t.say("area.refine", int(refine))
            if refine:
                t.say("area.refine.box", [0.0, 350.0, c.real(-85, -60), c.real(60, 85)])
                t.say("area.refine.nx", [c.integer(60, 119), c.integer(30, 59)])
