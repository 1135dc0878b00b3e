"""Heat maps of several methods side by side, each with its test of faithfulness: does the answer follow it?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.attribution import methods
from cnn.attribution.faithfulness import area_under_curve
from cnn.attribution.methods import ATTRIBUTION_METHODS
from cnn.attribution.results import AttributionMap, FaithfulnessCurves
from cnn.metrics import localization as heats
from ui.components.heatmap_overlay.heatmap_overlay import HeatmapOverlay, render_heatmap_overlay
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.images import data_uri, evidence_veil, figure_png
from ui.inspect import evidence_state
from ui.inspect.evidence_state import ClassReason
from ui.resources import attributions
from ui.resources.job_snapshot import JobSnapshot, snapshot
from ui.resources.poll import show_until
from ui.text.attribution import LOOKING, SMOOTH_PX, STARTING, box_to_draw, evidence_sentence
from ui.text.duration import still
from ui.text.markdown import markdown_table
from ui.text.numbers import percent

ABREAST: Final = 3
TALL: Final = 150  # px, of a curve
SCALE: Final = figure_png.FigureScale("0", "1: each method's greatest value")
TESTING: Final = "Testing the faithfulness of this map: does the answer follow it?"
COVERED: Final = 0.2  # share of pixels: the bright parts that a sentence speaks of
LITTLE: Final = 0.05  # a probability that never gets higher has nothing to lose
CLOSE: Final = 0.02  # of an area: nearer to chance is no better than it


@dataclass(frozen=True, slots=True, eq=False)
class HeatmapResults:
    """What there was at one moment, by method: every map that is there has its test, come or still to come."""

    reason: ClassReason
    heats: Mapping[str, JobSnapshot[AttributionMap]]
    curves: Mapping[str, JobSnapshot[FaithfulnessCurves]]

    @property
    def busy(self) -> bool:
        """Say whether anything is still to come."""
        return not all(one.ended for some in (self.heats, self.curves) for one in some.values())

    @property
    def maps(self) -> dict[str, Array]:
        """Give the maps that are there, by method."""
        return {name: heat.result.values for name, heat in self.heats.items() if heat.result}


def gather_heatmaps(reason: ClassReason) -> HeatmapResults:
    """Ask for every map, and for the test of each map that is there; what was asked before is not asked again."""
    heats = {method: snapshot(_heat_future(reason, method)) for method in reason.methods}
    curves = {}
    for method, heat in heats.items():
        if heat.result:
            evidence_state.seconds_taken(reason.card.name)[method] = heat.result.milliseconds / 1000
            curves[method] = snapshot(_curves_future(reason, method, heat.result))
    return HeatmapResults(reason, heats, curves)


def _heat_future(reason: ClassReason, method: str) -> Future[AttributionMap]:
    if _question(reason, method) in _stopped():
        cancelled: Future[AttributionMap] = Future()
        cancelled.cancel()
        return cancelled
    return attributions.attribution_future(*_asked(reason, method))


def _asked(reason: ClassReason, method: str) -> tuple[str, str, int, Array, Path, str]:
    subject = reason.subject
    return reason.card.name, subject.key, reason.label, subject.image, reason.folder, method


def _curves_future(reason: ClassReason, method: str, heat: AttributionMap) -> Future[FaithfulnessCurves]:
    subject = reason.subject
    return attributions.faithfulness_future(
        reason.card.name, subject.key, reason.label, method, subject.image, heat.values, reason.folder
    )


def show_heatmaps(reason: ClassReason, key: str) -> HeatmapResults:
    """Show what there is, and what is still to come as soon as it is there."""
    attributions.wait_for_all([_heat_future(reason, method) for method in reason.methods])
    found = gather_heatmaps(reason)
    if found.busy and len(found.curves) == len(found.heats):
        heats = {method: heat.result for method, heat in found.heats.items() if heat.result}
        attributions.wait_for_all([_curves_future(reason, method, heat) for method, heat in heats.items()])
        found = gather_heatmaps(reason)
    show_until(lambda: not gather_heatmaps(reason).busy, lambda: _look(gather_heatmaps(reason), key))
    return gather_heatmaps(reason)  # as it is shown: the last may just have come


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
    heat, curves = found.heats[method], found.curves.get(method)
    render_heatmap_overlay(heatmap_tile(found, method), key)
    if not heat.ended:
        if methods.estimate_seconds(method, evidence_state.method_facts(found.reason.subject)) >= methods.SLOW_S:
            st.button("Stop", on_click=partial(_stop, found.reason, method), key=f"{key} stop")
    elif curves is None:
        st.button("Look again", on_click=partial(_again, found.reason, method), key=f"{key} again")
    elif curves.result:
        render_plot(show_faithfulness_curves(curves.result, found.reason.name), f"{key}:curves")
        with st.expander("Deletion and insertion in figures"):
            st.markdown(faithfulness_figures(curves.result))
    elif not curves.ended:
        st.caption(TESTING)


def _stop(reason: ClassReason, method: str) -> None:
    """Stop it for this session; others who wait for the same go on."""
    _stopped().add(_question(reason, method))
    attributions.attribution_future.leave(*_asked(reason, method))


def _again(reason: ClassReason, method: str) -> None:
    _stopped().discard(_question(reason, method))
    attributions.attribution_future.retry(*_asked(reason, method))


def _stopped() -> set[Hashable]:
    """Remember what this session stopped."""
    stopped: set[Hashable] = st.session_state.setdefault("evidence:stopped", set())
    return stopped


def _question(reason: ClassReason, method: str) -> Hashable:
    return reason.card.name, reason.subject.key, reason.label, method


def heatmap_tile(found: HeatmapResults, method: str) -> HeatmapOverlay:
    """Lay the map over the input, with a sentence; or say how far it is, or why there is none."""
    reason, heat = found.reason, found.heats[method]
    alt = f"What {reason.card.title} was shown of {reason.subject.title}"
    if heat.result is None:
        return HeatmapOverlay(reason.picture, alt, heat.failure or _waiting(found, method))
    values = heat.result.values
    muted = data_uri.evidence_uri(reason.pixels, enlarge_heatmap(values, ATTRIBUTION_METHODS[method].detail))
    box = box_to_draw(values) if values.any() else None
    return HeatmapOverlay(
        reason.picture, alt, evidence_sentence(values, reason.name), muted, data_uri.evidence_ramp_uri(), box
    )


def _waiting(found: HeatmapResults, method: str) -> str:
    """Say how far a map is, and how long it still takes: this person's maps come one after the other."""
    client = attributions.worker_client()
    if not client.ready:
        return STARTING
    progress = found.heats[method].progress
    left = still(max(1, client.askers) * seconds_to_wait(found, method))
    return f"{LOOKING.rstrip('.')}{f': {progress.share:.0%}' if progress else ''}{left}."


def seconds_to_wait(found: HeatmapResults, method: str) -> float:
    """Guess how long until the map of `method` is there, with those that were asked for before it."""
    facts, waits = evidence_state.method_facts(found.reason.subject), 0.0
    for name, heat in found.heats.items():
        if not heat.ended:
            done = heat.progress.share if heat.progress else 0.0
            waits += (1 - done) * evidence_state.method_seconds(facts, found.reason.card.name, name)
        if name == method:
            break
    return waits


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
        PlotAxis("share of pixels"),
        PlotAxis(f"probability of {name}", "share", "percent"),
        title="Faithfulness: does the answer follow the map?",
        said=faithfulness_sentence(curves, name),
        lines=tuple(
            PlotLine(said, shares, curve.tolist(), dashed=random, hue=hue)
            for said, curve, random, hue in (
                ("brightest covered first", curves.deletion, False, 0),
                ("covered at random", curves.random_deletion, True, 0),
                ("brightest shown first", curves.insertion, False, 1),
                ("shown at random", curves.random_insertion, True, 1),
            )
        ),
        from_left=True,
        tall=TALL,
    )


def faithfulness_sentence(curves: FaithfulnessCurves, name: str) -> str:
    """Say in words whether the answer follows the map better than a random order: its faithfulness."""
    if max(curves.deletion.max(), curves.insertion.max()) < LITTLE:
        return f"The network gives {name} under {LITTLE:.0%} throughout: with nothing to lose, this says little."
    areas = _areas(curves)
    good = (areas.deletion < areas.random_deletion - CLOSE) + (areas.insertion > areas.random_insertion + CLOSE)
    said = ("No better than a random order.", "Only one way of two.", "Yes, better than a random order.")[good]
    covered, at_random = (
        percent(float(np.interp(COVERED, curves.shares, curve))) for curve in (curves.deletion, curves.random_deletion)
    )
    return (
        f"{said} Cover the brightest {COVERED:.0%} of it: {covered} is left for {name}; "
        f"cover as much at random: {at_random}."
    )


def faithfulness_figures(curves: FaithfulnessCurves) -> str:
    """Write the areas under the four curves as a table in Markdown."""
    areas = _areas(curves)
    return markdown_table(
        [
            ["Area under the curve", "by the map", "at random", "better is"],
            ["Deletion: the brightest pixels covered first", *_two(areas.deletion, areas.random_deletion), "less"],
            ["Insertion: the brightest pixels shown first", *_two(areas.insertion, areas.random_insertion), "more"],
        ]
    )


def _two(*areas: float) -> list[str]:
    return [f"{area:.2f}" for area in areas]


@dataclass(frozen=True, slots=True)
class _Areas:
    """The areas under the four curves, each in [0, 1]."""

    deletion: float
    insertion: float
    random_deletion: float
    random_insertion: float


def _areas(curves: FaithfulnessCurves) -> _Areas:
    every = (curves.deletion, curves.insertion, curves.random_deletion, curves.random_insertion)
    return _Areas(*(area_under_curve(curves.shares, curve) for curve in every))


def heatmaps_png(found: HeatmapResults) -> bytes:
    """Draw all maps that are there as one PNG, with their scale and what they show."""
    reason = found.reason
    panels = [
        figure_png.FigurePanel(
            ATTRIBUTION_METHODS[name].title,
            reason.pixels,
            evidence_veil.veil(reason.pixels, enlarge_heatmap(values, ATTRIBUTION_METHODS[name].detail)),
        )
        for name, values in found.maps.items()
    ]
    return figure_png.figure_png(panels, f"What speaks for {reason.name}: {reason.said}.", SCALE)
