"""``stormtrack completion``: scripts by which shells complete subcommands, options and their values."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

DESCRIPTION = """\
Prints a script for the shell, made from the same tables as the help. Put it where the shell looks for it:
  bash  stormtrack completion bash > ~/.local/share/bash-completion/completions/stormtrack
  zsh   stormtrack completion zsh > "${fpath[1]}/_stormtrack"
  fish  stormtrack completion fish > ~/.config/fish/completions/stormtrack.fish
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "completion",
        help="print what lets a shell complete commands and options",
        description=DESCRIPTION,
        epilog='example: eval "$(stormtrack completion bash)"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=tuple(_SCRIPTS), help="whose script")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    sys.stdout.write(_SCRIPTS[args.shell](list(_subcommands())))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    """An option: its spellings, what it may be, and what is said of it."""

    names: tuple[str, ...]
    choices: tuple[str, ...]
    takes_value: bool
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subcommand:
    name: str
    about: str
    options: tuple[_Option, ...]


def _subcommands() -> Iterator[_Subcommand]:
    from .main import SUBCOMMANDS, build_parser

    parser = build_parser(SUBCOMMANDS)
    parsers = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices
    for name, about in SUBCOMMANDS.items():
        options = tuple(map(_option, _options_of(parsers[name])))
        yield _Subcommand(name=name, about=about, options=options)


def _options_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options of a parser, and of those under it, each once."""
    found = {action.option_strings[0]: action for action in parser._actions if action.option_strings}
    for action in parser._actions:
        for one in action.choices.values() if isinstance(action, argparse._SubParsersAction) else ():
            found = {**{inner.option_strings[0]: inner for inner in _options_of(one)}, **found}
    return list(found.values())


def _option(action: argparse.Action) -> _Option:
    return _Option(
        names=tuple(action.option_strings),
        choices=tuple(map(str, action.choices or ())),
        takes_value=action.nargs != 0,
        help=(action.help or "").replace("%%", "%"),
    )


def _bash(subcommands: list[_Subcommand]) -> str:
    cases, values = [], []
    for one in subcommands:
        words = " ".join(name for option in one.options for name in option.names)
        cases.append(f'    {one.name}) words="{words}" ;;')
        values += [
            f'    {one.name}:{name}) words="{" ".join(option.choices)}" ;;'
            for option in one.options
            for name in option.names
            if option.choices
        ]
    names = " ".join(one.name for one in subcommands)
    return "\n".join(
        [
            "_stormtrack() {",
            '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=""',
            '  if [ "$COMP_CWORD" -eq 1 ]; then',
            f'    COMPREPLY=($(compgen -W "{names} --help --version" -- "$current"))',
            "    return",
            "  fi",
            '  case "${COMP_WORDS[1]}:$before" in',
            *values,
            "  esac",
            '  if [ -z "$words" ] && [ "${current#-}" != "$current" ]; then',
            '    case "${COMP_WORDS[1]}" in',
            *("  " + case for case in cases),
            "    esac",
            "  fi",
            '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
            "}",
            "complete -o default -F _stormtrack stormtrack",
            "",
        ]
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _zsh_text(text: str) -> str:
    return text.replace("[", "(").replace("]", ")").replace(":", ";")


def _zsh_option(option: _Option) -> Iterator[str]:
    value = f":value:({' '.join(option.choices)})" if option.choices else ":value:_files" if option.takes_value else ""
    for name in option.names:
        yield _quoted(f"{name}[{_zsh_text(option.help)}]{value}")


def _zsh(subcommands: list[_Subcommand]) -> str:
    lines = ["#compdef stormtrack", "local -a commands", "commands=("]
    lines += [f"  {_quoted(f'{one.name}:{_zsh_text(one.about)}')}" for one in subcommands]
    lines += [
        ")",
        "if (( CURRENT == 2 )); then",
        "  _describe command commands",
        "  return",
        "fi",
        'case "$words[2]" in',
    ]
    for one in subcommands:
        options = " ".join(text for option in one.options for text in _zsh_option(option))
        lines.append(f"  {one.name}) shift words; (( CURRENT-- )); _arguments {options} '*:file:_files' ;;")
    return "\n".join([*lines, "esac", ""])


def _fish(subcommands: list[_Subcommand]) -> str:
    lines = []
    for one in subcommands:
        lines.append(f"complete -c stormtrack -n __fish_use_subcommand -f -a {one.name} -d {_fish_text(one.about)}")
        for option in one.options:
            names = " ".join(_fish_name(name) for name in option.names)
            value = f" -x -a {_fish_text(' '.join(option.choices))}" if option.choices else " -r" * option.takes_value
            seen = f"-n '__fish_seen_subcommand_from {one.name}'"
            lines.append(f"complete -c stormtrack {seen} {names}{value} -d {_fish_text(option.help)}")
    return "\n".join([*lines, ""])


def _fish_name(name: str) -> str:
    return f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" if len(name) == 2 else f"-o {name[1:]}"


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_SCRIPTS: dict[str, Callable[[list[_Subcommand]], str]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
