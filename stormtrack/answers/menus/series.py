"""What all time functions of the menu ask: frames of a series, missing values, weights.

References
----------
Specification 05, sections 1.2, 1.4 and 8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ...settings.series import STORED_MEAN, MissingReplacement, MissingTest, OtherField, SeriesFrames, WeightTable
from ..build_startup import selection
from ..parameter_tables import Tables
from ..rows import Answers, Condition, Row, Scene, Section, always, both, negate, one_of, yes, yes_no
from ..stream import Value

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles


def is_netcdf(a: Answers) -> bool:
    """The input is a NetCDF file: only such files say whether a field has missing values."""
    return a.startup is not None and a.startup.selection.format == 4


def marks_missing(a: Answers) -> bool:
    """The input is a NetCDF file whose field has a missing value."""
    return is_netcdf(a) and a.facts.field_has_missing_value(selection(a))


def _can_start(value: Value, a: Answers) -> bool:
    return value not in ("s", "i") or a.integer("fs") >= 1


def choice_row(key: str) -> Row:
    """The letter that says which frames are used."""
    return Row(
        key,
        "c",
        "frames used: s as given; i first and step as given, to the end; other: all",
        allowed="with s and i the first frame (fs) must be 1 or more",
        usable=_can_start,
    )


SERIES_FRAMES: Section = (
    Row("fs", "d", "first frame (1-based)"),
    Row("fr", "d", "step between frames (below 1: 1)", joined=True),
    Row("fe", "d", "last frame (may lie beyond the data)", joined=True),
)
SERIES: Section = (*SERIES_FRAMES, choice_row("series.choice"))


def series_frames(a: Answers, key: str = "series.choice") -> SeriesFrames:
    """The frames that were asked for."""
    letter = a.char(key)
    return SeriesFrames(
        first=a.integer("fs"),
        step=max(1, a.integer("fr")),
        last=a.integer("fe"),
        choice=cast(Literal["s", "i"], letter) if letter in ("s", "i") else "a",
    )


def missing_rows(prefix: str, when: Condition = always) -> Section:
    """Whether values are missing (not asked of NetCDF input), and which."""
    asked = both(when, negate(is_netcdf))

    def present(a: Answers) -> bool:
        return when(a) and (marks_missing(a) or a.yes(f"{prefix}.missing?"))

    return (
        Row(f"{prefix}.missing?", "c", "some values of the field are missing", asked),
        Row(f"{prefix}.missing", "f", "missing value to test against", present),
        Row(
            f"{prefix}.missing_test",
            "d",
            "missing are values 0 equal to it, 1 less, 2 greater",
            present,
            "0, 1 or 2",
            one_of(0, 1, 2),
        ),
    )


def missing_test(a: Answers, prefix: str) -> MissingTest | None:
    """Which values are missing; None if none are."""
    if f"{prefix}.missing" not in a.given:
        return None
    comparison = cast(Literal[0, 1, 2], a.integer(f"{prefix}.missing_test"))
    return MissingTest(value=a.real(f"{prefix}.missing"), comparison=comparison)


def replacement_rows(prefix: str) -> Section:
    """Which values are missing, and what is put in their place."""

    def present(a: Answers) -> bool:
        return f"{prefix}.missing" in a.given

    def constant(a: Answers) -> bool:
        return present(a) and not a.yes(f"{prefix}.missing_mean?")

    return (
        *missing_rows(prefix),
        Row(f"{prefix}.missing_mean?", "c", f"put the average of the file {STORED_MEAN} in their place", present),
        *field_rows(f"{prefix}.mean", yes(f"{prefix}.missing_mean?"), STORED_MEAN),
        Row(f"{prefix}.missing_value", "f", "value put in their place", constant),
    )


def replacement(a: Answers, prefix: str) -> MissingReplacement | None:
    """What is put in the place of missing values; None if none are missing."""
    test = missing_test(a, prefix)
    if test is None:
        return None
    if a.yes(f"{prefix}.missing_mean?"):
        return MissingReplacement(test=test, mean=other_field(a, f"{prefix}.mean", STORED_MEAN))
    return MissingReplacement(test=test, value=a.real(f"{prefix}.missing_value"))


def weight_rows(prefix: str) -> Section:
    """Whether frames have weights, and in which file."""
    return (
        Row(f"{prefix}.weights?", "c", "give the frames weights"),
        Row(
            f"{prefix}.weights",
            "s",
            "text file with a weight for each frame used",
            lambda a: a.yes(f"{prefix}.weights?"),
        ),
    )


def weight_table(a: Answers, prefix: str, tables: Tables) -> WeightTable | None:
    """The weights of a file; None if none are wanted."""
    if not a.yes(f"{prefix}.weights?"):
        return None
    path = a.text(f"{prefix}.weights")
    return WeightTable(path=path, values=tables.numbers(path))


def other_file_rows(prefix: str, meaning: str, when: Condition = always) -> Section:
    """The name of another file, and which of its fields and levels is used."""
    return (Row(prefix, "s", meaning, when), *field_rows(prefix, when))


def field_rows(prefix: str, when: Condition, path: str = "") -> Section:
    """Which field and level of another file is used; the file is `path`, or was asked for."""
    field, level = f"{prefix}.field", f"{prefix}.level"

    def several(a: Answers) -> bool:
        return when(a) and is_netcdf(a) and a.facts.fields_in_file(other_field(a, prefix, path), selection(a)) > 1

    def levels(a: Answers) -> bool:
        return when(a) and is_netcdf(a) and a.facts.levels_in_file(other_field(a, prefix, path), selection(a))

    return (
        Row(field, "s", "name of its variable", both(several, _by_name), default=""),
        Row(field, "d", "number of its variable (0-based)", both(several, negate(_by_name))),
        Row(level, "f", "value of its level", both(levels, _by_name)),
        Row(level, "d", "number of its level (0-based)", both(levels, negate(_by_name))),
    )


def _by_name(a: Answers) -> bool:
    return selection(a).by_name


def other_field(a: Answers, prefix: str, path: str = "") -> OtherField:
    """The field of another file, as far as it has been answered."""
    variable, level = a.given.get(f"{prefix}.field"), a.given.get(f"{prefix}.level")
    return OtherField(
        path=path or a.text(prefix),
        variable=None if variable is None or isinstance(variable, float) else variable,
        level=None if isinstance(level, str) else level,
    )


def tell_frames(frames: SeriesFrames, key: str = "series.choice") -> Scene:
    """What the frames of a series answer."""
    return {"fs": frames.first, "fr": frames.step, "fe": frames.last, key: frames.choice}


def tell_missing(prefix: str, test: MissingTest | None) -> Scene:
    """What a test for missing values answers."""
    told: Scene = {f"{prefix}.missing?": yes_no(test)}
    if test is None:
        return told
    return {**told, f"{prefix}.missing": test.value, f"{prefix}.missing_test": test.comparison}


def tell_replacement(prefix: str, replaced: MissingReplacement | None) -> Scene:
    """What the replacement of missing values answers."""
    if replaced is None:
        return tell_missing(prefix, None)
    return {
        **tell_missing(prefix, replaced.test),
        f"{prefix}.missing_mean?": yes_no(replaced.mean),
        f"{prefix}.missing_value": replaced.value,
        **({} if replaced.mean is None else tell_field(f"{prefix}.mean", replaced.mean)),
    }


def tell_weights(prefix: str, weights: WeightTable | None, tables: TableFiles) -> Scene:
    """What weights of frames answer."""
    from ..table_texts import numbers_text

    told: Scene = {f"{prefix}.weights?": yes_no(weights)}
    if weights is None:
        return told
    return {**told, f"{prefix}.weights": tables.add(weights.path, numbers_text(weights.values))}


def tell_field(prefix: str, other: OtherField) -> Scene:
    """What the field of another file answers, its name included."""
    chosen = {f"{prefix}.field": other.variable, f"{prefix}.level": other.level}
    return {prefix: other.path, **{key: value for key, value in chosen.items() if value is not None}}
