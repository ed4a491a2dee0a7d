"""Fields of xarray as sources of frames."""

from __future__ import annotations

from typing import Any

from ..errors import FieldError
from ..fields.source import ArraySource


def source_of(array: Any) -> ArraySource:
    """A field as a source of frames.

    Raises
    ------
    FieldError
        If it lies on a grid with a rotated pole.
    """
    source = ArraySource(array)
    if source.pole is not None:
        raise FieldError(
            f"'{source.name}' lies on a grid with a rotated pole, whose longitudes and latitudes are not true. Regrid "
            "it to rows and columns that lie inside (open_field with grid=(lat, lon)), write it, and track that with "
            "--no-filter"
        )
    return source
