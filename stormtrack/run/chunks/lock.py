"""One run at a time in a case folder, and a private scratch folder for each."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import OutputError, UserInputError
from ...resumption.holders import Holder, holder_of, this_process
from ...storage.outputs import PARTIAL, output_error
from .layout import LOCK, PRIVATE

_MARK = "case"
"""File in an outside scratch folder that says to which case it belongs."""
_HELD = {errno.EACCES, errno.EAGAIN}


class CaseLock:
    """The lock of a case folder; a context manager.

    The kernel frees the lock of a process that has died, so a killed run never blocks the next one. The file says who
    holds it; on a file system without locks only that decides.

    Parameters
    ----------
    folder : Path
        The case folder; it exists.

    Raises
    ------
    UserInputError
        If another run is at work in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._file = -1
        self.left_over: Path | None = None

    def __enter__(self) -> CaseLock:
        while True:
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError as error:
                raise output_error(self.path, error, "create") from error
            try:
                supported = self._acquire()
                if self._is_current():
                    break
            except BaseException:
                os.close(self._file)
                raise
            os.close(self._file)  # the holder removed it in between
        try:
            self._take_over(supported)
        except BaseException:
            os.close(self._file)
            raise
        self.say(None)
        return self

    def _acquire(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD:
                raise self._refusal(holder_of(self._told())) from error
            return False
        return True

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), self.path.stat())
        except FileNotFoundError:
            return False

    def _told(self) -> dict[str, object]:
        """What the file says."""
        try:
            found = json.loads(os.pread(self._file, 1 << 16, 0) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _refusal(self, holder: Holder | None) -> UserInputError:
        return UserInputError(
            f"another run is at work in '{self.path.parent}' ({holder or 'process ? on ?'}); wait for it, or use "
            f"another case (-c). If that process is gone, remove '{self.path}'"
        )

    def _take_over(self, supported: bool) -> None:
        told = self._told()
        holder = holder_of(told)
        if holder is not None and self._is_held(holder, supported):
            raise self._refusal(holder)
        if isinstance(told.get("scratch"), str):
            self.left_over = Path(str(told["scratch"]))

    def _is_held(self, holder: Holder, supported: bool) -> bool:
        """Whether the one who is named may be at work; where the system locks files, only one elsewhere."""
        if holder.host != this_process().host:
            return True
        return not supported and holder.pid != os.getpid() and holder.is_alive is not False

    def say(self, scratch: Path | None) -> None:
        """Write who holds the lock, and where its outside scratch folder lies."""
        about = {**this_process().as_table(), "scratch": None if scratch is None else str(scratch)}
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, json.dumps(about).encode(), 0)

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._file)


@contextmanager
def private_folders(folder: Path, outside: Path | None, lock: CaseLock) -> Iterator[tuple[Path, Path]]:
    """Folders for staging (in the case folder, so that moving is atomic) and for work; removed at the end.

    What a killed run left is removed too.

    Raises
    ------
    OutputError
        If they cannot be made.
    """
    _remove_left_over(folder, lock.left_over)
    try:
        private = Path(tempfile.mkdtemp(prefix=PRIVATE, dir=folder))
        work = private / "work"
        if outside is None:
            work.mkdir()
        else:
            work = Path(tempfile.mkdtemp(prefix=PRIVATE.lstrip("."), dir=outside))
            (work / _MARK).write_text(str(folder))
            lock.say(work)
        staging = private / "staged"
        staging.mkdir()
    except OSError as error:
        raise OutputError(f"cannot make a scratch folder: {error}; choose another place by --scratch") from error
    try:
        yield staging, work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        _remove_left_over(folder, lock.left_over)  # again: a killed run's worker may have lived a moment longer


def _remove_left_over(folder: Path, outside: Path | None) -> None:
    for path in folder.glob(f"{PRIVATE}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".*{PARTIAL}*"):  # the lock is held: nobody is writing them
        path.unlink(missing_ok=True)
    if outside is not None:
        mark = outside / _MARK
        if outside.name.startswith(PRIVATE.lstrip(".")) and mark.is_file() and mark.read_text() == str(folder):
            shutil.rmtree(outside, ignore_errors=True)
