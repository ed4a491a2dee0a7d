"""Zarr stores (v2, v3) and kerchunk references, on disks and servers; reads from servers are repeated until they come.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xarray as xr

from ..errors import FieldError
from ..storage.packages import need
from .remote import Access, filesystem, is_remote

_LOCAL = "file"


def open_zarr(path: str, access: Access, group: str | None, options: Mapping[str, Any]) -> Any:
    """A dataset of a Zarr store."""
    zarr = need("zarr", "zarr", f"'{path}' is a Zarr store, and reading it")
    store: Any = path
    if is_remote(path):
        store = _persistent(_store(zarr, path, access), path, access)
    found = xr.open_dataset(store, engine="zarr", group=group, **options)
    if not found.variables and path.startswith(("http://", "https://")):
        raise FieldError(
            f"'{path}': the metadata of this store are not consolidated, and a server of HTTP does not list what "
            "there is; consolidate them (zarr.consolidate_metadata), or name the store by another protocol (s3://)"
        )
    return found


def open_references(path: str, access: Access, group: str | None, options: Mapping[str, Any]) -> Any:
    """A dataset of kerchunk references (a JSON file, or a folder of Parquet tables)."""
    zarr = need("zarr", "zarr", f"'{path}' holds kerchunk references, and reading it")
    fsspec = need("fsspec", "zarr", f"'{path}' holds kerchunk references, and reading it")
    reference: dict[str, Any] = {"fo": path, "asynchronous": True}
    if is_remote(path):
        reference["target_options"] = dict(access.storage_options)
    protocol = _protocol_of_targets(path)
    if protocol == _LOCAL:  # said, because fsspec stumbles over tables in which the first reference has no file
        reference["remote_protocol"] = protocol
    elif protocol:
        _, options_of_target = filesystem(f"{protocol}://x/y", access), dict(access.storage_options)
        reference |= {"remote_protocol": protocol, "remote_options": {**options_of_target, "asynchronous": True}}
    fs = fsspec.filesystem("reference", **reference)
    store = _persistent(zarr.storage.FsspecStore(fs, read_only=True), path, access)
    return xr.open_dataset(store, engine="zarr", group=group, consolidated=False, **options)


def _protocol_of_targets(path: str) -> str:
    """Protocol of the files that references point to; empty where it cannot be seen."""
    import json
    import re
    from pathlib import Path

    if is_remote(path):
        return ""
    if Path(path).is_dir():
        return _protocol_in_tables(path)
    text = Path(path).read_text(encoding="utf-8")
    try:
        json.loads(text)
    except ValueError as problem:
        raise FieldError(f"'{path}' is no valid JSON ({problem}); make the references anew") from problem
    match = re.search(r'\[\s*"(?:[^"]*?)((?:https?|s3|s3a|gs|gcs))://', text)
    return match.group(1) if match else ""


def _protocol_in_tables(path: str) -> str:
    """Protocol of the first file that tables of references name; that of local files if it names none."""
    from pathlib import Path

    pandas = need("pandas", "tables", f"'{path}' holds references in Parquet, and reading them")
    for table in sorted(Path(path).glob("**/refs.*.parq")):
        read = pandas.read_parquet(table)
        named = [one for one in read.get("path", ()) if isinstance(one, str) and one]
        if named:
            protocol, separator, _ = named[0].partition("://")
            return str(protocol) if separator else _LOCAL
    return ""


def _store(zarr: Any, path: str, access: Access) -> Any:
    """zarr's view of a folder on a server."""
    fs, place = filesystem(path, access)
    if not getattr(fs, "async_impl", False):
        from fsspec.implementations.asyn_wrapper import AsyncFileSystemWrapper

        return zarr.storage.FsspecStore(AsyncFileSystemWrapper(fs, asynchronous=True), path=place, read_only=True)
    # an instance of its own, which zarr uses in the loop of its own
    options = {**fs.storage_options, "asynchronous": True, "skip_instance_cache": True}
    return zarr.storage.FsspecStore(type(fs)(**options), path=place, read_only=True)


def _persistent(store: Any, path: str, access: Access) -> Any:
    from .persistent_store import PersistentStore

    return PersistentStore(store, path, access.patience)
