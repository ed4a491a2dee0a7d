"""From a request to the runs that it takes, and to what identifies them when an interrupted run goes on.

References
----------
Specification 01, section 14.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ... import __version__
from ...answers.conversation import Conversation
from ...errors import FieldError, UserInputError
from ..data import RunData
from ..facts import RunFacts
from ..names import OutputNames
from ..reasons import explained
from ..report import Silent
from .chunks import Chunk, check_chunks, dropped_frames, plan_chunks
from .markers import INITIAL, check_template, fill_splice_template, fill_template, initial_folder
from .request import MasterRequest
from .standard import Found, find

STARTUP = "startup"
"""Name of the start-up answers in a run's scratch folder."""
_TABLES = ("DATZN", "DATAD", "CONSDAT_SMOOPY", "CONSDAT_SPHERY", "FRTIMES")
_PARAMETER_SETS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One of the two trackings.

    Attributes
    ----------
    name, result : str
        In the names of chunk folders, and of spliced tracks.
    template_suffix : str
    keeps_first_only : bool
        The job script's flag of the second template.
    """

    name: str
    result: str
    template_suffix: str
    keeps_first_only: bool


SIGNS = (
    Sign(name="MAX", result="pos", template_suffix="", keeps_first_only=False),
    Sign(name="MIN", result="neg", template_suffix="_A", keeps_first_only=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterPlan:
    """All runs of a request.

    Attributes
    ----------
    n_frames : int
        Frames of the input that are wanted (all, or up to the final frame).
    chunks : list of Chunk
    templates : dict of str to Found
        Templates by the name of their sign.
    splice_template : Found
    initial : Found or None
    identity : dict of str to str
        What must be the same for an interrupted run to go on.
    """

    n_frames: int
    chunks: list[Chunk]
    templates: dict[str, Found]
    splice_template: Found
    initial: Found | None
    identity: dict[str, str]

    @property
    def dropped(self) -> int:
        """Frames at the end that no chunk reaches."""
        return dropped_frames(self.chunks, self.n_frames)

    @property
    def n_steps(self) -> int:
        """Chunks and splices."""
        return len(SIGNS) * (len(self.chunks) + 1)

    def answers(self, sign: Sign, chunk: Chunk) -> bytes:
        """Answers of one chunk."""
        template = self.templates[sign.name].content
        return fill_template(template, chunk, STARTUP, keeps_first_only=sign.keeps_first_only)

    def splice_answers(self, sets: list[tuple[str, str, int]]) -> bytes:
        """Answers of the splice of one sign."""
        return fill_splice_template(self.splice_template.content, sets, STARTUP)


def make_plan(request: MasterRequest, environment: Mapping[str, str] = os.environ) -> MasterPlan:
    """Look up templates, open the input, and cut the series.

    Raises
    ------
    UserInputError
        For templates, data or numbers that cannot be used.
    """
    templates = {s.name: find(f"{request.template}{s.template_suffix}.in", "template", "-s") for s in SIGNS}
    for template in templates.values():
        check_template(template.content, template.name)
    splice_template = find(request.splice_template, "splice template", "--splice-template")
    fill_splice_template(splice_template.content, [], STARTUP)
    initial = None if request.initial is None else _initial(request.initial, templates)
    if initial is None and any(INITIAL.encode() in t.content for t in templates.values()):
        raise UserInputError(
            f"the template asks for a start-up file ({INITIAL}): name one by -k, as in -k=initial.T42_NH"
        )
    n_frames = input_frames(request.input_path, templates[SIGNS[0].name], initial)
    final = request.numbers.final_frame
    wanted = min(n_frames, final) if final else n_frames
    chunks = _chunks(request, wanted)
    check_chunks(chunks, wanted)
    plan = MasterPlan(
        n_frames=wanted,
        chunks=chunks,
        templates=templates,
        splice_template=splice_template,
        initial=initial,
        identity={},
    )
    plan.identity.update(_identity(request, plan, environment))
    return plan


def _chunks(request: MasterRequest, wanted: int) -> list[Chunk]:
    numbers = request.numbers
    if request.one_go:
        return [Chunk(number=1, first=numbers.start, last=wanted)]
    return plan_chunks(
        wanted,
        size=numbers.size,
        start=numbers.start,
        count=numbers.count or None,
        back=numbers.back,
        final_frame=numbers.final_frame,
        complete=request.complete,
    )


def _initial(name: str, templates: Mapping[str, Found]) -> Found:
    folder = next(filter(None, (initial_folder(t.content) for t in templates.values())), "")
    return find(name, "start-up file", "-k", folder=folder)


def input_frames(path: Path | str, template: Found, initial: Found | None) -> int:
    """Number of frames of the input, opened as the start-up answers say.

    Raises
    ------
    UserInputError
        If the input or the answers cannot be used.
    """
    whole = fill_template(template.content, Chunk(number=1, first=1, last=1), STARTUP, keeps_first_only=False)
    startup = b"" if initial is None else initial.content

    def read(name: str) -> bytes:
        return startup if name == STARTUP else Path(name).read_bytes()

    with RunData(path) as data:
        facts = RunFacts(data, OutputNames(folder=Path()), os.environ, Silent())
        conversation = Conversation(whole, facts, read_file=read, name=template.name)
        try:
            data.settle(conversation.startup())
            found = data.source.n_frames
        except UserInputError as error:
            raise explained(error, data, conversation) from error
    if found < 1:
        raise FieldError(f"'{path}' does not say how many frames it holds; a series is needed")
    return found


def _identity(request: MasterRequest, plan: MasterPlan, environment: Mapping[str, str]) -> dict[str, str]:
    average = time_average(request.extension)
    templates = {f"template for {sign.name}": _digest(plan.templates[sign.name].content) for sign in SIGNS}
    return {
        "stormtrack": __version__,
        **_identity_of_input(request),
        **templates,
        "splice template": _digest(plan.splice_template.content),
        "start-up file": "none" if plan.initial is None else _digest(plan.initial.content),
        "time average": _digest(average.read_bytes()) if average.is_file() else "none",
        "parameter tables": _digest(b"".join(_tables(environment))),
        "chunks": " ".join(f"{c.first}-{c.last}" for c in plan.chunks),
        "overlap": str(plan.chunks[0].overlap),
        "extension": request.extension,
        "compression": "gzip" if request.compress else "none",
        **({"missing values": "kept"} if request.keep_missing else {}),
    }


def _identity_of_input(request: MasterRequest) -> dict[str, str]:
    if request.is_remote:
        return {"address of the input": request.input_name}
    about = Path(request.input_path).stat()
    return {"size of the input": str(about.st_size), "time of the input": str(about.st_mtime_ns)}


def time_average(extension: str) -> Path:
    """The file of time averages that every chunk gets if it is there: ``user_tavgEXT`` in the current folder."""
    return Path(f"user_tavg{extension}").resolve()


def _tables(environment: Mapping[str, str]) -> list[bytes]:
    """Contents of the parameter tables that the environment names."""
    found: list[bytes] = []
    for variable, value in table_paths(environment).items():
        numbered = [f"{value}{k}" for k in range(_PARAMETER_SETS)] if variable in _TABLES[:2] else [value]
        found += [variable.encode() + Path(path).read_bytes() for path in numbered if Path(path).is_file()]
    return found


def table_paths(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables that name parameter tables, as absolute paths."""
    return {name: str(Path(environment[name]).absolute()) for name in _TABLES if environment.get(name)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
