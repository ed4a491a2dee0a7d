"""Opening files of fields in the formats of the dialogue.

References
----------
Specification 01, section 7.
"""

from __future__ import annotations

from ..errors import FieldError, NotSupportedError
from ..settings.startup import FieldSelection
from .field_file import FieldFile
from .remote import is_remote
from .sniff import FORMATS, check_readable
from .source import Source


def open_file(path: str, format: int, *, strict: bool = False) -> FieldFile:
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
    if format == 4:  # only the reader that is needed is imported: imports are a good part of a short run
        from .netcdf.file import NetcdfFile

        return NetcdfFile(path, strict=strict)
    if format == 3:
        from .pp import PpFile

        return PpFile(path)
    from .headed_file import HeadedFile

    return HeadedFile(path, format)


def open_source(path: str, selection: FieldSelection) -> Source:
    """The fields of a file that answers choose; errors as in `open_file` and `FieldFile.source`."""
    file = open_file(path, selection.format)
    try:
        return file.source(selection)
    except BaseException:
        file.close()
        raise
