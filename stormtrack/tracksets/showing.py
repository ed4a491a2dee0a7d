"""What is inside a set of tracks, for people: a few lines of text, or a small table of HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, Array
from ..model.dates import calendar_named, date_text, seconds_of, usual_step
from ..model.strength import defined, intensity, lowest_is_strongest
from ..model.times import NO_TIME
from ..model.tracks import TEXT_ID, TrackSet
from ..model.variables import Variable
from .dating import length_text
from .points import peak_points

_MOST_SHOWN = 6
_MOST_KINDS = 4
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, and what it says."""

    about: str
    text: str


def title(data: TrackSet) -> str:
    """``35 tracks, 419 points``."""
    emptied = data.n_tracks - data.n_filled
    more = f" ({emptied} without points)" if emptied else ""
    return f"{_count(data.n_tracks, 'track')}{more}, {_count(data.n_points, 'point')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def lines(data: TrackSet) -> list[Line]:
    """What is inside, line by line."""
    found = []
    if data.n_points:
        found += [Line("period", period(data)), Line("region", region(data.lon, data.lat))]
        if not data.projection.is_geographic:
            found[-1] = Line("positions", "coordinates of a projection")
    shown = [_variable(v) for v in data.variables[:_MOST_SHOWN]]
    more = len(data.variables) - len(shown)
    found += [Line("variables" if not k else "", text) for k, text in enumerate(shown)]
    if more:
        found.append(Line("", f"and {more} more: {_some([v.name for v in data.variables[_MOST_SHOWN:]])}"))
    strongest = _strongest(data)
    if strongest:
        found.append(Line("strongest", strongest))
    labels = _some([_label(name, values) for name, values in data.labels.items() if name != TEXT_ID])
    return [*found, Line("labels", labels)] if labels else found


def period(data: TrackSet) -> str:
    """``2025-12-01 00:00 to 2025-12-20 18:00, every 6 h, standard calendar``, or frames."""
    if data.time is None or not data.time.known.any():
        return f"frames {data.frame.min()} to {data.frame.max()} (no dates: with_dates)"
    seconds = seconds_of(data.time)
    known = seconds[seconds != NO_TIME]
    calendar = calendar_named(data.time.calendar)
    ends = f"{date_text(int(known.min()), calendar)} to {date_text(int(known.max()), calendar)}"
    step = usual_step(seconds, data.start)
    every = f", every {length_text(step)}" if step else ""
    partly = "" if len(known) == len(seconds) else f" ({len(seconds) - len(known)} points without a date)"
    return f"{ends}{partly}{every}, {calendar} calendar"


def region(lon: F32, lat: F32) -> str:
    """The smallest box of latitudes and longitudes that holds the points."""
    south, north = (_latitude(float(v)) for v in (lat.min(), lat.max()))
    west, east = longitudes(lon)
    turned = "all longitudes" if east - west >= 360 else f"{_longitude(west)} to {_longitude(east)}"
    return f"{south} to {north}, {turned}"


def longitudes(lon: F32) -> tuple[float, float]:
    """West and east end of the shortest stretch that holds the longitudes; 0, 360 if it leaves less than 15 degrees."""
    places = np.unique(np.float64(lon) % 360.0)
    gaps = np.diff(np.append(places, places[0] + 360.0))
    widest = int(np.argmax(gaps))
    if len(places) > 1 and gaps[widest] < 15:
        return 0.0, 360.0
    west = float(places[(widest + 1) % len(places)])
    east = float(places[widest])
    return west, east if east >= west else east + 360.0


def _latitude(value: float) -> str:
    return f"{abs(value):.1f} {'S' if value < 0 else 'N'}"


def _longitude(value: float) -> str:
    turned = (value + 180.0) % 360.0 - 180.0
    return f"{abs(turned):.1f} {'W' if turned < 0 else 'E'}"


def place_text(lon: float, lat: float) -> str:
    """A place for people: ``45.2 N 320.1 E`` as ``45.2 N 39.9 W``."""
    return f"{_latitude(lat)} {_longitude(lon)}"


def with_units(text: str, units: str) -> str:
    """A value with its units, if they are known."""
    shown = f"({units})" if units[:1].isdigit() else units
    return f"{text} {shown}" if units else text


def _variable(variable: Variable) -> str:
    values = defined(variable.values, variable.missing_value)
    known = values[np.isfinite(values)]
    missing = len(values) - len(known)
    spread = f"{known.min():g} to {known.max():g}" if len(known) else "no values"
    gone = f", {missing} missing" if missing and len(known) else ""
    return f"{variable.name}: {with_units(spread, variable.units if len(known) else '')}{gone}"


def _some(names: list[str]) -> str:
    """The first of many names."""
    return ", ".join([*names[:_MOST_NAMES], "..."] if len(names) > _MOST_NAMES else names)


def _strongest(data: TrackSet) -> str:
    index = peak_points(data)
    index = index[index >= 0]
    if not len(index):
        return ""
    variable = intensity(data)
    values = variable.values[index]
    k = int(index[np.argmin(values) if lowest_is_strongest(variable) else np.argmax(values)])
    where = place_text(float(data.lon[k]), float(data.lat[k]))
    named = f"{variable.name} " if len(data.variables) > 1 else ""
    value = with_units(f"{variable.values[k]:g}", variable.units)
    return f"{named}{value} at {where}, {when(data, k)}, {_whose(data, k)}"


def when(data: TrackSet, point: int) -> str:
    """Date of a point, or its frame."""
    if data.time is None or data.time.values[point] == NO_TIME:
        return f"frame {data.frame[point]}"
    one = data.time.take(slice(point, point + 1))
    return date_text(int(seconds_of(one)[0]), calendar_named(one.calendar))


def _whose(data: TrackSet, point: int) -> str:
    track = int(np.searchsorted(data.start, point, "right") - 1)
    return f"track {data.labels.get(TEXT_ID, data.track_id)[track]}"


def _label(name: str, values: Array) -> str:
    if values.dtype.kind not in "OSU":
        return name
    kinds = [kind for kind in dict.fromkeys(str(value) for value in values.tolist()) if kind]
    return f"{name} ({', '.join(kinds)})" if 0 < len(kinds) <= _MOST_KINDS else name


def as_text(data: TrackSet) -> str:
    """Plain text."""
    rows = [f"  {line.about:<11}{line.text}".rstrip() for line in lines(data)]
    return "\n".join([f"<stormtrack.Tracks: {title(data)}>", *rows])


def as_html(data: TrackSet) -> str:
    """A small table for notebooks."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{html.escape(line.about)}</th>"
        f"<td style='text-align:left'>{html.escape(line.text)}</td></tr>"
        for line in lines(data)
    )
    return f"<div><b>stormtrack.Tracks</b>: {html.escape(title(data))}<table>{rows}</table></div>"
