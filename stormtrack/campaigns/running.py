"""Campaigns from Python: run, and how far they are."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from ..backends.choice import entered, wanted_of
from ..errors import UserInputError
from ..run.report import Report, Silent
from ..settings.campaign import Campaign
from .files import read_campaign
from .on_device import suited
from .runner import CampaignResult, Conduct, conducted
from .status import CampaignStatus, status_of

Given = Campaign | str | PathLike[str]
"""A campaign, or its TOML file."""
CHANGED = ("refuse", "redo", "keep")


def campaign_given(given: Given, base: Path | str | None = None) -> tuple[Campaign, Path]:
    """The campaign that is meant, and the folder to which its places are relative.

    Raises
    ------
    UserInputError
        If it cannot be read.
    """
    if isinstance(given, Campaign):
        return given, Path(base or ".")
    if base is not None:
        raise UserInputError("the places of a file are relative to the file: leave out the folder")
    path = Path(given)
    return read_campaign(path), path.parent


def run_campaign(
    campaign: Given,
    *,
    backend: Any = "auto",
    workers: int | None = None,
    folder: Path | str | None = None,
    how: Conduct | None = None,
    report: Report | None = None,
) -> CampaignResult:
    """Do what is unfinished of a campaign; the same call goes on after whatever interrupted it.

    Parameters
    ----------
    campaign : Campaign or path
        A campaign, or its TOML file (docs/campaigns.md).
    backend : str, client, ...
        Which workers: ``'serial'``, ``'threads'``, ``'processes'``, ``'dask'``, ``'mpi'``, or ``'auto'``; the address
        of a Dask scheduler, or a client or cluster that is open (docs/scaling.md).
    workers : int, optional
        How many; by default one for each processor.
    folder : Path or str, optional
        To which the places of a `Campaign` are relative; by default the current one. Those of a file are relative
        to it.
    how : Conduct, optional
        What is done about changed tasks, scratch folder, ...
    report : Report, optional
        Hears warnings, notes and progress.

    Returns
    -------
    CampaignResult
        With the problems of tasks that failed; the others are finished all the same.

    Raises
    ------
    UserInputError
        If anything of it cannot be used, before anything runs.
    BackendError
        If workers cannot be had.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stormtrack as st
    >>> from stormtrack.sample import write_sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     name = write_sample(pathlib.Path(folder), frames=4, truncation=21).series
    ...     campaign = st.Campaign(
    ...         name="example",
    ...         folder="results",
    ...         output="{hemisphere}.nc",
    ...         axes={"hemisphere": ("nh", "sh")},
    ...         input=st.CampaignInput(files=(name,)),
    ...         plan={"preset": "vorticity-{hemisphere}-t42", "band": {"truncation": 15}},
    ...     )
    ...     first = st.run_campaign(campaign, folder=folder, backend="serial")
    ...     again = st.run_campaign(campaign, folder=folder, backend="serial")
    >>> first.done, again.done, again.finished
    (2, 0, 2)

    References
    ----------
    Parity: bitwise, for every backend and number of workers.
    """
    wanted, told, conduct = wanted_of(backend, workers), report or Silent(), how or Conduct()
    check_conduct(conduct)
    found, base = campaign_given(campaign, folder)
    return conducted(found, base, lambda tasks: entered(suited(wanted, tasks), told.note), conduct, told)


def campaign_status(campaign: Given, *, folder: Path | str | None = None, keep_changed: bool = False) -> CampaignStatus:
    """How far a campaign is; can be asked while it runs, from anywhere.

    Parameters
    ----------
    campaign : Campaign or path
    folder : Path or str, optional
        As those of `run_campaign`.
    keep_changed : bool
        Tasks whose settings or inputs have changed since count as finished, as in a run that keeps them.

    Returns
    -------
    CampaignStatus

    Raises
    ------
    UserInputError
        If the campaign cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> import stormtrack as st
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     st.sample_field(4, truncation=21).to_netcdf(f"{folder}/vo.nc")
    ...     campaign = st.Campaign(
    ...         name="example",
    ...         folder="results",
    ...         output="{hemisphere}.nc",
    ...         axes={"hemisphere": ("nh", "sh")},
    ...         input=st.CampaignInput(files=("vo.nc",)),
    ...         plan={"preset": "vorticity-{hemisphere}-t42", "band": {"truncation": 15}},
    ...     )
    ...     status = st.campaign_status(campaign, folder=folder)
    >>> status.total, status.finished, status.left
    (2, 0, 2)
    """
    found, base = campaign_given(campaign, folder)
    return status_of(found, base, keep_changed=keep_changed)


def check_conduct(how: Conduct) -> None:
    """Refuse what no run can be done with.

    Raises
    ------
    UserInputError
    """
    if how.changed not in CHANGED:
        raise UserInputError(f"changed={how.changed!r}: allowed are {', '.join(CHANGED)}")
    if not how.patience > 0.0:
        raise UserInputError(f"a patience of {how.patience:g} s: more than 0 is allowed")
    if how.scratch is not None and not how.scratch.is_dir():
        raise UserInputError(f"the scratch folder '{how.scratch}' is no folder; make it first, or leave it out")
