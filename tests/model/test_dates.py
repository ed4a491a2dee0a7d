"""Dates of every calendar, held against cftime."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.model.dates import (
    CALENDARS,
    calendar_named,
    date_parts,
    seconds_of,
    seconds_of_parts,
    times_like,
    times_since,
    usual_step,
)
from stormtrack.model.times import DATE_CODE, NO_TIME, Times

cftime = pytest.importorskip("cftime", reason="cftime gives the dates to compare with")


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_day_of_many_years_is_the_one_of_cftime(calendar: str) -> None:
    units = "hours since 1582-09-30 06:00:00"
    values = np.concatenate([np.arange(0, 40 * 8766, 17), np.arange(2_600_000, 2_600_000 + 9 * 8766, 5)])
    seconds = seconds_of(Times(values=values, units=units, calendar=calendar))
    found = date_parts(seconds, calendar)
    dates = cftime.num2date(values, units, calendar)
    assert found.year.tolist() == [d.year for d in dates]
    assert found.month.tolist() == [d.month for d in dates]
    assert found.day.tolist() == [d.day for d in dates]
    assert found.second.tolist() == [d.hour * 3600 for d in dates]
    assert seconds_of_parts(found, calendar).tolist() == seconds.tolist()


@pytest.mark.parametrize("calendar", CALENDARS)
def test_digits_of_dates_there_and_back(calendar: str) -> None:
    codes = Times(values=np.array([2000022818, 2000030100, NO_TIME, 1582100400]), calendar=calendar)
    seconds = seconds_of(codes)
    expected = [cftime.datetime(2000, 2, 28, 18, calendar=calendar), cftime.datetime(2000, 3, 1, calendar=calendar)]
    assert seconds[:2].tolist() == cftime.date2num(expected, "seconds since 1970-01-01", calendar).tolist()
    again = times_like(seconds, codes)
    assert (again.values.tolist(), again.units, again.calendar) == (codes.values.tolist(), DATE_CODE, calendar)


def test_dates_that_a_calendar_does_not_have_are_refused() -> None:
    for code, calendar in ((2001022900, "noleap"), (2000023000, None), (2000013100, "360_day"), (1582101000, None)):
        with pytest.raises(TracksError, match="is no date of the calendar"):
            seconds_of(Times(values=np.array([code]), calendar=calendar))
    with pytest.raises(TracksError, match="none of CF's"):
        calendar_named("mayan")
    with pytest.raises(TracksError, match="no dates"):
        seconds_of(Times(values=np.array([1]), units="months since 2000-01-01"))
    with pytest.raises(TracksError, match="whole seconds"):
        seconds_of(Times(values=np.array([1500]), units="milliseconds since 2000-01-01"))


def test_names_and_units() -> None:
    assert [calendar_named(name) for name in (None, "Gregorian", "365_day")] == ["standard", "standard", "noleap"]
    one = np.array([1])
    for units, seconds in (
        ("days since 1970-01-01", 86400),
        ("hours since 1970-1-1T00:00:00Z", 3600),
        ("minutes since 1970-01-01 00:00:0.0 UTC", 60),
        ("seconds since 1970-01-01 00:00", 1),
    ):
        assert seconds_of(Times(values=one, units=units)).tolist() == [seconds]
    fine = times_like(np.array([5400, NO_TIME]), Times(values=one, units="hours since 1970-01-01 00:00:00"))
    assert (fine.values.tolist(), fine.units) == ([90, NO_TIME], "minutes since 1970-01-01 00:00:00")
    assert times_since(np.array([7201]), "1970-01-01", None).units == "seconds since 1970-01-01"


def test_the_usual_step_does_not_look_across_tracks() -> None:
    start = np.array([0, 2, 2, 4])
    assert usual_step(np.array([0, 6, 7, 13]), start) == 6
    assert usual_step(np.array([0]), np.array([0, 1])) == 0
    assert usual_step(np.array([NO_TIME, 5, NO_TIME, 9]), start) == 0
