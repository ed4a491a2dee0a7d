"""Cases: a folder with ``case.json``, inputs, answer files and, mostly, the outputs of the reference."""

from __future__ import annotations

import gzip
import json
import lzma
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class CaseError(ValueError):
    """A case folder cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One run of the program within a case."""

    name: str
    input: str
    extension: str
    answers: str
    moves: tuple[tuple[str, str], ...]
    fails: bool
    """The reference ends with an error."""
    words: tuple[str, ...] = ()
    """What is typed behind ``stormtrack`` in place of a drop-in run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is known of one output of the reference."""

    name: str
    sha256: str | None
    stored: bool
    check: Callable[[Path], str | None] | None = None
    """Names the first difference of a file of which the case holds a part only."""

    @property
    def stored_name(self) -> str:
        """Name under which the case folder keeps it (perhaps with ``.gz`` appended)."""
        return self.name.replace("/", "__")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case folder, read."""

    folder: Path
    name: str
    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Output, ...]
    places: Mapping[str, Path] = field(default_factory=dict)
    """Where inputs lie that are not in the usual folders, or have other names there."""


def _step(entry: dict[str, Any], number: int) -> Step:
    name = str(entry.get("name") or f"step{number}")
    return Step(
        name=name,
        input=str(entry["input"]),
        extension=str(entry.get("ext", "")),
        answers=str(entry.get("answers") or f"{name}.in"),
        moves=tuple((str(a), str(b)) for a, b in entry.get("moves", [])),
        fails=int(entry.get("returncode", 0)) != 0,
    )


def load_case(folder: Path) -> Case:
    """Read ``case.json`` of a folder.

    Raises
    ------
    CaseError
        If the folder or its ``case.json`` is missing or does not say what to run.
    """
    path = folder / "case.json"
    if not folder.is_dir():
        raise CaseError(f"{folder}: no such folder")
    if not path.is_file():
        raise CaseError(f"{folder}: no case.json in it (docs/parity.md shows what one looks like)")
    try:
        data = json.loads(path.read_text())
        steps = tuple(_step(entry, k + 1) for k, entry in enumerate(data["steps"]))
        outputs = tuple(
            Output(name=name, sha256=about.get("sha256"), stored=bool(about.get("stored", True)))
            for name, about in data.get("outputs", {}).items()
        )
        inputs = tuple(str(name) for name in data.get("inputs", []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(
            f"{path}: cannot be used ({type(error).__name__}: {error}); docs/parity.md shows the format"
        ) from None
    if not steps:
        raise CaseError(f"{path}: 'steps' is empty, so there is nothing to run")
    return Case(folder=folder, name=str(data.get("name") or folder.name), inputs=inputs, steps=steps, outputs=outputs)


def _find(case: Case, name: str) -> Path:
    """The file of an input: in the case, in ``../inputs`` or ``../inputs/ncvar``, plain or gzipped."""
    if name in case.places:
        return case.places[name]
    places = [case.folder, case.folder.parent / "inputs", case.folder.parent / "inputs" / "ncvar"]
    for place in places:
        for candidate in (place / name, place / f"{name}.gz"):
            if candidate.is_file():
                return candidate
    looked = ", ".join(str(p) for p in places)
    raise CaseError(f"{case.folder}: input {name!r} not found (looked in {looked}, also for {name}.gz)")


def unpacked(path: Path) -> bytes:
    """Content of a file packed by xz."""
    return lzma.decompress(path.read_bytes())


def _copy(source: Path, target: Path) -> None:
    if source.suffix == ".gz" and target.suffix != ".gz":
        with gzip.open(source) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    elif source.suffix == ".xz" and target.suffix != ".xz":
        target.write_bytes(unpacked(source))
    else:
        shutil.copyfile(source, target)


def lay_out(case: Case, work: Path) -> None:
    """Put a case's inputs and own files (answers, initial files, tables; not stored outputs) into `work`.

    Raises
    ------
    CaseError
        If an input or an answer file is missing.
    """
    stored = {o.stored_name for o in case.outputs} | {"case.json"}
    for path in sorted(case.folder.iterdir()):
        plain = path.name.removesuffix(".gz")
        if path.is_file() and plain not in stored and plain.removesuffix(".frames.npz") not in stored:
            _copy(path, work / plain if plain in case.inputs else work / path.name)
    for name in case.inputs:
        if not (work / name).exists():
            _copy(_find(case, name), work / name)
    for step in case.steps:
        if not (work / step.answers).is_file():
            raise CaseError(f"{case.folder}: the answer file {step.answers!r} of step {step.name!r} is missing")


def stored_bytes(case: Case, output: Output) -> bytes | None:
    """The reference's bytes of an output, or None if the case does not hold them."""
    plain = case.folder / output.stored_name
    if plain.is_file():
        return plain.read_bytes()
    packed = plain.with_name(f"{plain.name}.gz")
    return gzip.decompress(packed.read_bytes()) if packed.is_file() else None
