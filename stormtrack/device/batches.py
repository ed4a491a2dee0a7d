"""Frames stream through a device in batches of a fixed shape; nothing that has no place is dropped.

A program is compiled for a number of frames and of slots. A frame that holds more than there are slots is searched
again with more, a batch for which the device has too little memory is cut in half, and from then on all are.

Parity: features do not depend on the size of the batches (tests/device).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..errors import BackendError
from .packages import DeviceArray, compiling, double_precision, jax
from .program import Slots
from .series import Searched, SeriesProgram, held, needed

BATCH_BYTES = 1 << 28
"""Frames of a batch take so many bytes, at most, in double precision."""
MOST_FRAMES = 64
FEATURES = 128
"""Slots for features of a frame, to begin with."""
_CELLS_PER_POINT, _CELLS_PER_RUN = 4, 24
"""So many have one slot, to begin with."""
_STEP, _ROOM = 128, 1.25
"""Slots are multiples of the one; a frame that needs more gets some beyond that, so that the next has them."""


def batch_size(frame_values: int, n_frames: int = MOST_FRAMES) -> int:
    """How many frames of so many values make a batch; a short series makes one of the next power of two, not of 64."""
    enough = 1 << max(0, n_frames - 1).bit_length()
    return max(1, min(MOST_FRAMES, enough, BATCH_BYTES // (8 * frame_values)))


def _rounded(slots: float) -> int:
    """So many slots, or some more."""
    return -(-int(slots) // _STEP) * _STEP


class Batches:
    """Runs a program batch by batch.

    Parameters
    ----------
    program : SeriesProgram
    size : int
        Frames of a batch.
    slots : Slots, optional
        To begin with.

    Attributes
    ----------
    size : int
    slots : Slots
    compile_seconds : float
        Spent on compiling, or on fetching programs from the cache on disk.
    n_compiled : int
        Programs so far.
    """

    def __init__(self, program: SeriesProgram, size: int, slots: Slots | None = None) -> None:
        self.program, self.size = program, size
        cells = program.cells
        self.slots = slots or Slots(FEATURES, _rounded(cells / _CELLS_PER_POINT), _rounded(cells / _CELLS_PER_RUN))
        self.compile_seconds, self.n_compiled = 0.0, 0
        self._programs: dict[tuple[tuple[int, ...], Slots], Any] = {}

    def searched(self, batches: Iterable[Any]) -> Iterator[Searched]:
        """What each batch holds, as NumPy arrays.

        Parameters
        ----------
        batches : iterable of float32, shape (n, rows, columns)
            NumPy arrays, which are sent to the device, or arrays that live there. The device works on one while the
            results of the one before are used.

        Raises
        ------
        BackendError
            If the device has too little memory for a single frame.
        """
        waiting: tuple[Any, list[Searched] | None] | None = None
        for raw in batches:
            begun = self._begun(raw)
            if waiting is not None:
                yield self._finished(*waiting)
            waiting = raw, begun
        if waiting is not None:
            yield self._finished(*waiting)

    def _begun(self, raw: Any) -> list[Searched] | None:
        """Results that the device still works on; None: it has too little memory."""
        try:
            return [self._run(piece) for piece in self._pieces(raw)]
        except jax.errors.JaxRuntimeError as problem:
            self._halve(problem)
            return None

    def _finished(self, raw: Any, begun: list[Searched] | None) -> Searched:
        """The results, brought back; computed again as long as something had no place."""
        while True:
            try:
                parts = [_to_host(part) for part in begun or map(self._run, self._pieces(raw))]
            except jax.errors.JaxRuntimeError as problem:
                self._halve(problem)
                begun = None
                continue
            whole = _joined(parts, len(raw))
            wanted = needed(whole)
            if all(want <= have for want, have in zip(wanted, held(whole), strict=True)):
                return whole
            self._grow(wanted)
            begun = None

    def _pieces(self, raw: Any) -> list[DeviceArray]:
        """Parts of a batch of `size` frames, the last one filled up with zeros, on the device."""
        with double_precision():
            on_device = jax.device_put(raw)
            if len(raw) == self.size:
                return [on_device]
            pieces = [on_device[start : start + self.size] for start in range(0, len(raw), self.size)]
            more = self.size - len(pieces[-1])
            pieces[-1] = jax.numpy.pad(pieces[-1], ((0, more), (0, 0), (0, 0)))
            return pieces

    def _run(self, piece: DeviceArray) -> Searched:
        """One call of the program."""
        key = (piece.shape, self.slots)
        with double_precision():
            if key not in self._programs:
                self._programs[key] = self._compiled(piece)
            result: Searched = self._programs[key](piece)
        return result

    def _compiled(self, piece: DeviceArray) -> Any:
        slots, started = self.slots, time.perf_counter()
        with compiling():
            made = jax.jit(lambda raw: self.program.search(raw, slots)).lower(piece).compile()
        self.compile_seconds += time.perf_counter() - started
        self.n_compiled += 1
        return made

    def _grow(self, wanted: Slots) -> None:
        """More slots from now on, if a frame needs them."""
        pairs = zip(self.slots, wanted, strict=True)
        self.slots = Slots(*(have if want <= have else _rounded(want * _ROOM) for have, want in pairs))

    def _halve(self, problem: Exception) -> None:
        """Smaller batches from now on; or the error as it is, if it is not about memory."""
        if "RESOURCE_EXHAUSTED" not in str(problem) and "out of memory" not in str(problem).lower():
            raise problem
        if self.size == 1:
            raise BackendError(
                f"{jax.devices()[0]} has too little memory for one frame ({problem}); use engine='fast', or a device "
                "with more memory"
            ) from problem
        self.size //= 2
        self._programs.clear()


def _to_host(searched: Searched) -> Searched:
    """Features and points, brought back; the fields stay."""
    fetched: Searched = jax.device_get(searched)
    return fetched


def _joined(parts: list[Searched], n_frames: int) -> Searched:
    """The results of all parts of a batch, without those of frames of zeros."""
    joined: Searched = jax.tree.map(lambda *arrays: np.concatenate(arrays)[:n_frames], *parts)
    return joined


def frames_of(searched: Searched) -> Iterator[Searched]:
    """The results of a batch frame by frame."""
    leaves, tree = jax.tree.flatten(searched)
    for values in zip(*leaves, strict=True):
        yield jax.tree.unflatten(tree, values)
