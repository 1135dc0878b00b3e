"""Accuracy curves over a set of pictures: offered, measured behind the page, shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

import numpy as np
import streamlit as st

from cnn.datasets import evaluation_sets
from cnn.datasets.evaluation_sets import PictureSet
from cnn.evaluation import robustness
from cnn.evaluation.robustness import RobustnessCurve
from cnn.perturbations import Perturbation
from cnn.zoo import Network
from ui.components.download import download_button
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.resources import measurements, network_cache, pace
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, watch_job
from ui.text import numbers
from ui.text.csv_table import write_csv
from ui.text.duration import in_brackets

Curves = tuple[RobustnessCurve, ...]


@st.cache_resource(show_spinner=False)
def curve_jobs() -> BackgroundJobs[Curves]:
    """Give the curves of this server; they take turns with all else that is measured."""
    return BackgroundJobs(measurements.measurement_thread().submit, line=measurements.waiting_line())


def show_accuracy_curves(kind: str, networks: Sequence[Network], chosen: Perturbation) -> None:
    """Offer the accuracy curves over a set of pictures that is here, and show them when they are there."""
    here = [one for one in evaluation_sets.evaluation_sets_for(kind) if one.here]
    if not here:
        missing = [one.offer for one in evaluation_sets.evaluation_sets_for(kind)]
        st.info("No labelled pictures for these networks are on this machine. " + " ".join(missing))
        return
    of = here[0] if len(here) == 1 else st.radio("Set of pictures", here, format_func=_title, horizontal=True)
    key = (of.name, chosen.name, tuple(network.name for network in networks))
    work = curve_jobs().last(key)
    found = work.snapshot() if work else None
    if work is not None and found is not None and not found.ended:
        watch_job(work, "curves")
    elif found is not None and found.result is not None:
        _show(found.result, of, chosen)
    else:
        _offer(work, of, networks, chosen)


def _title(one: PictureSet) -> str:
    return one.title


def _offer(
    work: BackgroundJob[Curves] | None, of: PictureSet, networks: Sequence[Network], chosen: Perturbation
) -> None:
    if work is not None and work.error:
        st.warning(work.error)
    count = min(of.pictures, robustness.SAMPLE_SIZE)
    seconds = _seconds(networks, chosen, count)
    wait = in_brackets(measurements.waiting_line().seconds + seconds)
    label = f"Ask {len(networks)} networks about {count:,} pictures at {robustness.STRENGTH_LEVELS} strengths{wait}"
    key = (of.name, chosen.name, tuple(network.name for network in networks))
    do = partial(_measure, networks, of, chosen)
    st.button(
        label,
        type="primary",
        on_click=partial(curve_jobs().start, key, f"{chosen.title} over {of.title}", do, expected=seconds),
    )
    st.caption("It goes on behind the page: leave, come back, the curves will be there.")


def _measure(
    networks: Sequence[Network], of: PictureSet, chosen: Perturbation, came: Came, stopped: Callable[[], bool]
) -> Curves:
    split, begun = robustness.sample_split(measurements.cached_split(of.name)), perf_counter()
    found = robustness.measure_robustness(networks, split, chosen, came, stopped)
    pieces = len(split.labels) * robustness.STRENGTH_LEVELS
    pace.note_pace(_names(networks, chosen), perf_counter() - begun, pieces)
    return found


def _names(networks: Sequence[Network], chosen: Perturbation) -> tuple[str, ...]:
    return (chosen.name, *(network.name for network in networks))


def _seconds(networks: Sequence[Network], chosen: Perturbation, pictures: int) -> float:
    """Estimate from what changing a few pictures and asking about them takes, or from a round that ended."""

    def trial() -> None:
        changed = chosen(np.zeros((pace.TRIAL, *networks[0].runner.shape), np.float32), chosen.high)
        for network in networks:
            network.runner(changed)

    pieces = pictures * robustness.STRENGTH_LEVELS
    return pieces * pace.seconds_apiece(_names(networks, chosen), pace.TRIAL, trial)


def _show(found: Sequence[RobustnessCurve], of: PictureSet, chosen: Perturbation) -> None:
    drawn = tuple(
        PlotLine(
            network_cache.cached_card(curve.network).title,
            curve.levels,
            curve.accuracy,
            low=[interval.low for interval in curve.intervals],
            high=[interval.high for interval in curve.intervals],
        )
        for curve in found
    )
    title = f"{chosen.title}: accuracy on {found[0].count:,} of {of.title}, with 95 % intervals"
    across = f"{chosen.title}, {chosen.unit}" if chosen.unit else chosen.title
    up = PlotAxis("Accuracy", "share", "percent")
    render_plot(Plot(PlotAxis(across), up, title, robustness_sentence(found, chosen), lines=drawn), "robust curves")
    if of.note:
        st.caption(of.note)
    download_button("Download the curves (CSV)", lambda: curves_csv(found, chosen), f"robustness-{chosen.name}.csv")


def robustness_sentence(found: Sequence[RobustnessCurve], chosen: Perturbation) -> str:
    """Say which network bears most and which least, at the strengths where the curves end."""
    means = {curve.network: float(np.mean(curve.accuracy)) for curve in found}
    best, worst = (max(means, key=means.__getitem__), min(means, key=means.__getitem__))
    name = {curve.network: network_cache.cached_card(curve.network).title for curve in found}
    if best == worst:
        return f"On average over all strengths {name[best]} is right {numbers.percent(means[best])} of the time."
    return (
        f"On average over all strengths {name[best]} bears most ({numbers.percent(means[best])} right), "
        f"{name[worst]} least ({numbers.percent(means[worst])})."
    )


def curves_csv(found: Sequence[RobustnessCurve], chosen: Perturbation) -> str:
    """Write the curves as CSV: one row a network and strength."""
    rows = []
    for curve in found:
        for level, right, fits in zip(curve.levels, curve.correct, curve.intervals, strict=True):
            rows.append(
                (curve.network, chosen.name, f"{level:g}", right, curve.count, f"{fits.low:.4f}", f"{fits.high:.4f}")
            )
    return write_csv(["network", "change", "strength", "right", "asked", "low", "high"], rows)
