"""Tracks as a Parquet file, one row for each point; what the columns do not say stands in its metadata.

Values are float32 as they are, missing ones null, dates time stamps where the calendar has them and ISO text otherwise.
Files of others are read as tables of others are (`others`). Parity: not applicable.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import TrackFileError
from ...model.tracks import TrackSet
from ...storage.packages import need
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.history import PROGRAM, continued
from ..columns.layout import OWN, Column
from ..columns.records import from_records, kept_apart, to_records
from ..given import Given
from ..packing import write_file
from .about import ABOUT, WRONG, about_of, attributes_of, restored, shown, told_of
from .others import canonical
from .texts import column_of, texts_of_dates

_MAGIC = b"PAR1"


def recognise(given: Given) -> bool:
    """Whether it is Parquet."""
    return given.head.startswith(_MAGIC)


def read(given: Given, *, columns: Mapping[str, str] | None = None) -> TrackSet:
    """Read.

    Parameters
    ----------
    given : Given
    columns : mapping, optional
        Where names are others: the name of this program -> that of the file, such as ``{"track_id": "storm"}``.
    """
    parquet = need("pyarrow.parquet", "tables", f"'{given.name}' (Parquet)")
    damaged = need("pyarrow", "tables", "Parquet").ArrowException
    try:
        table = parquet.read_table(io.BytesIO(given.data))
    except (OSError, ValueError, KeyError, damaged) as problem:
        raise TrackFileError(f"cannot be read as Parquet ({problem})", path=given.name) from problem
    about = _about(table)
    attributes = attributes_of(about)
    try:
        held = {name.strip(): _column(table[name], told_of(about, name)) for name in table.column_names}
        return decode(from_records(canonical(held, columns or {}, OWN in attributes), attributes))
    except WRONG as problem:
        raise TrackFileError(str(problem), path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """What rows of points cannot keep."""
    return kept_apart(tracks)


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write; gzipped if the name ends with ``.gz``.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history, which is continued.
    """
    pyarrow = need("pyarrow", "tables", "writing Parquet")
    parquet = need("pyarrow.parquet", "tables", "writing Parquet")
    layout = encode(continued(tracks, command))
    columns = to_records(layout)
    table = pyarrow.table({name: _stored(name, column, pyarrow) for name, column in columns.items()})
    about = json.dumps(about_of(columns, layout.attributes))
    out = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata({ABOUT: about}), out)
    write_file(path, out.getvalue())


def _stored(name: str, column: Column, pyarrow: Any) -> Any:
    if column.is_text:
        return pyarrow.array([str(one) for one in column.values], pyarrow.string())
    values, gone = shown(name, column)
    if values.dtype.kind == "O":
        texts = [text or None for text in texts_of_dates(column)]
        return pyarrow.array(texts, pyarrow.string())
    return pyarrow.array(values, mask=gone if gone.any() else None)


def _about(table: Any) -> dict[str, Any]:
    """What this program said of the columns, or pandas (`DataFrame.attrs`) for it."""
    held = table.schema.metadata or {}
    try:
        if ABOUT.encode() in held:
            found = json.loads(held[ABOUT.encode()])
        else:
            found = _attributes_of_pandas(held).get(ABOUT, {})
    except (ValueError, AttributeError):  # no JSON, or no object
        return {}
    return found if isinstance(found, dict) else {}


def _attributes_of_pandas(held: Mapping[bytes, bytes]) -> dict[str, Any]:
    """``DataFrame.attrs``: pandas stores them when it writes, newer releases of pyarrow when it makes a table."""
    stored = json.loads(held.get(b"PANDAS_ATTRS", b"{}"))
    return stored or json.loads(held.get(b"pandas", b"{}")).get("attributes", {})  # type: ignore[no-any-return]


def _column(held: Any, told: dict[str, Any]) -> Column:
    """A column with what is known of it; null is missing."""
    import pyarrow.types as types

    gone = held.is_null().to_numpy()
    kind = held.type
    if types.is_dictionary(kind):
        held, kind = held.cast(kind.value_type), kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or kind == "string_view":
        texts = ["" if one is None else one for one in held.to_pylist()]
        return column_of(texts, told or {"dtype": "text"})
    if types.is_timestamp(kind) or types.is_date(kind):
        return restored(held.to_numpy().astype("datetime64[us]"), gone, told)
    if types.is_integer(kind) and not gone.any():
        return restored(held.to_numpy(), gone, told)
    if types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind):
        numbers = held.fill_null(0) if gone.any() else held
        values = np.asarray(numbers.to_numpy())
        values = values.astype(np.float64) if values.dtype.kind != "f" else values
        return restored(np.where(gone, values.dtype.type(np.nan), values), gone, told)
    return column_of(["" if one is None else str(one) for one in held.to_pylist()], {"dtype": "text"})
