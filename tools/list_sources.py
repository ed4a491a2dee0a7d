"""Write the tables of Python sources into the build files, or with --check say whether they are up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stormtrack"
HARNESS = ROOT / "parity"
BEGIN, END = "# tables: begin\n", "# tables: end\n"
GENERATED = {"_build_info.py"}
SUFFIXES = {".py", ".pyi", ".typed", ".js", ".css", ".html"}


def sources(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Files of a package that are installed as they are, by folder relative to it."""
    table: dict[str, list[str]] = {}
    for path in sorted(package.rglob("*")):
        if path.suffix in SUFFIXES and path.name not in GENERATED and "__pycache__" not in path.parts:
            relative = path.relative_to(package)
            table.setdefault(relative.parent.as_posix().removeprefix("."), []).append(relative.name)
    return table


def kernel_sources() -> dict[str, list[str]]:
    """Those of them that declare kernels."""
    declaring = {
        folder: [n for n in names if re.search(r"^@(kernel|helper)$", (PACKAGE / folder / n).read_text(), re.M)]
        for folder, names in sources().items()
    }
    return {folder: names for folder, names in declaring.items() if names}


def table_text(name: str, table: dict[str, list[str]]) -> str:
    """A table as it has to stand in meson.build."""
    lines = [f"{name} = {{\n"]
    for folder, names in sorted(table.items()):
        prefix = f"{folder}/" if folder else ""
        lines.append(f"  '{folder}': files(\n")
        lines += [f"    '{prefix}{name}',\n" for name in names]
        lines.append("  ),\n")
    return "".join(lines) + "}\n"


def tables() -> dict[Path, str]:
    """What has to stand between the marks of every build file."""
    return {
        PACKAGE / "meson.build": table_text("python_sources", sources())
        + table_text("kernel_sources", kernel_sources()),
        HARNESS / "meson.build": table_text("parity_sources", sources(HARNESS)),
    }


def renewed(text: str, tables: str) -> str:
    """`text` of a build file with the tables of the present tree."""
    head, rest = text.split(BEGIN, 1)
    return head + BEGIN + tables + END + rest.split(END, 1)[1]


def main() -> int:
    """Rewrite the tables; with --check only compare."""
    stale = False
    for file, wanted in tables().items():
        old = file.read_text()
        new = renewed(old, wanted)
        stale = stale or old != new
        if old != new and "--check" not in sys.argv[1:]:
            file.write_text(new)
    return int(stale and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
