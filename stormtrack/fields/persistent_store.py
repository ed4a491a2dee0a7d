"""A Zarr store on a server whose reads are repeated until they come."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

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
        session = getattr(one, "_session", None)
        if hasattr(session, "connector") and "_closed_at_the_end" not in vars(one):
            one._closed_at_the_end = weakref.finalize(one, _close, session, asyncio.get_running_loop())


def _close(session: Any, loop: asyncio.AbstractEventLoop) -> None:
    if loop.is_running():
        asyncio.run_coroutine_threadsafe(session.close(), loop)
