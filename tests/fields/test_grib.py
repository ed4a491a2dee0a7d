"""GRIB 1 and 2 written by ecCodes, and read again."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
eccodes = pytest.importorskip("eccodes", reason="GRIB needs stormtrack[grib]")

from stormtrack import open_field
from stormtrack.errors import FieldError, FieldWarning, GridError
from stormtrack.fields.regridding.healpix import nested_of_ring, ring_rows
from stormtrack.fields.source import ArraySource
from stormtrack.testing import assert_bitwise

RANDOM = np.random.default_rng(11)
LAT, LON = np.linspace(90, -90, 7), np.arange(0.0, 360.0, 30.0)
VALUES = np.round(RANDOM.normal(size=(12, 7, 12)), 2).astype("f4")


def message(values: Any, edition: int = 2, sample: str = "regular_ll_sfc", **keys: Any) -> bytes:
    """A message with these values; keys are set in their order."""
    handle = eccodes.codes_grib_new_from_samples(f"{sample}_grib{edition}")
    grid = {
        "Ni": 12,
        "Nj": 7,
        "latitudeOfFirstGridPointInDegrees": 90.0,
        "longitudeOfFirstGridPointInDegrees": 0.0,
        "latitudeOfLastGridPointInDegrees": -90.0,
        "longitudeOfLastGridPointInDegrees": 330.0,
        "iDirectionIncrementInDegrees": 30.0,
        "jDirectionIncrementInDegrees": 30.0,
        "packingType": "grid_ieee" if edition == 2 else "grid_simple",
        "bitsPerValue": 32 if edition == 2 else 24,
        "dataDate": 20000228,
        "dataTime": 1800,
    }
    try:
        for key, value in {**(grid if sample.startswith("regular_ll") else {}), **keys}.items():
            eccodes.codes_set(handle, key, value)
        eccodes.codes_set_values(handle, np.asarray(values, np.float64).ravel())
        return bytes(eccodes.codes_get_message(handle))
    finally:
        eccodes.codes_release(handle)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Any]:
    def write(*messages: bytes) -> Path:
        (tmp_path / "in.grib").write_bytes(b"".join(messages))
        return tmp_path / "in.grib"

    yield write


@pytest.mark.parametrize("edition", [1, 2])
def test_frames_in_any_order_of_the_file(written: Any, edition: int) -> None:
    order = [3, 0, 2, 1]
    days = [{"dataDate": 20000228 + k % 2, "stepRange": 12 * (k // 2)} for k in range(4)]
    path = written(*(message(VALUES[k], edition, **days[k]) for k in order))
    with open_field(path) as found:
        assert [str(v)[:13] for v in found.time.values] == [
            "2000-02-28T18",
            "2000-02-29T06",
            "2000-02-29T18",
            "2000-03-01T06",
        ]
        for frame, k in enumerate((0, 2, 1, 3)):
            np.testing.assert_allclose(found.values[frame], VALUES[k], rtol=0, atol=1e-6 if edition == 2 else 2e-6)
        assert_bitwise(found[2, 1:4, ::-3].values, np.ascontiguousarray(found.values[2, 1:4, ::-3]))
        source = ArraySource(found)
        assert_bitwise(source.read(3), found.values[2])


def test_levels_and_members_are_told_apart(written: Any) -> None:
    keys = [(member, level) for member in (2, 1) for level in (85000, 50000)]
    path = written(
        *(
            message(
                VALUES[k],
                productDefinitionTemplateNumber=1,
                perturbationNumber=member,
                typeOfFirstFixedSurface=100,
                scaledValueOfFirstFixedSurface=level,
                scaleFactorOfFirstFixedSurface=0,
            )
            for k, (member, level) in enumerate(keys)
        )
    )
    with pytest.raises(FieldError, match=r"member 'number' \(1, 2\): member=VALUE.*\(850 hPa, 500 hPa\): level=VALUE"):
        open_field(path)
    for k, (member, level) in enumerate(keys):
        assert_bitwise(open_field(path, level=level / 100, member=member).values[0], VALUES[k])
    with open_field(path, level="all", member=1) as found:
        assert_bitwise(found.values[:, 0], VALUES[2:4])
        assert found.dims[0] == "isobaricInhPa"


def places(scanning: int) -> list[tuple[float, float]]:
    """Latitude and longitude of every value, in the order of the message (WMO FM 92 GRIB, flag table 3.4)."""
    rows, columns = (LAT[::-1] if scanning & 64 else LAT), (LON[::-1] if scanning & 128 else LON)
    outer, inner = (columns, rows) if scanning & 32 else (rows, columns)
    found = []
    for number, one in enumerate(outer):
        along = inner[::-1] if scanning & 16 and number % 2 else inner
        found += [(float(other), float(one)) if scanning & 32 else (float(one), float(other)) for other in along]
    return found


@pytest.mark.parametrize("scanning", [0, 64, 128, 192, 32, 96, 160, 224, 16, 80, 144, 48, 240])
def test_every_way_of_scanning(written: Any, scanning: int) -> None:
    (first, *_, last) = places(scanning & ~16)
    path = written(
        message(
            VALUES[0],
            scanningMode=scanning,
            latitudeOfFirstGridPointInDegrees=first[0],
            latitudeOfLastGridPointInDegrees=last[0],
            longitudeOfFirstGridPointInDegrees=first[1],
            longitudeOfLastGridPointInDegrees=last[1],
        )
    )
    with open_field(path) as found:
        for (lat, lon), value in zip(places(scanning), VALUES[0].ravel(), strict=True):
            assert float(found[0].sel(lat=lat, lon=lon, method="nearest")) == value


def test_missing_values_are_nan(written: Any) -> None:
    values = VALUES[0].copy()
    values[2, 3] = 9999.0
    with open_field(written(message(values, bitmapPresent=1, missingValue=9999.0))) as found:
        assert np.isnan(found.values[0, 2, 3]) and np.count_nonzero(np.isnan(found.values)) == 1


def test_what_the_file_lacks_is_refused_when_it_is_wanted(written: Any) -> None:
    def at(k: int, level: int, date: int) -> bytes:
        surface = {"typeOfFirstFixedSurface": 100, "scaledValueOfFirstFixedSurface": level}
        return message(VALUES[k], **surface, scaleFactorOfFirstFixedSurface=0, dataDate=date)

    path = written(at(0, 85000, 20000228), at(1, 50000, 20000228), at(2, 85000, 20000229))
    assert_bitwise(open_field(path, level=850).values, VALUES[[0, 2]])
    with pytest.raises(FieldError, match="1 of 2 fields are not in the file, the first is that of time 2000-02-29"):
        open_field(path, level=500)


def test_the_same_field_twice_is_refused(written: Any) -> None:
    with pytest.raises(FieldError, match="messages 1 and 2 both hold"):
        open_field(written(message(VALUES[0]), message(VALUES[1])))


@pytest.mark.parametrize("cut", [4, 100, -1])
def test_a_message_that_is_cut_off(written: Any, cut: int) -> None:
    path = written(message(VALUES[0]), message(VALUES[1], dataDate=20000229)[:cut])
    with pytest.raises(
        FieldError, match=r"in.grib' is damaged or cut off: message 2 \(from byte.*keep its first 1 messages"
    ):
        open_field(path)


def test_rubbish_between_messages_is_told(written: Any) -> None:
    path = written(message(VALUES[0]), b"rubbish!", message(VALUES[1], dataDate=20000229))
    with pytest.warns(FieldWarning, match="8 bytes between or after its 2 messages are no GRIB"):
        assert open_field(path).sizes["time"] == 2


def test_a_file_that_becomes_shorter_afterwards(written: Any) -> None:
    path = written(message(VALUES[0]), message(VALUES[1], dataDate=20000229))
    found = open_field(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert_bitwise(found[0].values, VALUES[0])
    with pytest.raises(FieldError, match="message 2 is cut off; the file has become shorter"):
        found[1].load()


def test_it_can_be_sent_to_other_processes(written: Any) -> None:
    path = written(message(VALUES[0]), message(VALUES[1], dataDate=20000229))
    with open_field(path) as found:
        assert_bitwise(pickle.loads(pickle.dumps(found)).values, VALUES[:2])
    assert sorted(p.name for p in path.parent.iterdir()) == ["in.grib"], "nothing is written beside the file"


def test_packed_grib_is_unpacked(written: Any, tmp_path: Path) -> None:
    import gzip

    (tmp_path / "in.grib.gz").write_bytes(gzip.compress(message(VALUES[0])))
    first = open_field(tmp_path / "in.grib.gz")
    part = first[0, 2:4]
    del first
    assert_bitwise(part.values, VALUES[0, 2:4])


@pytest.mark.parametrize("order", ["ring", "nested"])
def test_healpix_messages(written: Any, order: str) -> None:
    keys = {"gridDefinitionTemplateNumber": 150, "numberOfDataPoints": 768, "Nside": 8, "orderingConvention": order}
    handle = eccodes.codes_grib_new_from_samples("GRIB2")
    for key, value in {**keys, "packingType": "grid_ieee"}.items():
        eccodes.codes_set(handle, key, value)
    lat = ring_rows(8).points()[0]
    values = np.empty(768)
    values[nested_of_ring(8) if order == "nested" else slice(None)] = np.sin(np.deg2rad(lat))
    eccodes.codes_set_values(handle, values)
    path = written(bytes(eccodes.codes_get_message(handle)))
    eccodes.codes_release(handle)
    with pytest.raises(GridError, match="HEALPix 768: nside 8, numbering "):
        open_field(path)
    found = open_field(path, grid=5)
    np.testing.assert_allclose(found.values[0, :, 0], np.sin(np.deg2rad(found.lat.values)), atol=0.02)


def test_one_variable_on_several_kinds_of_levels(written: Any) -> None:
    surface = {"typeOfFirstFixedSurface": 100, "scaledValueOfFirstFixedSurface": 85000}
    pressure = message(VALUES[1], **surface, scaleFactorOfFirstFixedSurface=0)
    path = written(message(VALUES[0], typeOfFirstFixedSurface=1), pressure)
    with pytest.raises(FieldError, match=r"holds 't' on several kinds of levels: no level; isobaricInhPa \(850 hPa\)"):
        open_field(path)
    assert_bitwise(open_field(path, level=850).values[0], VALUES[1])
    assert_bitwise(open_field(path, select={"isobaricInhPa": 850}).values[0], VALUES[1])
    with pytest.raises(FieldError, match="has no level 500; it has: 850 hPa"):
        open_field(path, select={"isobaricInhPa": 500})
