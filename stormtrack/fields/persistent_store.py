"""A Zarr store on a server whose reads are repeated until they come."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, cast

from zarr.storage import WrapperStore

from .remote import Patience, Trying


class PersistentStore(WrapperStore):  # type: ignore[misc]
    """A store of fsspec, read several times if need be; what its file systems leave open is closed with them.

    Parameters
    ----------
    store : zarr.storage.FsspecStore
    path : str
        What the user calls it.
    patience : Patience
    """

    def __init__(self, store: Any, path: str, patience: Patience) -> None:
        super().__init__(store)
        self._path, self._patience = path, patience

    def __reduce__(self) -> tuple[Any, ...]:
        return PersistentStore, (self._store, self._path, self._patience)

    def _with_store(self, store: Any) -> PersistentStore:
        return PersistentStore(store, self._path, self._patience)

    async def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        """A value; None if there is none. Errors as of `Trying.failed`."""
        trying = Trying(f"'{self._path}': reading {key}", self._patience)
        while True:
            try:
                return await asyncio.wait_for(self._store.get(key, *args, **kwargs), 4 * self._patience.timeout)
            except (FileNotFoundError, KeyError):
                return None
            except Exception as problem:
                await asyncio.sleep(trying.failed(problem))
            finally:
                _close_at_the_end(self._store.fs)


def _close_at_the_end(fs: Any) -> None:
    """Close the sessions of file systems when these are forgotten: fsspec does not where its coroutines are used."""
    for one in (fs, *getattr(fs, "fss", {}).values()):
        close = _closing(one)
        if close is not None and "_closed_at_the_end" not in vars(one):
            one._closed_at_the_end = weakref.finalize(one, _run, close, asyncio.get_running_loop())


def _closing(fs: Any) -> Callable[[], Coroutine[Any, Any, Any]] | None:
    """What closes the session of a file system; None if it has none (yet), or closes it itself."""
    of_http: Any = getattr(fs, "_session", None)
    of_s3: Any = getattr(fs, "_s3creator", None)
    if hasattr(of_http, "connector"):
        return cast(Callable[[], Coroutine[Any, Any, Any]], of_http.close)
    return None if of_s3 is None else partial(of_s3.__aexit__, None, None, None)


def _run(close: Callable[[], Coroutine[Any, Any, Any]], loop: asyncio.AbstractEventLoop) -> None:
    """Run a coroutine in its loop, and wait for it unless that is what this thread runs."""
    if not loop.is_running():
        return
    closing = asyncio.run_coroutine_threadsafe(close(), loop)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with suppress(TimeoutError):
            closing.result(1.0)
