"""What the Photo page computes, cached; and how it says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cnn.datasets import imagenet_labels
from cnn.inference import photo_classification
from cnn.inference.predict import Prediction
from cnn.zoo import OTHER_THINGS, OTHER_THINGS_CROPS, OTHER_THINGS_PHOTOS, Card, Network
from ui.components.class_ranking.class_ranking import Rank
from ui.components.image_picker.image_picker import Tile
from ui.resources import photos
from ui.resources.photos import MediaFile
from ui.text.csv_table import write_csv
from ui.text.numbers import percent

IMAGENET: Final = "imagenet"
FAR: Final = "far from all classes"


def photo_tiles(network: Network, brought: Sequence[MediaFile]) -> list[Tile]:
    """Make the gallery: each photo with its answer."""
    made = []
    for one in brought:
        prediction = photos.cached_prediction(network.name, one.key, network, one)
        text = network.card.classes[prediction.label] if prediction.in_distribution else FAR
        made.append(Tile(one.key, one.name, photos.photo_thumbnail(one.key, one), text, prediction.in_distribution))
    return made


def top_classes(card: Card, prediction: Prediction) -> list[Rank]:
    """Make the bars of the five most probable classes."""
    return [
        Rank(str(label), card.classes[label], _also(card, label), share, percent(share))
        for label, share in prediction.top(photo_classification.TOP_CLASSES)
    ]


def _also(card: Card, label: int) -> str:
    """Say what else a class of ImageNet is called."""
    if card.data != IMAGENET:
        return ""
    one = imagenet_labels.imagenet_labels()[label]
    return ", ".join(word for word in one.synonyms if word.lower() not in one.name.lower())


def photo_sentence(card: Card, prediction: Prediction) -> str:
    """Say the answer in words, and when it is none."""
    name, sure = card.classes[prediction.label], percent(prediction.confidence)
    if not prediction.in_distribution:
        return f"This photo is {FAR} that {card.title} knows. The nearest is {name}, but do not trust it."
    return f"{card.title} says **{name}**, {sure}."


def network_limits(card: Card) -> str:
    """Say what an answer cannot be trusted in, and of a network of few classes what it cannot do, as measured."""
    if card.data == IMAGENET:
        return "These percentages are as the network gives them: they were not calibrated, for want of labelled photos."
    if OTHER_THINGS not in card.caught:
        return ""
    crops = OTHER_THINGS_PHOTOS * OTHER_THINGS_CROPS
    return (
        f"{card.title} knows only these {len(card.classes)}: {', '.join(card.classes)}. Of {crops:,} crops of "
        f"{OTHER_THINGS_PHOTOS} photos of other things it called {percent(card.caught[OTHER_THINGS])} strange; the "
        "rest it takes for one of these, however sure."
    )


def photos_csv(network: Network, brought: Sequence[MediaFile]) -> str:
    """Write all answers as CSV: one row a photo and class."""
    rows = []
    for one in brought:
        row = photo_classification.prediction_row(
            network.card, photos.cached_prediction(network.name, one.key, network, one)
        )
        for rank, top in enumerate(row["top"], 1):
            rows.append((one.name, row["network"], rank, top["class"], top["label"], top["probability"], row["known"]))
    return write_csv(["photo", "network", "rank", "class", "label", "probability", "known"], rows)


def explain_photo_networks() -> None:
    """Say what such a network does, and what it does not."""
    st.markdown(
        "**Classification** names a picture as a whole: the bars.  \n"
        "**Localisation** also says where that one thing is: the box, which follows from the evidence alone.  \n"
        "**Detection** finds every thing in a picture, each with its box: other networks do, these do not."
    )
