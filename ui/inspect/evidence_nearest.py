"""Which pictures that come with the app are like this one to a network, with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import streamlit as st

from cnn.datasets.dataset import Split
from cnn.datasets.training_sets import read_training_digits
from cnn.errors import MissingData
from cnn.evaluation import held_out
from cnn.layers import nearest_pictures
from cnn.layers.nearest_pictures import Features
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri
from ui.inspect.evidence_state import ClassReason
from ui.resources import measurements, network_cache
from ui.resources.background_job import BackgroundJobs, Came, watch_job
from ui.selection.input_picker import DIGITS

SHOWN: Final = 8  # of each set
MOST_NETWORKS: Final = 5  # whose features are kept: up to 15,000 rows of 64 to 256 numbers, at most 15 MB each
HOW: Final = (
    "Alike are pictures of which the numbers before the last layer point the same way: 1 is the same way, 0 "
    "nothing in common. The network keeps no pictures; these are on this machine, and are asked again."
)


@dataclass(frozen=True, slots=True, eq=False)
class PictureGroup:
    """Pictures to look among: what they are, and the sentence where there are no others."""

    title: str
    split: Split


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """What a network made of all groups, and its engine, to compare another picture with them."""

    extractor: FeatureExtractor
    features: tuple[Features, ...]


@cache
def _groups(data: str) -> tuple[PictureGroup, ...]:
    """Give what is on this machine of a data set.

    Raises: MissingData: nothing is.
    """
    held = held_out.load_held_out(data)
    learned = (PictureGroup("training digits", read_training_digits()),) if data == DIGITS else ()
    return (*learned, PictureGroup(held.title, held.split))


@st.cache_resource(show_spinner=False)
def feature_jobs() -> BackgroundJobs[LookedAt]:
    """Give the features of the pictures, as computed on this server, by network."""
    return measurements.measurement_jobs(MOST_NETWORKS)


def show_nearest_pictures(reason: ClassReason, key: str) -> None:
    """Offer to look for pictures like this one, and show them; `key` is unique on the page."""
    card = reason.card
    try:
        groups = _groups(card.data)
    except MissingData:
        st.caption("No labelled pictures of these classes are on this machine, so there are none to look among.")
        return
    count = sum(len(group.split.labels) for group in groups)
    work = feature_jobs().last(card.name)
    found = work.snapshot() if work else None
    if found is not None and found.result is not None:
        _show(reason, groups, found.result, key)
    elif work is not None and found is not None and not found.ended:
        watch_job(work, f"{key} features")
    else:
        if work is not None and work.error:
            st.warning(work.error)
        do = partial(_look_at, network_cache.cached_network(card.name), groups)
        title = f"{card.title} looks at {count:,} pictures"
        st.button(
            f"Look among {count:,} pictures",
            on_click=feature_jobs().start,
            args=(card.name, title, do),
            key=f"{key} go",
        )


def _look_at(network: Network, groups: Sequence[PictureGroup], came: Came, stopped: Callable[[], bool]) -> LookedAt:
    """Compute the features of all groups, on a thread of its own."""
    extractor, total = FeatureExtractor(network), sum(len(group.split.labels) for group in groups)
    before, found = 0, []
    for group in groups:
        report = partial(_report, came, before, total)
        found.append(nearest_pictures.dataset_features(extractor, group.split.images, report, stopped))
        before += len(group.split.labels)
    return LookedAt(extractor, tuple(found))


def _report(came: Came, before: int, total: int, done: int, _: int) -> None:
    came(before + done, total)


def _show(reason: ClassReason, groups: Sequence[PictureGroup], looked_at: LookedAt, key: str) -> None:
    own = nearest_pictures.picture_features(looked_at.extractor, reason.subject.image[None])[0]
    for group, rows in zip(groups, looked_at.features, strict=True):
        near = nearest_pictures.nearest_pictures(rows, own, SHOWN)
        names = [reason.card.classes[int(group.split.labels[at])] for at, _ in near]
        st.markdown(nearest_sentence(group.title, len(rows), names))
        tiles = [
            RowImage(
                data_uri.color_png_uri(group.split.images[at]), f"One labelled {name}", name, f"alike {cosine:.3f}"
            )
            for (at, cosine), name in zip(near, names, strict=True)
        ]
        render_image_row(tiles, f"The nearest of {group.title}", f"{key}:{group.title}")
    if reason.card.data != DIGITS:
        st.caption("The photos that it learned from are not among them.")
    st.caption(HOW)


def nearest_sentence(title: str, count: int, names: Sequence[str]) -> str:
    """Say what the nearest pictures are labelled; Markdown."""
    labels = ", ".join(f"{times} **{name}**" for name, times in Counter(names).most_common())
    return f"The {len(names)} nearest of {count:,} {title} are labelled: {labels}."
