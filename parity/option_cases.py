"""Cases of which one NumPy file holds answers and results: the goldens of options of statistics and added fields.

A folder has one ``.npz`` with keys KIND/NAME/WHAT: of kind ``stat`` answers, tracks, header and fields; of kind ``add``
answers, input, tracks, header and values, or the sha256 of the file of regions. Inputs lie in ``../in``, packed by xz.
"""

from __future__ import annotations

import lzma
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .cases import Case, CaseError, Output, Step, unpacked
from .statistics_cases import ANSWERS, EXTENSION, FIELDS, TRACKS

Array = npt.NDArray[Any]
HEADER_LINES = 7
_GRID, _GAPPY = "vo.nc", "mslm.nc"
_PLACES = "3\n10.0 50.0\n355.0 60.0\n120.5 -20.0\n"
_EARLIER = "ff_trs_addfld.xz"


def is_option_case(folder: Path) -> bool:
    """Whether a folder holds such cases."""
    return not (folder / ANSWERS).exists() and not (folder / "case.json").exists() and len(_files(folder)) == 1


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz")) if folder.is_dir() else []


def load_option_cases(folder: Path, room: Path) -> list[Case]:
    """All cases of a folder, each written out as a folder of its own in `room`.

    Raises
    ------
    CaseError
        If the file or an input cannot be used.
    """
    (path,) = _files(folder)
    try:
        with np.load(path) as file:
            held = {key: file[key] for key in file.files}
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: cannot be read ({error})") from None
    names = [key.removesuffix("/answers") for key in held if key.endswith("/answers")]
    try:
        return [_case(held, name, folder, room / name.replace("/", "_")) for name in names]
    except (KeyError, OSError, lzma.LZMAError) as error:
        raise CaseError(f"{path}: cannot be used ({type(error).__name__}: {error})") from None


def _case(held: Mapping[str, Array], name: str, folder: Path, own: Path) -> Case:
    """Write one case out."""
    own.mkdir()
    about = {key.removeprefix(f"{name}/"): value for key, value in held.items() if key.startswith(f"{name}/")}
    (own / ANSWERS).write_text("\n".join([*str(about["answers"]).split(), ""]))
    (own / TRACKS).write_bytes(_tracks(held, str(about.get("tracks", "ff_trs_24")), folder.parent))
    if name.startswith("stat/"):
        given, outputs = _GRID, _statistics_outputs(about)
        places = {_GRID: folder.parent / "in" / f"{FIELDS[1]}.xz"}
    else:
        given, outputs = str(about["input"]), _sampling_outputs(about)
        places = {field: folder.parent / "in" / f"{field}.xz" for field in FIELDS}
        if given not in (*FIELDS, _GAPPY):
            places[given] = folder.parent.parent / "formats" / "inputs" / given
        (own / "locs.dat").write_text(_PLACES)
        if given == _GAPPY:
            _with_gaps(unpacked(places[FIELDS[0]]), own / given)
    step = Step(name="answers", input=given, extension=EXTENSION, answers=ANSWERS, moves=(), fails=False)
    return Case(folder=own, name=name, inputs=tuple(places), steps=(step,), outputs=outputs, places=places)


def _statistics_outputs(about: Mapping[str, Array]) -> tuple[Output, ...]:
    text, fields = f"stat_trs{EXTENSION}", f"stat_trs{EXTENSION}_1.nc"
    return (
        Output(name=text, sha256=None, stored=False, check=partial(_header_difference, str(about["header"]))),
        Output(name=fields, sha256=None, stored=False, check=partial(_fields_difference, about["fields"])),
    )


def _sampling_outputs(about: Mapping[str, Array]) -> tuple[Output, ...]:
    name = f"ff_trs{EXTENSION}_addfld"
    if "sha256" in about:
        return (Output(name=f"{name}_reg", sha256=str(about["sha256"]), stored=False),)
    check = partial(_values_difference, str(about["header"]), about["values"])
    return (Output(name=name, sha256=None, stored=False, check=check),)


def _header_difference(theirs: str, path: Path) -> str | None:
    ours = path.read_text().splitlines()[:HEADER_LINES]
    for k, (a, b) in enumerate(zip(ours, theirs.splitlines(), strict=False), start=1):
        if a != b:
            return f"line {k}: {a!r} != {b!r}"
    return None if len(ours) == len(theirs.splitlines()) else f"{len(ours)} lines"


def _fields_difference(theirs: Array, path: Path) -> str | None:
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        names = [name for name in file.variables if file[name].ndim == 2 and not name.startswith("spare")]
        ours = np.array([file[name][:] for name in names])
    return _array_difference(ours, theirs)


def _values_difference(header: str, theirs: Array, path: Path) -> str | None:
    lines = path.read_text().splitlines()
    if header not in lines:
        return f"there is no line {header!r}"
    rows = [line.split(" & ")[1:-1] for line in lines if " & " in line]
    ours = np.array([[np.float32(cell) for cell in row] for row in rows], np.float32)
    return _array_difference(ours[:, ours.shape[1] - theirs.shape[1] :], theirs)


def _array_difference(ours: Array, theirs: Array) -> str | None:
    """Where numbers first differ, bit for bit."""
    if ours.shape != theirs.shape:
        return f"{ours.shape} numbers != {theirs.shape}"
    different = np.flatnonzero(np.ravel(ours).view(np.uint32) != np.ravel(theirs).view(np.uint32))
    if not len(different):
        return None
    k = int(different[0])
    return f"number {k}: {ours.flat[k]!r} != {theirs.flat[k]!r}; {len(different)} of {ours.size} differ"


def _tracks(held: Mapping[str, Array], name: str, goldens: Path) -> bytes:
    """A file of tracks by its name, or with the added fields of another golden."""
    if name in ("CH", "CHAIN"):
        return unpacked(goldens / "add_min_search" / _EARLIER)
    if name != "CH2":
        return unpacked(goldens / "in" / f"{name}.xz")
    header, values = str(held["add/iter/header"]), iter(held["add/iter/values"].tolist())
    lines = unpacked(goldens / "in" / "ff_trs_24.xz").decode().splitlines()
    for k, line in enumerate(lines):
        words = line.split(" ")
        if line.startswith("TRACK_NUM"):
            lines[k] = header
        elif k > 2 and words[0].isdigit():
            added = "".join(f"{value:e} & " for value in next(values))
            lines[k] = " ".join(words[:4]) + " & " + added + " ".join(words[4:])
    return "\n".join([*lines, ""]).encode()


def _with_gaps(field: bytes, path: Path) -> None:
    """A field in which some values are missing, as the goldens' README describes it."""
    import netCDF4

    path.write_bytes(field)
    with netCDF4.Dataset(path, "a") as file:
        file.set_auto_maskandscale(False)
        variable = next(v for v in file.variables.values() if v.ndim >= 3)
        variable.missing_value = np.float32(-999)
        values = variable[:]
        gaps = np.random.default_rng(5).random((24, 64, 128)) < 0.03
        variable[:] = np.where(gaps.reshape(values.shape), np.float32(-999), values)


def room_for_cases() -> tempfile.TemporaryDirectory[str]:
    """Where cases are written out; removed when it is left."""
    return tempfile.TemporaryDirectory(prefix="stormtrack-parity-cases-")
