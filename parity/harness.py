"""Running cases and comparing their outputs."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .cases import Case, CaseError, Output, lay_out, stored_bytes
from .compare import difference
from .fields import sample_difference
from .running import Command, StepRun, reference_command, run_steps, stormtrack_command

IDENTICAL = "identical"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputResult:
    """Comparison of one output."""

    name: str
    result: str
    """``identical``, or the first difference (ours != reference)."""

    @property
    def is_identical(self) -> bool:
        """Whether nothing differs."""
        return self.result == IDENTICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came of one case."""

    name: str
    folder: str
    steps: list[StepRun]
    reference_steps: list[StepRun]
    outputs: list[OutputResult]

    @property
    def problems(self) -> list[str]:
        """Steps that did not end as the case says."""
        ours = [f"step {s.name}: {s.problem}" for s in self.steps if s.problem]
        return ours + [f"step {s.name} of the reference: {s.problem}" for s in self.reference_steps if s.problem]

    @property
    def is_identical(self) -> bool:
        """Whether every output is identical and every step ended as it should."""
        return not self.problems and all(o.is_identical for o in self.outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessOptions:
    """How cases are run."""

    live: bool = False
    """The reference is run too, instead of read from the case folder."""
    keep: Path | None = None
    """Work folders are made here and kept."""
    timeout: float = 900.0
    jobs: int = 1
    command: Command = stormtrack_command
    reference: Command = reference_command


def _against_hash(case: Case, output: Output, ours: bytes) -> str:
    """Compare with an output of which the case holds the hash and perhaps some frames."""
    if output.sha256 is None:
        return "cannot be compared: the case holds neither the file nor its sha256"
    found = hashlib.sha256(ours).hexdigest()
    if found == output.sha256:
        return IDENTICAL
    sample = case.folder / f"{output.stored_name}.frames.npz"
    if sample.is_file():
        try:
            if place := sample_difference(ours, sample):
                return place
        except (ValueError, IndexError, KeyError, OSError) as error:
            return f"not readable as a field file ({error})"
        return "sha256 differs, though the frames that the case keeps agree"
    return f"sha256 {found[:12]}... != {output.sha256[:12]}..."


def compare_output(case: Case, output: Output, work: Path, reference_work: Path | None) -> OutputResult:
    """Compare one output in `work` with the stored one, or with the one of a live reference run."""
    path = work / output.name
    theirs: bytes | None
    if reference_work is not None:
        other = reference_work / output.name
        if not other.is_file():
            return OutputResult(name=output.name, result="the reference did not write it")
        theirs = other.read_bytes()
    else:
        theirs = stored_bytes(case, output)
    if not path.is_file():
        return OutputResult(name=output.name, result="not written")
    if output.check is not None and theirs is None:
        return OutputResult(name=output.name, result=output.check(path) or IDENTICAL)
    ours = path.read_bytes()
    if theirs is None:
        return OutputResult(name=output.name, result=_against_hash(case, output, ours))
    return OutputResult(name=output.name, result=difference(ours, theirs, output.name) or IDENTICAL)


@contextmanager
def _work_folder(keep: Path | None, name: str) -> Iterator[Path]:
    """An empty folder, removed afterwards unless it is to be kept."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="stormtrack-parity-") as temporary:
            yield Path(temporary)
        return
    folder = keep / name
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CaseError(f"{folder} exists already; give --keep an empty folder") from None
    yield folder


def _written(case: Case, work: Path) -> tuple[Output, ...]:
    """What a run wrote, for a case that lists no outputs."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(case, Path(folder))
        given = {p.name for p in Path(folder).iterdir()}
    logs = {f"{s.name}.{kind}" for s in case.steps for kind in ("stdout", "stderr")}
    names = sorted(p.name for p in work.iterdir() if p.is_file() and p.name not in given | logs)
    return tuple(Output(name=name, sha256=None, stored=False) for name in names)


def run_case(case: Case, options: HarnessOptions) -> CaseResult:
    """Run one case and compare every output.

    Raises
    ------
    CaseError
        If an input or an answer file is missing.
    """
    label = case.folder.resolve().name
    with ExitStack() as stack:
        work = stack.enter_context(_work_folder(options.keep, label))
        other = stack.enter_context(_work_folder(options.keep, f"{label}.reference")) if options.live else None
        steps = run_steps(case, options.command, work, options.timeout)
        reference_steps = run_steps(case, options.reference, other, options.timeout) if other else []
        outputs = case.outputs or _written(case, other or work)
        results = [compare_output(case, o, work, other) for o in outputs]
    return CaseResult(
        name=case.name, folder=str(case.folder), steps=steps, reference_steps=reference_steps, outputs=results
    )


def run_cases(cases: list[Case], options: HarnessOptions, report: Callable[[CaseResult], None]) -> list[CaseResult]:
    """Run cases, `options.jobs` at a time; `report` is called with each result in the order of the cases."""
    results = []
    with ThreadPoolExecutor(max_workers=max(1, options.jobs)) as pool:
        for result in pool.map(lambda case: run_case(case, options), cases):
            report(result)
            results.append(result)
    return results
