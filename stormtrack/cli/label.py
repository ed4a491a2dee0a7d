"""``stormtrack label``: what tracks are called."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._field_options import pairs
from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read, refuse_inputs_as_output
from ._track_outputs import add_track_output_options, write_tracks

DESCRIPTION = """\
Adds labels to tracks and points: cyclonic or anticyclonic; tropical cyclones by thresholds of papers, or by your own;
the class of the wind; the phase space of cyclones (Hart 2003) from fields of geopotential height.
"""
EXAMPLES = """\
examples:
  stormtrack label tracks.nc --cyclonic -o labelled.nc
  stormtrack label tracks.nc --tc hodges2017 --levels vo850 vo700 vo600 vo500 vo250 vo200 --land lsm.nc -o tc.nc
  stormtrack label --show hodges2017 > mine.toml && stormtrack label tracks.nc --criteria mine.toml ... -o tc.nc
  stormtrack label ibtracs.csv --wind usa_wind --units usa_wind=kt -o classes.nc
  stormtrack label tracks.nc --phase-space z_levels.nc -o phases.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "label",
        help="what tracks are: cyclonic, tropical cyclones, class of the wind, phase space",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="IN", help="files of tracks; several are put together")
    add_track_output_options(parser, required=False)
    parser.add_argument("--show", metavar="NAME", help="print criteria as TOML and end; 'all' lists their names")
    _add_labels(parser)
    add_track_input_options(parser)
    add_terminal_options(parser)


def _add_labels(parser: argparse.ArgumentParser) -> None:
    turn = parser.add_argument_group("cyclonic")
    turn.add_argument("--cyclonic", action="store_true", help="1, -1 for anticyclonic, 0 not known")
    turn.add_argument(
        "--by", metavar="VARIABLE", help="variable that says it (what the search is called; the intensity)"
    )
    turn.add_argument(
        "--quantity", metavar="WHAT", help="what it is: vorticity, pressure, geopotential, streamfunction, anomaly"
    )
    tropical = parser.add_argument_group("tropical cyclones")
    tropical.add_argument("--tc", metavar="NAME", help="criteria: hodges2017, zarzycki-ullrich2017, gale")
    tropical.add_argument("--criteria", metavar="FILE", type=Path, help="criteria of your own (TOML)")
    tropical.add_argument("--levels", nargs="+", metavar="VARIABLE", help="vorticity of the levels, the lowest first")
    tropical.add_argument(
        "--variable", action="append", metavar="WHAT=NAME", help="which variable is the wind, ...; repeatable"
    )
    tropical.add_argument(
        "--land", metavar="FILE", help="parts of land, 0 to 1 (without: rules about land are left out)"
    )
    tropical.add_argument("--southern", metavar="SIGN", help="of southern cyclones: negative (the default) or positive")
    wind = parser.add_argument_group("wind")
    wind.add_argument("--wind", metavar="VARIABLE", help="class by the Saffir-Simpson scale")
    wind.add_argument(
        "--units",
        action="append",
        metavar="NAME=UNITS",
        help="of a variable, or quantity such as vorticity; repeatable",
    )
    phase = parser.add_argument_group("phase space")
    phase.add_argument("--phase-space", metavar="FILE", help="geopotential (height) on pressure levels")
    phase.add_argument("--height", metavar="NAME", help="its variable, where there are several")
    phase.add_argument("--radius", type=float, default=500.0, metavar="KM", help="of the circle (500)")
    phase.add_argument(
        "--layers",
        nargs=4,
        type=float,
        default=(900.0, 600.0, 600.0, 300.0),
        metavar="HPA",
        help="bottom and top of the lower and the upper layer (900 600 600 300)",
    )
    phase.add_argument("--missing", default="refuse", metavar="HOW", help="points at other times: refuse, nan (refuse)")


def run(args: argparse.Namespace) -> int:
    """Label and write."""
    if args.show is not None:
        return _show(args.show)
    if not args.files or args.output is None:
        raise UserInputError("stormtrack label needs files of tracks and -o OUT; --show NAME needs neither")
    if not (args.cyclonic or args.tc or args.criteria or args.wind or args.phase_space):
        raise UserInputError(
            "nothing to label: give --cyclonic, --tc NAME, --criteria FILE, --wind NAME or --phase-space FILE"
        )
    if args.tc and args.criteria:
        raise UserInputError("--tc and --criteria: one of them at a time")
    fields = [name for name in (args.land, args.phase_space, args.criteria) if name is not None]
    refuse_inputs_as_output(args.output, [*args.files, *map(str, fields)])
    tracks = read(args.files, args)
    criteria = _criteria(args)
    labelled = _labels(tracks, criteria, args)
    if args.phase_space:
        layers = (tuple(args.layers[:2]), tuple(args.layers[2:]))
        labelled = labelled.phase_space(
            args.phase_space, variable=args.height, radius=args.radius, layers=layers, missing=args.missing
        )
    write_tracks(labelled, args)
    _tell(labelled, criteria, args)
    return 0


def _labels(tracks: Any, criteria: Any, args: argparse.Namespace) -> Any:
    """The tracks with all labels but the phase space."""
    options: dict[str, Any] = {
        "levels": args.levels,
        "variables": pairs(args.variable or (), "--variable"),
        "units": pairs(args.units or (), "--units"),
        "southern": args.southern,
        "quantity": args.quantity,
    }
    options = {name: value for name, value in options.items() if value}
    cyclonic: bool | str = args.by if args.cyclonic and args.by else args.cyclonic
    if args.by and not args.cyclonic:
        raise UserInputError("--by says what --cyclonic goes by; give that too")
    if not (cyclonic or criteria or args.wind):
        if options or args.land:
            raise UserInputError(
                f"{', '.join([*options, *(['land'] if args.land else [])])}: of --tc, --wind or --cyclonic"
            )
        return tracks
    if args.land is None:
        return tracks.label(cyclonic=cyclonic, tc=criteria, wind=args.wind, **options)
    from ..fields.opening import open_field

    with open_field(args.land) as land:
        return tracks.label(cyclonic=cyclonic, tc=criteria, wind=args.wind, land=land, **options)


def _criteria(args: argparse.Namespace) -> Any:
    """The criteria that are meant, None if none are."""
    from ..labels.criteria import criteria_from, criteria_named

    if args.criteria is None:
        return None if args.tc is None else criteria_named(args.tc)
    return criteria_from(_toml(args.criteria))


def _toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserInputError(f"--criteria {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserInputError(f"--criteria {path} is no TOML: {error}") from None


def _show(name: str) -> int:
    from ..labels.criteria import CRITERIA, criteria_named, to_toml

    if name == "all":
        sys.stdout.writelines(f"{one.name}: {one.about}\n" for one in CRITERIA)
    else:
        sys.stdout.write(to_toml(criteria_named(name)))
    return 0


def _tell(tracks: Any, criteria: Any, args: argparse.Namespace) -> None:
    told = terminal(args)
    if criteria is not None:
        found = int(tracks.labels[f"tc_{criteria.name}"].sum())
        told.note(f"{found} of {tracks.n_tracks} tracks are tropical cyclones ({criteria.name})")
        if args.land is None and (criteria.over_sea or criteria.genesis_latitude_land is not None):
            told.note("its rules about land and sea were left out: there is no mask of land (--land)")
    told.note(f"{tracks.n_tracks} tracks with labels in '{args.output}'")
