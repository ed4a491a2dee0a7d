"""Prompts of the statistics of tracks (analysis action 2).

References
----------
Specification 06, sections 1.1 and 1.6.
"""

from __future__ import annotations

from dataclasses import replace

from ...settings.statistics import Mode, OldKernel, Smoothing, TrackContents
from ..dialogue.startup import PROJECTION
from ..rows import Answers, Condition, Row, Section, always, at_least, both, equals, negate, nonzero, one_of, yes

_PHASES = equals("stats.phases", 1)
ESTIMATES_OF_DROPPED = ("strength", "speed", "genesis", "lysis", "growth", "shape", "tendency", "area")
"""Sets of data by the number (1-based) that drops them."""


def _not_negative(value: object, _: Answers) -> bool:
    return float(str(value)) >= 0.0


def opening_rows(contents: TrackContents) -> Section:
    """From the frames to the phase speeds."""
    count = len(contents.fields)

    def placed(a: Answers) -> bool:
        field = a.integer("stats.field")
        return 1 <= field <= count and contents.fields[field - 1]

    def has_fields(_: Answers) -> bool:
        return count > 0

    return (
        Row("stats.f1", "d", "first frame"),
        Row("stats.f2", "d", "last frame", joined=True),
        Row("stats.missing_counted", "d", "1: frame numbers account for missing frames; 0: they do not"),
        Row(
            "stats.field",
            "d",
            "field used as intensity; 0: the intensity",
            has_fields,
            f"0 to {count}",
            one_of(*range(count + 1)),
        ),
        Row("stats.use_positions", "d", "1: use the positions of the field", placed),
        Row("stats.exclude_missing?", "c", "exclude points with missing positions", placed),
        Row("stats.phases", "d", "phase speeds: 0 none, 1 compute, 2 read a file", always, "0 to 2", one_of(0, 1, 2)),
        Row("phase.file", "s", "file of phase speeds (phase_trs)", equals("stats.phases", 2)),
        Row("phase.change_norm?", "c", "change the distance measure", _PHASES),
        Row("phase.norm", "c", "e or g; distances are geodesic all the same", yes("phase.change_norm?")),
        Row("phase.interval", "f", "time between frames", _PHASES),
        Row("phase.scale?", "c", "scale distances", _PHASES),
        Row("phase.scale_kind", "d", "1: radius of the Earth in km; 0: a value", yes("phase.scale?")),
        Row("phase.scale", "f", "factor of distances", equals("phase.scale_kind", 0)),
        Row("phase.display?", "c", "display the speeds; y is refused", nonzero("stats.phases")),
        Row("stats.what", "d", "1: compute; 2: read a file of statistics", always, "1", one_of(1, 2)),
    )


SAMPLING: Section = (
    Row("other_projection", "c", "sampling points on another projection"),
    *(replace(row, stored=False) for row in PROJECTION),
    Row("stats.input_grid?", "c", "sample at the points of the input grid", negate(yes("other_projection"))),
)
REGION_X: Section = (
    Row("stats.x1", "f", "first x of the region of sampling points"),
    Row("stats.x2", "f", "last x", joined=True),
)
REGION_Y: Section = (
    Row("stats.y1", "f", "first y of the region of sampling points"),
    Row("stats.y2", "f", "last y", joined=True),
)
POINTS: Section = (Row("stats.points", "d", "number of sampling points", allowed="1 or more", usable=at_least(1)),)


def data_rows(contents: TrackContents, phases: bool) -> Section:
    """From the region of the data to the estimator."""
    shape: Condition = lambda _: contents.shape  # noqa: E731
    scale = yes("stats.area_scale?")
    return (
        *(
            Row(f"domain.{edge}", "f", f"{name} of the data", joined=edge != "x1")
            for edge, name in (("x1", "west"), ("x2", "east"), ("y1", "south"), ("y2", "north"))
        ),
        Row("stats.weights?", "c", "use the weights", lambda _: contents.weights == 1),
        Row("stats.least_weight", "f", "points with smaller weights are left out", yes("stats.weights?")),
        Row("stats.area_scale?", "c", "scale the areas", shape),
        Row("stats.area_scale_kind", "d", "1: square of the Earth's radius in km; 0: a value", both(shape, scale)),
        Row("stats.area_scale", "f", "factor of areas", both(shape, scale, equals("stats.area_scale_kind", 0))),
        Row("stats.lifetime_step", "f", "time between frames in the unit of lifetimes"),
        Row(
            "stats.sign",
            "d",
            "growth and tendency: 0 any, 1 positive, 2 negative",
            lambda _: phases,
            "0, 1 or 2",
            one_of(0, 1, 2),
        ),
        Row("stats.all_or_selected", "c", "s: drop some; other: all statistics"),
    )


DROPPED: Section = (
    Row(
        "stats.dropped",
        "d",
        "drop 1 strength, 2 speed, 3 genesis, 4 lysis, 5 growth, 6 anisotropy, 7 tendency, 8 area; 0: no more",
        allowed="0 to 8",
        usable=one_of(*range(9)),
    ),
)
_TREE = nonzero("stats.estimator")
ESTIMATOR: Section = (
    Row("stats.estimator", "d", "0: old estimators; 1: spherical quad tree", allowed="0 or 1", usable=one_of(0, 1)),
    Row("tree.base", "d", "0: octahedron; 1: icosahedron", _TREE, "0 or 1", one_of(0, 1)),
    Row("tree.levels", "d", "levels; 0: from the area of a leaf", _TREE, "0 or more", at_least(0)),
    Row("tree.area", "f", "area of a leaf, sr", both(_TREE, equals("tree.levels", 0))),
)
SINGLE = {
    name: Row(f"stats.{name}", "c", f"{text}: i: each by itself; other: together")
    for name, text in (
        ("strength", "strength and feature density"),
        ("speed", "speed and velocity"),
        ("shape", "anisotropy and orientation"),
    )
}


def block_rows(mode: Mode, *, tree: bool, weighted: bool, tracks: bool = False) -> Section:
    """Prompts of one block: a kernel and its smoothing."""
    fisher = equals("block.kernel", int(OldKernel.FISHER))
    crossed, adaptive = (
        equals("block.smoothing", int(kind)) for kind in (Smoothing.CROSS_VALIDATED, Smoothing.ADAPTIVE)
    )
    validated = both(adaptive, yes("block.cross_validate?"))

    def bracket(a: Answers) -> bool:
        return crossed(a) or validated(a)

    return (
        *(
            (Row("block.weights?", "c", "use weights in the cross-validation and the pilot density"),)
            if weighted
            else ()
        ),
        *(_TREE_KERNEL if tree else _OLD_KERNEL),
        Row(
            "block.smoothing",
            "d",
            "0: the lower bound, 1: fixed, 2: cross-validated, 3: adaptive",
            allowed="0 to 3",
            usable=one_of(0, 1, 2, 3),
            default=None,
        ),
        Row(
            "block.s",
            "lf",
            "smoothing parameter",
            nonzero("block.smoothing"),
            "0 or more",
            _not_negative,
            default=None,
        ),
        Row(
            "block.lowest",
            "lf",
            "lower bound of it",
            always if tree else negate(fisher),
            "0 or more",
            _not_negative,
            default=None,
        ),
        *(
            (Row("block.robust?", "c", "robust smoothing; y is refused"),)
            if mode != Mode.DENSITY and not tracks
            else ()
        ),
        Row("block.alpha", "f", "power of the pilot density", adaptive, default=None),
        Row("block.cross_validate?", "c", "find the parameter by cross-validation", adaptive),
        Row("block.bracket1", "lf", "first bound of the search", bracket, "0 or more", _not_negative, default=None),
        Row("block.bracket2", "lf", "second bound", bracket, default=None, joined=True),
        *((Row("block.std", "d", "1: standard deviations"),) if mode.scalar else ()),
    )


_TREE_KERNEL: Section = (
    Row("block.exponent", "d", "exponent of the kernel", allowed="0 or more", usable=at_least(0), default=None),
    Row("block.enclosure?", "c", "test which triangles enclose the kernel; nothing depends on it"),
)
_OLD_KERNEL: Section = (
    Row("block.kernel", "d", "0: Fisher, 1: constant, 2: linear, 3: quadratic, 10: not isotropic", default=None),
)
TRACKS: Section = (Row("stats.tracks?", "c", "track density and mean lifetime"),)
SCALING: Section = (
    Row("stats.scale?", "c", "scale densities to numbers"),
    Row("stats.more_scaling?", "c", "a further factor", yes("stats.scale?")),
    Row("stats.factor", "f", "the factor", yes("stats.more_scaling?"), default=None),
    Row("stats.display?", "c", "display the statistics; y is refused"),
)
