"""Frames of a long series in overlapping chunks, as the original's job script cuts them.

References
----------
Specification 01, section 14. Parity: bitwise (the chunks decide the spliced tracks).
"""

from __future__ import annotations

from dataclasses import dataclass

OVERLAP = 3
"""Frames that consecutive chunks share; in the splice a later chunk is used from this frame on."""
LAST_EXTENSION = 15
"""Frames that the last chunk runs beyond the regular end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Frames `first`..`last` (1-based, inclusive); `last` may lie beyond the series."""

    number: int
    first: int
    last: int

    @property
    def splice_from(self) -> int:
        """First frame of the chunk that the splice uses (1-based within the chunk)."""
        return 1 if self.number == 1 else OVERLAP


def number_of_chunks(n_frames: int, size: int) -> int:
    """The original's count of chunks: the series divided by the chunk size, rounded up."""
    return -(-n_frames // size)


def plan_chunks(
    n_frames: int,
    *,
    size: int = 62,
    start: int = 1,
    count: int | None = None,
    final_frame: int = 0,
    complete: bool = False,
) -> list[Chunk]:
    """Cut a series into chunks.

    Parameters
    ----------
    n_frames : int
        Frames of the series.
    size : int
        Frames of the first chunk; later ones start two frames before the end of the one before.
    start : int
        First frame, 1-based.
    count : int, optional
        Number of chunks; by default the original's rule.
    final_frame : int
        The original's TERMFR: no chunk goes beyond it; 0 for none.
    complete : bool
        Extend the last chunk to the end of the series, where the original's rule would lose the tail.

    Raises
    ------
    ValueError
        If a chunk would be shorter than the overlap.
    """
    if size <= OVERLAP:
        raise ValueError(f"chunks of {size} frames cannot overlap by {OVERLAP}; give at least {OVERLAP + 1}")
    total = number_of_chunks(n_frames, size) if count is None else count
    chunks: list[Chunk] = []
    first, last, stride = start, size, size - start
    for number in range(1, total + 1):
        is_last = number == total
        end = max(last, n_frames) if complete and is_last else last
        chunks.append(Chunk(number=number, first=first, last=min(end, final_frame) if final_frame > 0 else end))
        first = last - (OVERLAP - 1)
        last += stride if number + 1 < total else stride + LAST_EXTENSION
    return chunks


def dropped_frames(chunks: list[Chunk], n_frames: int) -> int:
    """Frames at the end of the series that no chunk reaches."""
    return max(0, n_frames - max((c.last for c in chunks), default=0))
