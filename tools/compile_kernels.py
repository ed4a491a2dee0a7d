"""Compile the kernels of one folder of the package into object files and a C table. Run by meson.

    python tools/compile_kernels.py FOLDER TABLE DEPENDENCIES VERSION=OBJECT...

FOLDER is a folder of stormtrack; the versions are `baseline` (any processor of this architecture) and, if wanted,
`avx2`. The result is a function of the sources, the architecture and the versions of numba and llvmlite.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("NUMBA_")]:  # nothing of the user's settings gets in
    del os.environ[_name]

os.environ["STORMTRACK_OWN_SOURCES"] = "1"  # an installed package does not stand in for what is being built
# an editable install would look at the build, of which this is a part, when the package is imported
sys.meta_path = [finder for finder in sys.meta_path if type(finder).__name__ != "MesonpyMetaFinder"]

from kernel_compiler.compiling import CompilationError, compile_folder  # noqa: E402
from kernel_compiler.signatures import DeclarationError  # noqa: E402


def main(arguments: list[str]) -> int:
    """Compile; returns the exit status."""
    folder, table, dependencies, *pairs = arguments
    objects = dict(pair.split("=", 1) for pair in pairs)
    root = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(root))
    try:
        done = compile_folder(root, folder, tuple(objects))
    except (CompilationError, DeclarationError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    for version, file in objects.items():
        Path(file).write_bytes(done.code[version])
    Path(table).write_text(done.table)
    files = " ".join(str(file).replace(" ", "\\ ") for file in done.files)
    Path(dependencies).write_text(f"{table}: {files}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
