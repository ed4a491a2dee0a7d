"""Rows of linking (specification 01, section 4.4; 04, section 2.1)."""

from __future__ import annotations

from ..rows import Answers, Condition, Row, Section, always, both, equals, negate, no, nonzero, yes

LOAD: Section = (
    Row("retrack?", "c", "n: do not link again", lambda a: a.objects_from_file),
    Row("load_tracks?", "c", "y: take tracks of an earlier run", negate(equals("retrack?", "n"))),
    Row("tracks.other_file?", "c", "another file than the run's own", yes("load_tracks?")),
    Row("tracks.file", "s", "the track file", yes("tracks.other_file?")),
    Row("tracks.further_analysis?", "c", "filter these tracks further", yes("load_tracks?")),
)


def sets(a: Answers) -> int:
    """Number of parameter sets in force; without a new answer the earlier one stays."""
    return max(1, a.integer("missing.nsets")) if "missing.nsets" in a.given else a.sets


def _one_set(a: Answers) -> bool:
    return sets(a) == 1


def _weights(when: Condition) -> Section:
    return (
        Row("w1", "f", "weight of changes of direction", when),
        Row("w2", "f", "weight of changes of speed", when, joined=True),
    )


def _limits(when: Condition) -> Section:
    return (
        Row("dmax", "f", "upper bound of displacement, degrees or grid units", when),
        Row("phimax", "f", "upper bound of the smoothness cost", when, joined=True),
    )


PARAMETERS: Section = _weights(always)

INITIALISATION: Section = (
    Row("missing_frames?", "c", "treat gaps of missing frames with their own limits"),
    Row("missing.nsets", "d", "number of sets of limits (below 1: 1)", yes("missing_frames?")),
    Row("regional_dmax?", "c", "regional bounds of displacement (zone.dat)"),
    Row("adaptive?", "c", "adaptive smoothness (adapt.dat)"),
    Row("preprocess?", "c", "cut tracks before each pass", no("adaptive?")),
    *_limits(_one_set),
    Row("missing.dmax_file", "s", "file with a pair of limits for each set", negate(_one_set)),
    Row("plot_initial?", "c", "plot initial tracks (no plots are made)"),
    Row("plot_initial.area", "d", "area to plot", yes("plot_initial?")),
    Row("reinitialise?", "c", "y: other parameters; a: stop here; other: go on"),
)

LOADED_PARAMETERS: Section = _weights(always) + _limits(always)
"""Asked for loaded tracks whose file has no parameter lines."""

SEARCH: Section = (
    Row("missing_frame_search?", "c", "cut tracks at gaps by a table of frame times"),
    Row(
        "search.times_file",
        "s",
        "table of frame times",
        both(yes("missing_frame_search?"), lambda a: not a.facts.times_file_exists()),
    ),
    Row("search.time_step", "f", "hours between frames", yes("missing_frame_search?")),
)
SEARCH_LIMITS: Section = (
    Row("search.dmax", "f", "new upper bound of displacement, not above the old one"),
    Row("search.phimax", "f", "new upper bound of the cost, not above the old one", joined=True),
)


def _missing_known(a: Answers) -> bool:
    """The object file that the run began with counts missing frames."""
    reuse = a.tracking.passes[-1].reuse if a.tracking.passes else None
    return reuse is not None and a.facts.objects_know_missing(reuse)


def _final_missing(a: Answers) -> bool:
    return a.yes("apply_zonal_adaptive?") and (not a.yes("load_tracks?") or _missing_known(a))


FINAL_FILTERS: Section = (
    Row("apply_zonal_adaptive?", "c", "filter the tracks by regional and adaptive limits at the end"),
    Row("final.missing_frames?", "c", "treat gaps with their own limits", _final_missing),
    Row("final.nsets", "d", "number of sets of limits", yes("final.missing_frames?")),
    Row(
        "final.dmax_file",
        "s",
        "file with a pair of limits for each set",
        lambda a: a.integer("final.nsets") > a.sets,
    ),
    Row("final.regional_dmax?", "c", "regional bounds (zone.dat)", yes("apply_zonal_adaptive?")),
    Row("final.adaptive?", "c", "adaptive smoothness (adapt.dat)", yes("apply_zonal_adaptive?")),
)

PLOT_POINTS: Section = (
    Row("plot_min_points", "d", "plot tracks with this many points; 0: no plots"),
    Row("plot_min_points.area", "d", "area to plot", lambda a: a.integer("plot_min_points") > 0),
)
PLOT_TRACK: Section = (Row("plot_track", "d", "plot this track; 0: none"),)
PLOT_TRACK_AREA: Section = (Row("plot_track.area", "d", "area to plot", nonzero("plot_track")),)
REPEAT: Section = (Row("repeat?", "c", "y: link again with other parameters"),)
