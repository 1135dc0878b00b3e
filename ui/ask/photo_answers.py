"""What the Photo page computes, cached; and how it says it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from cnn.array_types import Pixels
from cnn.datasets import imagenet_labels
from cnn.inference import photo_classification
from cnn.inference.predict import Prediction
from cnn.zoo import Card, Network
from ui.components.class_ranking.class_ranking import RankedClass
from ui.components.image_picker.image_picker import ImageTile
from ui.components.live_camera.live_camera import LiveAnswer, LiveClass, render_live_camera
from ui.resources import photos
from ui.resources.photos import MediaFile
from ui.text.csv_table import write_csv
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE

IMAGENET: Final = "imagenet"


def photo_tiles(network: Network, brought: Sequence[MediaFile]) -> list[ImageTile]:
    """Make the gallery: each photo with its answer."""
    made = []
    for one in brought:
        prediction = photos.cached_prediction(network.name, one.key, network, one)
        text = network.card.classes[prediction.label] if prediction.in_distribution else UNLIKE
        made.append(
            ImageTile(one.key, one.name, photos.photo_thumbnail(one.key, one), text, prediction.in_distribution)
        )
    return made


def top_classes(card: Card, prediction: Prediction) -> list[RankedClass]:
    """Make the bars of the five most probable classes."""
    return [
        RankedClass(str(label), card.classes[label], _also(card, label), share, percent(share))
        for label, share in prediction.top(photo_classification.TOP_CLASSES)
    ]


def _also(card: Card, label: int) -> str:
    """Say what else a class of ImageNet is called."""
    if card.data != IMAGENET:
        return ""
    one = imagenet_labels.imagenet_labels()[label]
    return ", ".join(word for word in one.synonyms if word.lower() not in one.name.lower())


@st.fragment
def answer_live(network: Network, key: str) -> None:
    """Answer what the camera sees, about every second, and keep none of it."""
    render_live_camera(partial(_live_answer, network), key)


def _live_answer(network: Network, pixels: Pixels) -> LiveAnswer:
    prediction = photo_classification.classify_photo(network, pixels)
    ranks = [LiveClass(one.name, one.share, one.value) for one in top_classes(network.card, prediction)]
    known = prediction.in_distribution
    return LiveAnswer(ranks[0].name if known else f"{UNLIKE.capitalize()}. The nearest:", known, ranks)


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
