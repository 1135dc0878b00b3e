"""What the network was shown of a photo, and where it sees the class that one clicked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from cnn.array_types import Array
from cnn.attribution.results import AttributionMap
from cnn.metrics import localization as heats
from cnn.shelf import network_folder
from cnn.zoo import Network
from ui.components.heatmap_overlay.heatmap_overlay import HeatmapOverlay, render_heatmap_overlay
from ui.images import data_uri
from ui.resources import attributions, photos
from ui.resources.job_snapshot import snapshot
from ui.resources.photos import MediaFile
from ui.resources.poll import show_until
from ui.text.attribution import LOOKING, SMOOTH_PX, STARTING, box_to_draw, evidence_sentence


@dataclass(frozen=True, slots=True)
class AttributionQuestion:
    """A photo, a network, and the class that was clicked."""

    network: Network
    photo: MediaFile
    label: int
    key: str

    @property
    def name(self) -> str:
        """Name the class."""
        return self.network.card.classes[self.label]


def show_attribution(network: Network, photo: MediaFile, label: int, key: str) -> None:
    """Show the exact input at once, and the evidence as soon as it is there.

    Args:
        network: that was asked.
        photo: that it was shown.
        label: whose evidence is wanted.
        key: of the component, unique on the page.
    """
    question = AttributionQuestion(network, photo, label, key)
    shown = photos.cached_network_input(photo.key, network.runner.shape, photo)
    asked = network.name, photo.key, label, shown, network_folder(network.name)
    future = attributions.attribution_future(*asked)
    forget = partial(attributions.attribution_future.retry, *asked)
    attributions.wait_for(future)
    show_until(future.done, lambda: _look(question, shown, future, forget))


def _look(
    question: AttributionQuestion, shown: Array, future: Future[AttributionMap], forget: Callable[[], None]
) -> None:
    """Show what there is."""
    title = question.network.card.title
    plain = HeatmapOverlay(
        data_uri.network_input_uri(shown), f"What {title} was shown of {question.photo.name}", _waiting()
    )
    heat = snapshot(future)
    if heat.result:
        render_heatmap_overlay(_found(question, plain, shown, heat.result), question.key)
    elif not heat.ended:
        render_heatmap_overlay(plain, question.key)
    else:
        render_heatmap_overlay(replace(plain, caption=heat.failure), question.key)
        st.button("Look for the evidence again", on_click=forget, key=f"{question.key} again")


def _waiting() -> str:
    return LOOKING if attributions.worker_client().ready else STARTING


def _found(question: AttributionQuestion, plain: HeatmapOverlay, shown: Array, heat: AttributionMap) -> HeatmapOverlay:
    """Mute the rest of the picture, with a sentence for who cannot see it."""
    return replace(
        plain,
        caption=evidence_sentence(heat.values, question.name),
        heat=data_uri.evidence_uri(data_uri.input_pixels(shown), heats.upsample_heatmap(heat.values, SMOOTH_PX)),
        ramp=data_uri.evidence_ramp_uri(),
        box=box_to_draw(heat.values),
    )
