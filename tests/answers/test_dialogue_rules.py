"""What the conversation makes of good, misread, missing and unusable answers."""

from __future__ import annotations

import contextlib
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.answers import AssumedFacts, Conversation, Tables
from stormtrack.answers.transcript import TYPICAL_INITIAL
from stormtrack.errors import AnswersError, GridError, NotSupportedError, TableError
from stormtrack.settings.detection import AreaSettings, FeatureType, RefinedGrid
from stormtrack.settings.extract import ExtractRequest, FieldTransform
from stormtrack.settings.linking import MissingFrameSearch
from stormtrack.settings.menus import ConvertRequest
from stormtrack.settings.plan import (
    DetectionPlan,
    LinkStep,
    ObjectOutput,
    TrackingPlan,
)
from stormtrack.settings.spectral import SpectralRequest
from stormtrack.settings.splice import SpliceRequest, TimePeriod
from stormtrack.settings.spline import SplineSettings

START = "n 0 4 n 1 n n y g n 1 129 1 64 "
BEFORE = "n n n n n 4.0 n 1 n 1 1 20 e n 3 3 n n n n n n 0 n n 0 n "
LINK = "n 0.2 0.8 n n n n 8 .8 n n "
END = "n n 0 0 n "


class Files:
    """Files in memory."""

    def __init__(self, **files: bytes) -> None:
        self.files = files

    def __call__(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory")
        return self.files[path]


def talk(
    text: str | bytes, facts: AssumedFacts | None = None, files: Files | None = None, **environment: str
) -> Conversation:
    data = text.encode() if isinstance(text, str) else text
    read = files or Files(init=TYPICAL_INITIAL)
    return Conversation(data, facts or AssumedFacts(), read_file=read, tables=Tables(environment, read))


def link_steps(
    text: str, facts: AssumedFacts | None = None, files: Files | None = None, **environment: str
) -> list[LinkStep]:
    return list(tracking(talk(START + BEFORE + text, facts, files, **environment)).linking[0])


def tracking(conversation: Conversation) -> TrackingPlan:
    plan = conversation.plan().tracking
    assert plan is not None
    return plan


def detection(conversation: Conversation) -> DetectionPlan:
    plan = tracking(conversation).passes[0].detection
    assert plan is not None
    return plan


def requests(text: str, facts: AssumedFacts | None = None, start: str = START) -> list[Any]:
    plan = talk(start + "y " + text, facts).plan()
    assert plan.tracking is None
    return list(plan.menu)


def outcome(text: str | bytes, facts: AssumedFacts | None = None) -> Conversation:
    conversation = talk(text, facts)
    conversation.plan()
    return conversation


def test_settings_of_the_standard_template(template: Callable[[str], bytes]) -> None:
    text = template("RUNDATIN.VOR.in").replace(b"%INITIAL%", b"init").replace(b"2#", b"2").replace(b"30!", b"30")
    conversation = talk(text)
    plan = conversation.plan()
    assert conversation.initial_text == TYPICAL_INITIAL
    start = plan.startup
    assert start.projection is not None and start.projection.targets[0].region == (1, 129, 1, 64)
    assert start.area is None and start.grid.make_periodic
    assert plan.tracking is not None and not plan.menu and plan.tracking.pole is None
    (found,) = plan.tracking.passes
    assert found.reuse is None and found.detection is not None
    settings = found.detection.settings
    assert settings.preparation.scale == 1e5 and not settings.preparation.minima
    frames = found.detection.frames
    assert (frames.start, frames.step, frames.end) == (2, 1, 30)
    assert settings.feature_type is FeatureType.SURFACE_FIT and settings.connectivity == 4
    assert found.detection.projection_surface == SplineSettings(kind="sphery", pole_continuity=True)
    assert settings.refinement is not None and settings.refinement.surface == SplineSettings()
    assert settings.refinement.constraints is not None and settings.refinement.limits == "domain"
    assert settings.shape is not None
    assert (settings.shape.orientation, settings.shape.min_points, settings.shape.overlap) == ("n", 1, False)
    assert settings.shape.area == AreaSettings()
    assert found.detection.objects == ObjectOutput(announces_shape=True)
    ((step,),) = plan.tracking.linking
    assert step.action == "link"
    assert step.settings.zonal and step.settings.adaptive and step.settings.preprocess_mode == 1
    (parameters,) = step.settings.sets
    assert (parameters.dmax, parameters.phimax) == (6.5, 1.0)
    assert parameters.zones is not None and parameters.zones.zones[1] == (0.0, 360.0, -20.0, 20.0, 3.0)
    assert parameters.adapt is not None and parameters.adapt.distances == (1.0, 2.0, 5.0, 8.0)
    assert step.settings.final is not None and step.settings.final.zones and step.settings.final.adaptive
    assert [m.key for m in conversation.misreads] == ["shape.centre", "shape.overlap?"]


def test_plans_are_values_that_can_be_sent_to_other_processes(golden_steps: list[Any]) -> None:
    for step in golden_steps:
        try:
            plan = Conversation(step.answers, step.facts, read_file=step.read, tables=Tables({}, step.read)).plan()
        except NotSupportedError:
            continue
        assert pickle.loads(pickle.dumps(plan)) == plan, f"{step.folder.name}/{step.name}"
        assert hash(plan) == hash(pickle.loads(pickle.dumps(plan)))


def test_second_hemisphere_keeps_what_cannot_be_read(golden_steps: list[Any]) -> None:
    (step,) = (s for s in golden_steps if s.folder.name == "r08_vo_both_hemi")
    lines = step.answers.split(b"\n")
    second = next(i for i, line in enumerate(lines) if i > 60 and line == b"5.0")
    lines[second] = b"."
    conversation = Conversation(b"\n".join(lines), step.facts)
    plans = [found.detection for found in tracking(conversation).passes]
    assert [plan.settings.threshold for plan in plans if plan is not None] == [5.0, 5.0]
    assert conversation.misreads[0].key == "threshold" and conversation.misreads[0].value == 5.0


def test_leftovers_are_reported_and_words_are_taken_apart() -> None:
    conversation = outcome(START + BEFORE + LINK + "no 0 0 n\n\n surplus 1\n")
    assert [(m.key, m.line) for m in conversation.misreads][-1] == ("", 3)
    assert conversation.misreads[0].key == "missing_frame_search?"
    assert "only the first character of 'no'" in str(conversation.misreads[0])
    assert "takes what an earlier prompt left of 'no'" in conversation.misreads[1].problem


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("", "load_country_map"),
        ("n 0 5", "format"),
        ("n x", "grid.make_periodic"),
        ("n 1 nowhere", "initial_file"),
        ("n 0 4 n 2", "nc.by_name"),
        ("n 0 4 n 1 n n y g n 0 129 1 64", "area.x1"),
        ("n 0 4 n 1 n n y g n 5 5 1 64", "area.x2"),
        ("n 0 4 n 1 n n y g n 1 130 1 64", "area.x2"),
        ("n 0 4 n 1 n n y g n 1 129 1 65", "area.y2"),
        ("n 0 4 n 1 n n y g y 4", "proj.group"),
        ("n 0 4 n 1 n n y g y 1 2", "proj.already_azimuthal"),
        ("n 0 4 n 1 n n y g y 1 0 x", "proj.hemispheres"),
        ("n 0 4 n 1 n n y g y 1 0 s 6", "proj.type"),
        ("n 0 4 n 1 n n y g y 1 0 s 2 90 0 1 129 64 1", "proj.region.y2"),
        (START + "n n y", "tendency"),
        (START + "n n n n n 4 n 2", "max_or_min"),
        (START + "n n n n n 4 n .", "invert_hemisphere?"),
        (START + "n n n n n 4 n 1 n 0 1 2", "frame.start"),
        (START + "n n n n n 4 n 1 n 63 1 2", "frame.start"),
        (START + "n n n n n 4 n 1 n 1 0 2", "frame.step"),
        (START + "n n n n n 4 n 1 n 5 1 4", "frame.end"),
        (START + "n n n n n 4 n 1 n 1 1 20 e n 3 5", "feature_type"),
        (START + BEFORE + LINK + "n n 3 y", "plot_min_points"),
        (START + BEFORE + LINK + "n n 3", "plot_min_points.area"),
        (START + BEFORE + LINK + "n n 0 9999", "plot_track.area"),
        (START + "y 15", "menu"),
        (START + "y x", "menu"),
        (START + "y 2 x", "analysis_action"),
        (START + "y 4 1 1 9 3", "spec.method"),
        (START + "y 1 n 2", "splice.mode"),
        (START + "y 1 n 1 1 a b 0", "splice.first_frame"),
        (START + "y 1 n 1 1 a b 1 n -1 4", "splice.min_points"),
        (START + "y 1 n 1 1 a b 1 n 1 4 n n n y 5 5", "range.f2"),
        (START + "y 1 n 1 1 a b 1 n 1 4 n n n n s 2", "select.by"),
        ("n 0 4 n 1 n n y q n 1 129 1 64 " + BEFORE, "distance_norm"),
        ("n 0 4 n 1 n n y q n 1 129 1 64 y 1", "distance_norm"),
    ],
)
def test_unusable_answers_name_prompt_and_line(text: str, prompt: str) -> None:
    with pytest.raises(AnswersError) as caught:
        outcome(text.replace(" ", "\n"), AssumedFacts(check_bounds=True))
    assert caught.value.prompt == prompt
    assert caught.value.line is not None and prompt in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *((START + f"y {menu}", "specification") for menu in (3, 5, 6, 9, 10, 11, 12, 13, 14)),
        (START + "y 4 1 1 9 0", "05, section 3"),
        (START + "y 4 1 1 9 2", "05, section 4"),
        *((START + f"y 2 {action}", "specification 06") for action in (1, 2, 3)),
        (START + "y 1 n 0 0 n 1 4 n n n n a n y", "01, section 5.1"),
        (START + "y 1 n 0 0 n 1 4 n n n n a n n y", "01, section 5.1"),
        ("n 0 0 y n y g n 1 129 1 64 n n y", "05, section 8.2"),
        (START + BEFORE.replace("n n n 0 n n 0 n ", "n n y s ", 1), "05, section 8.1"),
    ],
)
def test_branches_that_are_not_run_name_the_specification(text: str, words: str) -> None:
    with pytest.raises(NotSupportedError, match=words):
        outcome(text)


def test_unknown_norm_is_accepted_where_no_distance_is_measured() -> None:
    (request,) = requests("7 1 1 3", start=START.replace(" g n ", " x n "))
    assert isinstance(request, ConvertRequest) and request.frames.last == 3


def test_attempts_repeats_and_the_number_of_sets_that_persists() -> None:
    files = Files(pairs=b"6. .6\n7. .7\n")
    first = "n .2 .8 n n n n 8 .8 n y y 2 n n y pairs n n n n 0 0 y "
    second = "x .3 .7 n n n n pairs n a"
    steps = link_steps(first + second.removeprefix("x "), files=files)
    assert [(s.action, s.refilter) for s in steps] == [("initial", False), ("link", False), ("initial", True)]
    every = [s.settings for s in steps]
    assert [len(s.sets) for s in every] == [1, 2, 2]
    assert [s.preprocess_mode for s in every] == [0, -1, -1]
    assert [round(s.weight_direction, 6) for s in every] == [0.2, 0.2, 0.3]


def test_halved_weight_is_halved_again_when_it_cannot_be_read() -> None:
    steps = link_steps(LINK + "n n 0 0 y . n n n n 8 .8 n a")
    weights = [s.settings.weight_direction for s in steps]
    assert weights == [pytest.approx(0.2), pytest.approx(0.1)]


def test_limit_that_cannot_be_read_again_is_converted_twice() -> None:
    steps = link_steps("n .2 .8 n n n n 8 .8 n y n n n n . n a")
    limits = [f"{s.settings.sets[0].dmax:.6f}" for s in steps]
    assert limits == ["8.000000", "0.139626"]


def test_few_frames_skip_the_final_questions() -> None:
    steps = link_steps(LINK + "n", AssumedFacts(n_frames=3))
    assert [s.action for s in steps] == ["link"]


def test_more_sets_need_their_own_tables() -> None:
    text = "n .2 .8 y 2 y n n pairs n n " + END
    with pytest.raises(TableError, match=r"zone\.dat1"):
        link_steps(text, files=Files(pairs=b"6 .6 7 .7"))
    files = Files(pairs=b"6 .6 7 .7", z0=b"1\n0 360 -90 90 5\n", z1=b"1\n\n0 360 -90 90 9\n")
    (step,) = link_steps(text, files=files, DATZN="z")
    assert [s.zones.zones[0][4] for s in step.settings.sets if s.zones] == [5.0, 9.0]


def test_missing_frame_search_asks_again_until_it_is_more_restrictive() -> None:
    times = b"2\n2025 12 01 00\n2025 12 01 06\n"
    (step,) = link_steps(LINK + "y 6.9 9 .9 7 .9 7 .7 n 0 0 n", files=Files(times=times))
    assert step.settings.missing_search is not None
    search = step.settings.missing_search
    assert isinstance(search, MissingFrameSearch) and search.step_hours == 6 and search.dmax == 7.0
    assert search.times == ((2025, 12, 1, 0), (2025, 12, 1, 6))
    with pytest.raises(AnswersError, match=r"search\.dmax"):
        link_steps(LINK + "y 6 9 .9", files=Files(times=times))
    with pytest.raises(AnswersError, match="for ever"):
        link_steps(LINK + "y 6 9 .9 y", files=Files(times=times))
    with pytest.raises(TableError, match="times"):
        link_steps(LINK + "y 6 7 .7 n 0 0 n")


def test_zones_reset_the_limit_that_the_search_is_held_against() -> None:
    times = Files(times=b"1\n2025 12 1 0\n")
    text = "n .2 .8 n y n n 8 .8 n n y 6 "
    (step,) = link_steps(text + "7 .7 6.5 .7 n 0 0 n", files=times)
    assert step.settings.missing_search is not None
    assert step.settings.missing_search.dmax == 6.5


def test_loaded_tracks() -> None:
    reuse = START + "n y 1 n n n n y "

    def steps(text: str, facts: AssumedFacts) -> tuple[LinkStep, ...]:
        plan = tracking(talk(reuse + text, facts))
        (found,) = plan.passes
        assert found.detection is None and found.reuse is not None and not found.reuse.filtered
        assert plan.pole is None
        return plan.linking[0]

    assert steps("y n n 0", AssumedFacts()) == ()
    (load,) = steps("y y tracks y .2 .8 8 .8 n y n n 0", AssumedFacts(parameters_in_tracks=None, missing_known=False))
    assert load.action == "load" and load.loaded is not None and load.loaded.file == "tracks"
    assert load.settings.sets[0].dmax == 8.0
    assert load.settings.final is not None and not load.settings.final.zones
    (load,) = steps("y n y n n 0", AssumedFacts())
    assert load.settings.sets == ()


def test_final_filter_keeps_the_number_of_sets() -> None:
    (step,) = link_steps(LINK + "n y y 2 pairs y y 0 0 n", files=Files(pairs=b"6 .6 7 .7"))
    assert step.settings.final is not None
    final = step.settings.final
    assert final.pairs == ((6.0, pytest.approx(0.6)),)
    assert (len(final.zone_tables), len(final.adapt_tables)) == (1, 1)


def test_style_of_plots_is_asked_with_the_first_plot() -> None:
    head = START + "n n n n n 5.0 n 1 n 1 1 6 e n 3 4 y 0 n n n n n 0 n "
    for answers in ("y 1 3 n", "n 3 1 n", "n 0 n", "n 70 n"):
        conversation = talk(head + answers)
        with pytest.raises(AnswersError, match="load_tracks"):
            conversation.plan()
        asked = [r.key for r in conversation.reads]
        assert asked[-1] == "rotated_pole?" and not conversation.misreads
        assert ("plot.style" in asked) == (len(answers.split()) == 4)


def test_refused_retracking_ends_linking() -> None:
    assert tracking(talk(START + "n y 2 n n n n n")).linking == ((),)


def test_reused_objects_turn_every_feature_type_into_4() -> None:
    plan = detection(
        talk(
            START
            + "n y 1 n n y n n 5.0 n 1 n 1 1 6 e n 3 7 y n n n n 0 n 2 1 n n n y .5 1 1 0 9 1 8 10 11 n n 0 n n n n n n"
        )
    )
    assert plan.settings.feature_type is FeatureType.GROUPED_MAXIMA and plan.settings.refinement is None
    assert plan.settings.shape is not None and plan.settings.shape.area is not None
    assert plan.settings.shape.area.refined == RefinedGrid(x1=0.0, x2=9.0, y1=1.0, y2=8.0, nx=10, ny=11)


AREA = "n n n n 5.0 n 1 n 1 1 6 e n 3 4 n y n n n n 0 n 2 1 n n n y .5 1 "
GRID = "1 0 9 1 8 10 11 "


@pytest.mark.parametrize(("found", "answers"), [(True, GRID + "n n 0 "), (False, "n n 0 " + GRID)])
def test_grid_of_areas_is_asked_when_the_first_area_is_computed(found: bool, answers: str) -> None:
    conversation = talk(START + "n " + AREA + answers + "n " + LINK + END, AssumedFacts(area_found=found))
    shape = detection(conversation).settings.shape
    assert shape is not None and shape.area is not None and shape.area.refined is not None
    assert (shape.area.refined.nx, shape.area.refined.ny) == (10, 11) and not conversation.misreads


def test_object_fits_and_transforms() -> None:
    head, tail = START + "n n n n n 5.0 n 1 n 1 1 6 e n 3 ", "n n 0 n " + LINK + END
    settings = detection(talk(head + "8 n n y n n n n f f 3 5 y 25 y 0.5 o 1 1 n " + tail)).settings
    assert settings.object_fit is not None and settings.object_fit.off_grid and not settings.object_fit.all_points
    transform = settings.transform
    assert transform is not None and transform.fourier is not None and not transform.smooth
    assert (transform.fourier.fixed_exponent, transform.fourier.expand) == (3, 0)
    transform = detection(talk(head + "9 n n n n n y 2 4 n " + tail)).settings.transform
    assert transform is not None and (transform.smooth, transform.expansion) == (True, 2)
    assert transform.threshold == 4


def test_analysis_requests() -> None:
    (spectral,) = requests("4 1 1 100 1 y 1 0 42 n 1 n 5 42 y 1.5 0.25")
    assert isinstance(spectral, SpectralRequest) and spectral.settings.boundaries == (5, 42)
    assert spectral.settings.restrict == (1.5, 0.25) and spectral.settings.derived == "winds"
    (extract,) = requests("8 1 1 3 s 0 y 5 2.0 9 1 n", AssumedFacts(missing_attribute=True))
    assert isinstance(extract, ExtractRequest)
    assert extract.settings.transform == FieldTransform(kind=5, constant=2.0, missing=(9.0, 1))
    first, second = requests("1 n 0 0 n -1 5 -2 -2 3 9 n n n n a n n n 5 1 y n 1 5 n n n n s 1 7 n n n 0")
    assert isinstance(first, SpliceRequest) and first.settings.sets == () and first.settings.filters.min_points == 3
    assert second.settings.existing_file == "" and second.settings.filters.select_id == 7


def test_times_of_a_track_file() -> None:
    facts = AssumedFacts(start_times=True, n_additional=2)
    text = "1 y y trs v y 6 x 1 2025120100 2025123118 4 1 9 n y 0 0 -1 1 n n n a n n n 0"
    (request,) = requests(text, facts)
    settings = request.settings
    assert settings.existing_file == "trs" and settings.existing_kind == "v" and settings.to_frames is not None
    assert settings.to_frames.periods[0].end == 2025123118
    assert settings.filters.strength is not None and settings.filters.strength.field == 0


def test_a_track_is_asked_for_only_if_one_is_wanted() -> None:
    """Specification 01, section 5.1: `select.by` and `select.id` follow the answer ``s``."""
    for answer, asked, selected in (("a", [], None), ("s 1 7", ["select.by", "select.id"], 7)):
        conversation = talk(START + f"y 1 n 0 0 n 3 9 n n n n {answer} n n n 0")
        (request,) = conversation.plan().menu
        assert [r.key for r in conversation.reads if r.key.startswith("select.")] == asked
        assert request.settings.filters.select_id == selected and not conversation.misreads


def test_filters_of_features() -> None:
    """Specification 02, section 16; the last one is asked only if all features are kept so far (01, section 4.1)."""
    head = START + "n n n n n 4.0 n 1 n 1 1 20 e n 3 3 n n "
    tail = " n n 0 n n 0 n " + LINK + END
    found = detection(talk(head + "y 1.5 6 n y 2.5" + tail)).settings
    assert (found.intensity_range, found.keep_largest_only, found.min_separation) == ((1.5, 6.0), False, 2.5)
    found = detection(talk(head + "n y" + tail)).settings
    assert (found.intensity_range, found.keep_largest_only, found.min_separation) == (None, True, None)


LETTERS = re.compile(r"(?<=\b[a-z]) (?=[a-z]\b)")


@pytest.mark.parametrize(
    "text",
    [
        START + BEFORE + LINK + END,
        START + "n y 1 n y g n n n n n n",
        START + "n y 2 y objects n n n n n n",
        START + "y 1 n 1 1 objects tracks 1 n 1 4 n n n n a n n n 0",
        START + "y 1 y n 3 9 n n n n a y n n 0",
        START + "y 8 1 1 3 s 0 n n n",
    ],
)
def test_letters_are_taken_one_by_one(text: str) -> None:
    """Specification 01, section 2: prompts of type c take one character, whatever stands next to it."""
    packed = LETTERS.sub("", text)
    assert len(packed) < len(text) - 4
    assert talk(packed).plan() == talk(text).plan()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("n 0 4 n 1 n y -20 y g n 1 129 1 64", {}),
        ("n 0 4 n 1 n n y 2 y e n 1 129 1 64", {"negative_longitudes": True}),
        ("n 0 4 y 1 n u n y n y g n 3 100 5 60", {"n_fields": 3, "has_equator": True, "has_south_pole": True}),
        ("n 0 4 n 0 n 2 n 1 y g y 1 0 s 2 90 0 1 129 1 64 0 150 150", {"n_fields": 3, "has_levels": True}),
    ],
)
def test_start_up_answers_are_written_and_read_again(text: str, facts: dict[str, Any]) -> None:
    """Specification 01, section 6: the file holds one answer a line, in the order of the prompts that it answers."""
    first = talk(text, AssumedFacts(**facts))
    start = first.startup()
    assert not first.misreads
    assert first.initial_text.split() == text.encode().replace(b"90 0 1", b"90.000000 0.000000 1").split()[2:]
    again = talk("n 1 init", AssumedFacts(**facts), Files(init=first.initial_text))
    assert again.startup() == start


def test_a_replayed_file_with_any_name_can_be_told() -> None:
    """Messages name the file, of whatever bytes its name is made."""
    conversation = talk(b"n 1 in\xe9\x07t " + BEFORE.encode(), files=Files(**{"in\udce9\x07t": b"4 no 1"}))
    with pytest.raises(AnswersError) as caught:
        conversation.startup()
    assert r"in\xe9\x07t" in str(caught.value)
    assert [m.source for m in conversation.misreads] == [r"in\xe9\x07t"] * len(conversation.misreads)


def test_conic_projection_is_written_as_the_original_writes_it() -> None:
    conversation = talk("n 0 4 n 1 n n y g y 2 0 1 45 400 30 60 1 129 40 60 1 .5 .25 n")
    start = conversation.startup()
    assert (
        conversation.initial_text
        == b"4\nn\n1\nn\nn\ny\ng\ny\n2\n0\n1\n45.000000\n400.000000\n30.000000 60.000000\n1\n129\n40\n60\n1\n"
    )
    assert start.projection is not None and start.projection.standard_parallels == (30.0, 60.0)
    (target,) = start.projection.targets
    assert (target.longitude, target.by_spacing, target.dx, target.dy) == (40.0, True, 0.5, 0.25)


SAMPLES = [
    START + BEFORE + LINK + END,
    START + "y 1 n 1 1 a b 1 n 1 4 n n n n a n n n 0",
    START + "y 4 1 1 100 1 n 42 n 1 n 5 42 n",
    "n 1 init n n n n n 4 0 n 1 1 1 9 e 3 7 y n n n n 0 0 0 y d n 1 0 n n n n n n 0 n " + LINK + END,
]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=4)), max_size=6), st.data())
def test_damaged_answers_raise_only_errors_about_answers(
    text: str, damage: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    raw = text.encode()
    for at, patch in damage:
        at %= len(raw)
        raw = raw[:at] + patch + raw[at + data.draw(st.integers(0, 3)) :]
    for facts in (AssumedFacts(), AssumedFacts(check_bounds=True, times_in_records=True, has_levels=True)):
        with contextlib.suppress(AnswersError, NotSupportedError, TableError, GridError):
            outcome(raw, facts)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_raise_only_errors_about_answers(raw: bytes) -> None:
    for data in (raw, START.encode() + raw, (START + "y 1 ").encode() + raw, (START + BEFORE).encode() + raw):
        with contextlib.suppress(AnswersError, NotSupportedError, TableError):
            outcome(data)


def test_a_word_that_nobody_can_read_ends_the_run_after_fifty_prompts() -> None:
    """All periods after the first begin with the same word, and so do the limits after them."""
    facts = AssumedFacts(start_times=True, n_additional=2)

    def splice(periods: int, first: str = "1 2 3") -> str:
        return f"1 y y trs v y 6 x {periods} {first} x y 0 0 -1 1 n n n a n n n "

    (request,) = requests(splice(50) + "0", facts)
    assert request.settings.to_frames.periods == (TimePeriod(start=1, end=2, offset=3),) * 50
    again = requests(splice(50) + "5 " + splice(49, "") + "0", facts)
    assert len(again) == 2, "counted anew after a word that was taken"
    with pytest.raises(AnswersError, match="nothing could be read for 51 prompts") as caught:
        requests(splice(51) + "0", facts)
    assert caught.value.prompt == "splice.min_points"
