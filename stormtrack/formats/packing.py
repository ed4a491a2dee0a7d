"""Files that appear whole or not at all, packed if their name says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..storage.outputs import ByteSink, OutputFile

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


@contextmanager
def file_sink(path: Path) -> Iterator[ByteSink]:
    """A file to be written piece by piece; see `write_file`. What is to be gzipped is collected first.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    if not path.name.endswith(_END):
        with OutputFile(path) as out:
            yield out
        return
    import io

    text = io.BytesIO()
    yield text
    write_file(path, text.getvalue())
