"""Metrics of fields under ``stormtrack metrics``: difference variance, EKE, high winds, correlation, hindcasts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import FieldError, UserInputError
from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._parser import add_terminal_options, netcdf_output, terminal

_WINDS = ("eastward_wind", "northward_wind")
NAMES = {
    "variance": "24 h difference variance of a field",
    "eke": "eddy kinetic energy: half the 24 h difference variances of both winds",
    "high-wind": "a high percentile of the wind speed, or of another field",
    "cormax": "largest correlation of an impact with a metric in a box around each point",
    "cca": "skill of hindcasts of an impact from a metric by canonical correlation",
}
"""What there is."""
_PAIRS = ("cormax", "cca")
"""Of two series: an impact and a metric."""


def add_field_metrics(metrics: Any) -> None:
    """Add a parser for each."""
    for name, about in NAMES.items():
        parser = metrics.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if name in _PAIRS:
            parser.add_argument("impact", metavar="IMPACT", help="file of the impact: time, latitude, longitude")
            parser.add_argument("series", metavar="METRIC", help="file of the metric at the same times")
            parser.add_argument("--impact-variable", metavar="NAME", help="field of a file with several")
            parser.add_argument("--metric-variable", metavar="NAME", help="the same of the metric")
        else:
            parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns of one series")
            parser.add_argument("--by", default="month", metavar="PERIOD", help="month, season, year, all, ... (month)")
        parser.add_argument("-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced")
        _OPTIONS[name](parser)
        add_terminal_options(parser)
        if name not in _PAIRS:
            add_choosing_options(parser, variable=name in ("variance", "high-wind"))
            add_opening_options(parser)


def _of_variance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hours", type=float, default=24.0, metavar="N", help="between both times (24)")


def _of_eke(parser: argparse.ArgumentParser) -> None:
    _of_variance(parser)
    parser.add_argument("--winds", nargs=2, metavar=("U", "V"), default=_WINDS, help=f"names ({' '.join(_WINDS)})")


def _of_high_wind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--winds", nargs=2, metavar=("U", "V"), help="names; or --variable, the speed")
    parser.add_argument("--percentile", type=float, default=95.0, metavar="P", help="0 to 100 (95)")


def _of_cormax(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--box", nargs=2, type=float, default=(60.0, 20.0), metavar=("WIDTH", "HEIGHT"), help="degrees (60 20)"
    )


def _of_cca(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--withheld", type=int, default=3, metavar="N", help="times withheld together (3)")
    parser.add_argument("--modes", type=int, default=10, metavar="N", help="most modes that are tried (10)")
    parser.add_argument("--components", type=int, metavar="N", help="principal components (as many as modes)")


_OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "variance": _of_variance,
    "eke": _of_eke,
    "high-wind": _of_high_wind,
    "cormax": _of_cormax,
    "cca": _of_cca,
}


def run_field_metric(args: argparse.Namespace) -> int:
    """Compute and write."""
    from ..api.field_metrics import Fields, write_field_metric

    if args.metric in _PAIRS:
        named = ((args.impact, args.impact_variable), (args.series, args.metric_variable))
        inputs = [Fields(paths=(path,), variables=(variable,)) for path, variable in named]
    else:
        opening = {**choosing_options(args), **opening_options(args)}
        variable = opening.pop("variable", None)
        winds = getattr(args, "winds", None)
        if winds and variable:
            raise UserInputError(f"--winds and --variable {variable} exclude each other")
        inputs = [Fields(paths=tuple(args.files), variables=tuple(winds or (variable,)), opening=opening)]
    report = terminal(args, "field")
    with _pairs_in_their_words(args.metric):
        write_field_metric(inputs, args.metric, _arguments(args), args.output, report)
    report.note(f"{NAMES[args.metric]}: {args.output}")
    return 0


@contextmanager
def _pairs_in_their_words(metric: str) -> Iterator[None]:
    """Say by which options fields of two series are chosen."""
    try:
        yield
    except FieldError as error:
        from ..fields.choosing import BY_NAME

        if metric not in _PAIRS:
            raise
        options = "--impact-variable NAME, of the metric --metric-variable NAME"
        raise FieldError(str(error).replace(BY_NAME, options)) from error


def _arguments(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments of the function."""
    names = {
        "variance": ("hours", "by"),
        "eke": ("hours", "by"),
        "high-wind": ("percentile", "by"),
        "cormax": ("box",),
        "cca": ("withheld", "components"),
    }
    found = {name: getattr(args, name) for name in names[args.metric]}
    if args.metric == "cormax":
        found["box"] = tuple(args.box)
    return {**found, "most_modes": args.modes} if args.metric == "cca" else found
