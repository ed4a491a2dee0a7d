"""The shape of the dialogue's table: one row per prompt, and the conditions under which a prompt is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..settings.detection import FourierSettings
from ..settings.linking import AdaptTable
from ..settings.plan import RunPlan, TrackingPlan
from ..settings.startup import StartupSettings
from .facts import Facts
from .stream import Kind, Value

if TYPE_CHECKING:
    from ..settings.time_mean import TimeMeanSettings


@dataclass(slots=True)
class Answers:
    """What has been answered so far in a conversation, seen by conditions and builders.

    `given` holds the answers of the current pass through each section; a prompt that was not asked is absent.
    """

    facts: Facts
    given: MutableMapping[str, Value] = field(default_factory=dict)
    startup: StartupSettings | None = None
    tracking: TrackingPlan = field(default_factory=lambda: TrackingPlan(passes=()))
    """What a tracking run does, as far as it has been answered."""
    hemisphere: int = 0
    """0 in the first pass, 1 in the second."""
    reused: bool = False
    """Objects of a file replace the detected ones: feature types become 4."""
    area_fraction: float = 0.0
    """Last answer of `area.fraction`; the second pass keeps it although it computes no areas."""
    expansion: int = 0
    """Last answer of `transform.expansion`; it stays the margin of boxes."""
    fourier: FourierSettings | None = None
    """Fourier smoothing of objects last answered; it stays in force where it is not asked about."""
    points_refused: bool = False
    """Object points were refused in the first pass; the original then never writes them again."""
    computed_average: TimeMeanSettings | None = None
    """The time average that a pass computes; the next one may use it."""
    objects_from_file: bool = False
    """Objects were read from a file, detected again or not."""
    sets: int = 1
    """Number of parameter sets of linking; kept from attempt to attempt."""
    preprocess_mode: int = 0
    """Pre-processing of linking in force (see `LinkSettings`); never reset, not even by the second pass."""
    adapt: tuple[AdaptTable, ...] = ()
    """Adaptive smoothness last read."""
    scalar: bool = True
    """The spliced tracks are of the scalar kind."""
    additional_fields: int = 0
    """Number of additional fields of the spliced tracks."""

    @property
    def run(self) -> RunPlan:
        """A tracking run as far as it has been answered (whole passes and links)."""
        assert self.startup is not None
        return RunPlan(startup=self.startup, tracking=self.tracking)

    def yes(self, key: str) -> bool:
        """Whether a character prompt was asked and answered ``y``."""
        return self.given.get(key) == "y"

    def char(self, key: str, default: str = "n") -> str:
        """Answer of a character prompt."""
        return str(self.given.get(key, default))

    def integer(self, key: str, default: int = 0) -> int:
        """Answer of an integer prompt."""
        return int(self.given.get(key, default))

    def real(self, key: str, default: float = 0.0) -> float:
        """Answer of a real prompt."""
        return float(self.given.get(key, default))

    def text(self, key: str, default: str = "") -> str:
        """Answer of a word prompt."""
        return str(self.given.get(key, default))


Condition = Callable[[Answers], bool]
Usable = Callable[[Value, Answers], bool]


def always(_: Answers) -> bool:
    """The condition of prompts that are always asked."""
    return True


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt.

    Parameters
    ----------
    key : str
        Our name of the prompt (specification 01).
    kind : str
        ``c``, ``d``, ``ld``, ``f``, ``lf`` or ``s``.
    meaning : str
        What the answer says.
    when : callable
        Condition, given the answers so far and the facts about the data.
    allowed : str
        Values that can be used, in words; empty: any.
    usable : callable, optional
        Whether a value can be used; without it every value can.
    default : int, float, str or None
        Value kept when the first read fails; None: nothing defined is kept, so that is an error.
    stored : bool
        Whether the answer is kept in, and replayed from, the `initial` file.
    joined : bool
        Whether it is taken by the same read as the row before it: a failure ends that read.
    written : str
        printf conversion in the `initial` file; empty: the kind's own.
    """

    key: str
    kind: Kind
    meaning: str
    when: Condition = always
    allowed: str = ""
    usable: Usable | None = None
    default: Value | None = 0
    stored: bool = False
    joined: bool = False
    written: str = ""


Section = tuple[Row, ...]
Scene = Mapping[str, Value]
"""Answers to prompts, by their keys, of a part of the dialogue in which none is asked twice."""


def yes_no(truth: object) -> str:
    """The answer ``y`` for what is true or there, else ``n``."""
    return "n" if truth is None or truth is False else "y"


def yes(key: str) -> Condition:
    """The prompt `key` was answered ``y``."""
    return lambda a: a.yes(key)


def no(key: str) -> Condition:
    """The prompt `key` was not answered ``y`` (or not asked)."""
    return lambda a: not a.yes(key)


def equals(key: str, *values: Value) -> Condition:
    """The prompt `key` was asked and answered with one of the values."""
    return lambda a: a.given.get(key) in values


def nonzero(key: str) -> Condition:
    """The integer prompt `key` was asked and not answered 0."""
    return lambda a: a.integer(key) != 0


def at_least(least: int) -> Usable:
    """A check that the integer is not below a bound."""
    return lambda value, _: int(value) >= least


def both(*conditions: Condition) -> Condition:
    """All conditions hold; later ones are looked at only if the earlier ones do."""
    return lambda a: all(condition(a) for condition in conditions)


def negate(condition: Condition) -> Condition:
    """The condition does not hold."""
    return lambda a: not condition(a)


def one_of(*values: Value) -> Usable:
    """A check that the value is one of these."""
    return lambda value, _: value in values
