"""xarray, or a sentence about how to get it."""

try:
    import xarray as xr
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"functions of fields need xarray ({error}). Install it: pip install 'stormtrack[xarray]'; for data larger "
        "than the memory also Dask: pip install 'stormtrack[dask]'"
    ) from error

__all__ = ["xr"]
