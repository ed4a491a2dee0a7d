"""Cases side by side with TRACK: both in the same run, one after the other, outputs compared byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .cases import Case, Target
from .in_process import DETECTION_WALL, measure_in_process
from .inputs import Inputs, Series, need_reference
from .measure import Usage, reference_command, run_measured, stormtrack_command


@dataclass(slots=True, kw_only=True)
class CaseResult:
    """What was measured of a case, pair by pair in the order measured.

    Attributes
    ----------
    case : Case
    origin : str
        Of the input.
    ours, reference : list of Usage
        `reference` has fewer when TRACK was run once only.
    single : list of Usage
        Ours with one thread, where `ours` has two.
    files : int
        Outputs compared.
    different : list of str
        Outputs that are not equal, in any of the pairs.
    """

    case: Case
    origin: str
    ours: list[Usage] = field(default_factory=list)
    reference: list[Usage] = field(default_factory=list)
    single: list[Usage] = field(default_factory=list)
    files: int = 0
    different: list[str] = field(default_factory=list)

    def ratios(self, quantity: str) -> list[float]:
        """TRACK's processor time (``ratio``) or peak memory by ours, pair by pair; TRACK's one run stands for all."""
        if not self.reference:
            return []
        reference = self.reference if len(self.reference) > 1 else self.reference * len(self.ours)
        pairs = zip(self.ours, reference, strict=True)
        if quantity == "memory ratio":
            return [theirs.peak_mib / ours.peak_mib for ours, theirs in pairs]
        return [theirs.cpu / ours.cpu for ours, theirs in pairs]

    def speed_ups(self) -> list[float]:
        """Wall time of detection with one thread by that with two, pair by pair."""
        pairs = zip(self.single, self.ours, strict=True) if self.single else ()
        return [(one.stages or {})[DETECTION_WALL] / (two.stages or {})[DETECTION_WALL] for one, two in pairs]

    def value(self, target: Target) -> float | None:
        """Median of the quantity of a target; None if it was not measured."""
        if target.quantity in ("ratio", "memory ratio"):
            values = self.ratios(target.quantity)
        elif target.quantity == "seconds":
            values = [u.cpu for u in self.ours]
        elif target.quantity == "MiB":
            values = [u.peak_mib for u in self.ours]
        else:
            values = self.speed_ups()
        return median(values) if values else None

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        targets = [
            {
                "quantity": t.quantity,
                "required": t.required,
                "hoped": t.hoped,
                "measured": value,
                "verdict": "not measured" if value is None else t.verdict(value),
            }
            for t in self.case.targets
            for value in (self.value(t),)
        ]
        return {
            "name": self.case.name,
            "about": self.case.about,
            "manner": self.case.manner,
            "input": self.origin,
            "ours": [u.as_dict() for u in self.ours],
            "reference": [u.as_dict() for u in self.reference],
            "ratios": self.ratios("ratio"),
            "memory_ratios": self.ratios("memory ratio"),
            "speed_ups": self.speed_ups(),
            "files": self.files,
            "different": self.different,
            "targets": targets,
        }


def run_case(case: Case, inputs: Inputs, repeat: int, work: Path, say: Callable[[str], object]) -> CaseResult:
    """Measure a case `repeat` times.

    Raises
    ------
    BenchmarkError
        If a program fails or the wheel is missing.
    """
    if case.compares:
        need_reference()
    series = case.series(inputs)
    result = CaseResult(case=case, origin=series.origin)
    for number in range(repeat):
        say(f"{case.name}: {number + 1} of {repeat}")
        ours, theirs = work / "ours", work / "reference"
        if case.manner == "two threads":
            result.single.append(_run(case, "threads-1", series, theirs))
            result.ours.append(_run(case, "threads-2", series, ours))
            _compare(ours, theirs, series, result)
            continue
        result.ours.append(_run(case, "stormtrack", series, ours))
        if case.compares and (number == 0 or not case.is_long):
            result.reference.append(_run(case, "reference", series, theirs))
            _compare(ours, theirs, series, result)
    return result


def _run(case: Case, program: str, series: Series, folder: Path) -> Usage:
    """All runs of a case in a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / series.path.name).symlink_to(series.path.resolve())
    total: Usage | None = None
    for number, answers in enumerate(case.runs, start=1):
        name, extension = series.path.name, f"_{number}"
        if case.manner != "command":
            usage = measure_in_process(program, name, extension, answers, folder)
        else:
            command = stormtrack_command if program == "stormtrack" else reference_command
            usage = run_measured(command(name, extension), answers, folder)
        total = usage if total is None else total.plus(usage)
    assert total is not None
    return total


def _compare(ours: Path, theirs: Path, series: Series, result: CaseResult) -> None:
    names = {p.name for folder in (ours, theirs) for p in folder.iterdir()} - {series.path.name}
    result.files = len(names)
    for name in sorted(names):
        if not _same(ours / name, theirs / name) and name not in result.different:
            result.different.append(name)


def _same(a: Path, b: Path) -> bool:
    if not (a.is_file() and b.is_file()) or a.stat().st_size != b.stat().st_size:
        return False
    with a.open("rb") as first, b.open("rb") as second:
        while block := first.read(1 << 20):
            if block != second.read(1 << 20):
                return False
    return True
