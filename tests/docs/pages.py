"""Pages of the documentation: their code, their links, and what runs the code."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stormtrack.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_PLAIN = re.compile(r"stormtrack (?!run )[^|<>&;*$]*")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of code of a page.

    Attributes
    ----------
    language : str
    text : str
    line : int
        Where it begins in its page.
    """

    language: str
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    """All code of a page."""
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in _FENCE.finditer(text)]


def sections(page: Path) -> dict[str, str]:
    """Headings of the second level to what stands below them."""
    parts = re.split(r"^## (.*)\n", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Every command of a console block, with what is printed below it."""
    command, printed = "", ""
    for row in block.text.splitlines():
        if row.startswith("$ "):
            if command:
                yield command, printed
            command, printed = row[2:], ""
        else:
            printed += f"{row}\n"
    if command:
        yield command, printed


def run_block(block: Block, folder: Path, *, quickly: bool = False) -> None:
    """Do what a block says in a folder: its commands, its Python, or (TOML that names a file) write it.

    Commands are done by bash; `quickly`: plain commands of stormtrack in this process, which saves their start.
    """
    if block.language == "console":
        for command, printed in commands(block):
            if quickly and _PLAIN.fullmatch(command):
                _run_here(command, folder, printed)
            else:
                _run(["bash", "-c", f"set -eo pipefail\n{command}"], folder, command, printed)
    elif block.language == "python":
        _run([sys.executable, "-c", block.text], folder, block.text, "")
    elif block.language == "toml" and block.text.startswith("# "):
        (folder / block.text.splitlines()[0].removeprefix("# ")).write_text(block.text)


def _run_here(command: str, folder: Path, printed: str) -> None:
    """A command of stormtrack in this process."""
    out, told = io.StringIO(), io.StringIO()
    quiet = warnings.catch_warnings(action="default")
    with quiet, contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        status = main(shlex.split(command)[1:])
    assert status == 0, f"{command}\nends with {status}:\n{out.getvalue()}{told.getvalue()}"
    assert not printed or out.getvalue() == printed, f"{command}\nprints\n{out.getvalue()}\nthe page says\n{printed}"


def _run(words: list[str], folder: Path, shown: str, printed: str) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{shown}\nends with {done.returncode}:\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    if printed:
        assert done.stdout == printed, f"{shown}\nprints\n{done.stdout}\nthe page says\n{printed}"
