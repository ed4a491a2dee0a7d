"""A whole conversation without a run, and its annotated transcript."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..errors import StormtrackError
from .asking import Misread, Read
from .assumed_facts import AssumedFacts
from .conversation import Conversation
from .facts import Facts
from .parameter_tables import Reader, Tables, read_file

TYPICAL_INITIAL = b"0\ny\nn\ny\ng\ny\n1\n0\ns\n2\n90.\n0.\n1\n129\n1\n64\n0\n150\n150\n"
"""Start-up answers assumed when a replayed file is missing: binary input on a Gaussian 128 x 64 grid, geodesic, the
northern hemisphere on a polar stereographic grid of 150 x 150."""

_MARKERS = {
    b"#": "marker of the first frame, replaced for each chunk",
    b"!": "marker of the last frame, replaced for each chunk",
    b"%": "marker, read without the sign in the first chunk",
    b"~": "marker, read without the sign in the first chunk",
    b"?": "marker of the first frame, replaced for each chunk",
}
_PLACEHOLDERS = {b"NX": "nx", b"NY": "ny", b"TRUNC": "truncation"}
_TRUNCATION = 42
_WIDEST = 36
"""Columns grow up to this width."""


@dataclass(slots=True)
class Explanation:
    """What an answer file says.

    `problem` is the error that would stop a run, None if it would run through.
    """

    reads: tuple[Read, ...]
    misreads: tuple[Misread, ...]
    problem: StormtrackError | None
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Line (0: none) and text of what was assumed or replaced."""


def converse(conversation: Conversation, area_found: bool = True) -> None:
    """Ask everything that a run would ask, in order, without running.

    Parameters
    ----------
    conversation : Conversation
        At its start; its facts decide.
    area_found : bool
        Whether the first frame has an area (otherwise its grid is asked for after the first frame).
    """
    start = conversation.startup()
    if conversation.analysis_menu():
        for _ in conversation.analysis():
            pass
        conversation.finish()
        return
    two = start.projection is not None and len(start.projection.targets) == 2
    linked = True
    for last in (False, True) if two else (True,):
        linked = _hemisphere(conversation, area_found) and linked
        if start.norm != "g" and linked and not last:
            for _ in conversation.linking():
                pass
    conversation.after_frames()
    if linked:
        for _ in conversation.linking():
            pass
    conversation.finish()


def _hemisphere(conversation: Conversation, area_found: bool) -> bool:
    """One pass over the frames; False when there is nothing to link."""
    before = conversation.tracking_before_frames()
    if before.detection is None:
        return True
    first = conversation.tracking_first_frame()
    wanted = first.shape is not None and first.shape.area is not None
    if wanted and area_found:
        conversation.area_refinement()
    conversation.added_surface()
    conversation.after_first_frame()
    if wanted and not area_found:
        conversation.area_refinement()
    return before.detection.feature_type != 0


def explain(
    answers: bytes,
    facts: Facts | None = None,
    *,
    read: Reader = read_file,
    tables: Tables | None = None,
    name: str = "answers",
) -> Explanation:
    """Follow an answer file (or template) through the dialogue.

    Parameters
    ----------
    answers : bytes
        The file.
    facts : Facts, optional
        Facts about the data; typical ones are assumed without them.
    read : callable
        Reads a replayed initial file.
    tables : Tables, optional
        Parameter tables.
    name : str
        Name of the answer file.
    """
    assumed = facts if facts is not None else AssumedFacts()
    data, notes = substitute_markers(answers, assumed)

    def read_or_assume(path: str) -> bytes:
        try:
            return read(path)
        except (OSError, ValueError):
            conversation.answers.facts = AssumedFacts()
            notes.append((0, f"initial file '{path}' is not there: a typical one and typical data are assumed"))
            return TYPICAL_INITIAL

    conversation = Conversation(data, assumed, read_file=read_or_assume, tables=tables, name=name)
    problem: StormtrackError | None = None
    try:
        converse(conversation, assumed.first_area_in_first_frame())
    except StormtrackError as error:
        problem = error
    return Explanation(conversation.reads, conversation.misreads, problem, notes)


def substitute_markers(answers: bytes, facts: Facts) -> tuple[bytes, list[tuple[int, str]]]:
    """Fill in a template: frame markers, the list of chunks of a splice, and size placeholders.

    Line numbers stay. Returns the answers and notes on what was replaced.
    """
    lines = answers.split(b"\n")
    splice = any(re.match(rb"\d+!", line) for line in lines) and not any(re.match(rb"\d+[#?]", line) for line in lines)
    notes: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        bare = line.strip()
        marked = re.fullmatch(rb"(\d+|[yn])([#!%~?])", bare)
        if marked and splice and marked.group(2) == b"!":
            lines[index] = b"1 objout.new_1 tdump_1 1"
            notes.append((index + 1, f"'{bare.decode()}' is the place of the list of chunks; one chunk is assumed"))
        elif marked:
            lines[index] = marked.group(1)
            notes.append((index + 1, f"'{bare.decode()}': {_MARKERS[marked.group(2)]}"))
        elif bare in _PLACEHOLDERS:
            lines[index] = _size(_PLACEHOLDERS[bare], facts)
            notes.append((index + 1, f"'{bare.decode()}': placeholder, {lines[index].decode()} is assumed"))
    return b"\n".join(lines), notes


def _size(what: str, facts: Facts) -> bytes:
    typical = facts if isinstance(facts, AssumedFacts) else AssumedFacts()
    sizes = {"nx": typical.nx, "ny": typical.ny, "truncation": _TRUNCATION}
    return b"%d" % sizes[what]


def render(explanation: Explanation, facts: Facts | None, name: str) -> str:
    """Write the transcript as text with aligned columns."""
    out = [f"{name}: {len(explanation.reads)} prompts", ""]
    rows = [(str(r.line), r.key, r.text, "" if _plain(r) else _value(r.value), r.meaning) for r in explanation.reads]
    heading = ("line", "prompt", "answer", "used", "meaning")
    widths = [min(_WIDEST, max(len(row[column]) for row in (heading, *rows))) for column in range(4)]
    out.append(_row(heading, widths))
    warnings = {(m.source, m.key, m.line, m.text): m.problem for m in explanation.misreads if m.key}
    notes = dict(explanation.notes)
    source = name
    for read, row in zip(explanation.reads, rows, strict=True):
        if read.source != source:
            source = read.source
            out.append(f"      -- {'from ' + source if source != name else 'from the answers again'} --")
        out.append(_row(row, widths))
        warning = warnings.get((read.source, read.key, read.line, read.text))
        if warning:
            out.append(f"      ^ {warning}")
        if source == name and read.line in notes:
            out.append(f"      ^ {notes.pop(read.line)}")
    out += ["", *_ending(explanation, notes)]
    if facts is None:
        out += ["", "assumed about the data (give a file with -i for real facts):"]
        out += [f"  {value:<18} {about}" for value, about in AssumedFacts().describe()]
    return "\n".join(line.rstrip() for line in out) + "\n"


def _ending(explanation: Explanation, notes: dict[int, str]) -> list[str]:
    lines = [text for _, text in sorted(notes.items())]
    lines += [str(m) + f": '{m.text}'" for m in explanation.misreads if not m.key]
    misread = sum(bool(m.key) for m in explanation.misreads)
    if misread:
        lines.append(f"{misread} answers are read otherwise than they look (marked ^)")
    if explanation.problem is not None:
        lines.append(f"stops here: {explanation.problem}")
    else:
        lines.append("all prompts are answered")
    return lines


def _plain(read: Read) -> bool:
    """Whether the value used is just what stands in the file."""
    return read.converted and str(_value(read.value)) == read.text


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    middle = [f"{cell:<{width}}" for cell, width in zip(cells[1:], widths[1:], strict=False)]
    return "  ".join([cells[0].rjust(widths[0]), *middle, cells[-1]])
