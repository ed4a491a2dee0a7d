"""Write the tables of Python sources into stormtrack/meson.build, or with --check say whether it is up to date."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stormtrack"
TABLE = PACKAGE / "meson.build"
BEGIN, END = "# tables: begin\n", "# tables: end\n"
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


def renewed(text: str) -> str:
    """`text` of meson.build with the tables of the present tree."""
    head, rest = text.split(BEGIN, 1)
    tables = table_text("python_sources", sources()) + table_text("kernel_sources", kernel_sources())
    return head + BEGIN + tables + END + rest.split(END, 1)[1]


def main() -> int:
    """Rewrite the tables; with --check only compare."""
    old = TABLE.read_text()
    new = renewed(old)
    if "--check" in sys.argv[1:]:
        return int(old != new)
    if old != new:
        TABLE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
