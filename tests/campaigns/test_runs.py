"""Campaigns that are run, gone on with, and changed: always the same bytes, and nothing done twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stormtrack.campaigns.judging import present
from stormtrack.cli.main import main
from tests.campaigns.support import (
    NIGHTLY,
    PRODUCTS,
    TASKS,
    backends,
    contents,
    finished,
    left_over,
    records,
    run,
    start,
    start_with,
)
from tests.ranks import launched

ALL = TASKS + PRODUCTS
WORKERS = [(backend, count) for backend in ("threads", "processes", "dask") for count in (1, 2, 3)]


def test_what_lies_there(written: Path, undisturbed: dict[str, bytes]) -> None:
    tracks = [f"{s}/{h}_{y}.nc" for s in ("cyclones", "anticyclones") for h in ("nh", "sh") for y in (2000, 2001)]
    pooled = [f"pooled/{s}_{h}.nc" for s in ("cyclones", "anticyclones") for h in ("nh", "sh")]
    means = ["pooled/statistics.nc"] * NIGHTLY
    assert sorted(undisturbed) == sorted([*tracks, *pooled, "pooled/metrics.nc", *means])
    assert len(set(undisturbed.values())) == TASKS + PRODUCTS, "every task has a result of its own"
    assert left_over(written / "results") == []
    for record in records(written / "results").values():
        assert hashlib.sha256(undisturbed[record["output"]]).hexdigest() == record["sha256"]
        assert len(undisturbed[record["output"]]) == record["bytes"]


def test_tracks_are_those_of_the_command(written: Path, undisturbed: dict[str, bytes]) -> None:
    import stormtrack as st

    made = st.track(
        written / "vo_2001.nc",
        st.read_plan(_plan(written)),
    )
    found = st.read_tracks(written / "results" / "cyclones" / "nh_2001.nc")
    assert made.n_tracks == found.n_tracks > 3
    for name in ("lon", "lat", "frame", "track_id"):
        assert (getattr(made, name) == getattr(found, name)).all()
    assert found.attributes["campaign_task"] == "year=2001 sign=cyclones hemisphere=nh"
    assert found.attributes["input"] == "vo_2001.nc"


def _plan(folder: Path) -> Path:
    path = folder / "plan.toml"
    path.write_text(
        'preset = "vorticity-nh-t42"\nband.truncation = 15\ndetection.threshold = 0.5\nfilters = { min_points = 3 }\n'
    )
    return path


@pytest.mark.parametrize(("backend", "count"), WORKERS)
def test_bytes_do_not_depend_on_workers(backend: str, count: int, place: Path, undisturbed: dict[str, bytes]) -> None:
    if backend == "dask":
        pytest.importorskip("distributed")
    status, said = finished(start(place / "campaign.toml", f"--backend={backend}", f"--workers={count}"))
    assert status == 0, said
    assert contents(place / "results") == undisturbed
    assert left_over(place / "results") == []


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_bytes_do_not_depend_on_ranks(ranks: int, place: Path, undisturbed: dict[str, bytes]) -> None:
    status, said = finished(start(place / "campaign.toml", "--backend=mpi", launcher=launched(ranks)))
    assert status == 0, said
    assert contents(place / "results") == undisturbed
    assert left_over(place / "results") == []


@pytest.mark.parametrize("count", [1, 2, 3] if NIGHTLY else [2])
def test_bytes_on_a_cluster_at_an_address(count: int, place: Path, undisturbed: dict[str, bytes]) -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    with distributed.LocalCluster(
        n_workers=count, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as cluster:
        status, said = finished(start(place / "campaign.toml", f"--scheduler={cluster.scheduler_address}"))
    assert status == 0, said
    assert contents(place / "results") == undisturbed


def test_scratch_changes_nothing(place: Path, undisturbed: dict[str, bytes]) -> None:
    scratch = place / "scratch"
    scratch.mkdir()
    assert run(place / "campaign.toml", f"--scratch={scratch}") == 0
    assert contents(place / "results") == undisturbed
    assert list(scratch.iterdir()) == []


def test_a_finished_task_never_runs_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(place / "campaign.toml") == 0
    before = {path: path.stat().st_mtime_ns for path in (place / "results").rglob("*.nc")}
    capsys.readouterr()
    assert run(place / "campaign.toml") == 0
    assert f"{ALL} of {ALL} tasks are finished, 0 of them now" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in (place / "results").rglob("*.nc")} == before


def test_changed_settings_are_told_and_wait_for_a_decision(
    place: Path, undisturbed: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "campaign.toml"
    assert run(path) == 0
    path.write_text(path.read_text().replace("min_points = 3", "min_points = 4"))
    capsys.readouterr()
    assert run(path) == 2
    said = capsys.readouterr().err
    assert "8 finished tasks differ" in said and "settings have changed" in said
    assert "--redo-changed" in said and "--keep-changed" in said
    assert contents(place / "results") == undisturbed
    assert run(path, "--keep-changed") == 0
    assert contents(place / "results") == undisturbed
    assert run(path, "--redo-changed") == 0
    after = contents(place / "results")
    assert sorted(after) == sorted(undisturbed)
    assert after["cyclones/nh_2000.nc"] != undisturbed["cyclones/nh_2000.nc"]
    assert after["pooled/metrics.nc"] != undisturbed["pooled/metrics.nc"], "products follow what they are made of"
    assert run(path) == 0


def test_a_changed_input_is_told(
    place: Path, undisturbed: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "campaign.toml"
    assert run(path) == 0
    os.utime(place / "vo_2001.nc", ns=(1, 1))
    assert run(path) == 2
    said = capsys.readouterr().err
    assert "4 finished tasks differ" in said and "input has changed since" in said and "'vo_2001.nc'" in said
    assert run(path, "--redo-changed") == 0
    assert contents(place / "results") == undisturbed


def test_checksums_do_not_mind_the_time(place: Path) -> None:
    path = place / "campaign.toml"
    assert run(path, "--checksums") == 0
    os.utime(place / "vo_2001.nc", ns=(1, 1))
    assert run(path) == 0
    data = bytearray((place / "vo_2001.nc").read_bytes())
    data[-1] ^= 1
    (place / "vo_2001.nc").write_bytes(data)
    assert run(path) == 2


def test_missing_and_damaged_outputs_are_made_again(
    place: Path, undisturbed: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "campaign.toml"
    assert run(path) == 0
    (place / "results" / "cyclones" / "nh_2000.nc").unlink()
    (place / "results" / "pooled" / "metrics.nc").write_bytes(b"short")
    capsys.readouterr()
    assert run(path) == 0
    said = capsys.readouterr().err
    assert "cyclones/nh_2000.nc" in said and "missing or was changed; done again" in said
    assert contents(place / "results") == undisturbed


def test_what_another_run_finishes_meanwhile_is_not_done_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that looked just before outputs came into their places, and read the records just after."""
    assert run(place / "campaign.toml", "--backend=serial") == 0
    capsys.readouterr()
    monkeypatch.setattr("stormtrack.campaigns.runner.present", _nothing_at_first(present))
    assert run(place / "campaign.toml", "--backend=serial") == 0
    said = capsys.readouterr().err
    assert "missing or was changed" in said and f"{ALL} of {ALL} tasks are finished, 0 of them now" in said


def _nothing_at_first(found: Callable[..., dict[str, int]]) -> Callable[..., dict[str, int]]:
    asked: list[int] = []

    def look(*args: object) -> dict[str, int]:
        asked.append(1)
        return found(*args) if len(asked) > 1 else {}

    return look


def test_files_of_others_are_not_touched(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = place / "results" / "cyclones" / "nh_2000.nc"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")
    assert run(place / "campaign.toml") == 2
    assert "no run of this campaign has recorded" in capsys.readouterr().err
    assert contents(place / "results") == {"cyclones/nh_2000.nc": b"theirs"}
    assert [path.name for path in (place / "results").iterdir()] == ["cyclones"], "a refused run makes nothing"


def test_workers_that_cannot_be_had_leave_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    monkeypatch.setattr("stormtrack.backends.dask._WAITING", 0.2)
    assert run(place / "campaign.toml", "--scheduler=tcp://127.0.0.1:1") == 2
    assert "no scheduler of Dask answers" in capsys.readouterr().err
    assert not (place / "results").exists()


def test_a_further_year_is_only_that_year(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place / "campaign.toml"
    path.write_text(path.read_text().replace("last = 2001", "last = 2000"))
    assert run(path) == 0
    one = contents(place / "results")
    path.write_text(path.read_text().replace("last = 2000", "last = 2001"))
    capsys.readouterr()
    assert run(path) == 0
    assert f"{TASKS // 2 + PRODUCTS} of them now" in capsys.readouterr().err
    both = contents(place / "results")
    assert all(both[name] == data for name, data in one.items() if not name.startswith("pooled"))
    assert all(both[name] != data for name, data in one.items() if name.startswith("pooled"))


@pytest.mark.parametrize("backend", backends(("processes",)))
def test_an_unreadable_year_does_not_stop_the_others(
    backend: str, place: Path, undisturbed: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    path, year = place / "campaign.toml", place / "vo_2001.nc"
    whole, time = year.read_bytes(), year.stat().st_mtime_ns
    year.write_bytes(whole[: len(whole) // 2])
    status, said = finished(start_with(backend, path))
    assert status == 1, said
    assert "year=2001 sign=cyclones hemisphere=nh: " in said and "vo_2001.nc" in said
    assert f"{4 + PRODUCTS} tasks have failed" in said
    found = contents(place / "results")
    assert sorted(found) == sorted(name for name in undisturbed if name.endswith("2000.nc"))
    assert left_over(place / "results") == []
    from stormtrack.cli.main import main

    assert main(["status", str(path), "--json"]) == 1
    status = json.loads(capsys.readouterr().out)
    assert (status["finished"], len(status["failed"]), status["left"]) == (4, 4 + PRODUCTS, 4 + PRODUCTS)
    year.write_bytes(whole)
    os.utime(year, ns=(time, time))
    assert run(path) == 0
    assert contents(place / "results") == undisturbed
    assert main(["status", str(path)]) == 0
    assert f"{ALL} of {ALL} tasks are finished (100 %)" in capsys.readouterr().out


def test_a_dry_run_lists_and_counts_and_does_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(place / "campaign.toml", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "year=2000 sign=cyclones hemisphere=nh" in said and "cyclones/nh_2000.nc" in said
    assert f"{ALL} of {ALL} tasks are to be done: {8 * TASKS} frames" in said
    assert "measured on another machine (docs/scaling.md)" in said
    assert not (place / "results").exists()
    assert run(place / "campaign.toml", "--quiet") == 0
    (place / "results" / "cyclones" / "nh_2000.nc").unlink()
    assert run(place / "campaign.toml", "--dry-run") == 0
    said = capsys.readouterr().out
    assert f"1 of {ALL} tasks are to be done: 8 frames" in said and "finished tasks of this campaign" in said


def test_a_lost_output_is_made_again_whatever_has_changed(place: Path, undisturbed: dict[str, bytes]) -> None:
    """With changed inputs that are to be kept too; the others stay, and count as finished."""
    path = place / "campaign.toml"
    assert main(["run", str(path), "--backend=serial", "-q"]) == 0
    lost = sorted((place / "results").rglob("*_2000.nc"))[0]
    lost.unlink()
    for name in place.glob("vo_*.nc"):
        name.touch()
    assert main(["status", str(path)]) == 75
    assert main(["run", str(path), "--backend=serial", "-q", "--keep-changed"]) == 0
    assert lost.read_bytes() == undisturbed[str(lost.relative_to(place / "results"))]
    assert main(["status", str(path), "--keep-changed"]) == 0
