"""Marked-up answer templates: markers replaced by chunk numbers and paths, as the original's job script does.

Templates are bytes, because answers are; whatever is not a marker is kept as it stands.

References
----------
Specification 01, section 14.
"""

from __future__ import annotations

import re

from ...errors import AnswersError
from .chunks import Chunk

FIRST, LAST, SETS, INITIAL = "2#", "30!", "12!", "%INITIAL%"
"""Markers as the shipped templates spell them (any digits may stand before the sign)."""


def fill_template(template: bytes, chunk: Chunk, initial_path: str, *, keeps_first_only: bool) -> bytes:
    """Answers of one chunk.

    Parameters
    ----------
    template : bytes
        With the markers ``2#`` (start), ``30!`` (end), ``i%`` and ``n~`` (time-average questions) and ``%INITIAL%``.
    chunk : Chunk
        Frames to run.
    initial_path : str
        File of start-up answers; takes the place of the marker and of a folder written before it.
    keeps_first_only : bool
        The job script's flag of the second template: lines marked ``n~`` stay as they are in later chunks.
    """
    lines: list[bytes] = []
    for original in template.split(b"\n"):
        line = re.sub(rb"^[0-9]*#", b"%d" % chunk.first, original)
        line = re.sub(rb"^[0-9]*!", b"%d" % chunk.last, line)
        if chunk.number == 1:
            line = re.sub(rb"^i%", b"i", line)
            line = re.sub(rb"^n~", b"n", line)
        else:
            line = re.sub(rb"^i%", b"y", line)
            if line.startswith(b"n~") and not keeps_first_only:
                continue
        lines.append(re.sub(rb"\S*%INITIAL%", initial_path.encode(), line))
    return b"\n".join(lines)


def initial_folder(template: bytes) -> str:
    """What a template writes before ``%INITIAL%``: mostly nothing, in some the folder of the start-up files."""
    found = re.search(rb"(\S*)%INITIAL%", template)
    return "" if found is None else found[1].decode("ascii", "replace")


def check_template(template: bytes, name: str) -> None:
    """Refuse a template whose chunks would all be the same.

    Raises
    ------
    AnswersError
        If a marker of the frames is missing.
    """
    for mark, what, example in ((b"#", "first", FIRST), (b"!", "last", LAST)):
        if re.search(rb"^[0-9]*" + mark, template, re.MULTILINE) is None:
            raise AnswersError(
                f"the template '{name}' has no line like '{example}' for the {what} frame of a chunk",
                prompt="frame.start" if mark == b"#" else "frame.end",
                hint=f"Mark the answer by '{mark.decode()}'",
            )


def fill_splice_template(template: bytes, sets: list[tuple[str, str, int]], initial_path: str) -> bytes:
    """Answers of the splice: the list of chunks put in after the line with the number of sets.

    Parameters
    ----------
    template : bytes
        The line ``12!`` takes the number of sets, the word ``initial`` the file of start-up answers.
    sets : list of (object file, track file, first frame)
        Chunks in order.
    initial_path : str
        File of start-up answers.

    Raises
    ------
    AnswersError
        If the template has no line for the number of sets.
    """
    lines: list[bytes] = []
    marked = False
    for line in template.split(b"\n"):
        if not marked and re.match(rb"^[0-9]+!", line):
            marked = True
            lines.append(re.sub(rb"^[0-9]+!", b"%d" % len(sets), line))
            lines += [str(word).encode() for one in sets for word in one]
        else:
            lines.append(line.replace(b"initial", initial_path.encode()))
    if not marked:
        raise AnswersError(
            f"the splice template has no line like '{SETS}' for the number of chunks",
            prompt="splice.nsets",
            hint="Mark the line with the number of sets by a '!' after the number",
        )
    return b"\n".join(lines)
