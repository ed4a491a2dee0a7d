"""Months, seasons and years of tracks, of every calendar."""

from __future__ import annotations

from dataclasses import replace

import cftime
import numpy as np
import pytest
import xarray as xr

import stormtrack.tracksets.example as example
from stormtrack.errors import UserInputError
from stormtrack.functions.periods import periods_at, periods_of
from stormtrack.model.dates import CALENDARS
from stormtrack.model.periods import WORDS
from stormtrack.testing import assert_bitwise

DAY = 86400


def test_each_month_season_and_year_by_itself() -> None:
    days = np.array([30, 31, 58, 59, 333, 334, 365, 366])  # of 1970 and 1971: January 31, February 1, ...
    names = {
        by: [periods_at(np.array([day * DAY]), by, "standard").labels[0] for day in days] for by in WORDS if by != "all"
    }
    assert names["month"][:5] == ["1970-01", "1970-02", "1970-02", "1970-03", "1970-11"]
    assert names["season"] == [*["1970-DJF"] * 3, "1970-MAM", "1970-SON", *["1971-DJF"] * 3]
    assert names["year"] == [*["1970"] * 6, "1971", "1971"]
    assert names["season-of-year"] == [*["DJF"] * 3, "MAM", "SON", *["DJF"] * 3]
    assert names["month-of-year"] == ["1", "2", "2", "3", "11", "12", "1", "1"]


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("by", ["month", "season", "year"])
def test_bounds_hold_the_times(calendar: str, by: str) -> None:
    seconds = np.arange(-300, 1500, 7) * DAY + 3600
    found = periods_at(seconds, by, calendar)
    coordinates, bounds = found.coordinates()
    limits = bounds["time_bounds"][1] * DAY
    assert ((limits[found.index, 0] <= seconds) & (seconds < limits[found.index, 1])).all()
    assert_bitwise(limits[1:, 0], limits[:-1, 1])
    decoded = xr.decode_cf(xr.Dataset(bounds, coordinates), decode_times=xr.coders.CFDatetimeCoder(use_cftime=True))
    first = decoded.time.values[0]
    assert isinstance(first, cftime.datetime) and first.day == 1
    assert first.month in {"month": range(1, 13), "season": (12, 3, 6, 9), "year": (1,)}[by]


def test_every_point_is_in_one_period() -> None:
    tracks = example.tracks().data
    for by in WORDS:
        found = periods_of(tracks, by)
        assert_bitwise(np.unique(found.index), np.arange(len(found)))
        assert len(found.labels) == len(found) == len(set(found.labels))
    assert periods_of(tracks).dimension is None and periods_of(tracks).coordinates() == ({}, {})
    assert periods_of(tracks, "month-of-year").dimension == "month"
    assert periods_of(tracks, "season-of-year").coordinates()[0]["season"][1].dtype.kind == "U"


def test_bad_input() -> None:
    tracks = example.tracks().data
    with pytest.raises(UserInputError, match="by='week': allowed are all, month, season"):
        periods_of(tracks, "week")
    undated = replace(tracks, time=None)
    assert len(periods_of(undated, "all")) == 1
    with pytest.raises(UserInputError, match="by='month' needs a date for every point"):
        periods_of(undated, "month")
