"""Inputs of tasks: names to files, and what tells whether a file is still the same."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator
from pathlib import Path

from ..errors import FieldError
from ..fields.remote import is_remote
from ..resumption.digests import digest_of

_PATTERN = set("*?[")
SHA = "sha256 "


def found_files(name: str, base: Path) -> list[str]:
    """Files, folders and addresses that a name means, in order.

    Parameters
    ----------
    name : str
        Relative to `base`; may be a pattern.
    base : Path

    Returns
    -------
    list of str
        Empty if there is nothing of that name.
    """
    if is_remote(name):
        return [name]
    path = base / Path(name).expanduser()
    if path.exists():
        return [str(path)]
    return sorted(glob.glob(str(path), recursive=True)) if _PATTERN & set(name) else []  # noqa: PTH207


def state_of(file: str) -> str:
    """What tells whether a file is still the same: size and time of its last change, of everything in a folder.

    Addresses are taken to stay the same.

    Raises
    ------
    FieldError
        If it is not there any more.
    """
    if is_remote(file):
        return "address"
    try:
        path = Path(file)
        if not path.is_dir():
            return _state(path)
        listed = "\n".join(f"{one.relative_to(path)} {_state(one)}" for one in _within(path))
    except OSError as error:
        raise FieldError(f"'{file}' cannot be used: {error.strerror or error}") from error
    return f"folder {hashlib.sha256(listed.encode()).hexdigest()}"


def checksum_of(file: str) -> str:
    """SHA-256 of a file, of all names and files of a folder; of an address its name.

    Raises
    ------
    FieldError
        If it cannot be read.
    """
    if is_remote(file):
        return "address"
    path = Path(file)
    try:
        if not path.is_dir():
            return SHA + digest_of(path)
        listed = "\n".join(f"{one.relative_to(path)} {digest_of(one)}" for one in _within(path))
    except OSError as error:
        raise FieldError(f"'{file}' cannot be read: {error.strerror or error}") from error
    return SHA + hashlib.sha256(listed.encode()).hexdigest()


def size_of(file: str) -> int:
    """Bytes of a file, of all files in a folder; 0 of an address."""
    if is_remote(file):
        return 0
    path = Path(file)
    return sum(one.stat().st_size for one in (_within(path) if path.is_dir() else [path]))


def _within(path: Path) -> Iterator[Path]:
    return iter(sorted(one for one in path.rglob("*") if one.is_file()))


def _state(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size} bytes, time {about.st_mtime_ns}"
