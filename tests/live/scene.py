"""What all runs of a random case share: input, grid, projection, norm, feature types; and the start-up's answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.live.input_files import Ascii, Headed, Layout, draw_layout
from tests.live.synthetic_data import GridNeeds, Series, draw_grid, draw_series
from tests.live.talk import Chooser, Step, Talk

KINDS = {"3": 0.16, "4": 0.24, "7": 0.34, "8": 0.13, "9": 0.13}
"""Feature types that give features."""

PROJECTIONS = {"none": 0.5, "polar": 0.24, "oblique": 0.11, "both": 0.15}
OTHER_PROJECTIONS = {"conic": 0.6, "rotated": 0.4}
OTHERS_FROM = 1000
"""First case with one of the other projections."""


@dataclass(slots=True, kw_only=True, eq=False)
class Configuration:
    """Input, tables and steps of one random case."""

    seed: int
    series: Series
    layout: Layout
    inputs: list[tuple[str, Layout, Series]] = field(default_factory=list)
    """Further files of fields: name, layout, content."""
    files: dict[str, str] = field(default_factory=dict)
    averages: list[str] = field(default_factory=list)
    """Names of files that hold the time average of the input."""
    steps: list[Step] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    """What it exercises."""

    def lay_out(self, folder: Path) -> None:
        """Write input, tables and answers."""
        self.layout.write(folder / self.layout.name, self.series)
        for name, layout, series in self.inputs:
            layout.write(folder / name, series)
        for name, text in self.files.items():
            (folder / name).write_text(text)
        for name in self.averages:
            self.layout.write_average(folder / name, self.series)
        for step in self.steps:
            (folder / f"{step.name}.in").write_text(step.answers.text())
            (folder / f"{step.name}.annotated").write_text(step.annotated)

    def add(self, name: str, extension: str, answers: Talk, input_name: str = "") -> None:
        """Append a step."""
        self.steps.append(Step(name=name, input=input_name or self.layout.name, extension=extension, answers=answers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tendency:
    """Differences over `step` frames that are tracked."""

    first: int
    last: int
    step: int
    n_frames: int

    @property
    def later(self) -> list[int]:
        """Later frames of the differences: up to the first that is not below `last`."""
        found, number = [], self.first + self.step
        while number <= self.n_frames:
            found.append(number)
            if number >= self.last:
                break
            number += self.step
        return found

    def ask(self, t: Talk) -> None:
        """Its answers."""
        t.say("tendency", True)
        t.say("tendency.frames", [self.first, self.last, self.step])


class Scene:
    """The draws that all runs of a case share."""

    def __init__(self, seed: int) -> None:
        self.c = c = Chooser(seed)
        self.projection = c.weighted(PROJECTIONS if seed < OTHERS_FROM else OTHER_PROJECTIONS)
        self.geodesic = c.chance(0.7)
        self.projected = self.projection != "none"
        self.passes = 2 if self.projection == "both" else 1
        self.kinds = self._draw_kinds()
        self.proj_sphery = self.projected and c.chance(0.35)
        self.region_sphery = not self.projected and self.kinds[0] == 7 and c.chance(0.35)
        self.sphery = self.proj_sphery or self.region_sphery
        self.grid = draw_grid(c, self._grid_needs())
        series = draw_series(c, self.grid)
        layout, series = draw_layout(c, series)
        self.grid = series.grid
        self.tendency: Tendency | None = None
        self.case = Configuration(seed=seed, series=series, layout=layout)
        self.shape = 0 not in self.kinds and self.geodesic and c.chance(0.4)
        self.border = not self.projected and c.chance(0.5)
        self.periodic = self.border and self.grid.all_round and c.chance(0.7) and not (7 in self.kinds and self.shape)
        self.whole = self.sphery or self.periodic or c.chance(0.5)
        self.tables()

    @property
    def kind(self) -> int:
        """Feature type of the first pass."""
        return self.kinds[0]

    @property
    def n_frames(self) -> int:
        """Frames in the file, or tendencies."""
        return len(self.tendency.later) if self.tendency else len(self.case.series.frames)

    @property
    def announced(self) -> int:
        """Frames that the file says it holds."""
        return self.n_frames + (1 if self.tendency else getattr(self.case.layout, "announced", 0))

    def track_tendencies(self) -> None:
        """Perhaps, where the original does what it says; drawn apart, so that the other draws do not depend on it."""
        c, layout = Chooser([self.case.seed, 1]), self.case.layout
        points = self.case.series.frames[0].size
        if not c.chance(0.4) or self.passes == 2 or not isinstance(layout, Headed) or not layout.even:
            return
        if isinstance(layout, Ascii) and points % 10 == 0:
            return
        n, step = self.n_frames, 1 if isinstance(layout, Ascii) else c.integer(1, 2)
        first = c.integer(1, max(1, n // 2))
        last = c.integer(first, n if isinstance(layout, Ascii) else n + 3)
        drawn = Tendency(first=first, last=last, step=step, n_frames=n)
        self.tendency = drawn if len(drawn.later) > isinstance(layout, Ascii) else None

    @property
    def in_degrees(self) -> bool:
        """Displacements are degrees (or grid units of a longitude-latitude grid)."""
        return self.geodesic or not self.projected

    def frames(self) -> tuple[int, int, int]:
        """Start, step and end of a run."""
        c, n = self.c, self.n_frames
        start = 1 if c.chance(0.6) else c.integer(1, n)
        step = min(n, int(c.rng.choice([1, 2, 3], p=[0.83, 0.12, 0.05])))
        end = n if c.chance(0.7) else c.integer(1, n + 4)
        if self.tendency and isinstance(self.case.layout, Ascii):  # the original reads its last line as one more frame
            start, step, end = 1, 1, n
        return start, step, max(start, end)

    def processed(self, frames: tuple[int, int, int]) -> int:
        """Frames that a run processes, by the rule of 01, section 10."""
        start, step, end = frames
        count, number = 1, start + step
        while number <= self.n_frames:
            count += 1
            number += step
            if number > end:
                break
        return count

    def _draw_kinds(self) -> tuple[int, ...]:
        c = self.c
        first = 0 if c.chance(0.05) else int(c.weighted(KINDS))
        if self.passes == 1:
            return (first,)
        return (first, first if first == 0 or c.chance(0.45) else int(c.weighted(KINDS)))

    def _grid_needs(self) -> GridNeeds:
        return GridNeeds(
            whole_sphere=self.sphery or self.passes == 2,
            no_poles=self.sphery,
            mapped_allowed=not self.geodesic and not self.projected and not self.sphery,
        )

    def tables(self) -> None:
        """Zones that cover every point (one that does not is an error), adaptive limits; three sets of each."""
        wide, rng = 1.0e6, self.c.rng
        unit = 1.0 if self.in_degrees else 0.03
        for number in range(3):
            limits = [f"{rng.uniform(2.5, 8.0) * unit:.4g}" for _ in range(3)]
            split = rng.uniform(-30, 30)
            zones: list[tuple[object, ...]] = [
                (0.0, 180.0, split, 90.0, limits[0]),
                (180.0, 360.0, split, 90.0, limits[1]),
            ]
            if self.c.chance(0.3):
                zones[1] = (300.0, 60.0, split, 90.0, limits[1])
            zones.append((-wide, wide, -wide, wide, limits[2]))
            self.case.files[f"zone.dat{number}"] = f"{len(zones)}\n" + "".join(
                " ".join(v if isinstance(v, str) else f"{v:.2f}" for v in zone) + "\n" for zone in zones
            )
            distances = sorted(rng.uniform(0.5, 9.0, 4) * unit)
            values = sorted(rng.uniform(0.0, 1.0, 4), reverse=True)
            self.case.files[f"adapt.dat{number}"] = "".join(
                " ".join(f"{v:.4g}" for v in row) + "\n" for row in (distances, values)
            )


class StartUp:
    """Answers of the start-up, drawn once: all runs of a case share them, asked anew or replayed."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.c = scene, scene.c
        self.translated = self.corrected_with_data = False
        self.asked = Talk()
        self.never_stored = Talk()
        """Answers that are asked for even when the others are taken from an `initial` file."""
        self._ask(self.asked)

    def again(self, t: Talk, *, replay: str = "") -> None:
        """Answer the same again, from the `initial` file of an earlier run if one is named."""
        coasts = self.c.chance(0.1)
        t.say("load_country_map", coasts)
        if coasts:
            moved = self.c.chance(0.5)
            t.say("map.offset?", moved)
            if moved:
                t.say("map.offset", "30.")
        t.say("use_initial", int(bool(replay)))
        if replay:
            t.say("initial_file", replay)
            t.extend(self.never_stored)
            return
        t.extend(self.asked)

    def _ask(self, t: Talk) -> None:
        scene, layout = self.scene, self.scene.case.layout
        layout.ask_data(t)
        if not scene.grid.mapped:
            self._ask_grid(t)
        else:
            layout.ask_levels(t)
            self.ny, self.nx = len(scene.grid.lat), len(scene.grid.lon)
        t.say("distance_norm", "g" if scene.geodesic else "e")
        plate_carree = not scene.projected and self.c.chance(0.06)
        t.say("other_projection", scene.projected or plate_carree)
        if scene.projected:
            self._ask_projection(t)
            return
        if plate_carree:
            t.say("proj.group", 0)
            t.say("proj.type", 0)
        self._ask_area(t)

    def _ask_grid(self, t: Talk) -> None:
        c, scene, grid = self.c, self.scene, self.scene.grid
        self.translated = grid.all_round and c.chance(0.15)
        t.say("grid.translate", self.translated)
        if self.translated:
            t.say("grid.offset", c.integer(-12, 12))
        left = False
        if grid.out_of_range:
            left = not (scene.sphery or scene.periodic or c.chance(0.8))
            t.say("grid.correct_0_360", not left)
            if not left:
                how = c.integer(1, 2)
                t.say("grid.correct_how", how)
                self.corrected_with_data = how == 1
        self.ny, self.nx = len(grid.lat), len(grid.lon)
        if grid.has_equator:
            self.ny -= self._dropped(t, "grid.keep_equator", 0.7)
        if grid.has_south_pole:
            self.ny -= self._dropped(t, "grid.keep_south_pole", 0.5)
        if grid.has_north_pole:
            self.ny -= self._dropped(t, "grid.keep_north_pole", 0.5)
        scene.case.layout.ask_levels(t)
        # Longitudes left out of range count as a limited area, which cannot be made periodic.
        if grid.all_round and not grid.closed and not left:
            make = scene.periodic or scene.sphery or c.chance(0.7)
            t.say("grid.make_periodic", make)
            self.nx += make

    @property
    def is_gaussian(self) -> bool:
        """The working grid is as the fast spectral filter wants it."""
        grid = self.scene.grid
        whole = grid.kind == "gaussian" and not grid.closed and not grid.out_of_range and grid.lon[0] == 0.0
        return whole and not self.translated and (self.nx, self.ny) == grid.frame_shape

    def _dropped(self, t: Talk, key: str, p: float) -> int:
        keep = self.c.chance(p)
        t.say(key, keep)
        return int(not keep)

    def _ask_other_projection(self, t: Talk) -> None:
        """A conic or rotated grid."""
        c, scene = self.c, self.scene
        lats = scene.grid.lat
        is_conic = scene.projection == "conic"
        t.say("proj.group", 2 if is_conic else 3)
        t.say(f"proj.already_{scene.projection}", 0)
        t.say("proj.type", c.integer(1, 3) if is_conic else 0)
        north = (c.chance(0.6) or lats[0] > -10.0) and lats[-1] > 10.0
        sign = 1 if north else -1
        rows = (1, self.ny)
        if is_conic:
            t.say("proj.lat", [sign * float(c.real(30, 60)), c.one_of([0.0, 10.0, 200.0, -30.0, 380.0])])
            first = sign * float(c.real(20, 45))
            t.say("proj.sp1", [first, first if c.chance(0.3) else sign * float(c.real(46, 70))])
            rows = (self.ny // 2 + 1, self.ny) if north else (1, max(2, self.ny // 2))
        else:
            t.say("proj.lat", [c.real(-80, 80), c.one_of([0.0, 77.0, 200.0, -30.0, 380.0])])
        t.say("proj.region", [1, self.nx, *rows])
        self._ask_target(t, "proj")

    def _ask_projection(self, t: Talk) -> None:
        if self.scene.projection in OTHER_PROJECTIONS:
            self._ask_other_projection(t)
            return
        c, scene = self.c, self.scene
        both = scene.passes == 2
        kind = 2 if c.chance(0.6) else c.integer(1, 5)
        lats = scene.grid.lat
        north = (c.chance(0.5) or lats[0] > -10.0) and lats[-1] > 10.0
        if scene.projection == "oblique":
            centre: tuple[object, object] = (c.real(-70, 70), c.real(0, 360))
            if not scene.grid.all_round:
                centre = (f"{lats.mean():.1f}", f"{scene.grid.lon.mean():.1f}")
        else:
            centre = 90.0 if north else -90.0, c.one_of([0.0, 0.0, 30.0, -20.0, 370.0])
        t.say("proj.group", 1)
        t.say("proj.already_azimuthal", 0)
        t.say("proj.hemispheres", "b" if both else "s")
        t.say("proj.type", kind)
        t.say("proj.lat", list(centre))
        # Gnomonic maps reach to infinity at the equator: keep away from it.
        rows = (1, self.ny)
        if scene.projection != "oblique" and (kind == 3 or c.chance(0.5)):
            rows = (self.ny * 2 // 3, self.ny) if north else (1, max(2, self.ny // 3))
        t.say("proj.region", [1, self.nx, *rows])
        self._ask_target(t, "proj")
        if both:
            t.say("proj2.lat", [-float(str(centre[0])), c.one_of([centre[1], 0.0])])
            t.say("proj2.region", [1, self.nx, self.ny + 1 - rows[1], self.ny + 1 - rows[0]])
            self._ask_target(t, "proj2")

    def _ask_target(self, t: Talk, key: str) -> None:
        by_spacing = self.c.chance(0.1)
        t.say(f"{key}.grid_by", int(by_spacing))
        if by_spacing:
            spacing, degrees = Talk(), 60.0 if self.scene.projection == "rotated" else 1.0
            spacing.say(f"{key}.dx", [float(self.c.real(0.05, 0.1)) * degrees for _ in range(2)])
            self.never_stored.extend(spacing)
            t.extend(spacing)
        else:
            t.say(f"{key}.nx", [self.c.integer(24, 48), self.c.integer(24, 48)])

    def _ask_area(self, t: Talk) -> None:
        c, nx, ny = self.c, self.nx, self.ny
        x, y = (1, nx), (1, ny)
        if not self.scene.whole:
            x = (c.integer(1, max(1, nx // 4)), c.integer(nx * 3 // 4, nx))
            y = (c.integer(1, max(1, ny // 4)), c.integer(ny * 3 // 4, ny))
            half = c.weighted({"": 2.0, "south": 1.0, "north": 1.0})
            if half and ny >= 16:
                y = (y[0], ny // 2) if half == "south" else (ny // 2 + 1, y[1])
        t.say("area.x", list(x))
        t.say("area.y", list(y))
