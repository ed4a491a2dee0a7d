"""Tracks as named columns with attributes, on which NetCDF, Zarr, tables and conversions are built."""
