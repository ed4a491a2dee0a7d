"""The command ``stormtrack`` as a whole: help, words that are not known, completion."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stormtrack.cli.main import SUBCOMMANDS, main

HEAVY = ("numpy", "xarray", "netCDF4", "pandas", "scipy")
BASH_COMPLETES = """
source {script}
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _stormtrack; echo "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_help_has_an_example_and_loads_nothing_heavy(name: str) -> None:
    code = (
        "import sys\nfrom stormtrack.cli.main import main\n"
        f"try:\n    main(['{name}', '--help'])\nexcept SystemExit as leaving:\n    assert leaving.code == 0\n"
        f"loaded = [name for name in {HEAVY} if name in sys.modules]\nassert not loaded, loaded\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert f"usage: stormtrack {name}" in found.stdout and "example" in found.stdout, found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 120


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["trak"], "there is no command 'trak' (did you mean 'track'?)"),
        (["qqqq"], "there is no command 'qqqq'; there are track, "),
        (["track", "--treshold", "1"], "there is no option '--treshold' (did you mean '--threshold'?)"),
        (["explain", "a", "b"], "'b' is one word too many"),
        (["completion", "csh"], "csh"),
        ([], "usage: stormtrack"),
    ],
)
def test_words_that_are_not_known(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(words)
    assert leaving.value.code == 2
    said = capsys.readouterr()
    assert message in said.err and not said.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_takes_its_completion_script(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    assert all(name in script.read_text() for name in SUBCOMMANDS)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", script], check=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("stormtrack ma", "master"),
        ("stormtrack track --list", "--list-presets"),
        ("stormtrack track x.nc --engine ''", "track fast jax jax-float32"),
        ("stormtrack track x.n", ""),
    ],
)
def test_bash_completes(words: str, expected: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    code = BASH_COMPLETES.format(script=script, words=words)
    found = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == expected
