"""Random answers after the last frame: rotated pole, linking, tracks of a file (specification 01, 4.3 and 4.4)."""

from __future__ import annotations

from tests.live.scene import Scene
from tests.live.talk import Chooser, Talk


class Linking:
    """Answers of one linking stage.

    Parameters
    ----------
    scene
    c : Chooser
    processed : int
        Frames that were processed.
    """

    def __init__(self, scene: Scene, c: Chooser, processed: int) -> None:
        self.scene, self.c, self.processed = scene, c, processed
        self.sets, self.adaptive_sets = 1, 0

    def rotated_pole(self, t: Talk, *, allowed: bool) -> bool:
        """Section 4.3; `allowed`: it can be answered y."""
        c = self.c
        rotated = allowed and c.chance(0.2)
        t.say("rotated_pole?", rotated)
        if rotated:
            t.say("pole", [c.real(-20, 360), c.real(-90, 90)])
            translated = c.chance(0.5)
            t.say("pole.translated?", translated)
            if translated:
                t.say("pole.shift", c.real(-60, 60))
        return rotated

    def ask(self, t: Talk) -> str:
        """From `load_tracks?` on; the last answer to `reinitialise?`."""
        self.sets = 1
        t.say("load_tracks?", False)
        repeats = 0
        while True:
            w = float(self.c.rng.choice([0.2, 0.5, 0.3]))
            t.say("w", [f"{w:g}", f"{1 - w:g}"])
            answer = self._attempts(t)
            if answer == "a":
                return answer
            if self.processed > 3:
                self._ending(t)
                t.say("plot_track", 0)
            again = repeats == 0 and self.c.chance(0.1)
            t.say("repeat?", again)
            if not again:
                return answer
            repeats += 1

    def load(self, t: Talk, file: str) -> None:
        """Tracks of a file instead of linking."""
        t.say("load_tracks?", True)
        t.say("tracks.other_file?", bool(file))
        if file:
            t.say("tracks.file", file)
        further = self.c.chance(0.7)
        t.say("tracks.further_analysis?", further)
        if self.processed > 3:
            if further:
                self._ending(t, loaded=True)
            else:
                t.say("plot_min_points", 0)

    def _attempts(self, t: Talk) -> str:
        c, tries = self.c, 0
        while True:
            missing = c.chance(0.5 if self.scene.case.layout.stamped else 0.15)
            t.say("missing_frames?", missing)
            if missing:
                self.sets = c.integer(1, 3)
                t.say("missing.nsets", self.sets)
            t.say("regional_dmax?", c.chance(0.45))
            adaptive = c.chance(0.4) or 0 < self.adaptive_sets < self.sets
            self.adaptive_sets = self.sets if adaptive else self.adaptive_sets
            t.say("adaptive?", adaptive)
            if not adaptive:
                t.say("preprocess?", c.chance(0.3))
            if self.sets == 1:
                t.say("dmax", [self._displacement(), c.real(0.2, 1.0)])
            else:
                pairs = [f"{self._displacement()} {c.real(0.2, 1.0)}\n" for _ in range(self.sets)]
                name = f"pairs{len(self.scene.case.files)}"
                self.scene.case.files[name] = "".join(pairs)
                t.say("missing.dmax_file", name)
            t.say("plot_initial?", False)
            answer = str(c.rng.choice(["n", "y", "a"], p=[0.87, 0.1, 0.03])) if tries == 0 else "n"
            t.say("reinitialise?", answer)
            tries += 1
            if answer != "y":
                return answer

    def _displacement(self) -> str:
        return self.c.real(3.0, 10.0) if self.scene.in_degrees else self.c.real(0.05, 0.25)

    def _ending(self, t: Talk, *, loaded: bool = False) -> None:
        c = self.c
        search = c.chance(0.2)
        t.say("missing_frame_search?", search)
        if search:
            self._table_of_times()
            t.say("search.time_step", 6)
            t.say("search.dmax", ["1.0" if self.scene.in_degrees else "0.02", "0.05"])
        final = c.chance(0.6)
        t.say("apply_zonal_adaptive?", final)
        if final:
            missing = c.chance(0.3) and not loaded
            if not loaded or self.known_missing:
                t.say("final.missing_frames?", missing)
            if missing:
                t.say("final.nsets", c.integer(1, self.sets))
            t.say("final.regional_dmax?", c.chance(0.7))
            t.say("final.adaptive?", c.chance(0.6))
        t.say("plot_min_points", 0)

    known_missing = True
    """The object file knows about missing frames (its third header number), as `objout.new` always does."""

    def _table_of_times(self) -> None:
        if "times" in self.scene.case.files:
            return
        lines, hours = [], 0
        for _ in range(self.scene.n_frames + 2):
            lines.append(f"2001 {1 + hours // 744:2d} {1 + hours // 24 % 31:2d} {hours % 24:2d}\n")
            hours += 6 * int(self.c.rng.choice([1, 1, 2]))
        self.scene.case.files["times"] = f"{len(lines)}\n" + "".join(lines)
