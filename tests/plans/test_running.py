"""The plan of a run done in memory: the tracks of the drop-in run, from answers, from TOML, from answers made again."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stormtrack
from parity.cases import Case, lay_out, load_case
from stormtrack.arrays import F32
from stormtrack.errors import FieldError, FieldWarning, PlanError, UserInputError
from stormtrack.formats.track.reread import as_reread
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.plans.answers import answers_from_plan, plan_from_answers
from stormtrack.plans.files import plan_text, read_text
from stormtrack.plans.running import planned_tracks, write_run
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.run.splice_files import SpliceFiles
from stormtrack.settings.plan import FrameRange, RunPlan
from stormtrack.settings.splice import SpliceSet
from stormtrack.settings.tendency import TendencySettings
from stormtrack.sources.opening import open_source
from stormtrack.sources.source import Source
from stormtrack.testing import assert_bitwise
from stormtrack.tracks.join import track_set

SHORT = {
    "formats/r02_vo_nh_max": "track",
    "formats/r05_mslp_nh_min": "track",
    "formats/r06_vo_latlon_smoopy": "track",
    "formats/r08_vo_both_hemi": "track",
    "formats/r11_vo_global_shape": "track",
    "formats/r14_reuse": "reuse1",
    "formats/r16_missing_frames": "track",
    "random/d02_rotated_pole": "",
    "random/d03_ascii_first_frame_above_1": "2tracking",
}
"""Golden cases, and the step whose tracks are compared ("": the last one)."""


def assert_same(found: TrackSet, wanted: TrackSet) -> None:
    for name in ("track_id", "start", "frame", "missing_after", "lon", "lat"):
        assert_bitwise(getattr(found, name), getattr(wanted, name), name)
    assert [v.name for v in found.variables] == [v.name for v in wanted.variables]
    for one, other in zip(found.variables, wanted.variables, strict=True):
        assert_bitwise(one.values, other.values, one.name)


def until(case: Case, last: str, folder: Path) -> tuple[bytes, str, str]:
    """Run the steps before one of a case; its answers, input and extension."""
    lay_out(case, folder)
    for step in case.steps:
        answers = (folder / step.answers).read_bytes()
        if step.name == last or (not last and step is case.steps[-1]):
            return answers, step.input, step.extension
        run_answers(answers, input_path=step.input, extension=step.extension, folder=folder, report=Silent())
        for old, new in step.moves:
            (folder / old).rename(folder / new)
    raise AssertionError(f"{case.name} has no step {last}: {[s.name for s in case.steps]}")


def written_tracks(folder: Path, extension: str) -> TrackSet:
    """The tracks of the files of the last drop-in run (names that were taken have got a `_`)."""
    more = ""
    while (folder / f"tdump{extension}{more}_").exists():
        more += "_"
    one = SpliceSet(object_file=f"objout.new{extension}{more}", track_file=f"tdump{extension}{more}", first_frame=1)
    none = np.zeros(0, np.float32)
    chunk = SpliceFiles(folder, folder / "tr_trs", lambda _: None).chunk(one, (none, none))
    return track_set(chunk.features, chunk.links)


@pytest.mark.parametrize("name", SHORT)
def test_tracks_are_those_of_the_drop_in_run(
    name: str, goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answers, data, extension = until(load_case(goldens / name), SHORT[name], tmp_path)
    plan = plan_from_answers(answers, data, extension=extension)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    temporary = set(Path(tempfile.gettempdir()).glob("stormtrack-*"))
    tracks = planned_tracks(plan, data, extension=extension)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert set(Path(tempfile.gettempdir()).glob("stormtrack-*")) <= temporary

    from_toml = read_text(plan_text(plan))
    assert isinstance(from_toml, RunPlan)
    assert_same(planned_tracks(from_toml, data, extension=extension), tracks)
    again = answers_from_plan(from_toml, data, extension=extension)
    for file, table in again.files.items():
        Path(file).write_bytes(table)
    assert_same(
        planned_tracks(plan_from_answers(again.answers, data, extension=extension), data, extension=extension), tracks
    )

    run_answers(answers, input_path=data, extension=extension, folder=tmp_path, report=Silent())
    wanted = written_tracks(tmp_path, extension)
    assert tracks.n_filled > 0
    assert_same(as_reread(tracks), as_reread(wanted))


@pytest.fixture(scope="module")
def tracked(goldens: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunPlan]:
    """A filtered series, and the plan of tracking in it."""
    folder = tmp_path_factory.mktemp("r06")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        answers, data, extension = until(load_case(goldens / "formats" / "r06_vo_latlon_smoopy"), "track", folder)
        return folder / data, plan_from_answers(answers, data, extension=extension)


class Counted(Source):
    """Frames in memory; closing them is counted."""

    def __init__(self, other: Source) -> None:
        super().__init__("memory")
        self.lon, self.lat, self.n_frames = other.lon.copy(), other.lat.copy(), other.n_frames
        self.frames: list[F32] = []
        for number in range(1, other.n_frames + 1):
            frame = other.read(number)
            assert frame is not None
            self.frames.append(frame.copy())
        self.closed = 0

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if number > self.n_frames:
            return None
        frame = self.frames[number - 1].copy()
        if out is None:
            return frame
        out[...] = frame
        return out

    def close(self) -> None:
        self.closed += 1


def test_fields_in_memory_give_the_same(tracked: tuple[Path, RunPlan]) -> None:
    path, plan = tracked
    with open_source(str(path), plan.startup.selection) as file:
        memory = Counted(file)
    assert_same(planned_tracks(plan, memory, threads=2), planned_tracks(plan, path))
    assert memory.closed == 0


def test_dates_are_those_of_the_frames_of_the_input(tracked: tuple[Path, RunPlan]) -> None:
    path, plan = tracked
    assert plan.tracking is not None
    found = plan.tracking.passes[0]
    assert found.detection is not None
    detection = replace(found.detection, frames=FrameRange(start=3, step=2, end=30))
    some = replace(plan, tracking=replace(plan.tracking, passes=(replace(found, detection=detection),)))
    times = Times(values=np.arange(1000) * 6, units="hours since 2000-01-01 00:00:00")
    tracks = planned_tracks(some, path, times=times)
    assert tracks.time is not None and tracks.n_points > 0
    np.testing.assert_array_equal(tracks.time.values, 6 * (2 + 2 * (tracks.frame - 1)))


def test_time_tendencies_are_tracked_and_dated(goldens: Path, tracked: tuple[Path, RunPlan], tmp_path: Path) -> None:
    path, plan = tracked
    assert plan.tracking is not None
    tendency = TendencySettings(first=2, last=30, step=2)
    changed = replace(plan, tracking=replace(plan.tracking, tendency=tendency))
    times = Times(values=np.arange(1000), units="days since 2000-01-01 00:00:00")
    tracks = planned_tracks(changed, path, times=times)
    write_run(changed, path, tmp_path, extension="_t")
    assert_same(as_reread(tracks), as_reread(written_tracks(tmp_path, "_t")))
    later = list(tendency.later_frames(62))
    assert tracks.time is not None and tracks.n_points > 0
    np.testing.assert_array_equal(tracks.time.values, np.array(later)[tracks.frame - 1] - 1)


def test_files_are_those_of_the_drop_in_run(goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = load_case(goldens / "formats" / "r13_splice_filters")
    answers, data, extension = until(case, "", tmp_path)
    plan = plan_from_answers(answers, data, extension=extension)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
    before = set(tmp_path.iterdir())
    with pytest.raises(PlanError, match=r"does not track.*write_run"):
        planned_tracks(plan, data)
    write_run(plan, data, tmp_path, extension="_ours")
    run_answers(answers, input_path=data, extension="_theirs", folder=tmp_path, report=Silent())
    new = sorted(path.name for path in set(tmp_path.iterdir()) - before)
    written = [name for name in new if "_ours" in name]
    assert written and len(new) == 2 * len(written) + 1  # and initial
    for name in written:
        assert Path(name).read_bytes() == Path(name.replace("_ours", "_theirs")).read_bytes(), name


@pytest.mark.parametrize("name", ["formats/r05_mslp_nh_min", "formats/r06_vo_latlon_smoopy"])
def test_track_follows_a_plan_of_a_run(
    name: str, goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From answers, from TOML, from answers made again; on the file, and on the field that it holds."""
    pytest.importorskip("xarray", reason="stormtrack.track opens fields with xarray")
    monkeypatch.chdir(tmp_path)
    answers, data, extension = until(load_case(goldens / name), "track", tmp_path)
    plan = stormtrack.plan_from_answers(answers, data, extension=extension)
    wanted = planned_tracks(plan, data).without_empty()
    stormtrack.write_plan(plan, "run.toml")
    again = stormtrack.answers_from_plan(plan, data, extension=extension)
    for given in (plan, "run.toml", stormtrack.plan_from_answers(again.answers, data, extension=extension)):
        assert_same(stormtrack.track(data, given).data, wanted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldWarning)  # its frames have no dates
        assert_same(stormtrack.track(stormtrack.open_field(data), plan).data, wanted)
    with pytest.raises(UserInputError, match=r"says itself how a file is read: leave out variable"):
        stormtrack.track(data, plan, variable="vo")


def test_wrong_fields_are_named(tracked: tuple[Path, RunPlan], tmp_path: Path) -> None:
    _, plan = tracked
    with pytest.raises(FieldError, match=r"none\.dat"):
        planned_tracks(plan, tmp_path / "none.dat")
