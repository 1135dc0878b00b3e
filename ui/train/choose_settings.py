"""What to train and how: settings whose bounds depend on each other, and what they will take."""

from __future__ import annotations

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.datasets import own_pictures
from cnn.datasets.training_sets import TRAINING_SETS, training_set
from cnn.runs.estimate import estimate, refusal
from cnn.runs.processes import RunProcesses
from cnn.runs.settings import (
    AUGMENTATIONS,
    BATCHES,
    MOST_SEED,
    OPTIMIZERS,
    SCHEDULES,
    RunSettings,
    augmentations_for,
)
from ui.resources import network_cache
from ui.resources.person import owns
from ui.resources.poll import poll_until
from ui.selection import input_picker
from ui.train import bring_pictures, build_stack, run_words

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0)
EPOCHS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 100)
FIRST = RunSettings()
DATA = "train data"  # key of the choice of a data set


def lead_sentence() -> str:
    """Say what the page does with the data set that is chosen; Markdown. It stands above the choice."""
    bring_pictures.choose_brought(DATA)
    data = training_set(st.session_state.get(DATA, FIRST.data))
    own = (
        "Draw a digit of your own: it"
        if data.like == input_picker.DIGITS
        else "Pick a picture that it never sees, or bring your own: it"
    )
    return (
        f"Press **Start training**: a small network sees {data.pictures:,} {data.shows} again and again, and you watch "
        f"it learn. {own} is examined on it at every moment."
    )


def choose_settings() -> RunSettings:
    """Let a person choose; what is chosen can always be trained."""
    network = st.selectbox(
        "Network",
        [*ARCHITECTURES, build_stack.OWN],
        format_func=lambda name: "Build your own" if name == build_stack.OWN else ARCHITECTURES[name].title,
        key="train network",
    )
    here = [name for name, one in TRAINING_SETS.items() if one.here]
    here += [one.name for one in own_pictures.list_own_pictures() if owns(one.owner)]
    data = st.selectbox("Learns from", here, format_func=lambda name: training_set(name).title, key=DATA)
    bring_pictures.bring_pictures()
    chosen = training_set(data)
    if network == build_stack.OWN:
        network = build_stack.choose_stack(chosen.shape, len(chosen.classes))
    with st.expander("More settings"):
        epochs = st.select_slider(
            "Epochs", EPOCHS, FIRST.epochs, key="train epochs", help="How often it sees every training picture."
        )
        optimizer = st.selectbox(
            "Optimizer", list(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title, key="train optimizer"
        )
        rate = st.select_slider(
            "Learning rate",
            RATES,
            OPTIMIZERS[optimizer].rate,
            format_func=lambda value: f"{value:g}",
            key=f"train rate {optimizer}",
            help="How far each step goes. Far too high is worth a try: see it explode.",
        )
        schedule = st.selectbox("The rate", list(SCHEDULES), format_func=SCHEDULES.__getitem__, key="train schedule")
        batch = st.select_slider(
            "Pictures a step",
            batches := [size for size in BATCHES if size <= chosen.pictures],
            min(FIRST.batch, batches[-1]),
            key=f"train batch {batches[-1]}",
            help="Their mean gradient makes one step.",
        )
        augmentation = st.selectbox(
            "Pictures are",
            augmentations_for(data),
            format_func=lambda name: "unchanged" if name == "none" else AUGMENTATIONS[name].title,
            key=f"train augmentation {chosen.kind}",
        )
        seed = st.number_input(
            "Seed", 0, MOST_SEED, FIRST.seed, key="train seed", help="The same seed gives the same network, to the bit."
        )
        for name, one in TRAINING_SETS.items():
            if not one.here:
                st.caption(
                    f"Not on this machine: {one.title} ({one.megabytes} MB). "
                    f"`python -m cnn train lenet --data {name} --frames` fetches it."
                )
    return RunSettings(network, data, epochs, batch, rate, schedule, optimizer, augmentation, int(seed))


def show_estimate(settings: RunSettings, processes: RunProcesses) -> None:
    """Say what a run with these settings takes; what was never measured here is measured now, and told by itself."""
    found = estimate(settings, processes.table)
    if processes.unmeasurable(settings):
        st.caption(run_words.estimate_sentence(found, unmeasurable=True))
    elif found.seconds is None:

        def look() -> None:
            processes.measure(settings)
            st.caption(run_words.estimate_sentence(found))

        def known() -> bool:
            return processes.unmeasurable(settings) or estimate(settings, processes.table).seconds is not None

        poll_until(known, look)
    else:
        st.caption(run_words.estimate_sentence(found))
    if why := refusal(found, processes.warmed):
        st.warning(why)
    shipped = f"{training_set(settings.data).like}/{settings.architecture}"
    if shipped in network_cache.public_network_names(training_set(settings.data).like):
        st.caption(run_words.shipped_sentence(network_cache.cached_card(shipped)))
