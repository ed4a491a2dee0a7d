"""``stormtrack status``: how far a campaign is."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._errors import FAILED, OK
from ._process import RESUBMIT

if TYPE_CHECKING:
    from ..campaigns.status import CampaignStatus


DESCRIPTION = """\
Tells how far a campaign is, while it runs or not, from any machine that sees its folder; nothing is changed.
"""
EPILOG = """\
example: stormtrack status campaign.toml

exit status: 0 everything is finished; 1 nothing is left but tasks that failed; 75 there is more to do
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "status",
        help="how far a campaign is",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("campaign", metavar="CAMPAIGN.toml", type=Path)
    parser.add_argument("--keep-changed", action="store_true", help="changed tasks are finished, as for run")
    parser.add_argument("--json", action="store_true", help="everything, for programs")


def run(args: argparse.Namespace) -> int:
    """Tell."""
    return show(args.campaign, as_json=args.json, keep_changed=args.keep_changed)


def show(path: Path, *, as_json: bool = False, keep_changed: bool = False) -> int:
    """Write the status of a campaign to the standard output; the exit status."""
    from ..campaigns.running import campaign_status

    status = campaign_status(path, keep_changed=keep_changed)
    if as_json:
        table = {**asdict(status), "folder": str(status.folder), "left": status.left}
        sys.stdout.write(json.dumps(table, indent=1) + "\n")
    else:
        sys.stdout.write(_text(status))
    if status.finished == status.total:
        return OK
    return FAILED if status.finished + len(status.failed) == status.total else RESUBMIT


def _text(status: CampaignStatus) -> str:
    share = 100 * status.finished // status.total
    lines = [f"{status.finished} of {status.total} tasks are finished ({share} %), in '{status.folder}'"]
    if status.seconds:
        lines.append(f"  {status.frames} frames in {status.seconds:.1f} s of work")
    for run, life in status.runs.items():
        mine = [name for name, owner in status.running.items() if owner == run]
        lines.append(f"at work: {run} ({life}): {len(mine)} tasks")
        lines += [f"  {name}" for name in mine]
    lines += [f"failed: {name}: {problem.splitlines()[0]}" for name, problem in status.failed.items()]
    lines += [f"changed: {text}" for text in status.changed]
    if status.left:
        lines.append(f"{status.left} tasks are left")
    return "\n".join(lines) + "\n"
