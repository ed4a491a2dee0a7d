"""Write the table of Python sources into stormtrack/meson.build, or with --check say whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stormtrack"
TABLE = PACKAGE / "meson.build"
BEGIN, END = "python_sources = {\n", "}\n"
GENERATED = {"_build_info.py"}
SUFFIXES = {".py", ".pyi", ".typed"}


def sources() -> dict[str, list[str]]:
    """Files of the package that are installed as they are, by folder relative to it."""
    table: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in SUFFIXES and path.name not in GENERATED and "__pycache__" not in path.parts:
            relative = path.relative_to(PACKAGE)
            table.setdefault(relative.parent.as_posix().removeprefix("."), []).append(relative.name)
    return table


def table_text() -> str:
    """The table as it has to stand in meson.build."""
    lines = [BEGIN]
    for folder, names in sorted(sources().items()):
        prefix = f"{folder}/" if folder else ""
        lines.append(f"  '{folder}': files(\n")
        lines += [f"    '{prefix}{name}',\n" for name in names]
        lines.append("  ),\n")
    return "".join(lines) + END


def renewed(text: str) -> str:
    """`text` of meson.build with the table of the present tree."""
    head, rest = text.split(BEGIN, 1)
    tail = ("\n" + rest).split("\n" + END, 1)[1]
    return head + table_text() + tail


def main() -> int:
    """Rewrite the table; with --check only compare."""
    old = TABLE.read_text()
    new = renewed(old)
    if "--check" in sys.argv[1:]:
        return int(old != new)
    if old != new:
        TABLE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
