"""Draws the pictures of the tutorial and the concepts into docs/pictures; look at them after every change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

import stormtrack as st
from stormtrack.model.features import features_of_points
from stormtrack.recipes.presets import STANDARD_LINKING
from stormtrack.trackers import HodgesLinker

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#aa3377", "0.6"
_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, "#56b4e9", "#e69f00")
_WIDE = (10.0, 4.0)


def save(figure: Any, name: str) -> None:
    """A picture, the same bytes for the same drawing."""
    figure.savefig(FOLDER / f"{name}.png", dpi=80, bbox_inches="tight", pad_inches=0.08, metadata={"Software": None})


def panels(count: int, size: tuple[float, float] = _WIDE) -> tuple[Any, Any]:
    """A figure with axes side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def tutorial() -> None:
    """The three maps of the tutorial."""
    field = st.sample_field(20)
    tracks = st.track(field, "vorticity-nh-t42")
    save(tracks.plot(), "tutorial-tracks")
    mobile = tracks.select(lifetime=("2 days", None), displacement=(1000, None))
    save(st.plot_field(mobile.statistics(5.0, adaptive=False), "track_density", projection="north"), "tutorial-density")
    save(st.frame_view(field, "vorticity-nh-t42", frame=3).plot(near=(195.0, 52.0)), "tutorial-frame")


def _plane(axes: Any, look: Any, window: tuple[float, float, float, float]) -> None:
    """A piece of the grid that is searched: cells, threshold, objects, features."""
    x, y = look.grid.x, look.grid.y
    drawn = axes.pcolormesh(x, y, look.field, cmap="RdBu_r", vmin=-12, vmax=12, shading="nearest", rasterized=True)
    axes.contour(x, y, look.field, [look.settings.threshold], colors=GREEN, linewidths=1.6)
    one = look.candidates
    kept = np.array([not reason for reason in one.reason], bool)
    to_plane = look.grid.projected.projection.to_plane
    here = to_plane(one.lon, one.lat)
    axes.plot(here[0][kept], here[1][kept], "o", mfc="white", mec="black", ms=6)
    axes.plot(here[0][~kept], here[1][~kept], "x", color=ORANGE, ms=7, mew=2)
    axes.set(xlim=window[:2], ylim=window[2:], xticks=[], yticks=[], aspect="equal")
    axes.figure.last_drawn = drawn


def threshold() -> None:
    """The same frame under three thresholds."""
    figure, all_axes = panels(3, (11.0, 4.2))
    for axes, value in zip(all_axes, (1.0, 3.0, 6.0), strict=True):
        view = st.frame_view(st.sample_field(4), st.presets.vorticity_nh_t42(threshold=value), frame=3)
        (look,) = view.searches.values()
        _plane(axes, look, (-1.4, 0.4, 0.1, 1.9))
        tracks = st.track(st.sample_field(20), st.presets.vorticity_nh_t42(threshold=value))
        objects = len(look.object_points) - len(look.small)
        axes.set_title(
            f"threshold {value:g}\n{objects} objects, {look.features.n_features} features\n"
            f"{len(tracks)} tracks of 5 days",
            fontsize=11,
        )
    figure.colorbar(figure.last_drawn, ax=list(all_axes), shrink=0.8, label="vorticity (1e-5 s-1)")
    save(figure, "concept-threshold")


def objects() -> None:
    """An object with two maxima: grid, surface, and what a larger least size leaves out."""
    figure, all_axes = panels(2, (9.0, 4.4))
    preset = st.presets.vorticity_nh_t42()
    for axes, least in zip(all_axes, (2, 60), strict=True):
        plan = replace(preset, detection=replace(preset.detection, min_object_points=least))
        (look,) = st.frame_view(st.sample_field(4), plan, frame=3).searches.values()
        _plane(axes, look, (-0.85, 0.35, 0.25, 1.45))
        axes.set_title(f"objects of {least} points or fewer are left out", fontsize=11)
    figure.colorbar(figure.last_drawn, ax=list(all_axes), shrink=0.8, label="vorticity (1e-5 s-1)")
    save(figure, "concept-objects")


def _linked(axes: Any, places: Any, settings: Any, title: str) -> None:
    """Points (frame, storm, lon and lat) and the tracks that linking makes of them."""
    n_frames, n_storms, _ = places.shape
    flat = places.reshape(-1, 2).astype(np.float32)
    features = features_of_points(
        frame_start=np.arange(n_frames + 1) * n_storms,
        x=flat[:, 0].copy(),
        y=flat[:, 1].copy(),
        intensity=np.full(len(flat), 5.0, np.float32),
    )
    tracks = HodgesLinker(settings=settings).link(features).without_empty()
    axes.plot(flat[:, 0], flat[:, 1], "o", color=GREY, ms=5, zorder=1)
    for k in range(tracks.n_tracks):
        own = slice(tracks.start[k], tracks.start[k + 1])
        colour = _COLOURS[k % len(_COLOURS)]
        axes.plot(tracks.lon[own], tracks.lat[own], "-", color=colour, lw=2.2)
        axes.plot(tracks.lon[own], tracks.lat[own], "o", color=colour, ms=5)
    axes.set_title(f"{title}\n{tracks.n_tracks} track{'s' * (tracks.n_tracks != 1)}", fontsize=11)
    axes.set(xlabel="longitude", ylabel="latitude")


def zones() -> None:
    """Two storms that move 4 degrees a step, at 10 and at 45 N, with one limit and with TRACK's zones."""
    step = np.arange(8)
    tropical = np.stack([20 + 4.06 * step, 10 + 0.2 * np.sin(step)], axis=1)
    northern = np.stack([20 + 5.6 * step, 45 + 0.5 * np.sin(step)], axis=1)
    places = np.stack([tropical, northern], axis=1)
    figure, all_axes = panels(2)
    one = replace(STANDARD_LINKING, zonal=False, sets=(replace(STANDARD_LINKING.sets[0], zones=None),))
    one = replace(one, final=replace(one.final, zones=False, zone_tables=()))
    _linked(all_axes[0], places, one, "6.5 degrees a step everywhere")
    _linked(all_axes[1], places, STANDARD_LINKING, "TRACK's zones: 3 degrees from 20 S to 20 N")
    for axes in all_axes:
        axes.axhspan(0, 20, color="0.93", zorder=0)
        axes.set_ylim(0, 60)
    save(figure, "concept-zones")


def adaptive() -> None:
    """A fast storm and a slow one that both turn back and forth, with and without the adaptive bound."""
    step = np.arange(9)
    turns = np.where(step % 2, 1.0, -1.0)
    fast = np.stack([20 + 4.4 * step, 45 + 2.6 * turns], axis=1)
    slow = np.stack([27 + 0.5 * step, 34 + 0.35 * turns], axis=1)
    places = np.stack([fast, slow], axis=1)
    figure, all_axes = panels(2)
    off = replace(STANDARD_LINKING, adaptive=False, preprocess_mode=0)
    off = replace(
        off, sets=(replace(off.sets[0], adapt=None),), final=replace(off.final, adaptive=False, adapt_tables=())
    )
    _linked(all_axes[0], places, off, "any path is smooth enough")
    _linked(all_axes[1], places, STANDARD_LINKING, "the adaptive bound")
    save(figure, "concept-adaptive")


def main() -> None:
    """Draw all of them."""
    matplotlib.use("agg")
    FOLDER.mkdir(exist_ok=True)
    for draw in (tutorial, threshold, objects, zones, adaptive):
        draw()


if __name__ == "__main__":
    main()
