"""Names in a case folder, and files that are kept plain or gzipped.

References
----------
Specification 01, sections 12.9 and 14.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

CHUNK_FILES = ("objout", "objout.new", "tdump", "idump")
SPLICED = ("tr_trs", "ff_trs", "tr_trs.nc", "ff_trs.nc")
SPLICED_ON_REQUEST = ("ff_trs_merged", "tr_grid")
INITIAL = "initial"
PRIVATE = ".stormtrack-"
"""Private folders of a run begin so."""
MANIFEST, LOG, LOCK = "manifest.json", "stormtrack.log", ".stormtrack.lock"
_OURS = re.compile(r"DJF_(MAX|MIN)_\d+|(tr_trs|ff_trs|tr_grid)_(pos|neg)(_merged)?(\.nc)?(\.gz)?")
_LEVEL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An output that is kept.

    Attributes
    ----------
    produced : str
        Its name in the scratch folder.
    name : str
        Its name in the case folder, relative to it.
    wanted : bool
        The run has failed without it.
    packed : bool
        It is gzipped.
    """

    produced: str
    name: str
    wanted: bool = True
    packed: bool = False


def chunk_folder(sign: str, number: int) -> str:
    """Folder of one chunk."""
    return f"DJF_{sign}_{number}"


def splice_list(sign: str, extension: str) -> str:
    """Name of the list of chunks: three lines per chunk."""
    return f"splice_{sign.lower()}.{extension}"


def chunk_outputs(sign: str, number: int, extension: str, *, packed: bool) -> tuple[Kept, ...]:
    """Outputs of one chunk; the first chunk of maxima also gives the start-up answers."""
    folder = chunk_folder(sign, number)
    files = [Kept(produced=f"{s}{extension}", name=f"{folder}/{s}", packed=packed) for s in CHUNK_FILES]
    if number == 1 and sign == "MAX":
        files.append(Kept(produced=f"{INITIAL}{extension}", name=f"{INITIAL}.{extension}"))
    return tuple(files)


def _spliced(stem: str, extension: str, result: str) -> tuple[str, str]:
    base, dot, rest = stem.partition(".nc")
    base, merged, _ = base.partition("_merged")
    return f"{base}{extension}{merged}{dot}{rest}", f"{base}_{result}{merged}{dot}{rest}"


def splice_outputs(result: str, extension: str, *, packed: bool) -> tuple[Kept, ...]:
    """Outputs of the splice of one sign; NetCDF files stay as they are."""
    kept = []
    for stem in (*SPLICED, *SPLICED_ON_REQUEST):
        produced, name = _spliced(stem, extension, result)
        nc = stem.endswith(".nc")
        kept.append(Kept(produced=produced, name=name, wanted=stem in SPLICED, packed=packed and not nc))
    return tuple(kept)


def stored(path: Path) -> Path | None:
    """The file as it lies there, plain or gzipped; None if there is neither."""
    packed = path.with_name(f"{path.name}.gz")
    return path if path.is_file() else packed if packed.is_file() else None


def content_of(path: Path) -> bytes:
    """Content of a file that lies there plain or gzipped.

    Raises
    ------
    OSError, EOFError
        If it is missing or damaged.
    """
    data = (stored(path) or path).read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def digest_of(path: Path) -> str | None:
    """SHA-256 of the content; None if the file is missing or damaged."""
    try:
        return hashlib.sha256(content_of(path)).hexdigest()
    except (OSError, EOFError, ValueError):
        return None


def store(content: bytes, path: Path, *, packed: bool) -> None:
    """Write a file, gzipped without name and time: the same content gives the same bytes.

    Its folder is made if needed, but no folder above.
    """
    path.parent.mkdir(exist_ok=True)
    if packed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, _LEVEL, mtime=0))
    else:
        path.write_bytes(content)


def move_into_place(staged: Path, case: Path) -> None:
    """Move everything staged into the case folder; each entry appears whole."""
    for entry in sorted(staged.iterdir()):
        target = case / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        entry.replace(target)
        twin = target.with_name(target.name.removesuffix(".gz") if target.suffix == ".gz" else f"{target.name}.gz")
        if target.is_file():
            twin.unlink(missing_ok=True)


def foreign(case: Path) -> list[str]:
    """Results in a folder, by their names, whoever wrote them."""
    return sorted(p.name for p in case.iterdir() if _OURS.fullmatch(p.name)) if case.is_dir() else []


def clear(case: Path, extension: str) -> None:
    """Remove the results, lists and manifest of earlier runs."""
    lists = [f"splice_{sign}.{extension}" for sign in ("max", "min")]
    for name in (MANIFEST, *foreign(case), *lists, f"{INITIAL}.{extension}"):
        path = case / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
