"""The whole of linking: filter, initial tracks, alternating exchange series, cutting (04, section 8.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..arrays import I32, I64
from ..errors import LinkError, NotSupportedError
from ..model.features import Features
from ..model.links import LinkParameters, Links
from ..settings.linking import LinkSettings
from .chains import Chains, filled_chains, new_chains
from .cost import Memory, total_cost
from .cutting import BACKWARD, BOTH, FORWARD, CutRules, cut_violations, split_at_gaps
from .final_limits import final_limits
from .initial import first_tracks
from .lanes import exchanges_under_way, new_lanes
from .limits import Limits, check_zones, limits_of_loaded, resolve_limits
from .missing_search import cut_at_gaps, gaps_after, search_limits
from .nearness import near_order, reordered, reordered_neighbours
from .neighbours import Neighbours, find_neighbours, restricted_neighbours, with_links
from .point_filter import linkable_points
from .pricing import Prices, forget, new_prices
from .problem import Problem, build_problem, restricted, with_limits
from .result import LinkResult, SweepSeries
from .settling import Pairs, new_pairs
from .slots import Marks, TrackState, new_marks, points_by_track, shown_missing, with_room
from .sweep import MOST_SWEEPS, SWEEPS_PER_POINT, Scratch, most_marks, sweep_series

FEWEST_FRAMES = 4
"""With fewer frames nothing is exchanged and there are no final tracks."""
LAST_BACKWARD = 2
LAST_ROUND = 3

NO_SWEEPS = SweepSeries(forward=True, sweeps=0, exchanges=0)

Progress = Callable[[SweepSeries], None]


@dataclass(slots=True)
class _State:
    problem: Problem
    tracks: TrackState
    n_tracks: int
    marks: Marks
    memory: Memory
    chains: Chains
    prices: tuple[Prices, Prices]
    pairs: Pairs


def link(
    features: Features,
    settings: LinkSettings,
    *,
    apply_filter: bool = True,
    stop_after_initial: bool = False,
    preprocessing_before: int = 0,
    record_costs: bool = False,
    progress: Progress | None = None,
) -> LinkResult:
    """Link feature points into tracks.

    Parameters
    ----------
    features : Features
        Of all frames; positions in degrees (geodesic norm) or in coordinates of any unit, no node numbers.
    settings : LinkSettings
        Weights, parameter sets and options.
    apply_filter : bool
        Drop points without a possible neighbour first. Off for a second initialisation of the same run, where the
        original does not filter again.
    stop_after_initial : bool
        Stop once the initial tracks are known.
    preprocessing_before : int
        ``LinkResult.preprocessing`` of the run that this one repeats (0, 1 or -1).
    record_costs : bool
        Compute the total cost after every sweep.
    progress : callable, optional
        Called with a ``SweepSeries`` as far as it is, several times a second and after each series; with one of no
        sweeps while pairs of points are looked for.

    Returns
    -------
    LinkResult
        Kept points, initial tracks and final tracks.

    Raises
    ------
    LinkError
        If a point lies in no zone, a table is missing, or a series of exchanges does not end.

    References
    ----------
    Specification 04, sections 4-8; Hodges (1994, 1999). Parity: bitwise (points, order, track numbers).
    """
    limits = resolve_limits(settings)
    preprocessing = 1 if settings.adaptive else -1 if settings.preprocess else preprocessing_before
    problem = build_problem(features, limits, settings.geodesic)
    if settings.zonal:
        check_zones(features, limits, problem.zone)
    found = find_neighbours(problem, None if progress is None else partial(progress, NO_SWEEPS))
    kept = np.ones(features.n_features, np.bool_)
    if apply_filter:
        kept = linkable_points(features, problem, found)
    features, problem = features.kept(kept), restricted(problem, kept)
    found = restricted_neighbours(found, problem, kept)
    owner = np.empty(problem.n_points, np.int32)
    n_tracks = first_tracks(problem.frame_start, found, owner)
    initial = _tracks(owner, n_tracks, problem.missing[problem.frame_of], limits.parameters)
    series: list[SweepSeries] = []
    final = None
    if not stop_after_initial and features.n_frames >= FEWEST_FRAMES:
        if settings.zonal:
            check_zones(features, limits, problem.zone, exchanging=True)
        order = near_order(problem, features)
        state = _near_state(problem, found, owner, n_tracks, order)
        del found  # half the memory
        _exchange_rounds(state, limits, preprocessing, series, record_costs, progress)
        state.n_tracks = split_at_gaps(state.problem, state.tracks, state.n_tracks)
        state = _state_in_order(state, problem, order)
        missing = np.zeros(problem.n_points, np.int32)
        shown_missing(problem, state.tracks.owner, state.marks, missing)
        final = _finished(features, state, settings, limits, missing)
    return LinkResult(
        features=features, kept=kept, initial=initial, final=final, preprocessing=preprocessing, series=tuple(series)
    )


def finish_loaded(features: Features, tracks: Links, settings: LinkSettings) -> Links:
    """Missing-frame search and final filter on tracks that were read from a file.

    Parameters
    ----------
    features : Features
        What the tracks refer to; they are not filtered.
    tracks : Links
        Tracks as read, each contiguous in time. They are renumbered 1, 2, ... in this order.
    settings : LinkSettings
        Its norm, ``missing_search`` and ``final`` apply, and the tables of its first parameter set; weights and limits
        are those of ``tracks.parameters``, or its own if the file had none. Missing frames are not known (one set).

    Returns
    -------
    Links
        The tracks to write.

    Raises
    ------
    LinkError
        If a point is in two tracks or a track is not contiguous; else as :func:`link`.

    References
    ----------
    Specification 04, section 2.1, prompt 1 (measured: also with 3 frames or fewer). Parity: bitwise.
    """
    limits = limits_of_loaded(tracks.parameters, settings)
    problem = build_problem(features, limits, settings.geodesic)
    owner = np.full(features.n_features, -1, np.int32)
    owner[tracks.feature] = tracks.owner
    missing = np.zeros(features.n_features, np.int32)
    missing[tracks.feature] = tracks.missing_after
    used = owner >= 0
    _check_loaded(problem, tracks, int(used.sum()))
    problem, chosen = restricted(problem, used), features.kept(used)
    state = _new_state(problem, owner[used], tracks.n_tracks)
    done = _finished(chosen, state, settings, limits, missing[used])
    return replace(done, feature=np.flatnonzero(used)[done.feature])


def _check_loaded(problem: Problem, tracks: Links, n_used: int) -> None:
    if n_used != len(tracks.feature):
        raise LinkError(
            f"{len(tracks.feature) - n_used} points occur more than once in the loaded tracks; allowed: each point "
            "in one track. Load the track file that belongs to this object file"
        )
    step = np.diff(problem.frame_of[tracks.feature].astype(np.int64))
    within = np.ones(len(step), np.bool_)
    within[tracks.start[1:-1] - 1] = False
    if (step[within] != 1).any():
        bad = int(np.searchsorted(tracks.start, np.flatnonzero(within & (step != 1))[0], side="right"))
        raise LinkError(
            f"loaded track {tracks.track_id[bad - 1]} has a gap; allowed: one point in each frame from first to "
            "last. Load the track file that belongs to this object file"
        )


def _new_state(problem: Problem, owner: I32, n_tracks: int) -> _State:
    chains = new_chains(problem.frame_start)
    return _State(
        problem=problem,
        tracks=TrackState(owner.copy(), np.zeros((2, problem.n_frames), np.bool_)),
        n_tracks=n_tracks,
        marks=new_marks(n_tracks),
        memory=Memory(np.zeros(problem.n_points, np.float64), np.full((problem.n_points, 2), -2, np.int32)),
        chains=chains,
        prices=new_prices(problem, chains),
        pairs=new_pairs(problem),
    )


def _near_state(problem: Problem, found: Neighbours, owner: I32, n_tracks: int, order: I64 | None) -> _State:
    """State for exchanges, its points in this order if there is one."""
    if order is None:
        return _new_state(with_links(problem, found), owner, n_tracks)
    working = with_links(reordered(problem, order), reordered_neighbours(found, order))
    return _new_state(working, owner[order], n_tracks)


def _state_in_order(state: _State, problem: Problem, order: I64 | None) -> _State:
    """The state with its points in the order of the problem given, which has no links."""
    if order is None:
        return state
    owner = np.empty_like(state.tracks.owner)
    owner[order] = state.tracks.owner
    return replace(_new_state(problem, owner, state.n_tracks), marks=state.marks)


def _exchange_rounds(
    state: _State,
    limits: Limits,
    preprocessing: int,
    series: list[SweepSeries],
    record_costs: bool,
    progress: Progress | None,
) -> None:
    """Forward and backward series in turn, at most three rounds; the third has no backward series."""
    adaptive = preprocessing > 0
    if adaptive and not limits.smoothness.any():
        raise NotSupportedError(
            "repeating the linking without adaptive smoothness after a run with it uses the former tables in the "
            "original; give ParameterSet.adapt of that run (specification 04, section 2.1, prompt 6)"
        )
    forward_due = backward_due = True
    for count in range(1, LAST_ROUND + 1):
        if not (forward_due or backward_due):
            break
        for forward in (True, False):
            if not (forward_due if forward else backward_due and count <= LAST_BACKWARD):
                continue
            if preprocessing != 0:
                _cut_before_series(state, adaptive, FORWARD if forward else BACKWARD)
            done = _run_series(state, forward, preprocessing != 0, record_costs, progress)
            series.append(done)
            if forward:
                forward_due, backward_due = False, backward_due or done.exchanges > 0
            else:
                backward_due, forward_due = False, forward_due or done.exchanges > 0


def _cut_before_series(state: _State, adaptive: bool, mode: int) -> None:
    state.n_tracks = split_at_gaps(state.problem, state.tracks, state.n_tracks)
    rules = CutRules(regional=False, adaptive=adaptive, mode=mode)
    state.n_tracks, state.marks = cut_violations(
        state.problem, state.tracks, state.n_tracks, state.memory, state.marks, rules
    )


def _run_series(
    state: _State, forward: bool, needs_points: bool, record_costs: bool, progress: Progress | None
) -> SweepSeries:
    problem, owner, n = state.problem, state.tracks.owner, state.n_tracks
    direction = 0 if forward else 1
    prices, chains = state.prices[direction], filled_chains(state.chains, owner, n, forward)
    forget(prices, problem.frame_start, state.tracks.clean[direction])
    lanes = new_lanes(problem.n_frames if needs_points else 0)
    scratch = Scratch(chains, state.memory, prices, state.pairs, lanes, np.zeros(2, np.int64))
    room = int(most_marks(problem.missing))
    costs: list[float] = []
    most_sweeps = MOST_SWEEPS + SWEEPS_PER_POINT * int(np.diff(problem.frame_start).max(initial=0))
    done, over = SweepSeries(forward=forward, sweeps=0, exchanges=0), False
    while not over and done.sweeps < most_sweeps:
        state.marks = with_room(state.marks, room)
        over = sweep_series(problem, state.tracks, scratch, state.marks, forward, needs_points, record_costs)
        if record_costs and len(costs) < scratch.progress[0]:
            costs.append(total_cost(problem, *points_by_track(owner, n)))
        exchanges = int(scratch.progress[1]) + exchanges_under_way(lanes)
        done = SweepSeries(forward=forward, sweeps=int(scratch.progress[0]), exchanges=exchanges, costs=tuple(costs))
        if progress is not None:
            progress(done)
    if not over:
        raise LinkError(
            f"an exchange series has made exchanges in each of {done.sweeps} sweeps and seems never to end (the "
            "original would crash here). Remove duplicate feature points or change the weights or limits"
        )
    return done


def _finished(features: Features, state: _State, settings: LinkSettings, limits: Limits, missing: I32) -> Links:
    """Missing-frame search and final filter on contiguous tracks."""
    problem, n_tracks = state.problem, state.n_tracks
    search = settings.missing_search
    if search is not None:
        bounds = search_limits(search, limits, settings.geodesic)
        gap = gaps_after(search, features.n_frames)
        if gap is not None:
            n_tracks = cut_at_gaps(problem, state.tracks.owner, n_tracks, gap, bounds, missing)
    if settings.final is not None:
        last = final_limits(limits, settings.final, settings.geodesic)
        problem = with_limits(problem, features, last)
        if settings.final.zones:
            check_zones(features, last, problem.zone)
        rules = CutRules(regional=settings.final.zones, adaptive=settings.final.adaptive, mode=BOTH)
        n_tracks, _ = cut_violations(problem, state.tracks, n_tracks, state.memory, state.marks, rules)
    return _tracks(state.tracks.owner, n_tracks, missing, limits.parameters)


def _tracks(owner: I32, n_tracks: int, missing: I32, parameters: LinkParameters) -> Links:
    order, start = points_by_track(owner, n_tracks)
    has_points = np.flatnonzero(np.diff(start) > 0)
    return Links(
        track_id=has_points + 1,
        start=np.concatenate([start[has_points], start[-1:]]),
        feature=order.astype(np.int64),
        missing_after=missing[order],
        parameters=parameters,
    )
