"""Goldens of menu functions: what was run, and its outputs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

EXTENSION = "GX"
FILES = {
    "ls_bands": ("newgrid.txt",),
    "ing_file_smoopy": ("newgrid.txt",),
    "vor_fd_euclid": ("in_lat_2p5.nc",),
    "vor_bs_euclid": ("in_lat_2p5.nc",),
    "grad_tfp": ("in_uv850_2p5.nc",),
    "grad_tfp_sphery": ("in_uv850_2p5.nc",),
}
"""Files besides the input that a run needs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BinaryFields:
    """Content of a TRACK binary file."""

    header: str
    header_bytes: int
    x: npt.NDArray[np.float32]
    y: npt.NDArray[np.float32]
    labels: list[str]
    data: npt.NDArray[np.float32]


def read_binary(content: bytes) -> BinaryFields:
    """A TRACK binary file, taken apart by the specification (05, section 1.5)."""
    end = content.index(b"\n")
    header = content[:end].decode()
    nx, ny, _ = map(int, header.split())
    at, words = end + 1, []
    while len(words) < nx + ny:
        end = content.index(b"\n", at)
        words += content[at:end].split()
        at = end + 1
    begin, labels, frames = at, [], []
    while at < len(content):
        end = content.index(b"\n", at)
        labels.append(content[at:end].decode())
        at = end + 1
        frames.append(np.frombuffer(content, "<f4", nx * ny, at).reshape(ny, nx))
        at += 4 * nx * ny + 1
        assert content[at - 1 : at] == b"\n"
    axis = np.array([float(word) for word in words], np.float32)
    data = np.array(frames) if frames else np.zeros((0, ny, nx), np.float32)
    return BinaryFields(header=header, header_bytes=begin, x=axis[:nx], y=axis[nx:], labels=labels, data=data)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Golden:
    """A run of the original."""

    answers: str
    input: Path
    files: tuple[Path, ...]
    outputs: dict[str, dict[str, npt.NDArray[np.generic]]]
    """By name of the file."""


def golden(folder: Path, case: str) -> Golden:
    """A golden of the folder ``goldens/preprocessing``."""
    outputs: dict[str, dict[str, npt.NDArray[np.generic]]] = {}
    with np.load(folder / f"{case}.npz") as stored:
        for key in stored.files:
            name, _, part = key.partition("|")
            if part:
                outputs.setdefault(name, {})[part] = stored[key]
        return Golden(
            answers=str(stored["answers"]),
            input=folder / str(stored["input"]),
            files=tuple(folder / name for name in FILES.get(case, ())),
            outputs=outputs,
        )


def copy_files(run: Golden, folder: Path) -> Path:
    """Lay out the input (as ``v.nc``) and the other files of a run."""
    folder.mkdir()
    for path in run.files:
        shutil.copy(path, folder)
    shutil.copy(run.input, folder / "v.nc")
    return folder / "v.nc"
