"""Compile the kernels of one folder of the package into an object file and a C table. Run by meson.

    python tools/compile_kernels.py FOLDER PROCESSOR OBJECT TABLE DEPENDENCIES

FOLDER is a folder of stormtrack, PROCESSOR LLVM's name of a processor (`generic`: any of this architecture). The
result is a function of the sources, the processor and the versions of numba and llvmlite.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("NUMBA_")]:  # nothing of the user's settings gets in
    del os.environ[_name]

from kernel_compiler.compiling import compile_folder  # noqa: E402


def main(arguments: list[str]) -> int:
    """Compile; returns the exit status."""
    folder, processor, object_file, table, dependencies = arguments
    root = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(root))
    done = compile_folder(root, folder, "" if processor == "generic" else processor)
    Path(object_file).write_bytes(done.code)
    Path(table).write_text(done.table)
    Path(dependencies).write_text(f"{object_file} {table}: {' '.join(str(file) for file in done.files)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
