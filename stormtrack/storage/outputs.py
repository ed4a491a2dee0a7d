"""Outputs that appear complete or not at all.

A file is written under a temporary name in its own folder (``.NAME.partial-PID-N``) and gets its name when it is
complete; after an error or an interrupt nothing is left behind. The rule of `objout` and the track files, "while the
name exists append ``_``", is kept even when two runs finish at the same moment.

References
----------
Specification 01, sections 1.2 and 15.
"""

from __future__ import annotations

import abc
import errno
import itertools
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self, TypeVar

from ..errors import OutputError

Result = TypeVar("Result")


class ByteSink(Protocol):
    """What a writer needs: an `OutputFile`, an open binary file, a buffer in memory."""

    def write(self, data: bytes, /) -> object:
        """Append bytes."""


_BUFFER = 1 << 17
_PROBE = 1 << 20
"""Bytes by which a file is written on to see whether that can be done."""
_SHOWN_OF_NAME = 60
_counter = itertools.count(1)
_unfinished: set[Path] = set()
"""Partial files of this process: also those whose owner an interrupt has caught before it could take them over."""
_record: ContextVar[list[Path] | None] = ContextVar("_record", default=None)

PARTIAL = ".partial-"
"""In the names of files being written; a killed run may leave some behind."""

_REMEDIES = {
    errno.ENOSPC: "free some space or choose a folder on another disk",
    errno.EDQUOT: "your quota is used up: free some space or choose another folder",
    errno.EFBIG: "the file would become larger than the file system or the user limit allows",
    errno.EACCES: "choose a folder that you may write to, or change its permissions",
    errno.EPERM: "choose a folder that you may write to, or change its permissions",
    errno.EROFS: "the file system is read-only: choose another folder",
    errno.ENOENT: "create the folder first, or correct its name",
    errno.ENOTDIR: "a part of the path is a file, not a folder: correct it",
    errno.EISDIR: "a folder of that name exists: remove it or choose another extension",
    errno.ENAMETOOLONG: "choose a shorter extension",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n)",
}


def output_error(path: Path, problem: OSError, doing: str = "write") -> OutputError:
    """The `OutputError` for an operating-system error met with an output: what, where, what to do."""
    reason = problem.strerror or str(problem)
    remedy = _REMEDIES.get(problem.errno or 0, "check the folder and the disk")
    return OutputError(f"cannot {doing} output file '{path}': {reason}; {remedy}. No partial file was left behind")


def free_name(path: Path) -> Path:
    """`path`, with as many ``_`` appended as needed to name no existing file.

    Raises
    ------
    OutputError
        If the name becomes too long or the folder cannot be searched.
    """
    while _exists(path):
        path = path.with_name(path.name + "_")
    return path


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise output_error(path, problem, "create") from problem
    return True


def refuse_input(output: Path, paths: Iterable[str | Path]) -> None:
    """Refuse an output that is one of the inputs.

    Raises
    ------
    OutputError
    """
    for path in map(Path, paths):
        if output.exists() and path.exists() and path.samefile(output):
            raise OutputError(f"'{output}' is a file that is read; name another output")


@contextmanager
def recorded() -> Iterator[list[Path]]:
    """Collect the names of the outputs that are completed in this context, in order."""
    names: list[Path] = []
    token = _record.set(names)
    try:
        yield names
    finally:
        _record.reset(token)


def remove_unfinished() -> None:
    """Remove what this process has begun to write and not finished; for the end of a process that was stopped."""
    while _unfinished:
        _unfinished.pop().unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A name under which a folder is written; it gets its own when it is complete.

    Parameters
    ----------
    path : Path
        Where the folder shall be.
    replace : bool
        In place of one that is there.

    Raises
    ------
    OutputError
        If it cannot be written; what was there is there still.
    """
    import shutil

    partial, former = (path.with_name(f".{path.name}{PARTIAL}{os.getpid()}{end}") for end in ("", "-former"))
    try:
        yield partial
        if replace and path.exists():
            path.rename(former)
        partial.rename(path)
    except OSError as problem:
        if former.exists() and not path.exists():
            former.rename(path)
        raise output_error(path, problem) from problem
    finally:
        for folder in (partial, former):
            shutil.rmtree(folder, ignore_errors=True)


class Output(abc.ABC):
    """An output that appears complete or not at all; a context manager.

    Leaving the ``with`` block normally completes it (`commit`), unless that is done; leaving it by any exception, an
    interrupt included, removes what was written (`discard`).
    """

    @property
    @abc.abstractmethod
    def is_open(self) -> bool:
        """Neither complete nor removed yet."""

    @abc.abstractmethod
    def commit(self) -> Path:
        """Complete the output, give it its name and return that name."""

    @abc.abstractmethod
    def discard(self) -> None:
        """Remove what was written; harmless when nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.discard()
        elif self.is_open:
            self.commit()


def write_at(descriptor: int, offset: int, *parts: Any) -> None:
    """Write buffers one after the other from a place of an open file on.

    Raises
    ------
    OSError
    """
    views = [memoryview(part).cast("B") for part in parts]
    while views:
        written = os.pwritev(descriptor, views, offset)
        offset += written
        while views and written >= len(views[0]):
            written -= len(views.pop(0))
        if views:
            views[0] = views[0][written:]


class OutputFile(Output):
    """One file being written. Every failure is an `OutputError`.

    Parameters
    ----------
    path : Path or str
        Where the output shall be. A symbolic link is followed; a device or pipe is written directly.
    keep_existing : bool
        Never overwrite: while the name exists ``_`` is appended, now and again when the file is complete.

    Attributes
    ----------
    path : Path
        The name planned; after `commit` the name given.
    """

    def __init__(self, path: Path | str, *, keep_existing: bool = False) -> None:
        self.keep_existing = keep_existing
        self.path = free_name(Path(path)) if keep_existing else _resolved(Path(path))
        self._partial: Path | None = None
        self._stream: BinaryIO | None = None
        self._create()

    def _create(self) -> None:
        _refuse_unwritable(self.path)
        if _is_special(self.path):
            self._stream = self._guard(lambda: self.path.open("wb", _BUFFER), "open")
            return
        stem = f".{self.path.name[:_SHOWN_OF_NAME]}{PARTIAL}{os.getpid()}"
        while self._stream is None:
            partial = self.path.with_name(f"{stem}-{next(_counter)}")
            _unfinished.add(partial)
            try:
                self._stream = partial.open("xb+", _BUFFER)
            except FileExistsError:  # left by a run that was killed and had the same process number
                _unfinished.discard(partial)
                continue
            except OSError as problem:
                _unfinished.discard(partial)
                raise output_error(self.path, problem, "create") from problem
            self._partial = partial

    def _guard(self, action: Callable[[], Result], doing: str = "write") -> Result:
        try:
            return action()
        except OSError as problem:
            self.discard()
            raise output_error(self.path, problem, doing) from problem

    @property
    def is_open(self) -> bool:
        """Neither complete nor removed yet."""
        return self._stream is not None

    @property
    def partial(self) -> Path:
        """Name under which the file lies until it is complete, for libraries that open files themselves."""
        return self.path if self._partial is None else self._partial

    @property
    def stream(self) -> BinaryIO:
        """The open binary stream (for code that reports its own errors; `write` converts them)."""
        if self._stream is None:
            raise OutputError(f"output file '{self.path}' is already closed")
        return self._stream

    def write(self, data: Any) -> None:
        """Append bytes or any C-contiguous buffer (a NumPy array)."""
        stream = self.stream
        self._guard(lambda: stream.write(data))

    def write_at(self, offset: int, *parts: Any) -> None:
        """Write buffers one after the other from a place of the file on; several threads may do so at once.

        After a failure the file is still open, because other threads may be writing: its owner discards it.
        """
        try:
            write_at(self.stream.fileno(), offset, *parts)
        except OSError as problem:
            raise output_error(self.path, problem) from problem

    def write_text(self, text: str) -> None:
        """Append ASCII text as it is."""
        self.write(text.encode("ascii"))

    def overwrite_start(self, data: bytes) -> None:
        """Replace the first bytes of the file and go on at its end."""
        stream = self.stream

        def replace() -> None:
            stream.seek(0)
            stream.write(data)
            stream.seek(0, os.SEEK_END)

        self._guard(replace)

    def commit(self) -> Path:
        """Close the file, give it its name and return that name."""
        stream, self._stream = self.stream, None
        try:
            stream.close()
            if self._partial is not None:
                self._give_name(self._partial)
                _unfinished.discard(self._partial)
                self._partial = None
        except OSError as problem:
            self._remove_partial()
            raise output_error(self.path, problem) from problem
        except BaseException:
            self._remove_partial()
            raise
        record = _record.get()
        if record is not None and self.path not in record:
            record.append(self.path)
        return self.path

    def _give_name(self, partial: Path) -> None:
        if not self.keep_existing:
            partial.replace(self.path)
            return
        while not _renamed_to_new(partial, self.path):
            self.path = free_name(self.path)

    def discard(self) -> None:
        """Close the file and remove what was written; harmless when nothing is open."""
        stream, self._stream = self._stream, None
        try:
            if stream is not None:
                stream.close()
        except OSError:
            pass  # closing flushes; on a full disk that fails again, and the first error is the one reported
        finally:
            self._remove_partial()

    def _remove_partial(self) -> None:
        partial, self._partial = self._partial, None
        if partial is not None:
            partial.unlink(missing_ok=True)
            _unfinished.discard(partial)

    def __del__(self) -> None:
        if getattr(self, "_stream", None) is not None:
            self.discard()


@contextmanager
def netcdf_errors(out: OutputFile) -> Iterator[None]:
    """What the NetCDF library says while it writes a file becomes an `OutputError`.

    "HDF error" is all that it says of a disk that is full. So the system is asked: the file is written on a little.

    Parameters
    ----------
    out : OutputFile
        Whose `partial` the library writes.

    Raises
    ------
    OutputError
        With what the system says as its cause, if it says something.
    """
    try:
        yield
    except (OSError, RuntimeError) as problem:
        if "HDF error" in str(problem):
            reason = _refused(out.partial)
            if reason is not None:
                raise output_error(out.path, reason) from reason
            raise OutputError(
                f"'{out.path}' cannot be written ({problem}): the disk or your quota may be full, or a limit be reached"
            ) from problem
        if isinstance(problem, RuntimeError):
            raise
        raise OutputError(f"'{out.path}' cannot be written: {problem.strerror or problem}") from problem


def _refused(path: Path) -> OSError | None:
    """Why the system lets nothing be written behind the end of a file; None if it does."""
    try:
        with path.open("ab", buffering=0) as file:
            left = _PROBE
            while left:
                left -= file.write(bytes(left)) or 0
            os.fsync(file.fileno())
    except OSError as problem:
        return problem
    return None


def _resolved(path: Path) -> Path:
    try:
        return path.resolve() if path.is_symlink() else path
    except OSError as problem:
        raise output_error(path, problem, "create") from problem


def _is_special(path: Path) -> bool:
    """Whether the name belongs to a device or pipe, which cannot be replaced by renaming."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)


def _refuse_unwritable(path: Path) -> None:
    # Renaming would replace a write-protected file without asking; opening it would have failed.
    if not _exists(path):
        return
    if path.is_dir():
        raise output_error(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)), "create")
    if not os.access(path, os.W_OK):
        raise output_error(path, PermissionError(errno.EACCES, "the existing file is write-protected"), "replace")


def _renamed_to_new(partial: Path, path: Path) -> bool:
    """Rename without ever replacing; False if another run has taken the name meanwhile."""
    try:
        path.hardlink_to(partial)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links: claim the name first, then replace the claim
        try:
            path.open("xb").close()
        except FileExistsError:
            return False
        partial.replace(path)
        return True
    partial.unlink()
    return True
