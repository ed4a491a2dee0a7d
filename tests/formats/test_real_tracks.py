"""Public files of tracks, read as their `expected.json` says, or refused where that is right."""

from __future__ import annotations

import time

import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats.registry import names, read_track_set
from tests.formats.real_tracks import check, every_folder, expectations, file_of

REFUSED = {"other_iris_tc", "other_old_hurdat_ecmwf", "track_tilt"}
"""No formats of tracks that are read here."""
AWAITED = {
    *("cf_points_no_rowsize", "cf_ragged_string_ids", "csv_ibtracs_wmo", "geojson_ibtracs_segments", "te_csv"),
    *("geojson_nhc_points_1967", "ibtracs_csv_full_columns_no_units", "ibtracs_csv_spreadsheet_times"),
    *("ibtracs_csv_units_row", "ibtracs_netcdf_2d", "parquet_blanks_in_names"),
    *("imilast_msl_hodges", "imilast_msl_negative_lon", "other_hurdat2", "te_merra", "te_narr", "te_stitchnodes"),
}
"""Not read yet."""


@every_folder
def test_as_others_read_it(name: str) -> None:
    if name in AWAITED:
        pytest.skip("this format is not read yet")
    path, said = file_of(name), expectations(name)
    if name in REFUSED:
        begin = time.process_time()
        with pytest.raises(TrackFileError) as caught:
            read_track_set(path)
        assert time.process_time() - begin < 1
        assert str(path) in str(caught.value)
        assert all(format_name in str(caught.value) for format_name in names())
    else:
        check(read_track_set(path), said["expected"])
