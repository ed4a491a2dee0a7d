"""How far a campaign is, asked from anywhere: nothing is written, and no run is disturbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..resumption.holders import Holder
from ..settings.campaign import Campaign
from .claims import PRIVATE, claimed, registered
from .expansion import expanded
from .judging import CHANGED, State, judged, present, settled
from .ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStatus:
    """How far a campaign is.

    Attributes
    ----------
    folder : Path
    total : int
        Tasks.
    finished : int
    running : dict of str to str
        Names of tasks that runs are at work on, and of these runs.
    failed : dict of str to str
        Problems of tasks that failed, by their names.
    changed : tuple of str
        Finished tasks whose settings or inputs have changed since, and why.
    runs : dict of str to str
        Runs, and what is known of their processes.
    seconds : float
        What finished tasks took, together.
    frames : int
        Frames of the finished tasks.
    """

    folder: Path
    total: int
    finished: int
    running: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    frames: int = 0

    @property
    def left(self) -> int:
        """Tasks that nobody has done or is at work on."""
        return self.total - self.finished - len(self.running)


def status_of(campaign: Campaign, base: Path, *, keep_changed: bool = False) -> CampaignStatus:
    """How far a campaign is.

    Parameters
    ----------
    campaign : Campaign
    base : Path
        Folder to which its places are relative.
    keep_changed : bool
        Changed tasks count as finished.

    Raises
    ------
    UserInputError
        As running it would, but that its folder need not be there.
    """
    tasks = expanded(campaign, base)
    sizes = present(tasks.folder, tasks)
    place = tasks.folder / PRIVATE
    by_key = {task.key: task.name for task in tasks}
    claims = {by_key[key]: run for key, run in claimed(place) if key in by_key}
    with Ledger(tasks.folder) as ledger:
        verdicts = [judged(task, ledger, sizes) for task in tasks]
        finished = [one.task.name for one in verdicts if one.state in settled(keep_changed=keep_changed)]
        figures = [ledger.finished[name].figures for name in finished]
    return CampaignStatus(
        folder=tasks.folder,
        total=len(tasks),
        finished=len(finished),
        running={name: run for name, run in claims.items() if name not in set(finished)},
        failed={
            one.task.name: one.detail for one in verdicts if one.state is State.FAILED and one.task.name not in claims
        },
        changed=tuple(f"{one}: {one.state.value}" for one in verdicts if one.state in CHANGED),
        runs={name: _life(who) for name, who in registered(place).items()},
        seconds=sum(one.get("seconds", 0.0) for one in figures),
        frames=int(sum(one.get("frames", 0) for one in figures)),
    )


def _life(who: Holder | None) -> str:
    if who is None:
        return "nothing is known of its process"
    alive = who.is_alive
    return f"{who}" + ("" if alive is None else ", alive" if alive else ", gone: the next run takes its tasks over")
