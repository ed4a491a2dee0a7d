"""Object and track files of the golden folders, unpacked."""

from __future__ import annotations

import gzip
import hashlib
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np

OBJECTS = ("objout", "comb_obj", "chunk1_objout", "chunk2_objout", "chunk3_objout")
LINKS = ("idump", "tdump")


def content(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else lzma.decompress(raw) if path.suffix == ".xz" else raw


def kind_of(name: str) -> str | None:
    """objects, links, tracks, velocity, grid, or None."""
    stem = name.removesuffix(".gz").removesuffix(".xz")
    if stem.endswith((".nc", ".npz", "_reg", ".in", ".json", ".dat", ".txt")):
        return None
    if "objout" in stem or stem.startswith("comb_obj"):
        return "objects"
    if stem.startswith("phase_trs"):
        return "velocity"
    if stem.startswith("tr_grid"):
        return "grid"
    if stem.startswith(("tr_trs", "ff_trs", "ens2")) or stem.endswith(("_tr", "_ff")):
        return "tracks"
    if "dump" in stem:
        return "links"
    return None


def files(goldens: Path, kind: str) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every stored file of a kind, those inside the linking cases included."""
    for path in sorted(goldens.rglob("*")):
        if path.is_file() and kind_of(path.name) == kind:
            yield str(path.relative_to(goldens)), content(path)
    if kind in ("links", "objects"):
        for path in sorted((goldens / "linking" / "cases").glob("*.npz")):
            with np.load(path) as case:
                for key in ("idump", "tdump") if kind == "links" else ("objout_new",):
                    if text := bytes(case[key].item()):
                        yield f"{path.name}/{key}", text


def digest(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()
