"""From what a user names (files, folders, patterns, addresses) to files and stores, each with its kind.

Parity: not applicable.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import FieldError
from .kinds import HEAD, ZARR_MARKS, Kind, TrackFile, kind_of_folder, kind_of_head, packing_of
from .remote import Access, filesystem, is_remote, persistently
from .remote_file import RemoteFile

_PATTERN = set("*?[")
_MOST_SKIPPED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file or store.

    Attributes
    ----------
    address : str
        File name or address.
    kind : Kind or TrackFile
    packed : str
        Module that unpacks it; empty if it is not packed.
    """

    address: str
    kind: Kind | TrackFile
    packed: str = ""

    @property
    def what(self) -> str:
        """Its kind in words."""
        return self.kind.what if isinstance(self.kind, TrackFile) else self.kind.value

    @property
    def remote(self) -> bool:
        """Whether it lies on a server."""
        return is_remote(self.address)


def places(paths: Any, access: Access) -> tuple[list[Place], list[str]]:
    """All files and stores that are named, and what is to be said about them.

    Raises
    ------
    FieldError
        If one is missing, unreadable or of no known kind, or a pattern or folder finds none.
    """
    names = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not names:
        raise FieldError("no file is named; give a file, a folder, a pattern or an address")
    found: list[Place] = []
    notes: list[str] = []
    for name in names:
        found += _of_name(os.fspath(name), access, notes)
    return found, notes


def _of_name(name: str, access: Access, notes: list[str]) -> list[Place]:
    if is_remote(name):
        return _remote(name, access, notes)
    path = Path(name).expanduser()
    name = str(path)
    if not os.path.lexists(path) and _PATTERN & set(name):
        matching = sorted(glob.glob(name, recursive=True))  # noqa: PTH207
        if not matching:
            raise FieldError(f"no file matches '{name}'; check the pattern and the folder")
        return [place for one in matching for place in _of_name(one, access, notes)]
    if path.is_dir():
        return _folder(path, access, notes)
    return [place_of_file(path)]


def _folder(path: Path, access: Access, notes: list[str]) -> list[Place]:
    try:
        entries = sorted(entry.name for entry in path.iterdir())
    except OSError as problem:
        raise FieldError(f"folder '{path}' cannot be read: {problem.strerror}") from problem
    metadata = path / ".zmetadata"
    kind = kind_of_folder(entries, metadata.read_bytes()[:1_000_000] if metadata.is_file() else b"")
    if kind is not None:
        return [Place(address=str(path), kind=kind)]
    return _of_entries([str(path / e) for e in entries if not e.startswith(".")], str(path), access, notes)


def _of_entries(names: Sequence[str], folder: str, access: Access, notes: list[str]) -> list[Place]:
    """Fields among the entries of a folder; others are named."""
    found, skipped = [], []
    for name in names:
        try:
            place = _of_name(name, access, notes) if is_remote(name) or not Path(name).is_dir() else _store(Path(name))
        except FieldError:
            place = []
        if place and isinstance(place[0].kind, Kind):
            found += place
        else:
            skipped.append(Path(name).name)
    if not found:
        raise FieldError(f"folder '{folder}' holds no files of fields (it holds: {_few(skipped) or 'nothing'})")
    if skipped:
        notes.append(f"in folder '{folder}', {len(skipped)} entries are no fields and are left out: {_few(skipped)}")
    return found


def _store(path: Path) -> list[Place]:
    kind = kind_of_folder([entry.name for entry in path.iterdir()])
    return [] if kind is None else [Place(address=str(path), kind=kind)]


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_SKIPPED]) + (", ..." if len(names) > _MOST_SKIPPED else "")


def place_of_file(path: Path) -> Place:
    """A local file with its kind.

    Raises
    ------
    FieldError
        If it is not there, cannot be read, or is of no known kind.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FieldError(f"'{path}' is a pipe or a device; write the data to a file and name that")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            stream.seek(size // 2)
            middle = stream.read(HEAD)
    except FileNotFoundError:
        raise FieldError(f"'{path}' does not exist; check the name") from None
    except OSError as problem:
        raise FieldError(f"'{path}' cannot be read: {problem.strerror}") from problem
    packed = packing_of(head)
    if packed:
        head, middle = _unpacked(head, packed, str(path)), b""
    return Place(address=str(path), kind=kind_of_head(head, str(path), size, middle), packed=packed)


def _unpacked(head: bytes, module: str, name: str) -> bytes:
    """What the first bytes of a packed file hold."""
    import lzma
    import zlib

    unpack = {"gzip": zlib.decompressobj(31), "lzma": lzma.LZMADecompressor()}[module]
    try:
        return bytes(unpack.decompress(head))[:HEAD]  # type: ignore[attr-defined]
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as problem:
        raise FieldError(f"'{name}' is packed by {module} and cannot be unpacked: {problem}; get it again") from problem


def _remote(address: str, access: Access, notes: list[str]) -> list[Place]:
    fs, path = filesystem(address, access)
    if _PATTERN & set(path) and not address.startswith(("http://", "https://")):
        names = persistently(lambda: sorted(fs.glob(path)), f"'{address}': listing", access.patience)
        if not names:
            raise FieldError(f"nothing matches '{address}'; check the pattern and the log-in")
        return [p for n in names for p in _remote(_full(fs, n), access, notes)]
    kind = _store_on_server(fs, path, address, access)
    if kind is not None:
        return [Place(address=address, kind=kind)]
    if address.startswith(("http://", "https://")):
        return [_over_http(fs, path, address, access)]
    if persistently(lambda: bool(fs.isdir(path)), f"'{address}': looking", access.patience):
        listed = persistently(lambda: fs.ls(path, detail=False), f"'{address}': listing", access.patience)
        if ZARR_MARKS & {str(name).rstrip("/").rpartition("/")[2] for name in listed}:
            raise FieldError(f"'{address}' is a Zarr store, but it is not allowed to read it; check the log-in")
        names = sorted(_full(fs, name) for name in listed if str(name).rstrip("/") != path.rstrip("/"))
        return _of_entries(names, address, access, notes)
    return [_file_on_server(fs, path, address, access)]


def _full(fs: Any, path: str) -> str:
    return str(fs.unstrip_protocol(path))


def _store_on_server(fs: Any, path: str, address: str, access: Access) -> Kind | None:
    """Whether an address is a Zarr store: its metadata are there."""
    for mark in ("zarr.json", ".zmetadata", ".zgroup"):
        place = f"{path.rstrip('/')}/{mark}"
        try:
            data = persistently(partial(fs.cat_file, place), f"'{address}': reading {mark}", access.patience)
        except FieldError as problem:
            if _absent(problem.__cause__):
                continue
            raise
        if bytes(data).lstrip()[:1] == b"{":
            return kind_of_folder([mark], bytes(data) if mark == ".zmetadata" else b"")
    return None


def _absent(problem: BaseException | None) -> bool:
    status = getattr(problem, "status", None)
    return isinstance(problem, (FileNotFoundError, NotADirectoryError, PermissionError)) or status in (
        400,
        403,
        404,
        405,
    )


def _over_http(fs: Any, path: str, address: str, access: Access) -> Place:
    """A file over HTTP, or data that the server offers by OPeNDAP."""
    from ..sources.remote import check_server

    try:
        return _file_on_server(fs, path, address, access)
    except FieldError as problem:
        if "failed" in str(problem) and "times in a row" in str(problem):
            raise
        finding = check_server(address)
        if finding:
            raise problem from None
        return Place(address=address, kind=Kind.OPENDAP)


def _file_on_server(fs: Any, path: str, address: str, access: Access) -> Place:
    file = RemoteFile(address, access)
    head = file.bytes_at(0, HEAD)
    packed = packing_of(head)
    if packed:
        head = _unpacked(head, packed, address)
    return Place(address=address, kind=kind_of_head(head, address, file.size), packed=packed)
