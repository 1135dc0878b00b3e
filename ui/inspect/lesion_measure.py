"""The Ablation page's choices in the address, and what it measures behind the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.errors import MissingData
from cnn.evaluation import held_out, robustness
from cnn.evaluation.photo_set import PhotoSet
from cnn.graph import Layer
from cnn.inference.predict import calibrated_probabilities
from cnn.layers import ablation
from cnn.layers.ablation import AblationCost, FewestUnits, UnitsOff
from cnn.layers.activations import InspectableNetwork
from cnn.layers.partial_forward import PartialForward
from cnn.metrics.significance import ConfidenceInterval
from cnn.zoo import Card, Network
from ui.components.download import download_button
from ui.components.paired_bars.paired_bars import PairedBar, render_paired_bars
from ui.components.unit_switches import unit_switches
from ui.components.unit_switches.unit_switches import UnitSet
from ui.inspect import lesion_data
from ui.inspect.lesion_data import AblationOutcome, Maps
from ui.resources import measurements, network_cache
from ui.resources.background_job import BackgroundJob, BackgroundJobs, Came, watch_job
from ui.selection import own_photo_folder
from ui.selection.address import LAYER, drop_from_address, keep_in_address
from ui.selection.network_and_input import NetworkAndInput
from ui.text.layer_text import channel_word

OFF = "off"  # in the address
MOST_TOLLS: Final = 256  # results that are kept: four numbers each
OWN_ABLATED: Final = 200  # of one's own photos: up to 0.2 s each of EfficientNet-Lite0, 1.1 s of ResNet-50
MOST_RANKINGS: Final = 32  # under 6 MB each, of 1,280 units and 1,000 classes
SHOWN: Final = 10  # units of a ranking


def choose_ablation_layer(subject: NetworkAndInput) -> Layer:
    """Let a person choose a layer whose units can be switched; the address keeps it."""
    graph = network_cache.opened_network(subject.network.name).graph
    known = {one.name: one for one in ablation.ablatable_layers(graph)}
    wanted = (st.query_params.get(LAYER, ""), st.session_state.get("layers:layer", ""))
    ends = [ablation.ablation_point(graph, name) for name in wanted if name in graph.names]
    asked = next((name for name in ends if name in known), next(iter(known)))
    key = f"lesion {subject.network.name}"
    chosen = st.selectbox(
        "Layer", list(known), list(known).index(asked), lambda name: ablation_layer_title(known[name]), key=key
    )
    st.session_state["layers:layer"] = chosen
    return known[chosen]


def ablation_layer_title(one: Layer) -> str:
    """Name a layer for people, such as "stem_relu: 16 maps of 28x28"."""
    what = f"maps of {one.shape[0]}x{one.shape[1]}" if one.has_maps else "numbers"
    return f"{one.name}: {one.units:,} {what}"


def units_off_from_address(one: Layer) -> UnitSet:
    """Read which units are off from the address, where it speaks of this layer."""
    if st.query_params.get(LAYER, one.name) != one.name:
        return frozenset()
    return unit_switches.parse_units(st.query_params.get(OFF, ""), one.units) or frozenset()


def remember_units_off(one: Layer, off: UnitSet) -> None:
    """Write what is off to the address."""
    keep_in_address(LAYER, one.name)
    if off:
        keep_in_address(OFF, unit_switches.format_units(off))
    else:
        drop_from_address(OFF)


@st.cache_resource(show_spinner=False)
def accuracy_jobs() -> BackgroundJobs[AblationCost]:
    """Give the accuracies of this server; they take turns with all else that is measured."""
    return measurements.measurement_jobs(MOST_TOLLS)


@st.cache_resource(show_spinner=False)
def own_accuracy_jobs() -> BackgroundJobs[AblationCost]:
    """Give the accuracies on people's own photos: nothing of them outlasts their visit."""
    return measurements.measurement_jobs(MOST_TOLLS, "nothing")


def _jobs(own: PhotoSet | None) -> BackgroundJobs[AblationCost]:
    return accuracy_jobs() if own is None else own_accuracy_jobs()


@st.cache_resource(show_spinner=False)
def ranking_jobs() -> BackgroundJobs[Array]:
    """Give the rankings of this server."""
    return measurements.measurement_jobs(MOST_RANKINGS, "nothing")


def show_ablation_accuracy(network: Network, one: Layer, off: UnitSet) -> None:
    """Measure what the units are worth on pictures held out or one's own, while the page stays as it is; show it."""
    place = st.container()
    sets = own_photo_folder.choose_own_sets([network], "lesion")
    with place:
        try:
            title = held_out.held_out_title(network.card.data)
        except MissingData as error:
            title = ""
            if not sets:
                st.info(f"{error} Bring a folder of your own photos, and it can.")
                return
        own = _choose_set(title, sets)
        _show_measured(network, one, off, own, own.title if own else title)


def _choose_set(title: str, sets: Sequence[PhotoSet]) -> PhotoSet | None:
    """Let a person choose what is asked, where there are two; None for what comes with the app."""
    if not title or not sets:
        return sets[0] if sets else None
    options = [None, sets[0]]
    return st.radio(
        "Set of pictures", options, format_func=lambda own: own_photo_folder.set_title(own) if own else title
    )


def _show_measured(network: Network, one: Layer, off: UnitSet, own: PhotoSet | None, title: str) -> None:
    key: Hashable = (network.name, one.name, off) if own is None else (network.name, one.name, off, own.name)
    _leave(key)
    if not off:
        count = min(OWN_ABLATED, own.pictures) if own else held_out.HELD_OUT_COUNT
        st.caption(f"Switch a {channel_word(one)} off: {count:,} of {title} are asked again.")
        return
    work = _measured(key, network, one, off, own)
    found = work.snapshot()
    if found.result is not None:
        _tell(found.result, network, f"with {channel_word(one)}s off", own)
    elif not found.ended:
        watch_job(work, "lesion toll")
    else:
        st.warning(work.error) if work.error else st.caption("The measuring was stopped.")
        st.button("Measure again", on_click=_jobs(own).start, args=_order(key, network, one, off, own))


@st.cache_resource(show_spinner=False)
def fewest_jobs() -> BackgroundJobs[FewestUnits]:
    """Give the smallest sets that turn an answer, as found on this server."""
    return measurements.measurement_jobs(MOST_TOLLS)


def show_fewest_units(subject: NetworkAndInput, one: Layer, found: AblationOutcome, switches: str) -> None:
    """Offer to look for the fewest units that turn the answer, say them, and switch them off.

    Args:
        subject: the network and its input.
        one: layer whose units can be switched.
        found: its answer before.
        switches: key of their component.
    """
    name, key = found.card.classes[found.labels[0]], (subject.network.name, one.name, subject.key)
    work = fewest_jobs().last(key)
    fewest = work.snapshot() if work else None
    if fewest is not None and fewest.result is not None:
        st.markdown(lesion_data.fewest_sentence(found.card, one, fewest.result))
        if units := fewest.result.units:
            label = f"Switch {'it' if len(units) == 1 else f'these {len(units)}'} off"
            st.button(label, on_click=unit_switches.switch_units_off, args=(switches, units))
    elif work is not None and fewest is not None and not fewest.ended:
        watch_job(work, "lesion fewest")
    else:
        if work is not None and work.error:
            st.warning(work.error)
        do = partial(_fewest, network_cache.forward_pass(subject.network.name), lesion_data.intact_maps(subject), one)
        label = f"Find the fewest {channel_word(one)}s that turn the {name}"
        title = f"Switching off what the {name} needs most, one {channel_word(one)} after another"
        st.button(label, type="primary", on_click=fewest_jobs().start, args=(key, title, do))


def _fewest(forward: PartialForward, maps: Maps, one: Layer, came: Came, stopped: Callable[[], bool]) -> FewestUnits:
    """Look for them, on a thread of its own."""
    return ablation.fewest_units_to_turn(forward, maps, one.name, came, stopped)


def _leave(key: Hashable) -> None:
    """Wait no longer for what this session measured before."""
    before = st.session_state.get("lesion:measured")
    if before in (None, key):
        return
    for jobs in (accuracy_jobs(), own_accuracy_jobs()):
        if (work := jobs.last(before)) is not None:
            work.leave()


def _measured(
    key: Hashable, network: Network, one: Layer, off: UnitSet, own: PhotoSet | None
) -> BackgroundJob[AblationCost]:
    """Give the work on these units, begun with the first look at them; who stops it begins it by hand again."""
    anew = st.session_state.get("lesion:measured") != key
    st.session_state["lesion:measured"] = key
    work = _jobs(own).last(key)
    if work is None or (anew and work.result is None):
        _jobs(own).start(*_order(key, network, one, off, own))
        work = _jobs(own).last(key)
    assert work is not None  # the newest is never dropped
    return work


def _order(
    key: Hashable, network: Network, one: Layer, off: UnitSet, own: PhotoSet | None
) -> tuple[Hashable, str, Callable[..., AblationCost]]:
    if own is not None:
        opened, forward = network_cache.opened_network(network.name), network_cache.forward_pass(network.name)
        count = min(OWN_ABLATED, own.pictures)
        return key, f"{count} of your photos", partial(_own_toll, network, opened, forward, {one.name: off}, own)
    return (
        key,
        f"{held_out.HELD_OUT_COUNT:,} pictures",
        partial(_toll, network, network_cache.forward_pass(network.name), {one.name: off}),
    )


def _toll(
    network: Network, forward: PartialForward, off: UnitsOff, came: Came, stopped: Callable[[], bool]
) -> AblationCost:
    """Measure, on a thread of its own."""
    held = held_out.load_held_out(network.card.data)
    intact = network.runner(held.split.images.astype(np.float32) / np.float32(255)).argmax(1)
    return ablation.measure_ablation_cost(forward, held.split, intact, off, came, stopped)


def _own_toll(
    network: Network,
    opened: InspectableNetwork,
    forward: PartialForward,
    off: UnitsOff,
    own: PhotoSet,
    came: Came,
    stopped: Callable[[], bool],
) -> AblationCost:
    """Measure on a person's own photos, on a thread of its own."""
    split = robustness.sample_split(own.split_for(network), OWN_ABLATED)
    return ablation.measure_ablation_cost_on_photos(opened, forward, split, off, came, stopped)


def _tell(found: AblationCost, network: Network, ablated: str, own: PhotoSet | None) -> None:
    """Show the accuracy intact and `ablated`, with intervals, and how many answers changed."""
    before, after = found.before / found.asked, found.after / found.asked
    held = own or held_out.load_held_out(network.card.data)
    of = f"Accuracy on {found.asked:,} of {held.title}"
    render_paired_bars([PairedBar("right", before, after, best=True)], of, ("intact", ablated), "lesion accuracy")
    st.markdown(
        f"**{found.changed:,}** of {found.asked:,} answers changed. With 95 % intervals: "
        f"intact {_range(found.intervals[0])}, {ablated} {_range(found.intervals[1])}."
    )
    if held.note:
        st.caption(held.note)


def _range(one: ConfidenceInterval) -> str:
    return f"{one.low * 100:.1f} to {one.high * 100:.1f} %"


def show_unit_ranking(subject: NetworkAndInput, one: Layer, found: AblationOutcome) -> None:
    """Offer to switch each unit off alone, and show which one the answer needs most."""
    name = found.card.classes[found.labels[0]]
    key = (subject.network.name, one.name, subject.key)
    work = ranking_jobs().last(key)
    ranked = work.snapshot() if work else None
    if ranked is not None and ranked.result is not None:
        _rank(ranked.result, found, one)
    elif work is not None and ranked is not None and not ranked.ended:
        watch_job(work, "lesion ranking")
    else:
        if work is not None and work.error:
            st.warning(work.error)
        do = partial(
            _each,
            subject.network.card,
            network_cache.forward_pass(subject.network.name),
            lesion_data.intact_maps(subject),
            one,
        )
        label = f"Switch each of the {one.units:,} {channel_word(one)}s off alone"
        st.button(label, on_click=ranking_jobs().start, args=(key, f"Each {channel_word(one)} of {one.name}", do))
        st.caption(f"Which one does the answer {name} need most?")


def _each(
    card: Card, forward: PartialForward, maps: Maps, one: Layer, came: Came, stopped: Callable[[], bool]
) -> Array:
    """Switch each unit off alone, on a thread of its own; float32 (units, classes), probabilities."""
    return calibrated_probabilities(card, ablation.ablate_each_unit(forward, maps, one.name, came, stopped))


def _rank(each: Array, found: AblationOutcome, one: Layer) -> None:
    label, word = found.labels[0], channel_word(one)
    best = lesion_data.rank_units(found, each)[:SHOWN]
    st.markdown(lesion_data.ranking_sentence(found, each, word))
    rows = [PairedBar(f"{word} {unit}", float(found.before[label]), left) for unit, left, _ in best]
    said = f"Confidence in {found.card.classes[label]} without each {word}; the most needed first"
    render_paired_bars(rows, said, ("intact", f"without this {word}"), "lesion ranking bars")
    download_button(
        f"Download all {one.units:,} {word}s (CSV)",
        lambda: lesion_data.ranking_csv(found, each),
        f"{one.name}-{word}s.csv",
    )
