"""Searching a series in blocks of frames on workers that read them themselves: features come back, fields never do.

Where fields come from decides what travels. A field in files is opened by every worker, and a block is two numbers.
Of an array of Dask a block is that part of its graph, which is computed on the worker. An array in memory has to be
sent, block by block.

Parity: bitwise, as the search frame after frame.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import F32
from ..backends.blocks import blocks
from ..backends.protocol import Backend
from ..core.detecting import Passes
from ..errors import FieldError
from ..fields.source import ArraySource
from ..fields.travelling import FieldBlock
from ..model.features import Features, concatenated
from ..settings.recipe import Recipe
from ..sources.source import Source
from .filters import BATCH
from .frames import Frames, Input
from .quantities import Seen, Strengths


@dataclass(frozen=True, kw_only=True, eq=False)
class FrameBlock:
    """Frames that follow one another.

    Attributes
    ----------
    start, stop : int
        First frame (0-based), and the one behind the last.
    fields : tuple of FieldBlock, or of float32, shape (stop - start, ny, nx)
        Raw frames of every source that travels with its blocks.
    """

    start: int
    stop: int
    fields: tuple[Any, ...] = ()

    @property
    def is_lazy(self) -> bool:
        """Values are to be computed by Dask."""
        return any(isinstance(field, FieldBlock) and field.is_lazy for field in self.fields)

    def __str__(self) -> str:
        return f"frames {self.start + 1} to {self.stop}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockFound:
    """What was found in a block.

    Attributes
    ----------
    features : list of Features
        Those of every search, of all frames of the block: one table travels sooner than many.
    seen : Seen
        How strong the frames were.
    """

    features: list[Features]
    seen: Seen


class BlockSource(Source):
    """A source of which a worker gets the frames block by block."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.name)
        self.lon, self.lat, self.n_frames = source.lon, source.lat, source.n_frames
        self._start, self._values = 0, np.zeros((0, self.ny, self.nx), np.float32)

    def put(self, start: int, field: FieldBlock | F32) -> None:
        """Frames from `start` (0-based) on."""
        self._start, self._values = start, field.values() if isinstance(field, FieldBlock) else field

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        at = number - 1 - self._start
        if not 0 <= at < len(self._values):
            return None
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        frame[...] = self._values[at]
        return frame

    def close(self) -> None:
        """There is nothing to close."""


class BlockSearch:
    """The task of searching blocks; can be pickled.

    Parameters
    ----------
    given : Input
        With a `BlockSource` for every source that travels with its blocks.
    recipe : Recipe
    factor : float
    passes : Passes
    """

    def __init__(self, given: Input, recipe: Recipe, factor: float, passes: Passes) -> None:
        self._given, self._recipe, self._factor, self._passes = given, recipe, factor, passes

    def worker(self) -> Callable[[FrameBlock], BlockFound]:
        """Reading, filtering and searching of the frames of a block."""
        frames, search = Frames(self._given), self._passes.worker()
        sent = [source for source in self._given.sources if isinstance(source, BlockSource)]

        def process(block: FrameBlock) -> BlockFound:
            for source, field in zip(sent, block.fields, strict=True):
                source.put(block.start, field)
            strengths = Strengths(self._recipe, self._factor)
            read = strengths.watched(frames.block(block.start, block.stop))
            found = [search((index, frame, None)) for index, frame in enumerate(read, block.start)]
            each = [concatenated(frames) for frames in zip(*found, strict=True)]
            return BlockFound(features=each, seen=strengths.seen)

        return process


def search_blocks(
    frames: Frames, recipe: Recipe, strengths: Strengths, passes: Passes, backend: Backend
) -> Generator[list[Features]]:
    """Features of every block, those of every search; `strengths` learns how strong the frames are.

    Memory of this process: the features, and with arrays in memory the blocks that are under way.
    """
    given = frames.given
    sent = [source for source in given.sources if not _is_opened_there(source)]
    there = tuple(BlockSource(source) if source in sent else source for source in given.sources)
    task = BlockSearch(replace(given, sources=there), recipe, strengths.factor, passes)
    items = (
        FrameBlock(start=start, stop=stop, fields=tuple(_frames_of(source, start, stop) for source in sent))
        for start, stop in _cuts(frames, backend.n_workers)
    )
    with closing(backend.map(task, items)) as results:
        for found in results:
            strengths.add(found.seen)
            yield found.features


def _cuts(frames: Frames, n_workers: int) -> Iterator[tuple[int, int]]:
    """Where the series is cut: where chunks of Dask end, or batches of a filter whose sums may depend on them."""
    given, first = frames.given, frames.given.sources[0]
    frame_bytes = 4 * first.nx * first.ny * len(given.sources)
    depends = given.band is not None and given.engine == "fast"
    in_chunks = isinstance(first, ArraySource) and first.is_lazy and not depends
    ends = first.ends_of_blocks.tolist() if isinstance(first, ArraySource) and in_chunks else ()
    return blocks(frames.n_frames, n_workers, frame_bytes, ends=ends, multiple=BATCH if depends else 1)


def _is_opened_there(source: Source) -> bool:
    """Workers open the source themselves."""
    return isinstance(source, ArraySource) and source.travelling is not None and source.travelling.is_in_files


def _frames_of(source: Source, start: int, stop: int) -> FieldBlock | F32:
    """Frames as they are sent: not computed, if they are Dask's."""
    if isinstance(source, ArraySource) and source.travelling is not None:
        return source.travelling.block(start, stop)
    frames = [source.read(number) for number in range(start + 1, stop + 1)]
    if any(frame is None for frame in frames):
        raise FieldError(f"'{source.name}' ends before frame {stop} of {source.n_frames}")
    return np.stack([frame for frame in frames if frame is not None])
