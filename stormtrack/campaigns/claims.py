"""Who is at work on what: runs that share a folder claim tasks, without locks and without clocks.

Everything lies in ``.stormtrack`` in the campaign's folder:

* ``runs/RUN`` tells which process a run is; the run appends a byte to it every few seconds, its sign of life;
* ``claims/KEY`` is a symbolic link whose target is the name of the run that is at work on a task.

Making a symbolic link is exclusive on every file system that several machines share, NFS and Lustre included: one
succeeds. A run is dead if its process is gone (seen from the same machine), or if its sign of life has not changed
for `patience` seconds of the observer's own time. Renaming ``runs/DEAD`` to ``runs/HEIR+DEAD`` is done by one only: the
heir removes the claims of the dead, and is answerable for them should it die itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from ..errors import BackendError
from ..resumption.holders import Holder, holder_of, this_process
from ..storage.outputs import output_error

PRIVATE = ".stormtrack"
PATIENCE = 300.0
"""Seconds without a sign of life after which a run on another machine is taken for dead."""
BEATS = 15.0
"""Seconds between two signs of life, at most."""
_HEIR = "+"
ORPHANS = "orphans"
"""Claim under which claims of runs that nobody knows are removed."""


class Claims:
    """A run among others; a context manager that registers it, and lets everything go at the end.

    Parameters
    ----------
    folder : Path
        The campaign's; it exists.
    patience : float
        Seconds, see `PATIENCE`.
    scratch : Path, optional
        Where workers of this run have their scratch folders, so that an heir on this machine can remove them.

    Attributes
    ----------
    run : str
        Name of this run.
    staged : Path
        Folder for outputs of this run that are not complete yet.
    """

    def __init__(self, folder: Path, patience: float = PATIENCE, scratch: Path | None = None) -> None:
        self._place = folder / PRIVATE
        self._runs, self._claims = self._place / "runs", self._place / "claims"
        host = "".join(ch if ch.isalnum() or ch in "-." else "-" for ch in socket.gethostname())
        self.run = f"{host}-{os.getpid()}-{os.urandom(4).hex()}"
        self._staging = self._place / "staged"
        self.staged = self._staging / self.run
        self._patience, self._scratch = patience, scratch
        self._seen: dict[str, tuple[int, float]] = {}
        self._lively: set[str] = set()
        self._orphans: dict[str, float] = {}
        self._ended, self._lost = threading.Event(), False
        self._beating = threading.Thread(target=self._beat, name="sign of life", daemon=True)

    def __enter__(self) -> Claims:
        try:
            for folder in (self._runs, self._claims, self._staging):
                folder.mkdir(parents=True, exist_ok=True)
            about = {**this_process().as_table(), "scratch": None if self._scratch is None else str(self._scratch)}
            with (self._runs / self.run).open("x") as out:
                out.write(json.dumps(about) + "\n")
            self.staged.mkdir()  # others take it for one of a dead run while this one is not registered
        except OSError as error:
            raise output_error(self._place, error, "use") from error
        self._beating.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._beating.join()
        shutil.rmtree(self.staged, ignore_errors=True)
        self._release_all(self.run)
        (self._runs / self.run).unlink(missing_ok=True)

    def _beat(self) -> None:
        own = self._runs / self.run
        while not self._ended.wait(min(BEATS, self._patience / 4)):
            try:
                descriptor = os.open(own, os.O_WRONLY | os.O_APPEND)
            except FileNotFoundError:
                self._lost = True
                return
            except OSError:
                continue  # the next one may reach the server again
            try:
                with contextlib.suppress(OSError):
                    os.write(descriptor, b".")
            finally:
                os.close(descriptor)

    def check(self) -> None:
        """Stop if others have taken this run for dead (it was halted for long, or lost the file system).

        Raises
        ------
        BackendError
        """
        if self._lost or not (self._runs / self.run).exists():
            raise BackendError(
                f"another run has taken this one ({self.run}) for dead and goes on with its tasks; what this one has "
                "recorded is kept, and the same command goes on"
            )

    # claims

    def take(self, key: str) -> bool:
        """Claim a task; False if another run is at work on it.

        Raises
        ------
        OutputError
            If the file system cannot do it.
        """
        claim = self._claims / key
        try:
            claim.symlink_to(self.run)
        except FileExistsError:
            return self.holder(key) == self.run  # a server that did it and whose answer was lost
        except OSError as error:
            raise output_error(claim, error, "create") from error
        return True

    def release(self, key: str) -> None:
        """Let a task go."""
        (self._claims / key).unlink(missing_ok=True)

    def holder(self, key: str) -> str | None:
        """Name of the run that is at work on a task."""
        try:
            return str((self._claims / key).readlink())
        except FileNotFoundError:
            return None

    def _release_all(self, run: str) -> None:
        for claim in self._claims.iterdir():
            if self.holder(claim.name) == run:
                claim.unlink(missing_ok=True)

    # runs

    def bury_dead(self) -> list[str]:
        """Let the tasks of dead runs go; names of these runs."""
        living = registered(self._place)
        dead = [name for name, who in living.items() if name != self.run and self._is_dead(name, who)]
        buried = []
        for name in dead:
            self._inherit(name)
            if self._bury(name):
                buried.append(name)
        for path in self._runs.glob(f"*{_HEIR}*"):  # whose heir is not registered any more either
            heir, _, name = path.name.partition(_HEIR)
            if heir not in living and self._renamed(path, name):
                buried += self._bury_inherited()
        staged = list(self._staging.iterdir())  # before the runs that are known
        inherited = {path.name.partition(_HEIR)[2] for path in self._runs.glob(f"*{_HEIR}*")}
        known = set(registered(self._place)) | inherited
        self._remove_orphans(known)
        for folder in staged:  # its worker may have lived a moment longer than its run
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
        return buried

    def _is_dead(self, name: str, who: Holder | None) -> bool:
        alive = None if who is None else who.is_alive
        if alive is not None:
            return not alive
        try:
            sign = (self._runs / name).stat().st_size
        except OSError:
            return False
        seen = self._seen.setdefault(name, (sign, monotonic()))
        if seen[0] != sign:
            self._seen[name] = (sign, monotonic())
            self._lively.add(name)
            return False
        return monotonic() - seen[1] > self._patience

    def shows_life(self, name: str) -> bool:
        """Whether a run has been seen to live since this one looks."""
        who = registered(self._place).get(name)
        return name in self._lively or (who is not None and who.is_alive is True)

    def _inherit(self, dead: str) -> None:
        """Take over what a dead run was answerable for."""
        for path in self._runs.glob(f"{dead}{_HEIR}*"):
            self._renamed(path, path.name.partition(_HEIR)[2])
        self._bury_inherited()

    def _bury(self, name: str) -> bool:
        """Bury a run; False if another one does."""
        if not self._renamed(self._runs / name, name):
            return False
        self._bury_inherited()
        return True

    def _renamed(self, path: Path, dead: str) -> bool:
        try:
            path.rename(self._runs / f"{self.run}{_HEIR}{dead}")
        except FileNotFoundError:
            return False
        return True

    def _bury_inherited(self) -> list[str]:
        buried = []
        for path in self._runs.glob(f"{self.run}{_HEIR}*"):
            name = path.name.partition(_HEIR)[2]
            self._release_all(name)
            shutil.rmtree(self._staging / name, ignore_errors=True)
            self._remove_scratch(path, name)
            path.unlink(missing_ok=True)
            buried.append(name)
        return buried

    def _remove_scratch(self, path: Path, name: str) -> None:
        """Remove what workers of a dead run left in its scratch folder, if that is to be seen from here."""
        table = _told(path)
        holder, scratch = holder_of(table), table.get("scratch")
        if holder is None or not holder.is_near or not isinstance(scratch, str):
            return
        for folder in Path(scratch).glob(f"stormtrack-{name}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _remove_orphans(self, known: set[str]) -> None:
        """Remove claims whose run nobody knows (a run that was halted, buried, and woke up once more)."""
        waited = []
        for claim in self._claims.iterdir():
            holder = self.holder(claim.name)
            if holder is not None and holder not in known:
                since = self._orphans.setdefault(f"{claim.name} {holder}", monotonic())
                if monotonic() - since > self._patience:
                    waited.append((claim.name, holder))
        if not waited or not self.take(ORPHANS):
            return
        try:
            for key, holder in waited:
                if self.holder(key) == holder:
                    self.release(key)
        finally:
            self.release(ORPHANS)


def registered(place: Path) -> dict[str, Holder | None]:
    """Runs by their names; None where the file does not tell which process it is.

    Parameters
    ----------
    place : Path
        The folder ``.stormtrack``.
    """
    try:
        names = sorted(path.name for path in (place / "runs").iterdir() if _HEIR not in path.name)
    except FileNotFoundError:
        return {}
    return {name: holder_of(_told(place / "runs" / name)) for name in names}


def claimed(place: Path) -> Iterator[tuple[str, str]]:
    """Keys of the tasks that runs are at work on, with these runs.

    Parameters
    ----------
    place : Path
    """
    try:
        claims = list((place / "claims").iterdir())
    except FileNotFoundError:
        return
    for claim in claims:
        with contextlib.suppress(OSError):
            yield claim.name, str(claim.readlink())


def _told(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes().partition(b"\n")[0])
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
