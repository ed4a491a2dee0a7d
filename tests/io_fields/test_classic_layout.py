"""The layout of classic NetCDF files: attributes do not hide where the data end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from netCDF4 import Dataset

from stormtrack.errors import FieldError
from stormtrack.io.fields import open_source
from stormtrack.io.fields.classic import classic_layout
from stormtrack.settings.startup import FieldSelection


def _write(path: Path, kind: str, *, unlimited: bool) -> None:
    with Dataset(path, "w", format=kind) as file:
        file.history = "x" * 70_000
        for name, size in (("time", None if unlimited else 3), ("lat", 4), ("lon", 8)):
            file.createDimension(name, size)
            values = file.createVariable(name, "f8", (name,))
            values.units, values.valid_range = "something odd", np.array([1.0, 2.0, 3.0])
        field = file.createVariable("vo", "f4", ("time", "lat", "lon"))
        field.setncatts({"long_name": "vo", "missing_value": np.float32(9e20), "flags": np.arange(5, dtype="i2")})
        for name, size in (("time", 3), ("lat", 4), ("lon", 8)):
            file[name][:] = np.arange(size)
        field[:] = 1.0


@pytest.mark.parametrize("unlimited", [False, True])
@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"])
def test_variables_with_attributes_are_found(tmp_path: Path, kind: str, unlimited: bool) -> None:
    path = tmp_path / "a.nc"
    _write(path, kind, unlimited=unlimited)
    layout = classic_layout(str(path))
    assert layout is not None
    assert list(layout) == ["time", "lat", "lon", "vo"]
    place, data = layout["vo"], path.read_bytes()
    assert bool(place.stride) == unlimited
    for record in range(3 if unlimited else 1):
        start = place.begin + record * place.stride
        assert (np.frombuffer(data[start : start + place.size], ">f4") == 1.0).all()


def test_a_file_with_attributes_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    _write(path, "NETCDF3_CLASSIC", unlimited=False)
    place = (classic_layout(str(path)) or {})["vo"]
    path.write_bytes(path.read_bytes()[: place.begin + place.size - 100])
    with open_source(str(path), 4) as source, pytest.raises(FieldError, match=r"a\.nc"):
        source.apply(FieldSelection(format=4, by_name=True, coards=True))
        source.read_frame(3)


@pytest.mark.parametrize("kept", [5, 40, 100, 1000])
def test_a_damaged_header_is_refused_before_the_library_sees_it(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.nc"
    _write(path, "NETCDF3_CLASSIC", unlimited=False)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FieldError, match="damaged"):
        open_source(str(path), 4)
