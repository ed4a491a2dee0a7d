"""Whether the wheels in a folder carry only what is stormtrack's own: no library of a compiler, no tests.

python tools/check_wheel.py FOLDER_OR_WHEEL...      (status 1 and a line for each thing that should not be there)
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

WANTED = re.compile(r"^stormtrack(/|-[0-9][^/]*\.dist-info/)")


def wheels(places: list[str]) -> Iterator[Path]:
    """All wheels in folders, and those that are named themselves."""
    for place in map(Path, places):
        yield from sorted(place.glob("*.whl")) if place.is_dir() else [place]


def strangers(wheel: Path) -> list[str]:
    """Names in a wheel of files that are not of the package, and of modules that want a library of gfortran."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        found = [name for name in names if not WANTED.match(name)]
        for name in names:
            if name.endswith(".so") and re.search(rb"lib(gfortran|quadmath)[-.]", archive.read(name)):
                found.append(f"{name} (wants libgfortran or libquadmath)")
    return found


def main(arguments: list[str]) -> int:
    """The command; returns the exit status."""
    files = list(wheels(arguments))
    problems = [f"{wheel}: {name}" for wheel in files for name in strangers(wheel)]
    if not files:
        problems.append(f"no wheel in {' '.join(arguments) or '(nothing named)'}")
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
