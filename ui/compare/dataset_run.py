"""Networks over a whole set of pictures: which sets are here, asking with progress and cancel, then what was found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from cnn.datasets import evaluation_sets
from cnn.datasets.evaluation_sets import PictureSet
from cnn.evaluation.dataset_predictions import DatasetPredictions
from cnn.zoo import Network
from ui.compare import dataset_summary
from ui.compare.dataset_results import DatasetRun
from ui.resources import measurements
from ui.resources.background_job import BackgroundJob
from ui.resources.poll import poll_until
from ui.selection import own_photo_folder
from ui.text.duration import in_brackets, still

SET: Final = "set"  # in the address
NO_SET: Final = (
    "ImageNet's pictures may not be passed on, so no set for these networks comes with the app. Bring a folder of your "
    "own photos, or choose networks of CIFAR-10."
)


@st.fragment
def show_dataset_run(networks: Sequence[Network], key: str) -> None:
    """Ask for a set, ask the networks that know such pictures, show what was found."""
    data = dict.fromkeys(network.card.data for network in networks)
    every = [one for name in data for one in evaluation_sets.evaluation_sets_for(name)]
    place = st.container()
    own = own_photo_folder.choose_own_sets(networks, key)
    with place:
        chosen = _choose([*every, *own])
    if chosen is None:
        return
    asked = [network for network in networks if network.card.data == chosen.data]
    jobs = [measurements.last_dataset_run(chosen, network.name) for network in asked]
    begun = [job for job in jobs if job is not None]
    found = [job.snapshot() if job else None for job in jobs]
    if not all(one.ended for one in found if one):
        poll_until(
            lambda: all(job.over for job in begun),
            partial(_look, chosen, begun),
            seconds_left=lambda: begun[-1].standing.seconds,
        )
        return
    answers = {
        network.name: one.result for network, one in zip(asked, found, strict=True) if one and one.result is not None
    }
    missing = [network for network in asked if network.name not in answers]
    if missing:
        _offer(chosen, missing, jobs, key)
        return
    told = tuple((network, answers[network.name]) for network in asked)
    dataset_summary.show_summary(DatasetRun(chosen, measurements.split_for(chosen, asked[0]), told), key)


def _choose(every: Sequence[PictureSet]) -> PictureSet | None:
    here = {_address(one): one for one in every if one.here}
    if not every:
        st.info(NO_SET)
    chosen = None
    if here:
        name = st.segmented_control(
            "Pictures",
            list(here),
            default=next(iter(here)),
            required=True,
            format_func=lambda name: f"{own_photo_folder.set_title(here[name])} ({here[name].pictures:,})",
            key=SET,
            bind="query-params",
        )
        chosen = here[name or next(iter(here))]
        if chosen.note:
            st.caption(chosen.note)
    for one in every:
        if not one.here:
            st.caption(f"Not on this machine: {one.offer}")
    return chosen


def _address(one: PictureSet) -> str:
    """Name a set in the address; one's own photos without saying which."""
    return one.name.partition(":")[0]


def _offer(
    chosen: PictureSet, missing: Sequence[Network], jobs: Sequence[BackgroundJob[DatasetPredictions] | None], key: str
) -> None:
    """Say what is to be asked, and why it was not; let the person begin."""
    for job in jobs:
        if job is not None and job.error:
            st.warning(job.error)
    pictures = f"all {chosen.pictures:,} pictures" if chosen.pictures > 1 else "the one picture"
    who = missing[0].card.title if len(missing) == 1 else f"{len(missing)} networks"
    seconds = measurements.measurement_line().seconds_until(measurements.seconds_for_run(chosen, missing))
    st.button(
        f"Ask {who} {pictures}{in_brackets(seconds)}",
        type="primary",
        on_click=measurements.start_dataset_run,
        args=(chosen, tuple(missing)),
        key=f"{key} ask",
    )


def _look(chosen: PictureSet, jobs: Sequence[BackgroundJob[DatasetPredictions]]) -> None:
    """Show how far it is; whoever else wants the same sees it, too."""
    done = sum(chosen.pictures if job.ended.is_set() else job.counts[0] for job in jobs)
    st.progress(min(1.0, done / (chosen.pictures * len(jobs))), text=run_progress(jobs))
    stopping = all(job.stop.is_set() for job in jobs if not job.ended.is_set())
    st.button("Stop", on_click=_cancel, args=(jobs,), disabled=stopping, key=f"cancel {_address(chosen)}")


def _cancel(jobs: Sequence[BackgroundJob[DatasetPredictions]]) -> None:
    for job in jobs:
        job.leave()


def run_progress(jobs: Sequence[BackgroundJob[DatasetPredictions]]) -> str:
    """Say how far a round is."""
    going = [job for job in jobs if not job.ended.is_set()]
    if not going:
        return "Done"
    if going[0].stop.is_set():
        return "Stopping"
    place = f"network {len(jobs) - len(going) + 1} of {len(jobs)}"
    told = f"{place}{going[0].standing.text}{still(going[-1].standing.seconds)}"
    done, total = going[0].counts
    if not total:
        return f"Waiting for its turn: {going[0].title}, {told}"
    return f"{going[0].title}: {done:,} of {total:,} pictures, {told}"
