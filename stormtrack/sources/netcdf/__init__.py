"""NetCDF files by TRACK's rules: `NetcdfFile` is what a dialogue asks, `NetcdfField` one variable at chosen entries."""
