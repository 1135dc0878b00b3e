"""One input for several networks: answers, agreement, and the evidence of each, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from cnn.array_types import Array
from cnn.attribution.results import AttributionMap
from cnn.inference.predict import Prediction, predict
from cnn.metrics import localization
from cnn.shelf import network_folder
from cnn.zoo import Network
from ui.components.network_cards import network_cards
from ui.components.network_cards.network_cards import NetworkAnswerCard
from ui.images import data_uri
from ui.resources import attributions
from ui.resources.job_snapshot import JobSnapshot, snapshot
from ui.resources.poll import show_until
from ui.selection.input_picker import ChosenInput
from ui.text import agreement, numbers
from ui.text.attribution import LOOKING, SMOOTH_PX, STARTING
from ui.text.out_of_distribution import UNLIKE, limits_note

OWN: Final = -1  # the evidence for what each network itself answers
MIXED: Final = "Networks of ImageNet choose among 1,000 names, those of CIFAR-10 among 10: their words differ."


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One network: what it was shown, and what it answers."""

    network: Network
    image: Array
    prediction: Prediction

    @property
    def title(self) -> str:
        """Name the network."""
        return self.network.card.title


def predict_side_by_side(networks: Sequence[Network], given: ChosenInput) -> list[Side]:
    """Ask each network about the same input."""
    images = [given.image(network) for network in networks]
    pairs = list(zip(networks, images, strict=True))
    return [Side(network, image, predict(network, image[None])[0]) for network, image in pairs]


def show_side_by_side(networks: Sequence[Network], given: ChosenInput, key: str) -> None:
    """Show answers at once, and the evidence as soon as it is there."""
    sides = predict_side_by_side(networks, given)
    label = _which(networks, key)
    futures = [_asked(side, given, label) for side in sides]
    wait(futures, attributions.PATIENT_S)
    ended = show_until(
        lambda: all(future.done() for future in futures),
        lambda: _look(sides, given, [snapshot(future) for future in futures], label, key),
    )
    if ended:
        _again(sides, given, [snapshot(future) for future in futures], label, key)
    if note := limits_note([network.card for network in networks]):
        st.caption(note)


def _which(networks: Sequence[Network], key: str) -> int:
    """Let a person choose whose evidence is shown; networks of several data sets have no class in common."""
    classes = networks[0].card.classes
    if any(network.card.classes != classes for network in networks):
        st.caption(MIXED)
        return OWN
    return st.selectbox(
        "Evidence for",
        range(OWN, len(classes)),
        format_func=lambda label: classes[label] if label >= 0 else "what each network answers",
        key=f"{key} evidence",
        width=320,
    )


def _asked(side: Side, given: ChosenInput, label: int) -> Future[AttributionMap]:
    name, wanted = side.network.name, side.prediction.label if label == OWN else label
    return attributions.attribution_future(name, given.key, wanted, side.image, network_folder(name))


def _look(
    sides: Sequence[Side], given: ChosenInput, heats: Sequence[JobSnapshot[AttributionMap]], label: int, key: str
) -> None:
    """Show what there is."""
    cards = [_card(side, given, heat, label) for side, heat in zip(sides, heats, strict=True)]
    rows = [agreement.answer_of(side.network, side.prediction) for side in sides]
    ramp = data_uri.evidence_ramp_uri() if any(card.heat for card in cards) else ""
    network_cards.render_network_cards(cards, agreement.agreement_sentence(rows), ramp, key)


def _card(side: Side, given: ChosenInput, heat: JobSnapshot[AttributionMap], label: int) -> NetworkAnswerCard:
    card, prediction = side.network.card, side.prediction
    plain = NetworkAnswerCard(
        network=side.network.name,
        title=side.title,
        photo=data_uri.network_input_uri(side.image),
        alt=f"What {side.title} was shown of {given.title}",
        label=card.classes[prediction.label],
        share=prediction.confidence,
        value=numbers.percent(prediction.confidence) if prediction.in_distribution else UNLIKE,
        known=prediction.in_distribution,
        caption=LOOKING if attributions.worker_client().ready else STARTING,
    )
    if heat.result is None:
        return replace(plain, caption=heat.failure or plain.caption)
    return _found(plain, side.image, heat.result, card.classes[prediction.label if label == OWN else label])


def _found(plain: NetworkAnswerCard, image: Array, heat: AttributionMap, name: str) -> NetworkAnswerCard:
    """Mute the rest of the picture, with a sentence for who cannot see it."""
    where = localization.describe_location(heat.values)
    caption = f"Nothing in it speaks for {name}." if where == "nowhere" else f"The evidence for {name} lies {where}."
    large = localization.upsample_heatmap(heat.values, SMOOTH_PX)
    return replace(plain, caption=caption, heat=data_uri.evidence_uri(data_uri.input_pixels(image), large))


def _again(
    sides: Sequence[Side], given: ChosenInput, heats: Sequence[JobSnapshot[AttributionMap]], label: int, key: str
) -> None:
    """Offer another try where evidence could not be computed."""
    failed = [side for side, heat in zip(sides, heats, strict=True) if heat.failure]
    if failed:
        st.button("Look for the evidence again", on_click=_forget, args=(failed, given, label), key=f"{key} again")


def _forget(sides: Sequence[Side], given: ChosenInput, label: int) -> None:
    for side in sides:
        name, wanted = side.network.name, side.prediction.label if label == OWN else label
        attributions.attribution_future.retry(name, given.key, wanted, side.image, network_folder(name))
