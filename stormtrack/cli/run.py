"""``stormtrack run``: a campaign, by any workers; the same command goes on after whatever interrupted it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError
from ._backend_options import add_backend_options, wanted_workers
from ._errors import FAILED, OK
from ._parser import add_terminal_options, terminal
from ._process import RESUBMIT, Stopped
from ._terminal import Terminal

if TYPE_CHECKING:
    from ..campaigns.runner import CampaignResult, Conduct

_SHOWN = 5
DESCRIPTION = """\
Does what is unfinished of a campaign (docs/campaigns.md): a run for every year, member, sign, hemisphere, ... that its
file names. A finished task never runs again; several runs may be at work on one campaign at the same time.
"""
EPILOG = """\
examples:
  stormtrack run campaign.toml --dry-run                 the tasks, and what they will cost
  stormtrack run campaign.toml --backend processes --workers 8
  stormtrack status campaign.toml                        from another terminal

exit status: 0 everything is finished; 1 tasks have failed, the others are finished; 2 something cannot be used, nothing
ran; 75 stopped (SIGTERM, as batch systems send before the limit of time), or the rest is being done by other runs: the
same command goes on; 130 interrupted
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "run",
        help="do what is unfinished of a campaign: many years, members, signs, hemispheres",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("campaign", nargs="?", metavar="CAMPAIGN.toml", type=Path)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="list tasks and what they will cost; do nothing")
    what.add_argument("--status", action="store_true", help="as stormtrack status")
    what.add_argument("--schema", action="store_true", help="print the JSON Schema of campaign files")
    changed = parser.add_mutually_exclusive_group()
    changed.add_argument(
        "--redo-changed", action="store_true", help="do finished tasks again whose settings or input have changed"
    )
    changed.add_argument("--keep-changed", action="store_true", help="keep them as they are")
    parser.add_argument("--no-wait", action="store_true", help="end when the rest is being done by other runs (75)")
    parser.add_argument(
        "--patience",
        metavar="SECONDS",
        type=float,
        help="a run elsewhere without a sign of life for so long is dead (300)",
    )
    parser.add_argument("--checksums", action="store_true", help="tell inputs by checksums, not by size and time")
    parser.add_argument("--scratch", metavar="DIR", type=Path, help="folder of each machine for working files")
    add_backend_options(parser, default="auto", what="tasks")
    parser.set_defaults(backend="auto")
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Run a campaign, or tell about it."""
    if args.schema:
        from ..campaigns.schema import campaign_schema

        sys.stdout.write(json.dumps(campaign_schema(), indent=2) + "\n")
        return OK
    if args.campaign is None:
        raise UserInputError("name a CAMPAIGN.toml; see stormtrack run --help")
    if args.status:
        from .status import show

        return show(args.campaign)
    report = terminal(args, unit="task")
    if args.dry_run:
        _foretell(args.campaign)
        return OK
    return _run(args, report)


def _run(args: argparse.Namespace, report: Terminal) -> int:
    """Run a campaign; the exit status."""
    from ..campaigns.running import run_campaign

    try:
        result = run_campaign(
            args.campaign,
            backend=wanted_workers(args.backend, args.workers, args.scheduler),
            how=_conduct(args),
            report=report,
        )
    except Stopped as stop:
        stop.is_resumable = stop.number.name == "SIGTERM"
        raise
    return _ended(result, report)


def _conduct(args: argparse.Namespace) -> Conduct:
    from ..campaigns.claims import PATIENCE
    from ..campaigns.runner import Conduct

    return Conduct(
        changed="redo" if args.redo_changed else "keep" if args.keep_changed else "refuse",
        wait=not args.no_wait,
        patience=PATIENCE if args.patience is None else args.patience,
        checksums=args.checksums,
        scratch=args.scratch,
    )


def _ended(result: CampaignResult, report: Terminal) -> int:
    """Say what was done; the exit status."""
    report.note(
        f"{result.finished} of {result.total} tasks are finished, {result.done} of them now, in '{result.folder}'"
    )
    if result.failed:
        names = ", ".join(list(result.failed)[:_SHOWN]) + (", ..." if len(result.failed) > _SHOWN else "")
        report.warning(f"{len(result.failed)} tasks have failed ({names}); the same command tries them again")
        return FAILED
    if result.left:
        report.note(f"{len(result.left)} tasks are left; the same command goes on")
        return RESUBMIT
    return OK


def _foretell(path: Path) -> None:
    from ..campaigns.foretelling import foretold

    sys.stdout.write(foretold(path))
