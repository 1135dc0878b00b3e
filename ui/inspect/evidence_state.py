"""What is asked on the Evidence page: a class, and the methods; the address keeps both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Pixels
from cnn.attribution import methods
from cnn.attribution.methods import ATTRIBUTION_METHODS, NetworkTraits
from cnn.inference.predict import Prediction, predict
from cnn.shelf import network_folder
from cnn.zoo import Card
from ui.components.class_ranking.class_ranking import RankedClass, render_class_ranking
from ui.images import data_uri
from ui.selection.address import drop_from_address, keep_in_address
from ui.selection.network_and_input import NetworkAndInput
from ui.text import out_of_distribution
from ui.text.duration import in_brackets
from ui.text.numbers import percent
from ui.text.whole_number import whole_number

LABEL, METHOD = "label", "method"  # in the address
MOST_BARS: Final = 10
MOST_METHODS: Final = 6  # side by side: more would be too small to compare


@dataclass(frozen=True, slots=True, eq=False)
class ClassReason:
    """A class of a network's answer to an input, and the methods that say why."""

    subject: NetworkAndInput
    label: int
    methods: tuple[str, ...]

    @property
    def card(self) -> Card:
        """Give the network's card."""
        return self.subject.network.card

    @property
    def name(self) -> str:
        """Name the class."""
        return self.card.classes[self.label]

    @property
    def folder(self) -> Path:
        """Say where the network lives."""
        return network_folder(self.card.name)

    @property
    def picture(self) -> str:
        """Give the exact input as a data URI."""
        return data_uri.network_input_uri(self.subject.image)

    @property
    def pixels(self) -> Pixels:
        """Give the exact input, uint8 (height, width) or (height, width, 3)."""
        pixels = np.rint(self.subject.image * 255).astype(np.uint8)
        return pixels[..., 0] if pixels.shape[2] == 1 else pixels

    @property
    def said(self) -> str:
        """Say what was asked of whom, for captions."""
        return f"{self.card.title} on {self.subject.title}"


def choose_class(subject: NetworkAndInput, key: str) -> int:
    """Let a person click a class: the most probable ones are bars, any other is in a list."""
    card = subject.network.card
    prediction = predict(subject.network, subject.image[None])[0]
    top = [label for label, _ in prediction.top(MOST_BARS)]
    wanted = _wanted(subject, len(card.classes))
    place = f"{key}:{card.name}:{subject.key}"
    st.markdown(out_of_distribution.answer_sentence(card, prediction))
    bars = st.container()
    other = _other(card, top, wanted, place)
    if other is not None and other not in top:
        top.append(other)
    asked = str(top[0] if other is None and wanted not in top else wanted if other is None else other)
    ranks = [_rank(card, prediction, label) for label in top]
    with bars:
        label = int(
            render_class_ranking(
                ranks, asked, "Confidence: how sure it is. Click a class to see what speaks for it", place
            )
        )
    if note := out_of_distribution.limits_note([card]):
        st.caption(note)
    keep_in_address(LABEL, str(label))
    return label


def _wanted(subject: NetworkAndInput, classes: int) -> int | None:
    """Read the class from the address, unless it was chosen for another network or input."""
    owner = subject.network.name, subject.key
    if st.session_state.get("reasons:owner", owner) != owner:
        drop_from_address(LABEL)
    st.session_state["reasons:owner"] = owner
    return whole_number(st.query_params.get(LABEL, ""), classes)


def _other(card: Card, top: list[int], wanted: int | None, place: str) -> int | None:
    """Offer the classes that have no bar; None where all have one or none is chosen."""
    if len(card.classes) <= MOST_BARS:
        return None
    labels = range(len(card.classes))
    index = wanted if wanted not in (None, *top) else None
    return st.selectbox(
        "Any other class", labels, index, card.classes.__getitem__, key=f"{place}:other", placeholder="Type its name"
    )


def _rank(card: Card, prediction: Prediction, label: int) -> RankedClass:
    share = float(prediction.probabilities[label])
    return RankedClass(str(label), card.classes[label], "", share, percent(share))


def method_facts(subject: NetworkAndInput) -> NetworkTraits:
    """Say what decides which methods fit."""
    card = subject.network.card
    return methods.network_traits(card.architecture, card.multiply_adds, subject.network.runner.shape[2])


def choose_methods(subject: NetworkAndInput, key: str) -> tuple[str, ...]:
    """Let a person choose one or more of the methods that fit; slow ones say how long they take."""
    network = method_facts(subject)
    offered = methods.applicable_methods(network)
    asked = [name for name in st.query_params.get(METHOD, "").split(",") if name in offered]
    chosen = st.pills(
        "Methods",
        offered,
        selection_mode="multi",
        default=asked[:MOST_METHODS] or [methods.DEFAULT_METHOD],
        format_func=partial(_title, network, subject.network.name),
        key=f"{key} {len(offered)} {subject.network.name}",
        wrap=True,
    )
    names = tuple(name for name in offered if name in chosen)[:MOST_METHODS]
    keep_in_address(METHOD, ",".join(names))
    return names


def _title(network: NetworkTraits, name: str, method: str) -> str:
    return ATTRIBUTION_METHODS[method].title + in_brackets(method_seconds(network, name, method))


def method_seconds(network: NetworkTraits, name: str, method: str) -> float:
    """Say how long a method takes on the network called `name`: as measured here, else by its passes."""
    guessed = methods.estimate_seconds(method, network)
    if ATTRIBUTION_METHODS[method].passes(network) == 1:  # what one pass took was mostly its compilation
        return guessed
    return seconds_taken(name).get(method, guessed)


@st.cache_resource(max_entries=64, show_spinner=False)
def seconds_taken(network: str) -> dict[str, float]:
    """Remember for all sessions how many seconds each method took on a network, as measured here."""
    return {}
