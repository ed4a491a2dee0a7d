"""Files that appear whole or not at all, packed if their name says so."""

from __future__ import annotations

from pathlib import Path

from ..storage.outputs import OutputFile

_END = ".gz"


def write_file(path: Path, data: bytes) -> None:
    """Write all bytes of a file; gzipped (the same bytes every time) if its name ends with ``.gz``.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    if path.name.endswith(_END):
        import gzip

        data = gzip.compress(data, mtime=0)
    with OutputFile(path) as out:
        out.write(data)
