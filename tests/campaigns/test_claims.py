"""Runs beside one another: who may do what, and what becomes of tasks of runs that have died."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stormtrack.campaigns.claims import PRIVATE, Claims, claimed, registered
from stormtrack.campaigns.ledger import Ledger, Record
from stormtrack.errors import BackendError, OutputError, PlanError
from stormtrack.resumption.holders import Holder, holder_of, this_process


class Clock:
    """The observer's own time."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("stormtrack.campaigns.claims.monotonic", found)
    return found


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[Claims]:
    with Claims(tmp_path, patience=0.2) as found:
        yield found


def leave(folder: Path, name: str, holder: Holder, *keys: str, scratch: Path | None = None) -> None:
    """What a run leaves that was killed."""
    place = folder / PRIVATE
    (place / "staged" / name).mkdir(parents=True)
    (place / "staged" / name / "half").write_text("half")
    about = {**holder.as_table(), "scratch": None if scratch is None else str(scratch)}
    (place / "runs" / name).write_text(json.dumps(about) + "\n...")
    for key in keys:
        (place / "claims" / key).symlink_to(name)


def dead_process() -> Holder:
    run = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    me = this_process()
    return Holder(host=me.host, pid=int(run.stdout), boot=me.boot, started="1")


def elsewhere() -> Holder:
    return Holder(host="elsewhere", pid=1, boot="b", started="1")


def test_one_run_has_a_task(tmp_path: Path, claims: Claims) -> None:
    with Claims(tmp_path) as other:
        assert claims.take("a") and not other.take("a")
        assert claims.take("a"), "an answer that was lost is asked for again"
        assert other.holder("a") == claims.run
        assert other.take("b")
        assert dict(claimed(tmp_path / PRIVATE)) == {"a": claims.run, "b": other.run}
        claims.release("a")
        assert other.take("a")
        assert other.bury_dead() == claims.bury_dead() == []
    assert claims.holder("a") is None, "what ends lets everything go"
    assert list(registered(tmp_path / PRIVATE)) == [claims.run]


def test_only_one_of_many_gets_it(tmp_path: Path) -> None:
    """Sixteen runs, two hundred tasks: every task is taken once."""
    taken: list[str] = []
    runs = [Claims(tmp_path) for _ in range(16)]
    for run in runs:
        run.__enter__()

    def grab(run: Claims) -> None:
        taken.extend(str(key) for key in range(200) if run.take(str(key)))

    threads = [threading.Thread(target=grab, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(map(str, range(200)))
    for run in runs:
        run.__exit__(None, None, None)


def test_a_dead_run_of_this_machine_is_buried_at_once(tmp_path: Path, claims: Claims) -> None:
    scratch = tmp_path / "scratch"
    (scratch / "stormtrack-dead-x1").mkdir(parents=True)
    (scratch / "stormtrack-other-x1").mkdir()
    leave(tmp_path, "dead", dead_process(), "a", "b", scratch=scratch)
    assert not claims.take("a")
    assert claims.bury_dead() == ["dead"]
    assert claims.take("a") and claims.take("b")
    assert not (tmp_path / PRIVATE / "staged" / "dead").exists()
    assert [path.name for path in scratch.iterdir()] == ["stormtrack-other-x1"]


def test_a_process_of_the_same_number_is_another_one() -> None:
    me = this_process()
    assert me.is_alive and me.is_near
    assert Holder(host=me.host, pid=me.pid, boot=me.boot, started="1").is_alive is False
    assert Holder(host=me.host, pid=me.pid, boot="another start", started=me.started).is_alive is None
    assert elsewhere().is_alive is None
    assert holder_of(me.as_table()) == me and holder_of({}) is None and holder_of("x") is None


def test_a_run_elsewhere_is_dead_when_it_shows_no_life(tmp_path: Path, clock: Clock) -> None:
    with Claims(tmp_path, patience=300.0) as claims:
        leave(tmp_path, "far", elsewhere(), "a")
        assert claims.bury_dead() == [] and not claims.shows_life("far")
        clock.now += 299.0
        with (tmp_path / PRIVATE / "runs" / "far").open("ab") as out:
            out.write(b".")
        assert claims.bury_dead() == [] and claims.shows_life("far")
        clock.now += 299.0
        assert claims.bury_dead() == [] and not claims.take("a")
        clock.now += 2.0
        assert claims.bury_dead() == ["far"]
        assert claims.take("a")


def test_clocks_do_not_matter(tmp_path: Path, claims: Claims) -> None:
    leave(tmp_path, "far", elsewhere(), "a")
    for when in (0, 4_000_000_000):
        os.utime(tmp_path / PRIVATE / "runs" / "far", (when, when))
        assert claims.bury_dead() == []


def test_an_heir_that_dies_has_an_heir(tmp_path: Path, claims: Claims) -> None:
    leave(tmp_path, "first", dead_process(), "a")
    leave(tmp_path, "second", dead_process(), "b")
    runs = tmp_path / PRIVATE / "runs"
    (runs / "first").rename(runs / "second+first")
    assert sorted(claims.bury_dead()) == ["second"]
    assert claims.take("a") and claims.take("b")
    assert [path.name for path in runs.iterdir()] == [claims.run]


def test_an_heir_that_nobody_knows(tmp_path: Path, claims: Claims) -> None:
    leave(tmp_path, "first", dead_process(), "a")
    runs = tmp_path / PRIVATE / "runs"
    (runs / "first").rename(runs / "unknown+first")
    assert claims.bury_dead() == ["first"]
    assert claims.take("a")


def test_claims_of_nobody_go_after_a_while(tmp_path: Path, clock: Clock, claims: Claims) -> None:
    (tmp_path / PRIVATE / "claims" / "a").symlink_to("nobody")
    claims.bury_dead()
    assert not claims.take("a")
    clock.now += 1.0
    claims.bury_dead()
    assert claims.take("a")


def test_a_buried_run_that_wakes_up_stops(tmp_path: Path, claims: Claims) -> None:
    with Claims(tmp_path) as halted:
        (tmp_path / PRIVATE / "runs" / halted.run).unlink()
        with pytest.raises(BackendError, match="taken this one"):
            halted.check()
    claims.check()


def test_signs_of_life_go_on(tmp_path: Path, claims: Claims) -> None:
    file = tmp_path / PRIVATE / "runs" / claims.run
    size = file.stat().st_size
    end = time.monotonic() + 20.0
    while file.stat().st_size == size:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_records_of_several_runs_come_together(tmp_path: Path) -> None:
    with Claims(tmp_path) as one, Ledger(tmp_path, one.run) as first:
        with Claims(tmp_path) as two, Ledger(tmp_path, two.run) as second:
            first.append(Record(task="a", output="a.nc", sha256="1"))
            second.append(Record(task="b", problem="no room"))
            second.append(Record(task="c", output="c.nc", sha256="3"))
            first.refresh()
            assert set(first.finished) == {"a", "c"} and set(first.failed) == {"b"}
            second.settle(two)
        first.append(Record(task="b", output="b.nc", sha256="2"))
        assert (tmp_path / PRIVATE / "journal" / one.run).exists(), "the journal of a run that goes on stays"
        first.settle(one)
    with Ledger(tmp_path) as found:
        assert {name: record.sha256 for name, record in found.finished.items()} == {"a": "1", "b": "2", "c": "3"}
        assert not found.failed
    assert not list((tmp_path / PRIVATE / "journal").iterdir())


def test_a_line_that_was_cut_is_no_record(tmp_path: Path) -> None:
    journal = tmp_path / PRIVATE / "journal"
    journal.mkdir(parents=True)
    whole = b'{"task": "a", "output": "a.nc", "sha256": "1"}\n'
    for cut in range(len(whole)):
        (journal / "killed").write_bytes(whole + whole.replace(b'"a"', b'"b"')[:cut])
        with Ledger(tmp_path) as found:
            assert set(found.finished) == {"a"}


def test_the_last_turn_counts(tmp_path: Path) -> None:
    with Claims(tmp_path) as one, Ledger(tmp_path, one.run) as ledger:
        ledger.append(Record(task="a", output="a.nc", sha256="new", turn=2))
        ledger.append(Record(task="a", output="a.nc", sha256="old", turn=1))
        ledger.append(Record(task="a", problem="failed later"))
        assert ledger.finished["a"].sha256 == "new" and not ledger.failed


def test_a_disk_that_is_full_in_the_middle_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with Claims(tmp_path) as one, Ledger(tmp_path, one.run) as ledger:
        ledger.append(Record(task="a", output="a.nc"))
        with monkeypatch.context() as patched:
            patched.setattr("os.write", lambda file, data: write(file, data[: len(data) // 2]))
            with pytest.raises(OutputError, match="No space left"):
                ledger.append(Record(task="b", output="b.nc"))
        assert set(ledger.finished) == {"a"}
        ledger.append(Record(task="c", output="c.nc"))
        with Ledger(tmp_path) as seen:
            assert set(seen.finished) == {"a", "c"}


def test_a_manifest_that_cannot_be_used(tmp_path: Path) -> None:
    for text in ("{", '{"format": 2, "tasks": []}', '{"format": 1, "tasks": [1]}'):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(PlanError, match=r"manifest\.json: the manifest cannot be used"), Ledger(tmp_path):
            pass
