"""Which prompt reads which answer, against the annotated golden runs and the shipped templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stormtrack.answers import AssumedFacts, Conversation, Tables
from stormtrack.answers.transcript import TYPICAL_INITIAL, explain, substitute_markers
from stormtrack.errors import AnswersError, NotSupportedError, StormtrackError


def conversation_of(step: Any) -> Conversation:
    return Conversation(step.answers, step.facts, read_file=step.read, tables=Tables({}, step.read))


def asked(step: Any) -> tuple[Conversation, StormtrackError | None]:
    conversation = conversation_of(step)
    try:
        conversation.plan()
    except NotSupportedError as error:
        return conversation, error
    return conversation, None


def test_every_answer_of_the_annotated_runs_goes_to_its_prompt(golden_steps: list[Any]) -> None:
    compared = 0
    for step in golden_steps:
        expected = step.annotated
        if expected is None:
            continue
        conversation, refused = asked(step)
        reads = [(r.text, r.key) for r in conversation.reads if r.source == "answers"]
        if refused is not None:
            assert step.name == "addfld" and "analysis_action" in str(refused)
            expected = expected[: len(reads)]
            assert reads[-1] == ("1", "analysis_action")
        assert reads == expected, f"{step.folder.name}/{step.name}"
        assert not conversation.misreads, f"{step.folder.name}/{step.name}"
        compared += 1
    assert compared == 66


def test_runs_without_annotation_are_in_step_too(golden_steps: list[Any]) -> None:
    compared = 0
    for step in golden_steps:
        if step.annotated is not None:
            continue
        conversation, _ = asked(step)
        assert conversation.reads[-1].key in ("repeat?", "analysis_action")
        assert conversation.reads[-1].end == len(step.answers.rstrip())
        misread = [(m.key, m.line) for m in conversation.misreads]
        assert misread == ([] if "splice" in step.name else [("shape.centre", 35), ("shape.overlap?", 35)])
        compared += 1
    assert compared == 13


def test_initial_files_have_the_same_bytes(golden_steps: list[Any]) -> None:
    compared = 0
    for step in golden_steps:
        conversation, _ = asked(step)
        # A later step of the same extension overwrites the file; the case keeps the earlier one under another name.
        names = [f"initial{step.extension}"]
        if step.name == "track" and step.folder.name[:3] in ("r05", "r16"):
            names = [f"initial_track{step.extension}"]
        path = step.folder / names[0]
        if path.exists() and step.name != "n15_int64_time":  # that file is refused when it is opened
            assert conversation.initial_text == path.read_bytes(), f"{step.folder.name}/{step.name}"
            compared += 1
    assert compared >= 40


VOR_TEXT = """
load_country_map use_initial initial_file analysis_menu reuse_objects tendency scale? scale offset? threshold
proj.spline add_field? max_or_min frame.start frame.step frame.end connectivity min_object_points feature_type
shape_attributes? region.spline filter_unphysical? keep_largest_only? filter_too_close? time_average_use?
proj.spline.s proj.sphery.poles? proj.sphery.continuity exclude_boundary_maxima region.spline.s constrained?
constraints shape.orientation shape.min_points shape.centre shape.overlap? shape.smooth? shape.plot? area?
area.fraction area.type area.on_projection area.refine write_objects? plot_first? plot_multiple rotated_pole?
load_tracks? w1 w2 missing_frames? regional_dmax? adaptive? dmax phimax plot_initial? reinitialise?
missing_frame_search? apply_zonal_adaptive? final.missing_frames? final.regional_dmax? final.adaptive?
plot_min_points plot_track repeat?
"""
VOR = VOR_TEXT.split()
SHAPE = [key for key in VOR if key.startswith(("shape.", "area"))]
GFS = [key for key in VOR if key not in SHAPE]
RSPLICE_TEXT = """
load_country_map use_initial initial_file analysis_menu menu splice.use_existing? splice.mode splice.nsets
splice.objout_file splice.tdump_file splice.first_frame splice.merge? splice.min_points splice.max_points
splice.filter_distance? distance distance.kind splice.filter_strength? splice.filter_propagation?
splice.frame_range? splice.all_or_selected splice.grid_positions? splice.plot? splice.again? analysis_action
"""
RSPLICE = RSPLICE_TEXT.split()


def minima(keys: list[str]) -> list[str]:
    at = keys.index("max_or_min") + 1
    return [*keys[:at], "minima.restore?", *keys[at:]]


TEMPLATES = {
    "RUNDATIN.VOR.in": (VOR, ["shape.centre", "shape.overlap?"]),
    "RUNDATIN.VOR_A.in": (minima(VOR), ["shape.centre", "shape.overlap?"]),
    "RUNDATIN.GFS_VOR.in": (GFS, ["load_tracks?", "w1"]),
    "RUNDATIN.GFS_VOR_A.in": (minima(GFS), ["load_tracks?", "w1"]),
    "RUNDATIN.GFS_MSLP.in": (GFS, ["load_tracks?", "w1"]),
    "RUNDATIN.GFS_MSLP_A.in": (minima(GFS), ["load_tracks?", "w1"]),
    "RSPLICE.in": (RSPLICE, []),
    "RSPLICE_GFS.in": ([k for k in RSPLICE if not k.startswith("distance")], []),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_read_as_the_original_reads_them(template: Callable[[str], bytes], name: str) -> None:
    keys, misread = TEMPLATES[name]
    explanation = explain(template(name), AssumedFacts(), read=lambda path: TYPICAL_INITIAL)
    assert explanation.problem is None
    assert [r.key for r in explanation.reads if r.source == "answers"] == keys
    assert [m.key for m in explanation.misreads] == misread
    used = {r.key: r.value for r in explanation.reads}
    if "w1" in keys:
        assert used["w1"] == pytest.approx(0.2, abs=1e-8) and used["dmax"] == 6.5
    if "shape.centre" in keys:
        assert used["shape.min_points"] == 0 and used["shape.centre"] == 0 and used["shape.overlap?"] == "."


def test_outdated_templates_stop_with_the_prompt_named(template: Callable[[str], bytes]) -> None:
    for name in ("RUNDATIN.era_VOR.in", "RUNDATIN.era_VOR_A.in", "RUNDATIN.era_MSLP.in", "RUNDATIN.era_MSLP_A.in"):
        explanation = explain(template(name), AssumedFacts(), read=lambda path: TYPICAL_INITIAL)
        assert isinstance(explanation.problem, AnswersError), name
        assert explanation.problem.prompt and explanation.problem.line
        assert explanation.misreads[0].key == "time_average_use?", explanation.problem


def test_filter_template_with_its_placeholders(template: Callable[[str], bytes]) -> None:
    explanation = explain(template("specfilt.in"))
    assert explanation.problem is None and not explanation.misreads
    values = {r.key: r.value for r in explanation.reads}
    assert (values["area.x2"], values["area.y2"], values["spec.truncation"]) == (128, 64, 42)
    assert [values[f"spec.boundary{i}"] for i in (1, 2, 3)] == [0, 5, 42]


def truncated_at(data: bytes, offset: int) -> StormtrackError | None:
    explanation = explain(data[:offset], AssumedFacts(), read=lambda path: TYPICAL_INITIAL)
    return explanation.problem


@pytest.mark.parametrize("name", [*TEMPLATES, "specfilt.in"])
def test_truncation_names_the_prompt_that_lacks_its_answer(template: Callable[[str], bytes], name: str) -> None:
    data, _ = substitute_markers(template(name), AssumedFacts())
    full = explain(data, AssumedFacts(), read=lambda path: TYPICAL_INITIAL)
    reads = [r for r in full.reads if r.source == "answers"]
    for read in reads:
        if not read.converted:
            continue
        problem = truncated_at(data, read.start)
        assert isinstance(problem, AnswersError), read
        # A prompt whose conversion failed on the character that is now gone comes first.
        assert problem.prompt == next(r.key for r in reads if r.start >= read.start)
        assert problem.line == max(1, data[: read.start].count(b"\n") + (data[read.start - 1 : read.start] != b"\n"))


def test_initial_file_that_ends_early_is_named(template: Callable[[str], bytes]) -> None:
    lines = TYPICAL_INITIAL.splitlines(keepends=True)
    for kept in range(len(lines)):
        conversation = Conversation(
            template("RUNDATIN.VOR.in"), AssumedFacts(), read_file=lambda path, kept=kept: b"".join(lines[:kept])
        )
        with pytest.raises(AnswersError, match="%INITIAL%") as caught:
            conversation.startup()
        assert caught.value.prompt is not None
