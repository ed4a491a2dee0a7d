"""Campaigns whose tasks work on a device: results, records, which workers may do them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stormtrack.backends.choice import Wanted
from stormtrack.backends.serial import Serial
from stormtrack.campaigns.expansion import expanded
from stormtrack.campaigns.files import read_campaign
from stormtrack.campaigns.on_device import suited
from stormtrack.errors import UserInputError
from tests.campaigns.support import contents, finished, left_over, records, run, start
from tests.ranks import launched

TEXT = """\
type = "campaign"
name = "two years on a device"
folder = "results"
output = "{year}.nc"
axes.year = [2000, 2001]
input = { files = ["vo_{year}.nc"], engine = "ENGINE" }
plan = { preset = "vorticity-nh-t42", band.truncation = 15, filters.min_points = 3 }

[[products]]
name = "all"
kind = "tracks"
over = ["year"]
output = "all.nc"
"""


def campaign(place: Path, engine: str) -> Path:
    path = place / "device.toml"
    path.write_text(TEXT.replace("ENGINE", engine))
    return path


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where JAX's programs go."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "jax"))


def test_results_records_and_changes(place: Path, cache: None, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jax", reason="JAX is not installed (extra 'jax')")
    import stormtrack as st

    path = campaign(place, "jax")
    assert run(path) == 0, "auto: this process alone"
    capsys.readouterr()
    recipe = st.read_plan(_plan(place))
    for year in (2000, 2001):
        made = st.track(place / f"vo_{year}.nc", recipe, engine="jax")
        found = st.read_tracks(place / "results" / f"{year}.nc")
        assert made.n_tracks == found.n_tracks > 3
        assert all((getattr(made, name) == getattr(found, name)).all() for name in ("lon", "lat", "frame", "track_id"))
        assert ", engine jax, " in str(found.attributes["source"])
    before = contents(place / "results")
    assert run(path, "--backend=serial") == 0
    assert contents(place / "results") == before and left_over(place / "results") == []
    assert records(place / "results")["year=2000"]["figures"]["frames"] == 8
    assert run(campaign(place, "jax-float32")) == 2
    said = capsys.readouterr().err
    assert "2 finished tasks differ" in said and "its settings have changed since" in said
    assert contents(place / "results") == before


def _plan(place: Path) -> Path:
    plan = place / "plan.toml"
    plan.write_text('preset = "vorticity-nh-t42"\nband.truncation = 15\nfilters = { min_points = 3 }\n')
    return plan


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["--backend=processes"], "processes"),
        (["--backend=threads", "--workers=2"], "threads"),
        (["--backend=dask"], "dask"),
        (["--workers=2"], "auto"),
        (["--scheduler=tcp://127.0.0.1:1"], "auto"),
    ],
)
def test_workers_that_would_share_a_device(
    options: list[str], name: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("jax", reason="JAX is not installed (extra 'jax')")
    assert run(campaign(place, "jax"), *options) == 2
    said = capsys.readouterr().err
    assert f"engine='jax' and the backend {name}: its workers would share one device" in said, said
    assert "Traceback" not in said and not (place / "results").exists()


def test_without_jax_nothing_begins(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    path = campaign(place, "jax-float32")
    assert run(path) == 2
    assert "engine='jax-float32' needs the package 'jax'" in capsys.readouterr().err
    assert not (place / "results").exists()
    assert run(path, "--dry-run") == 0
    assert "3 of 3 tasks are to be done: 16 frames" in capsys.readouterr().out


def test_an_engine_that_is_none(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(campaign(place, "gpu")) == 2
    said = capsys.readouterr().err
    assert "input.engine" in said and "'jax-float32'" in said, said


def test_which_workers_suit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jax", reason="JAX is not installed (extra 'jax')")
    tasks = expanded(read_campaign(campaign(place, "jax")), place)
    named, opened = Wanted(backend="mpi"), Serial()
    assert suited(named, tasks) is named and suited(opened, tasks) is opened
    for free in (None, Wanted(backend="auto"), Wanted(backend="auto", workers=1)):
        found = suited(free, tasks)
        assert isinstance(found, Wanted) and found.backend == "serial"
    monkeypatch.setattr("stormtrack.backends.choice.mpi_size", lambda: 3)
    found = suited(Wanted(backend="auto"), tasks)
    assert isinstance(found, Wanted) and found.backend == "mpi"
    with pytest.raises(UserInputError, match="one run for each GPU"):
        suited(Wanted(backend="processes"), tasks)
    free = Wanted(backend="auto", workers=2)
    assert suited(free, expanded(read_campaign(campaign(place, "fast")), place)) is free
    assert suited(free, tasks.pooling) is free, "products alone want no device"


def test_ranks_give_the_same_bytes(place: Path, cache: None) -> None:
    pytest.importorskip("jax", reason="JAX is not installed (extra 'jax')")
    path, ranks = campaign(place, "jax"), launched(3)
    assert run(path, "--backend=serial") == 0
    before = contents(place / "results")
    assert len(before) == 3
    (place / "results").rename(place / "serial")
    status, said = finished(start(path, launcher=ranks))
    assert status == 0, said
    assert contents(place / "results") == before
