"""The way back: the dialogue asks a script instead of a file, and what it takes is written down as TRACK reads it.

A script is what settings answer to the prompts of one run. It is told by functions beside those that build settings
from answers; the dialogue itself, with its order and its conditions, is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..errors import AnswersError
from .asking import Asker
from .facts import Facts
from .numbers import parse_float32
from .rows import Row, Scene
from .stream import Kind, Value

NEUTRAL: Scene = {
    "load_country_map": "n",
    "use_initial": 0,
    "pp.continue": "y",
    "nc.summary": "n",
    "reuse.display": "n",
    "object_fit.check": "n",
    "shape.plot?": "n",
    "plot_first?": "n",
    "plot_multiple": 0,
    "plot.style": 0,
    "plot_initial?": "n",
    "plot_min_points": 0,
    "plot_track": 0,
    "splice.plot?": "n",
    "splice.again?": "n",
    "filter.block": 1,
    "lsq.memory_map": 0,
    "dct.continue?": "y",
    "wind.continue?": "y",
    "mean.filtered_variance?": "n",
}
"""Answers to prompts that have no influence on what a run does, or can be answered in one way only."""


@dataclass(slots=True)
class TableFiles:
    """Parameter tables that answers name or a run looks for.

    Attributes
    ----------
    files : dict
        Bytes by file name.
    environment : dict
        Variables that say where TRACK finds some of them.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> str:
        """Take up a file; its name.

        Raises
        ------
        AnswersError
            If another table has that name.
        """
        if self.files.setdefault(name, data) != data:
            raise AnswersError(f"two tables that differ would be one file '{name}'; TRACK reads one of that name")
        return name

    def add_new(self, stem: str, data: bytes) -> str:
        """Take up a file under a name of its own."""
        number = 1
        while self.files.get(f"{stem}{number}.dat", data) != data:
            number += 1
        return self.add(f"{stem}{number}.dat", data)

    def read(self, path: str) -> bytes:
        """Bytes of a file; `FileNotFoundError` if there is none of the name."""
        if path not in self.files:
            raise FileNotFoundError(2, "it is none of the tables of the plan", path)
        return self.files[path]


class Script:
    """Answers in the order of the dialogue.

    The answer to a prompt is that of the present scene; where that has none, or has given it, the next scene that has
    one begins.

    Parameters
    ----------
    scenes : sequence of Scene
    """

    def __init__(self, scenes: Sequence[Scene]) -> None:
        self._rest = [dict(scene) for scene in scenes]

    def answer(self, key: str) -> Value | None:
        """The answer to a prompt; None if there is none."""
        for number, scene in enumerate(self._rest):
            if key in scene:
                del self._rest[:number]
                return scene.pop(key)
        return NEUTRAL.get(key)


class TellingAsker(Asker):
    """Takes the answers of a script, and keeps them as the text of an answer file.

    Parameters
    ----------
    script : Script
    facts : Facts
        What is known about the data.
    """

    def __init__(self, script: Script, facts: Facts) -> None:
        super().__init__(b"", facts)
        self._script = script

    @property
    def text(self) -> bytes:
        """The answer file, as far as it has been asked."""
        return self.stream.data.lstrip(b"\n") + b"\n"

    def _ask(self, row: Row, broken: bool) -> bool:
        value = self._script.answer(row.key)
        if value is None:
            raise AnswersError(
                "the dialogue asks this, and the plan says nothing about it",
                prompt=row.key,
                hint=f"Asked: {row.meaning}. The plan belongs to other data, or no dialogue can express it",
            )
        self.stream.extend((b" " if row.joined else b"\n") + written(value, row))
        return super()._ask(row, broken)


def written(value: Value, row: Row) -> bytes:
    """An answer as it stands in a file.

    Parameters
    ----------
    value : int, float or str
    row : Row
        The prompt.

    Raises
    ------
    AnswersError
        If the prompt cannot take it.
    """
    try:
        return _WRITERS[row.kind](value)
    except (TypeError, ValueError) as error:
        raise AnswersError(
            f"the plan answers {value!r} ({row.meaning}), which cannot be written: {error}", prompt=row.key
        ) from None


def number_text(value: float, *, single: bool) -> str:
    """The shortest text that C reads as a number.

    Parameters
    ----------
    value : float
    single : bool
        It is read as float32 (to which it is rounded), else as float64.
    """
    if not single:
        return repr(float(value))
    wanted = parse_float32(repr(float(value)).encode())
    texts = (f"{wanted:.{digits}g}" for digits in range(1, 10))
    return next((text for text in texts if parse_float32(text.encode()) == wanted), repr(wanted))


def _whole(value: Value) -> bytes:
    if isinstance(value, str) or int(value) != value:
        raise TypeError("a whole number is needed")
    return b"%d" % int(value)


def _real(value: Value, *, single: bool) -> bytes:
    if isinstance(value, str):
        raise TypeError("a number is needed")
    return number_text(value, single=single).encode()


def _word(value: Value) -> bytes:
    text = str(value).encode("utf-8", "surrogateescape")
    if len(text.split()) != 1 or text.split()[0] != text or b"\0" in text:
        raise ValueError("TRACK reads one word, up to the next blank")
    return text


def _character(value: Value) -> bytes:
    text = str(value).encode("latin-1")
    if len(text) != 1 or text.isspace():
        raise ValueError("one character is needed, no blank")
    return text


_WRITERS: dict[Kind, Callable[[Value], bytes]] = {
    "c": _character,
    "s": _word,
    "d": _whole,
    "ld": _whole,
    "f": lambda value: _real(value, single=True),
    "lf": lambda value: _real(value, single=False),
}
