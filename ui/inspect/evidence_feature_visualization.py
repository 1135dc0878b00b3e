"""Feature visualization, what a channel or unit looks for: a picture made for it, of any layer of any network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from cnn import graph
from cnn.attribution import methods
from cnn.attribution.results import FeatureVisualization
from cnn.graph import Layer
from cnn.progress import Progress
from cnn.shelf import network_folder
from cnn.zoo import Card
from ui.components.download import download_button
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri, figure_png
from ui.inspect.evidence_state import ClassReason
from ui.resources import attributions, cancellable_task
from ui.resources.cancellable_task import CancellableTask
from ui.text.layer_text import channel_word

KINDS: Final = ("Conv2D", "DepthwiseConv2D", "Dense")
STEPS, STEPS_LARGE, LARGE_PX = 192, 96, 64  # of the climb; of networks that see more than 64 px


def show_feature_visualization(reason: ClassReason, key: str) -> None:
    """Let a person choose a unit, and offer to make a picture for it."""
    card = reason.card
    layers = {layer.name: layer for layer in _layers(card.name) if layer.kind in KINDS}
    which, of = st.columns(2)
    with which:
        names = list(layers)
        name = st.selectbox("Layer", names, len(names) - 1, partial(_title, layers), key=f"{key} {card.name} layer")
    with of:
        unit = _unit(card, layers, name, reason.label, f"{key} {card.name} {name}")
    seed = int(st.session_state.get(f"{key}:seed", 0))
    place = f"{key}:{card.name}:{name}:{unit}"
    steps = STEPS_LARGE if reason.subject.image.shape[0] > LARGE_PX else STEPS
    asked = card.name, name, unit, steps, seed, reason.folder
    called = _called(card, name, layers, unit)
    task = CancellableTask(
        f"Make a picture for {called} (about {_seconds(card, steps):.0f} s)",
        f"Climbing {steps} steps towards what excites {called}.",
        partial(attributions.visualization_future, *asked),
        partial(attributions.visualization_future.leave, *asked),
        partial(attributions.visualization_future.retry, *asked),
        f"{place}:{seed}",
        partial(_so_far, called, f"{key}:so far"),
    )
    cancellable_task.run_section(task, partial(_made, card, called, key, partial(_anew, key, place, seed + 1)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _layers(name: str) -> tuple[Layer, ...]:
    return graph.read_graph(network_folder(name) / f"{name}.layers.json")[0].layers


def _title(layers: dict[str, Layer], name: str) -> str:
    return f"{name}: {layers[name].units} {channel_word(layers[name])}s"


def _unit(card: Card, layers: dict[str, Layer], name: str, label: int, key: str) -> int:
    """Let a person choose a unit of a layer; those of the last one are the classes."""
    layer = layers[name]
    if _tells_classes(card, layers, name):
        return int(st.selectbox("Class", range(layer.units), label, card.classes.__getitem__, key=f"{key} {label}"))
    return int(
        st.number_input(f"{channel_word(layer).capitalize()}, 0 to {layer.units - 1}", 0, layer.units - 1, 0, key=key)
    )


def _called(card: Card, name: str, layers: dict[str, Layer], unit: int) -> str:
    if _tells_classes(card, layers, name):
        return f"the class {card.classes[unit]}"
    return f"{channel_word(layers[name])} {unit} of {name}"


def _tells_classes(card: Card, layers: dict[str, Layer], name: str) -> bool:
    """Say whether the units of a layer are the classes: numbers, or maps whose means are the logits."""
    return card.answers and name == list(layers)[-1] and layers[name].units == len(card.classes)


def _seconds(card: Card, steps: int) -> float:
    return 2 + steps * card.multiply_adds / methods.GRADIENT_SPEED


def _so_far(called: str, key: str, progress: Progress) -> None:
    if progress.picture is not None:
        st.session_state[f"{key}:last"] = progress.picture
    if (picture := st.session_state.get(f"{key}:last")) is not None:
        render_image_row(
            [RowImage(data_uri.color_png_uri(picture), f"The picture for {called} so far", "So far")],
            "So far",
            key,
            wide=True,
        )


def _made(card: Card, called: str, key: str, anew: Callable[[], None], made: FeatureVisualization) -> None:
    """Show the picture, keep it, or begin anew from another noise."""
    st.session_state.pop(f"{key}:so far:last", None)
    note = f"Its activation rose from {made.first:.2f} to {made.last:.2f}."
    tile = RowImage(
        data_uri.color_png_uri(made.pixels),
        f"A picture made for {called} of {card.title}",
        f"What excites {called}",
        note,
    )
    render_image_row([tile], f"A picture made for {called}", f"{key}:made", wide=True)
    pixels = made.pixels[..., 0] if made.pixels.shape[2] == 1 else made.pixels
    download_button(
        "Download PNG",
        partial(
            figure_png.figure_png,
            [figure_png.FigurePanel("", pixels)],
            f"What excites {called} of {card.title}. {note}",
        ),
        "feature-visualization.png",
        key=f"{key} keep",
    )
    st.button("Begin anew from another noise", on_click=anew, key=f"{key} anew")


def _anew(key: str, place: str, seed: int) -> None:
    """Ask for the same unit from another noise."""
    st.session_state[f"{key}:seed"] = seed
    st.session_state[f"{place}:{seed}:wanted"] = True
