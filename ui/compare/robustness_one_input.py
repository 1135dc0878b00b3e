"""Bend one's own input until the networks no longer know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn.array_types import Array
from cnn.datasets.dataset import find_data_set
from cnn.inference.predict import Prediction, predict
from cnn.perturbations import PERTURBATIONS, Perturbation, applicable_perturbations
from cnn.zoo import OWN_CLASSES, Network
from ui.components.network_cards import network_cards
from ui.components.network_cards.network_cards import NetworkAnswerCard
from ui.images import data_uri
from ui.resources import network_cache
from ui.selection.address import keep_in_address
from ui.selection.input_picker import ChosenInput
from ui.text import agreement, numbers
from ui.text.out_of_distribution import UNLIKE, limits_note

DATA: Final = {  # Markdown; a phone leaves out what is small
    "mnist": "Digits :small[(MNIST)]",
    "cifar10": "10 classes :small[(CIFAR-10)]",
    "imagenet": "1,000 classes :small[(ImageNet)]",
    OWN_CLASSES: "Your own classes",
}
CHANGE, STRENGTH, KIND = "change", "strength", "data"  # in the address
FIRST: Final = "turn"


def choose_data() -> str:
    """Let a person choose what kind of pictures; the address keeps it."""
    here = [name for name in DATA if network_cache.available_network_names(name)]
    here += network_cache.further_data_sets()
    asked = st.query_params.get(KIND, here[0])
    first = asked if asked in here else here[0]
    chosen = st.segmented_control(
        "Pictures", here, default=first, format_func=_data_title, required=True, key="robust data"
    )
    keep_in_address(KIND, chosen or first)
    return chosen or first


def _data_title(name: str) -> str:
    return DATA.get(name) or f"{find_data_set(name).title} (yours)"


def choose_perturbation(digits: bool) -> Perturbation:
    """Let a person choose a change; the address keeps it."""
    names = [one.name for one in applicable_perturbations(digits)]
    asked = st.query_params.get(CHANGE, FIRST)
    name = st.selectbox(
        "Change",
        names,
        names.index(asked if asked in names else FIRST),
        lambda name: f"{PERTURBATIONS[name].title}: {PERTURBATIONS[name].about}",
        key=f"robust change {digits}",
    )
    keep_in_address(CHANGE, name)
    return PERTURBATIONS[name]


def choose_strength(chosen: Perturbation) -> float:
    """Let a person choose how much; the address keeps it."""
    key = f"robust {chosen.name}"
    asked = _number(st.query_params.get(STRENGTH, ""), chosen) if key not in st.session_state else chosen.rest
    unit = f", {chosen.unit}" if chosen.unit else ""
    value = st.slider(
        f"{chosen.title}{unit}", float(chosen.low), float(chosen.high), float(asked), float(chosen.step), "%g", key=key
    )
    keep_in_address(STRENGTH, f"{value:g}")
    if chosen.corruption:
        extra = ", one of the four extra corruptions" if chosen.extra else ""
        st.caption(f"“{chosen.corruption}”{extra} of Hendrycks & Dietterich 2019, arXiv:1903.12261")
    return value


def _number(text: str, chosen: Perturbation) -> float:
    try:
        value = float(text)
    except ValueError:
        return chosen.rest
    return value if chosen.low <= value <= chosen.high else chosen.rest


def show_perturbed_answers(networks: Sequence[Network], given: ChosenInput, chosen: Perturbation, much: float) -> None:
    """Show what each network makes of the changed input, beside what it made of the whole one."""
    cards, rows, fallen = [], [], []
    for network in networks:
        image = given.image(network)
        bent = chosen(image[None], much)
        before, after = predict(network, image[None])[0], predict(network, bent)[0]
        cards.append(_card(network, bent[0], before, after, given.title))
        rows.append(agreement.answer_of(network, after))
        fallen += [network.card.title] if before.label != after.label else []
    network_cards.render_network_cards(
        cards, _sentence(agreement.agreement_sentence(rows), fallen), "", "robust lineup", dense=True
    )
    if note := limits_note([network.card for network in networks]):
        st.caption(note)


def _sentence(agreement: str, fallen: Sequence[str]) -> str:
    if not fallen:
        return f"{agreement}. No answer has changed."
    return f"{agreement}. Changed its mind: {', '.join(fallen)}."


def _card(network: Network, image: Array, before: Prediction, after: Prediction, title: str) -> NetworkAnswerCard:
    classes = network.card.classes
    said = f"was {classes[before.label]}, {numbers.percent(before.confidence)}"
    return NetworkAnswerCard(
        network=network.name,
        title=network.card.title,
        photo=data_uri.network_input_uri(image),
        alt=f"{title}, changed, as {network.card.title} sees it",
        label=classes[after.label],
        share=after.confidence,
        value=numbers.percent(after.confidence) if after.in_distribution else UNLIKE,
        known=after.in_distribution,
        caption=said if before.label != after.label else "the same answer as before",
    )
