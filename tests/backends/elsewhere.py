"""Work for workers in other processes, and what all backends have to do with it; a program for ranks of MPI too."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stormtrack.backends.protocol import Backend
from stormtrack.errors import FitError, LostWorkerError

N_OTHER = 16
"""An item that fails."""


class Squares:
    """Squares, with the process that made them and what its environment says of threads."""

    def worker(self) -> Callable[[int], tuple[int, int, str]]:
        own = os.getpid()

        def work(item: int) -> tuple[int, int, str]:
            if item == N_OTHER:
                raise FitError("sphery", 7, f"item {item}")
            time.sleep(0.2 if item == 0 else 0.01)
            return item * item, own, os.environ.get("OMP_NUM_THREADS", "")

        return work


class Slow:
    """The process that did an item; the first item takes long."""

    def worker(self) -> Callable[[int], int]:
        return self._work

    def _work(self, item: int) -> int:
        time.sleep(0.05 if item else 2.0)
        return os.getpid()


class Dying:
    """Each worker notes what it begins, and is killed by item 3: once, or always."""

    def __init__(self, notes: Path, *, always: bool = False) -> None:
        self._notes, self._always = notes, always

    def worker(self) -> Callable[[int], int]:
        return self._work

    def _work(self, item: int) -> int:
        begun = self._notes / f"{item}"
        with begun.open("a") as file:
            file.write("x")
        if item == 3 and (self._always or begun.stat().st_size == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return item + 100

    def begun(self, item: int) -> int:
        """How often an item was begun."""
        path = self._notes / f"{item}"
        return path.stat().st_size if path.exists() else 0


class Busy:
    """Matrix products (BLAS), and how many threads of the process worked on them."""

    def worker(self) -> Callable[[int], int]:
        import numpy as np

        matrix = np.random.default_rng(1).standard_normal((500, 500))

        def work(item: int) -> int:
            before, end = processor_time(), time.process_time() + 0.3
            while time.process_time() < end:
                np.dot(matrix, matrix)
            gained = {name: spent - before.get(name, 0) for name, spent in processor_time().items()}
            return sum(spent > 0.5 * max(gained.values()) for spent in gained.values())

        return work


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """How many are at work in this process at the same time: they wait for one another for a while."""

    takes_turns: bool

    def worker(self) -> Callable[[int], int]:
        return self._meet

    def _meet(self, item: int) -> int:
        with _MEETING:
            _AT_WORK.append(item)
            _MEETING.notify_all()
            _MEETING.wait_for(lambda: len(_AT_WORK) >= 3, timeout=0.3 if self.takes_turns else 30.0)
            found = len(_AT_WORK)
        time.sleep(0.2)
        with _MEETING:
            _AT_WORK.remove(item)
        return found


_AT_WORK: list[int] = []
_MEETING = threading.Condition()


def processor_time() -> dict[str, int]:
    """Ticks that each thread of this process has run."""
    found = {}
    for stat in Path("/proc/self/task").glob("*/stat"):
        words = stat.read_text().rpartition(")")[2].split()
        found[stat.parent.name] = int(words[11]) + int(words[12])
    return found


def failing_source() -> Iterator[int]:
    """Five items, and an error."""
    yield from range(5)
    raise OSError("no more")


def check_order_and_failures(backend: Backend) -> None:
    """Results in order, and as they are ready; failures of work and source in their turn, with their type and text."""
    for count in (0, 1, 12):
        assert [square for square, *_ in backend.map(Squares(), range(count))] == [k * k for k in range(count)]
    squares = [square for square, *_ in backend.map(Squares(), range(12), in_order=False)]
    assert sorted(squares) == [k * k for k in range(12)]
    for items, number, kind in ((range(10, 20), 6, FitError), (failing_source(), 5, OSError)):
        got = []
        try:
            for square, *_ in backend.map(Squares(), items):
                got.append(square)
        except kind as problem:
            assert "item 16" in str(problem) or "no more" in str(problem)
            if isinstance(problem, FitError):
                assert (problem.routine, problem.flag) == ("sphery", 7)
        else:
            raise AssertionError(f"{kind} did not come out")
        assert len(got) == number
    results = backend.map(Squares(), range(1000))
    assert [next(results)[0] for _ in range(3)] == [0, 1, 4]
    results.close()
    assert [square for square, *_ in backend.map(Squares(), range(3, 6))] == [9, 16, 25]


def check_a_death(backend: Backend, folder: Path) -> None:
    """A worker that is killed is no harm: what it did is done again."""
    folder.mkdir()
    task = Dying(folder)
    assert list(backend.map(task, range(8))) == [k + 100 for k in range(8)]
    assert task.begun(3) == 2


def check_deaths(backend: Backend, folder: Path, *, in_order: bool) -> int:
    """An item of which workers always die is named: in its turn, or behind all others. How often it was begun."""
    folder.mkdir()
    task = Dying(folder, always=True)
    got = []
    try:
        for result in backend.map(task, range(8), in_order=in_order):
            got.append(result)
    except LostWorkerError as problem:
        assert problem.items == (3,) and "3" in str(problem)
    else:
        raise AssertionError("a worker that always dies was not told")
    assert sorted(got) == [k + 100 for k in range(8) if k < 3 or (k > 3 and not in_order)]
    return task.begun(3)


def main() -> None:
    """As a program of ranks: what is said on the command line."""
    from stormtrack.backends.mpi import Mpi, session

    with session() as first:
        if not first:
            return
        with Mpi() as backend:
            if sys.argv[1:] == ["order"]:
                check_order_and_failures(backend)
                pids = {pid for _, pid, _ in backend.map(Squares(), range(17, 57))}
                threads = set(backend.map(Busy(), range(2 * backend.n_workers)))
                sys.stdout.write(f"{backend.n_workers} ranks, {len(pids)} worked, on {threads} threads\n")
            elif sys.argv[1:] == ["slow"]:
                for in_order in (True, False):
                    by = list(backend.map(Slow(), range(5), in_order=in_order))
                    sys.stdout.write(f"{sum(pid == os.getpid() for pid in by)} of {len(by)} items here\n")
            else:
                list(backend.map(Dying(Path(sys.argv[1])), range(20)))


if __name__ == "__main__":
    main()
