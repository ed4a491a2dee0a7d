"""xarray, imported when it is first used; or a sentence about how to get it."""

from __future__ import annotations

from typing import Any


class _Xarray:
    """Stands for the package."""

    def __getattr__(self, name: str) -> Any:
        try:
            import xarray
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"functions of fields need xarray ({error}). Install it: pip install 'stormtrack[xarray]'; for data "
                "larger than the memory also Dask: pip install 'stormtrack[dask]'"
            ) from error
        return getattr(xarray, name)


xr: Any = _Xarray()

__all__ = ["xr"]
