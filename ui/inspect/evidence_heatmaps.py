"""Heat maps of several methods side by side, each with its test: does the answer follow it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.attribution import methods
from cnn.attribution.faithfulness import area_under_curve
from cnn.attribution.methods import ATTRIBUTION_METHODS
from cnn.attribution.results import AttributionMap, FaithfulnessCurves
from cnn.metrics import localization as heats
from cnn.worker.client import WorkerFuture
from ui.components.heatmap_overlay.heatmap_overlay import Overlay, overlay
from ui.components.plot.plot import Axis, Line, Plot, plot
from ui.images import colormap, data_uri, figure_png
from ui.inspect import evidence_state
from ui.inspect.evidence_state import ClassReason
from ui.resources import attributions
from ui.resources.poll import poll_until
from ui.text.attribution import LOOKING, SMOOTH_PX, STARTING, evidence_sentence

ABREAST: Final = 3
TALL: Final = 150  # px, of a curve
SCALE: Final = figure_png.FigureScale("0", "1: each method's greatest value")
TESTING: Final = "Testing whether the answer follows this map."
LITTLE: Final = 0.05  # a probability that never gets higher has nothing to lose
CLOSE: Final = 0.02  # of an area: nearer to chance is no better than it


@dataclass(frozen=True, slots=True, eq=False)
class HeatmapResults:
    """What was asked so far, by method."""

    reason: ClassReason
    heats: Mapping[str, Future[AttributionMap]]
    curves: Mapping[str, Future[FaithfulnessCurves]]

    @property
    def busy(self) -> bool:
        """Say whether anything is still to come."""
        futures: list[Future[Any]] = [*self.heats.values(), *self.curves.values()]
        return not all(future.done() for future in futures)

    @property
    def maps(self) -> dict[str, Array]:
        """Give the maps that are there, by method."""
        return {name: future.result().values for name, future in self.heats.items() if _good(future)}


def gather_heatmaps(reason: ClassReason) -> HeatmapResults:
    """Ask for every map, and for the test of each map that is there; what was asked before is not asked again."""
    subject, name = reason.subject, reason.card.name
    found = {
        method: attributions.attribution_future(name, subject.key, reason.label, subject.image, reason.folder, method)
        for method in reason.methods
    }
    tests = {}
    for method, future in found.items():
        if _good(future):
            heat = future.result()
            evidence_state.seconds_taken(name)[method] = heat.milliseconds / 1000
            tests[method] = attributions.faithfulness_future(
                name, subject.key, reason.label, method, subject.image, heat.values, reason.folder
            )
    return HeatmapResults(reason, found, tests)


def show_heatmaps(reason: ClassReason, key: str) -> HeatmapResults:
    """Show what there is, and what is still to come as soon as it is there."""
    if attributions.wait_for_all(list(gather_heatmaps(reason).heats.values())):
        attributions.wait_for_all(list(gather_heatmaps(reason).curves.values()))
    found = gather_heatmaps(reason)
    if found.busy:
        poll_until(lambda: not gather_heatmaps(reason).busy, lambda: _look(gather_heatmaps(reason), key))
    else:
        _look(found, key)
    return found


def _look(found: HeatmapResults, key: str) -> None:
    names = list(found.heats)
    for first in range(0, len(names), ABREAST):
        columns = st.columns(min(ABREAST, max(2, len(names))), gap="medium")
        for column, method in zip(columns, names[first : first + ABREAST], strict=False):
            with column:
                _method(found, method, f"{key}:{method}")


def _method(found: HeatmapResults, method: str, key: str) -> None:
    """Show one method: its map, what it is, and its test."""
    st.markdown(
        f"**{ATTRIBUTION_METHODS[method].title}**",
        help=f"{ATTRIBUTION_METHODS[method].idea} {ATTRIBUTION_METHODS[method].paper}",
    )
    overlay(heatmap_tile(found.reason, method, found.heats[method]), key)
    future = found.heats[method]
    if not future.done():
        if methods.estimate_seconds(method, evidence_state.method_facts(found.reason.subject)) >= methods.SLOW_S:
            st.button("Stop", on_click=lambda: _stop(future), key=f"{key} stop")
    elif attributions.failure_text(future):
        st.button("Look again", on_click=_forget(found.reason, method), key=f"{key} again")
    elif not found.curves[method].done():
        st.caption(TESTING)
    elif _good(found.curves[method]):
        plot(show_faithfulness_curves(found.curves[method].result(), found.reason.name), f"{key}:curves")


def _stop(future: Future[AttributionMap]) -> None:
    future.cancel()


def _forget(reason: ClassReason, method: str) -> Callable[[], None]:
    asked = reason.card.name, reason.subject.key, reason.label, reason.subject.image, reason.folder, method
    return partial(attributions.attribution_future.clear, *asked)


def heatmap_tile(reason: ClassReason, method: str, future: Future[AttributionMap]) -> Overlay:
    """Lay the map over the input, with a sentence; or say how far it is, or why there is none."""
    alt = f"What {reason.card.title} was shown of {reason.subject.title}"
    if not future.done():
        return Overlay(reason.picture, alt, _waiting(future))
    if why := attributions.failure_text(future):
        return Overlay(reason.picture, alt, why)
    values = future.result().values
    coloured = data_uri.heatmap_uri(enlarge_heatmap(values, ATTRIBUTION_METHODS[method].detail))
    box = heats.heatmap_box(values) if values.any() else None
    return Overlay(reason.picture, alt, evidence_sentence(values, reason.name), coloured, data_uri.ramp_uri(), box)


def _waiting(future: Future[Any]) -> str:
    if not attributions.worker_client().ready:
        return STARTING
    progress = future.progress if isinstance(future, WorkerFuture) else None
    return f"{LOOKING} {progress.share:.0%}" if progress else LOOKING


def enlarge_heatmap(values: Array, detail: str) -> Array:
    """Smooth a coarse map; of one that is as fine as the input each pixel stays a square."""
    if detail == "pixels":
        times = max(1, SMOOTH_PX // values.shape[0])
        return np.kron(values, np.ones((times, times), np.float32))
    return heats.upsample_heatmap(values, SMOOTH_PX)


def show_faithfulness_curves(curves: FaithfulnessCurves, name: str) -> Plot:
    """Draw how the probability falls and rises, beside a random order."""
    shares = curves.shares.tolist()
    return Plot(
        Axis("share of pixels"),
        Axis(f"probability of {name}", "share", "percent"),
        title="Does the answer follow the map?",
        said=faithfulness_sentence(curves, name),
        lines=tuple(
            Line(said, shares, curve.tolist(), dashed=random, hue=hue)
            for said, curve, random, hue in (
                ("strongest taken first", curves.deletion, False, 0),
                ("taken at random", curves.random_deletion, True, 0),
                ("strongest back first", curves.insertion, False, 1),
                ("back at random", curves.random_insertion, True, 1),
            )
        ),
        from_left=True,
        tall=TALL,
    )


def faithfulness_sentence(curves: FaithfulnessCurves, name: str) -> str:
    """Say in words and areas whether the answer follows the map better than a random order."""
    if max(curves.deletion.max(), curves.insertion.max()) < LITTLE:
        return f"The network gives {name} under {LITTLE:.0%} throughout: with nothing to lose, this says little."
    lost, back = area_under_curve(curves.shares, curves.deletion), area_under_curve(curves.shares, curves.insertion)
    chance_lost = area_under_curve(curves.shares, curves.random_deletion)
    chance_back = area_under_curve(curves.shares, curves.random_insertion)
    good = (lost < chance_lost - CLOSE) + (back > chance_back + CLOSE)
    said = ("No better than a random order.", "Only one way of two.", "Yes, better than a random order.")[good]
    return (
        f"{said} Areas: {lost:.2f} when the strongest pixels go first (random {chance_lost:.2f}; less is better), "
        f"{back:.2f} when they come back first (random {chance_back:.2f}; more is better)."
    )


def heatmaps_png(found: HeatmapResults) -> bytes:
    """Draw all maps that are there as one PNG, with their scale and what they show."""
    reason = found.reason
    panels = [
        figure_png.FigurePanel(
            ATTRIBUTION_METHODS[name].title,
            reason.pixels,
            colormap.paint_heatmap(enlarge_heatmap(values, ATTRIBUTION_METHODS[name].detail)),
        )
        for name, values in found.maps.items()
    ]
    return figure_png.figure_png(panels, f"What speaks for {reason.name}: {reason.said}.", SCALE)


def _good(future: Future[Any]) -> bool:
    return future.done() and not attributions.failure_text(future)
