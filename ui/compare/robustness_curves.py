"""Accuracy curves over a set of pictures: offered, measured behind the page, shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from cnn.datasets import evaluation_sets
from cnn.datasets.evaluation_sets import PictureSet
from cnn.evaluation import robustness
from cnn.evaluation.photo_set import PhotoSet
from cnn.evaluation.robustness import RobustnessCurve
from cnn.perturbations import Perturbation
from cnn.zoo import Network
from ui.components.download import download_button
from ui.components.plot.plot import Plot, PlotAxis, PlotLine, render_plot
from ui.resources import measurements, network_cache, pace
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, watch_job
from ui.resources.waiting_line import working_clock
from ui.selection import own_photo_folder
from ui.text import numbers
from ui.text.csv_table import write_csv
from ui.text.duration import in_brackets

Curves = tuple[RobustnessCurve, ...]


@st.cache_resource(show_spinner=False)
def curve_jobs() -> BackgroundJobs[Curves]:
    """Give the curves of this server; they take turns with all else that is measured."""
    return measurements.measurement_jobs()


@st.cache_resource(show_spinner=False)
def own_curve_jobs() -> BackgroundJobs[Curves]:
    """Give the curves over people's own photos: nothing of them outlasts their visit."""
    return measurements.measurement_jobs(outlasts="nothing")


def _jobs(of: PictureSet) -> BackgroundJobs[Curves]:
    return own_curve_jobs() if isinstance(of, PhotoSet) else curve_jobs()


def show_accuracy_curves(kind: str, networks: Sequence[Network], chosen: Perturbation) -> None:
    """Offer the accuracy curves over a set of pictures that is here, and show them when they are there."""
    place = st.container()
    own = own_photo_folder.choose_own_sets(networks, f"robust {kind}")
    with place:
        here = [*(one for one in evaluation_sets.evaluation_sets_for(kind) if one.here), *own]
        if not here:
            missing = [one.offer for one in evaluation_sets.evaluation_sets_for(kind)] or [
                "Bring a folder of your own."
            ]
            st.info("No labelled pictures for these networks are on this machine. " + " ".join(missing))
            return
        of = here[0] if len(here) == 1 else st.radio("Set of pictures", here, format_func=_title, horizontal=True)
    key = (of.name, chosen.name, tuple(network.name for network in networks))
    work = _jobs(of).last(key)
    found = work.snapshot() if work else None
    if work is not None and found is not None and not found.ended:
        watch_job(work, "curves")
    elif found is not None and found.result is not None:
        _show(found.result, of, chosen)
    else:
        _offer(work, of, networks, chosen)


def _title(one: PictureSet) -> str:
    return own_photo_folder.set_title(one)


def _offer(
    work: BackgroundJob[Curves] | None, of: PictureSet, networks: Sequence[Network], chosen: Perturbation
) -> None:
    if work is not None and work.error:
        st.warning(work.error)
    count = min(of.pictures, robustness.SAMPLE_SIZE)
    seconds = _seconds(networks, chosen, count)
    wait = in_brackets(measurements.measurement_line().seconds_until(seconds))
    pictures = f"{count:,} pictures" if count > 1 else "one picture"
    label = f"Ask {len(networks)} networks about {pictures} at {robustness.STRENGTH_LEVELS} strengths{wait}"
    key = (of.name, chosen.name, tuple(network.name for network in networks))
    do = partial(_measure, networks, of, chosen)
    st.button(
        label,
        type="primary",
        on_click=partial(_jobs(of).start, key, f"{chosen.title} over {of.title}", do, expected=seconds),
    )
    st.caption("It goes on behind the page: leave, come back, the curves will be there.")


def _alike(networks: Sequence[Network]) -> list[list[Network]]:
    """Group networks by the size of their input: all of a group see the same pixels."""
    sizes = dict.fromkeys(network.runner.shape for network in networks)
    return [[network for network in networks if network.runner.shape == size] for size in sizes]


def _measure(
    networks: Sequence[Network], of: PictureSet, chosen: Perturbation, came: Came, stopped: Callable[[], bool]
) -> Curves:
    found: list[RobustnessCurve] = []
    groups, begun = _alike(networks), working_clock()
    pieces = min(of.pictures, robustness.SAMPLE_SIZE) * robustness.STRENGTH_LEVELS
    for at, group in enumerate(groups):
        split = robustness.sample_split(measurements.split_for(of, group[0]))
        found += robustness.measure_robustness(group, split, chosen, partial(_came, came, at, len(groups)), stopped)
    pace.note_pace(_names(networks, chosen), working_clock() - begun, pieces)
    order = {network.name: at for at, network in enumerate(networks)}
    return tuple(sorted(found, key=lambda curve: order[curve.network]))


def _came(came: Came, group: int, groups: int, done: int, total: int) -> None:
    """Tell how far all groups are together."""
    came(group * total + done, groups * total)


def _names(networks: Sequence[Network], chosen: Perturbation) -> tuple[str, ...]:
    return (chosen.name, *(network.name for network in networks))


def _seconds(networks: Sequence[Network], chosen: Perturbation, pictures: int) -> float:
    """Estimate from what changing a few pictures and asking about them takes, or from a round that ended."""
    count = min(map(pace.trial_size, networks))

    def trial() -> None:
        for group in _alike(networks):
            changed = chosen(np.zeros((count, *group[0].runner.shape), np.float32), chosen.high)
            for network in group:
                network.runner(changed)

    pieces = pictures * robustness.STRENGTH_LEVELS
    return pieces * pace.seconds_apiece(_names(networks, chosen), count, trial)


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
