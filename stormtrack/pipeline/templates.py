"""Marked-up answer templates: markers replaced by chunk numbers and paths, as the original's job script does.

References
----------
Specification 01, section 14.
"""

from __future__ import annotations

import re

from ..errors import AnswersError
from .chunks import Chunk


def fill_template(text: str, chunk: Chunk, initial_path: str, *, keeps_first_only: bool) -> str:
    """Answers of one chunk.

    Parameters
    ----------
    text : str
        Template with the markers ``2#`` (start), ``30!`` (end), ``i%`` and ``n~`` (time-average questions) and
        ``%INITIAL%``.
    chunk : Chunk
        Frames to run.
    initial_path : str
        File of start-up answers.
    keeps_first_only : bool
        The job script's flag of the second template: lines marked ``n~`` stay as they are in later chunks.
    """
    lines: list[str] = []
    for original in text.split("\n"):
        line = re.sub(r"^[0-9]*#", str(chunk.first), original)
        line = re.sub(r"^[0-9]*!", str(chunk.last), line)
        if chunk.number == 1:
            line = re.sub(r"^i%", "i", line)
            line = re.sub(r"^n~", "n", line)
        else:
            line = re.sub(r"^i%", "y", line)
            if line.startswith("n~") and not keeps_first_only:
                continue
        lines.append(line.replace("%INITIAL%", initial_path))
    return "\n".join(lines)


def fill_splice_template(text: str, sets: list[tuple[str, str, int]], initial_path: str) -> str:
    """Answers of the splice: the list of chunks put in after the line with the number of sets.

    Parameters
    ----------
    text : str
        Template; the line ``12!`` takes the number of sets, the line ``initial`` the file of start-up answers.
    sets : list of (object file, track file, first frame)
        Chunks in order.
    initial_path : str
        File of start-up answers.

    Raises
    ------
    AnswersError
        If the template has no line for the number of sets.
    """
    lines: list[str] = []
    marked = False
    for line in text.split("\n"):
        if not marked and re.match(r"^[0-9]+!", line):
            marked = True
            lines.append(re.sub(r"^[0-9]+!", str(len(sets)), line))
            for objects, tracks, first in sets:
                lines += [objects, tracks, str(first)]
        else:
            lines.append(line.replace("initial", initial_path))
    if not marked:
        raise AnswersError(
            "the splice template has no line like '12!' for the number of chunks",
            prompt="splice.nsets",
            hint="Mark the line with the number of sets by a '!' after the number",
        )
    return "\n".join(lines)
