"""Sets of tracks drawn by hypothesis, with everything that a set can have, and their comparison to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stormtrack.arrays import Array
from stormtrack.model.reference import GEOGRAPHIC, ProjectionDetails
from stormtrack.model.times import DATE_CODE, NO_TIME, Times
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.testing import assert_bitwise

FEW = settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # sets this large take minutes to shrink
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""For tests that draw sets."""
NAMES = ("intensity", "added_1", "mslp", "wind speed [m/s]", "925wind", "time", "x/y", "area", "ΔT", "a_lon", "a")
LABELS = ("kind", "text_id", "member", "lon", "Name of storm", "row_size", "intensity", "metadata")
CALENDARS = (None, "standard", "gregorian", "proleptic_gregorian", "noleap", "365_day", "all_leap", "360_day", "julian")
UNITS = (
    "hours since 1970-01-01 00:00:00",
    "hours since 1900-01-01",
    "seconds since 1979-06-01 06:00:00",
    "days since 1850-01-01",
    "minutes since 2000-02-01 00:00",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What may be drawn.

    Attributes
    ----------
    empty : bool
        Tracks without points, and the same id for several.
    odd_names : bool
        Names that cannot be names in files, or are taken there.
    any_bits : bool
        NaN with any payload, and beside another value for missing ones.
    """

    empty: bool = True
    odd_names: bool = True
    any_bits: bool = True


def floats(n: int, drawing: Drawing) -> st.SearchStrategy[Array]:
    """float32, shape (n,): any bits, or the ordinary ones with NaN, infinities and zeros of both signs."""
    if drawing.any_bits:
        bits = hnp.arrays(np.uint32, n, elements=st.integers(0, 2**32 - 1))
        return bits.map(lambda drawn: drawn.view(np.float32))
    return hnp.arrays(np.float32, n, elements=st.floats(width=32)).map(_one_nan)


def _one_nan(values: Array) -> Array:
    return np.where(np.isnan(values), np.float32(np.nan), values)


def degrees(n: int, limit: int) -> st.SearchStrategy[Array]:
    """Positions: float32, shape (n,)."""
    return hnp.arrays(np.float32, n, elements=st.floats(-limit, limit, width=32))


@st.composite
def times(draw: st.DrawFn, n: int) -> Times:
    """Times between the years 1600 and 2300 in any calendar of CF, some of them not known."""
    calendar = draw(st.sampled_from(CALENDARS))
    known = draw(hnp.arrays(np.bool_, n, elements=st.booleans(), fill=st.just(True)))
    if draw(st.booleans()):
        fields = [draw(hnp.arrays(np.int64, n, elements=st.integers(*ends))) for ends in _ENDS]
        values = ((fields[0] * 100 + fields[1]) * 100 + fields[2]) * 100 + fields[3]
        return Times(values=np.where(known, values, NO_TIME), units=DATE_CODE, calendar=calendar)
    units = draw(st.sampled_from(UNITS))
    most = 100 * 365 * 86400 // {"h": 3600, "s": 1, "d": 86400, "m": 60}[units[0]]
    values = draw(hnp.arrays(np.int64, n, elements=st.integers(-most, most)))
    return Times(values=np.where(known, values, NO_TIME), units=units, calendar=calendar)


_ENDS = ((1600, 2299), (1, 12), (1, 28), (0, 23))


@st.composite
def variables(draw: st.DrawFn, n: int, drawing: Drawing) -> tuple[Variable, ...]:
    """A few variables, with or without units, positions and missing values."""
    names = draw(
        st.lists(st.sampled_from(NAMES if drawing.odd_names else NAMES[:3]), min_size=1, max_size=4, unique=True)
    )
    found = []
    for name in names:
        values = draw(floats(n, drawing))
        missing = draw(st.sampled_from((None, float(np.float32(1e25)), float(np.float32(-999.9)), -9999.0)))
        if missing is not None and n:
            gone = draw(hnp.arrays(np.bool_, n))
            if not drawing.any_bits:
                gone |= np.isnan(values)
            values = np.where(gone, np.float32(missing), values)
        placed = draw(st.booleans())
        lon, lat = (draw(degrees(n, 360)) if placed else None for _ in range(2))
        units = draw(st.sampled_from(("", "Pa", "s-1", "m s-1")))
        found.append(Variable(name=name, values=values, units=units, lon=lon, lat=lat, missing_value=missing))
    return tuple(found)


@st.composite
def labels(draw: st.DrawFn, n: int, drawing: Drawing, *, per_point: bool) -> dict[str, Array]:
    """Labels: texts, whole numbers and, of tracks, float64."""
    names = draw(st.lists(st.sampled_from(LABELS if drawing.odd_names else LABELS[:3]), max_size=3, unique=True))
    found: dict[str, Array] = {}
    for name in names:
        kind = draw(st.sampled_from(("text", "i8", "i4") if per_point else ("text", "i8", "i4", "f8")))
        if kind == "text":
            values = np.empty(n, object)
            values[:] = draw(st.lists(TEXTS, min_size=n, max_size=n))
        elif kind == "f8":
            values = draw(hnp.arrays(np.float64, n, elements=st.floats(allow_nan=False)))
        else:
            limit = 2**62 if kind == "i8" else 2**30
            values = draw(hnp.arrays(np.dtype(kind), n, elements=st.integers(-limit, limit)))
        found[name] = values
    return found


ATTRIBUTES = st.dictionaries(
    st.sampled_from(("title", "institution", "level", "odd name", "Conventions", "_x", "comment")),
    st.one_of(
        TEXTS,
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False),
        st.tuples(st.integers(-9, 9), st.floats(-1, 1)),
        st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
        st.tuples(TEXTS, TEXTS),
        st.just(()),
    ),
    max_size=3,
)
PROJECTIONS = st.sampled_from(
    (GEOGRAPHIC, ProjectionDetails(group=1, kind=2), ProjectionDetails(group=2, centre=(90.0, 0.1)))
)


@st.composite
def track_sets(draw: st.DrawFn, drawing: Drawing = Drawing()) -> TrackSet:
    """Sets of tracks."""
    lengths = draw(st.lists(st.integers(0 if drawing.empty else 1, 4), max_size=4))
    n_tracks, n = len(lengths), sum(lengths)
    ids = draw(st.lists(st.integers(-(2**40), 2**62), min_size=n_tracks, max_size=n_tracks, unique=not drawing.empty))
    timed = draw(st.booleans())
    frames = hnp.arrays(np.int64, n, elements=st.integers(0, 2**31))
    return TrackSet(
        track_id=np.array(ids, np.int64),
        start=offsets(np.array(lengths, np.int64)),
        lon=draw(degrees(n, 360)),
        lat=draw(degrees(n, 90)),
        variables=draw(variables(n, drawing)),
        frame=draw(frames),
        missing_after=draw(hnp.arrays(np.int32, n, elements=st.integers(0, 5))),
        time=draw(times(n)) if timed else None,
        start_time=draw(st.one_of(st.none(), times(n_tracks))),
        object_number=draw(st.one_of(st.none(), hnp.arrays(np.int32, n, elements=st.integers(1, 99)))),
        projection=draw(PROJECTIONS),
        labels=draw(labels(n_tracks, drawing, per_point=False)),
        point_labels=draw(labels(n, drawing, per_point=True)),
        attributes=draw(ATTRIBUTES),
    )


def assert_same(actual: TrackSet, expected: TrackSet, *, but: tuple[str, ...] = ()) -> None:
    """Assert that two sets are the same, to the bit; `but` names attributes of the whole that are not looked at."""
    for name in ("track_id", "start", "lon", "lat", "frame", "missing_after"):
        assert_bitwise(getattr(actual, name), getattr(expected, name), name)
    assert (actual.object_number is None) == (expected.object_number is None)
    if actual.object_number is not None and expected.object_number is not None:
        assert_bitwise(actual.object_number, expected.object_number, "object_number")
    assert actual.projection == expected.projection
    _assert_times(actual.time, expected.time)
    _assert_times(actual.start_time, expected.start_time)
    assert [v.name for v in actual.variables] == [v.name for v in expected.variables]
    for one, other in zip(actual.variables, expected.variables, strict=True):
        _assert_variables(one, other)
    _assert_labels(actual.labels, expected.labels)
    _assert_labels(actual.point_labels, expected.point_labels)
    kept = [{k: v for k, v in one.attributes.items() if k not in but} for one in (actual, expected)]
    assert kept[0] == kept[1]
    assert {k: type(v) for k, v in kept[0].items()} == {k: type(v) for k, v in kept[1].items()}


def _assert_times(actual: Times | None, expected: Times | None) -> None:
    assert (actual is None) == (expected is None)
    if actual is not None and expected is not None:
        assert (actual.units, actual.calendar) == (expected.units, expected.calendar)
        assert_bitwise(actual.values, expected.values, "time")


def _assert_variables(actual: Variable, expected: Variable) -> None:
    assert (actual.units, actual.missing_value) == (expected.units, expected.missing_value)
    for name in ("values", "lon", "lat"):
        one, other = getattr(actual, name), getattr(expected, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert_bitwise(one, other, f"{actual.name}.{name}")


def _assert_labels(actual: Mapping[str, Array], expected: Mapping[str, Array]) -> None:
    assert list(actual) == list(expected)
    for name, values in expected.items():
        if values.dtype == object:
            assert actual[name].tolist() == values.tolist(), name
        else:
            assert_bitwise(actual[name], values, name)
