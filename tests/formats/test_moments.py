"""Dates as datetime64, cftime and text: equal to cftime's, and back."""

from __future__ import annotations

import cftime
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.errors import TracksError
from stormtrack.formats.moments import DateTextError, from_dates, from_texts, in_units, to_dates, to_texts, whole
from stormtrack.model.times import DATE_CODE, NO_TIME, Times

CALENDARS = ("standard", "proleptic_gregorian", "noleap", "all_leap", "360_day", "julian")
UNITS = ("hours since 1400-02-28", "days since 1850-01-01 06:00", "seconds since 1970-01-01 00:00:00")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(-500_000, 500_000), min_size=1, max_size=5),
    st.sampled_from(UNITS),
    st.sampled_from(CALENDARS),
)
def test_dates_are_those_of_cftime(values: list[int], units: str, calendar: str) -> None:
    times = Times(values=np.array([*values, NO_TIME]), units=units, calendar=calendar)
    expected = cftime.num2date(values, units, calendar)
    dates, texts = to_dates(times), to_texts(times)
    assert texts == [*(date.isoformat() for date in expected), ""]
    if dates.dtype.kind == "M":
        assert [str(date) for date in dates] == [*texts[:-1], "NaT"]
    else:
        assert dates[-1] is None and list(dates[:-1]) == list(expected)
    for back in (from_dates(dates, units=units, calendar=calendar), from_texts(texts, units=units, calendar=calendar)):
        assert (back.units, back.calendar) == (units, calendar)
        assert back.values.tolist() == times.values.tolist()


@pytest.mark.parametrize(
    ("dates", "units", "values"),
    [
        (["2000-01-01T06", "2000-01-02"], "hours since 1970-01-01 00:00:00", [262974, 262992]),
        (["2000-01-01T06:30"], "minutes since 1970-01-01 00:00:00", [15778470]),
        (["2000-01-01T05:59:59.9999996"], "hours since 1970-01-01 00:00:00", [262974]),
        (["NaT", "1970-01-01"], "hours since 1970-01-01 00:00:00", [NO_TIME, 0]),
    ],
)
def test_units_are_the_longest_that_hold_all(dates: list[str], units: str, values: list[int]) -> None:
    found = from_dates(np.array(dates, "datetime64[ns]"))
    assert (found.units, found.calendar, found.values.tolist()) == (units, "standard", values)


def test_digits_of_dates() -> None:
    times = from_dates(np.array(["2000-02-29T18"], "datetime64[s]"), units=DATE_CODE)
    assert times.values.tolist() == [2000022918] and str(to_dates(times)[0]) == "2000-02-29T18:00:00"
    assert in_units(times, "days since 2000-01-01").values.tolist() == [59 * 24 + 18]  # hours: days do not hold it
    with pytest.raises(TracksError, match="2001-02-29"):
        to_dates(Times(values=np.array([2001022900])))


def test_numbers_with_fractions() -> None:
    times = whole(np.array([0.125, np.nan, 1.5]), "days since 1858-11-17", "standard")
    assert times.units == "hours since 1858-11-17" and times.values.tolist() == [3, NO_TIME, 36]
    assert whole(np.array([1.0, 2.0]), "days since 1858-11-17", None).units == "days since 1858-11-17"
    with pytest.raises(TracksError, match="fortnights"):
        whole(np.array([0.5]), "fortnights since 2000-01-01", None)
    with pytest.raises(TracksError, match="no dates"):
        whole(np.array([1e300]), "days since 2000-01-01", None)


def test_dates_of_several_calendars() -> None:
    dates = np.array([cftime.datetime(2000, 1, 1, calendar=name) for name in ("noleap", "360_day")])
    with pytest.raises(TracksError, match="several calendars"):
        from_dates(dates)


@pytest.mark.parametrize(
    ("text", "calendar"), [("2001-02-30", "noleap"), ("2001-02-31", "360_day"), ("x", None), ("2001-13-01", None)]
)
def test_texts_that_are_no_dates(text: str, calendar: str | None) -> None:
    with pytest.raises(DateTextError, match="is no date") as caught:
        from_texts(["2001-01-01", "", text, text], calendar=calendar)
    assert caught.value.number == 2
