"""Frames of a long series in overlapping chunks, as the original's job script cuts them.

References
----------
Specification 01, section 14. Parity: bitwise (the chunks decide the spliced tracks).
"""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import UserInputError

BACK = 2
"""A chunk begins this many frames before the last one of the chunk before."""
SIZE = 62
"""Last frame of the first chunk."""
LAST_EXTENSION = 15
"""Frames that the last chunk runs beyond the regular end."""
FEWEST_FRAMES = 4
"""Linking needs this many frames to give tracks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Frames `first`..`last` (1-based, inclusive); `last` may lie beyond the series.

    Attributes
    ----------
    overlap : int
        Frames shared with the chunk before.
    """

    number: int
    first: int
    last: int
    overlap: int = BACK + 1

    @property
    def splice_from(self) -> int:
        """First frame of the chunk that the splice uses (1-based within the chunk)."""
        return 1 if self.number == 1 else self.overlap


def number_of_chunks(n_frames: int, size: int, start: int = 1) -> int:
    """The original's count of chunks: the frames divided by those of the first chunk, rounded up."""
    return max(1, -(-(n_frames - start + 1) // (size - start + 1)))


def plan_chunks(
    n_frames: int,
    *,
    size: int = SIZE,
    start: int = 1,
    count: int | None = None,
    back: int = BACK,
    final_frame: int = 0,
    complete: bool = False,
) -> list[Chunk]:
    """Cut a series into chunks.

    Parameters
    ----------
    n_frames : int
        Frames of the series.
    size : int
        Last frame of the first chunk (the original's FN); with `start` 1 its number of frames.
    start : int
        First frame, 1-based (ST).
    count : int, optional
        Number of chunks; by default the original's rule.
    back : int
        A chunk begins this many frames before the end of the one before (BACK).
    final_frame : int
        No chunk goes beyond it (TERMFR); 0 for none.
    complete : bool
        Extend the last chunk to the end of the series, where the original's rule would lose the tail.

    Raises
    ------
    UserInputError
        If the first chunk is no longer than the overlap, or numbers are out of range.
    """
    if start < 1 or back < 1 or final_frame < 0:
        raise UserInputError(f"chunks from frame {start}, {back} frames back: both must be 1 or more")
    if size - start + 1 <= back + 1:
        raise UserInputError(
            f"chunks of frames {start} to {size} cannot overlap by {back + 1}; give at least {start + back + 1} "
            "as the last frame of the first chunk (62 is usual)"
        )
    end = min(n_frames, final_frame) if final_frame else n_frames
    total = number_of_chunks(end, size, start) if count is None else count
    chunks: list[Chunk] = []
    first, last, stride = start, size, size - start
    for number in range(1, total + 1):
        until = max(last, end) if complete and number == total else last
        until = min(until, final_frame) if final_frame else until
        chunks.append(Chunk(number=number, first=first, last=until, overlap=back + 1))
        first = last - back
        last += stride if number + 1 < total else stride + LAST_EXTENSION
    return chunks


def check_chunks(chunks: list[Chunk], n_frames: int) -> None:
    """Refuse chunks that hold too few frames of the series to give tracks.

    Raises
    ------
    UserInputError
        Naming the first such chunk.
    """
    for chunk in chunks:
        if min(chunk.last, n_frames) - chunk.first + 1 < FEWEST_FRAMES:
            raise UserInputError(
                f"chunk {chunk.number} of {len(chunks)} would be frames {chunk.first} to {chunk.last}, but the input "
                f"has {n_frames}; a chunk needs {FEWEST_FRAMES} frames: give other numbers to -n (the third one may "
                "be left out: it is then computed)"
            )


def dropped_frames(chunks: list[Chunk], n_frames: int) -> int:
    """Frames at the end of the series that no chunk reaches."""
    return max(0, n_frames - max((c.last for c in chunks), default=0))
