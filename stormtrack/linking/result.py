"""What linking gives besides links: the features that passed its filter, and what the exchange series did."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..arrays import Mask
from ..model.features import Features
from ..model.links import Links


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSeries:
    """What one series of exchange sweeps did.

    Attributes
    ----------
    forward : bool
        Direction of the sweeps.
    sweeps : int
        Number of sweeps, the last one without an exchange.
    exchanges : int
        Number of exchanges.
    costs : tuple of float
        Total cost after each sweep, if asked for (04, section 8.2).
    """

    forward: bool
    sweeps: int
    exchanges: int
    costs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """Outcome of linking.

    Attributes
    ----------
    features : Features
        The features that passed the point filter: content of ``objout.new``.
    kept : bool, shape (n_features of the input,)
        Which of the features given these are.
    initial : Links
        Nearest-neighbour tracks: content of ``idump``.
    final : Links or None
        Tracks after exchange and cutting: content of ``tdump``. ``None`` with 3 frames or fewer, or if the run was
        asked to stop after the initial tracks.
    preprocessing : int
        The original's ``pproc`` after this run (1 adaptive, -1 cutting before each series, 0 none), to be handed to
        a repetition of the stage, where the original does not reset it.
    series : tuple of SweepSeries
        The exchange series, in order.
    """

    features: Features
    kept: Mask
    initial: Links
    final: Links | None
    preprocessing: int
    series: tuple[SweepSeries, ...] = field(default=())
