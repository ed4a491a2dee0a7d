"""Field files, one reader per kind, read frame by frame.

`open_source` opens a file; a dialogue then asks the source what it must ask and tells it the answers with
`FieldSource.apply`. `open_fields` does both when all answers are known.

References
----------
Specification 01, section 7.
"""

from __future__ import annotations

from ...errors import FieldError, NotSupportedError
from ...settings.startup import FieldSelection
from .remote import is_remote
from .sniff import FORMATS, check_readable
from .source import AxisChoice, Candidate, FieldSource, UsedValues

__all__ = ["AxisChoice", "Candidate", "FieldSource", "UsedValues", "open_fields", "open_source"]


def open_source(path: str, format: int, *, strict: bool = False) -> FieldSource:
    """Open a file of fields.

    Parameters
    ----------
    path : str
        File, or an address for NetCDF.
    format : int
        The dialogue's number: 0 TRACK binary, 1 ASCII, 3 PP, 4 NetCDF.
    strict : bool
        Refuse the number types of NetCDF files that TRACK refuses.

    Raises
    ------
    FieldError
        If the file is missing, empty, unreadable, or not of this format.
    NotSupportedError
        For UTF files (2).
    """
    if format not in FORMATS:
        raise FieldError(f"input format {format} does not exist; allowed: 0 TRACK binary, 1 ASCII, 3 PP, 4 NetCDF")
    if format == 2:
        raise NotSupportedError(
            f"'{path}': UTF files (specification 01, section 7.5) are not read; convert to NetCDF and answer 4"
        )
    check_readable(path)
    if is_remote(path) and format != 4:
        raise FieldError(f"'{path}' is an address; only NetCDF (answer 4) can be read from one")
    if format == 4:
        from .netcdf import NetcdfSource

        return NetcdfSource(path, strict=strict)
    return _local_source(path, format)


def _local_source(path: str, format: int) -> FieldSource:
    from .ascii_text import AsciiSource
    from .binary import BinarySource
    from .pp import PpSource

    kinds: dict[int, type[FieldSource]] = {0: BinarySource, 1: AsciiSource, 3: PpSource}
    return kinds[format](path)


def open_fields(path: str, selection: FieldSelection) -> FieldSource:
    """Open a file and apply all answers about its reading; errors as in `open_source` and `FieldSource.apply`."""
    source = open_source(path, selection.format)
    try:
        source.apply(selection)
    except BaseException:
        source.close()
        raise
    return source
