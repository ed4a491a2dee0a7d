"""Pre-processing of xarray objects: filters in space and time, winds, regridding, means; lazy where the data are lazy.

What users call is exported by the package itself (`stormtrack.spectral_filter`, ...; docs/functions.md). Functions find
the axes of a field (`axes`), take a kernel of arrays (`stormtrack.spectral` and `stormtrack.temporal` for the engine
``fast``, `track` for the engine ``track``) and apply it to all frames (`applying`).
"""
