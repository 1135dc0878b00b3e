"""One step of training: what is to be learned, the gradient of a weight place by place, the update, the new answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.backpropagation.results import MOST_STEPS, StepQuestion, TrainingStep
from cnn.backpropagation.weight_gradient import (
    ConvolutionWindow,
    WeightPlace,
    gradient_terms,
    optimizer_update,
    read_by_weight,
)
from cnn.graph import Layer
from cnn.inference.predict import predict
from cnn.runs.settings import OPTIMIZERS
from cnn.shelf import network_folder
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import colormap, data_uri
from ui.inspect import arithmetic_state, backpropagation_text
from ui.resources import attributions, network_cache
from ui.resources.job_snapshot import snapshot
from ui.resources.poll import poll_until
from ui.selection.network_and_input import NetworkAndInput
from ui.text.markdown import markdown_table
from ui.text.verbatim import verbatim

RATES: Final = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)
FIRST_RATE: Final = 0.01
SHOWN_TERMS: Final = 5  # places whose numbers are written out


@dataclass(frozen=True, slots=True, eq=False)
class LookedWeight:
    """A weight, and everything that its gradient is made of.

    Attributes:
        layer: its convolution.
        unit: of that layer.
        place: in the kernel of the unit.
        read: what it reads at each place of the unit's map, float32 (height, width).
        terms: what each place adds to its gradient, (height, width).
        found: the step.
    """

    layer: Layer
    unit: int
    place: WeightPlace
    read: Array
    terms: Array
    found: TrainingStep

    @property
    def at(self) -> tuple[int, int, int]:
        """Give its place in the arrays of the kernel."""
        return self.place.row, self.place.column, self.place.channel

    @property
    def name(self) -> str:
        """Name it as code would."""
        return f"{self.layer.name}.kernel[{self.place.row}, {self.place.column}, {self.place.channel}, {self.unit}]"


def show_step(subject: NetworkAndInput, key: str) -> None:
    """Let a person choose what is learned and which weight is looked at, and show the step.

    Args:
        subject: the network and its input.
        key: of the widgets, unique on the page.
    """
    asked, layer = _choose(subject, key)
    future = attributions.training_step_future(
        subject.network.name, subject.key, asked, subject.image, network_folder(subject.network.name)
    )
    if not attributions.wait_for(future):
        poll_until(
            future.done, lambda: st.caption("Keras takes the step in a process of its own; the first takes 10 s.")
        )
        return
    done = snapshot(future)
    if done.result is None:
        st.warning(verbatim(done.failure))
        return
    classes = subject.network.card.classes
    st.subheader("1. Forward: the answer, and how wrong it is", anchor="forward")
    st.markdown(backpropagation_text.loss_sentence(done.result, asked.label, classes))
    st.subheader("2. Backward: the gradient of one weight, a sum over places", anchor="backward")
    weight = _choose_weight(layer, asked.unit, done.result, key)
    _show_sum(weight, key)
    st.subheader("3. The update", anchor="update")
    _show_update(weight, asked)
    st.subheader("4. Take the step", anchor="step")
    _show_steps(subject, asked, done.result, key)


def _choose(subject: NetworkAndInput, key: str) -> tuple[StepQuestion, Layer]:
    """Ask for all but the weight; at first it shall say what it finds second most probable."""
    network = subject.network
    layers = {
        layer.name: layer
        for layer in network_cache.opened_network(network.name).graph.layers
        if layer.kind == "Conv2D" and layer.config.get("groups", 1) == 1
    }
    second = predict(network, subject.image[None])[0].top(2)[1][0]
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key} choices"):
        label = st.selectbox(
            "Suppose it shows",
            range(len(network.card.classes)),
            second,
            network.card.classes.__getitem__,
            key=f"{key} label {network.name} {subject.key}",
        )
        optimizer = st.selectbox(
            "Optimizer", list(OPTIMIZERS), format_func=lambda name: OPTIMIZERS[name].title, key=f"{key} optimizer"
        )
        rate = st.select_slider(
            "Learning rate", RATES, FIRST_RATE, format_func=lambda one: f"{one:g}", key=f"{key} rate"
        )
        name = st.selectbox(
            "Layer",
            list(layers),
            format_func=lambda one: arithmetic_state.layer_title(layers[one]),
            key=f"{key} layer {network.name}",
        )
        unit = st.number_input("Channel", 0, layers[name].units - 1, key=f"{key} unit {network.name} {name}")
    taken = st.session_state.get(_steps_key(subject, key, label, optimizer, rate), 0)
    return StepQuestion(label, name, int(unit), optimizer, rate, taken), layers[name]


def _steps_key(subject: NetworkAndInput, key: str, label: int, optimizer: str, rate: float) -> str:
    return f"{key}:taken:{subject.network.name}:{subject.key}:{label}:{optimizer}:{rate}"


def _choose_weight(layer: Layer, unit: int, found: TrainingStep, key: str) -> LookedWeight:
    """Let a person choose a weight of the kernel; at first it is the one with the longest gradient."""
    gradient = found.gradients[-1]
    first = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
    with st.container(horizontal=True):
        chosen = [
            int(st.number_input(title, 0, side - 1, int(at), key=f"{key} {title} {layer.name} {layer.shape} {unit}"))
            for title, side, at in zip(("Row", "Column", "Reads channel"), gradient.shape, first, strict=True)
        ]
    place = WeightPlace(*chosen)
    window = ConvolutionWindow(
        (gradient.shape[0], gradient.shape[1]), _pair(layer.config["strides"]), layer.config["padding"] == "same"
    )
    made = (found.deltas.shape[0], found.deltas.shape[1])
    read = read_by_weight(found.inputs, place, window, made)
    return LookedWeight(layer, unit, place, read, np.asarray(gradient_terms(read, found.deltas), np.float32), found)


def _pair(strides: Sequence[int]) -> tuple[int, int]:
    down, right = strides
    return down, right


def _show_sum(weight: LookedWeight, key: str) -> None:
    """Show the two maps and their product, the strongest places as numbers, and that Keras finds the same sum."""
    deltas = weight.found.deltas
    height, width = deltas.shape
    titles = ("What the weight reads", "The gradient at each place", "Their product")
    notes = (
        "The input of the layer, moved by the weight's place in the kernel.",
        f"How the loss changes with each of the channel's {height * width:,} sums.",
        "Its sum is the gradient. Blue is below 0, amber above, each map on its own scale.",
    )
    pictures = [
        RowImage(_map_uri(values), f"{title}, {height}x{width} numbers", title, note)
        for values, title, note in zip((weight.read, deltas, weight.terms), titles, notes, strict=True)
    ]
    render_image_row(pictures, "How the gradient comes about", f"{key} maps", wide=True)
    rows = backpropagation_text.term_rows(weight.read, deltas, weight.terms, SHOWN_TERMS)
    st.markdown(markdown_table([["Place", "It reads", "times the gradient there", "gives"], *rows]))
    keras = float(weight.found.gradients[-1][weight.at])
    total = float(weight.terms.sum(dtype=np.float64))
    said = backpropagation_text.check_sentence("This sum", total, keras)
    st.markdown(f"The gradient of `{weight.name}` is **{total:.6g}**. {said}")


def _map_uri(values: Array) -> str:
    return data_uri.color_png_uri(colormap.paint_signed(values, float(np.abs(values).max())))


def _show_update(weight: LookedWeight, asked: StepQuestion) -> None:
    """Show what the optimizer makes of the gradient, and that Keras comes to the same weight."""
    before = float(weight.found.kernel[weight.at])
    history = [float(one[weight.at]) for one in weight.found.gradients]
    update = optimizer_update(asked.optimizer, asked.rate, before, history)
    st.markdown(backpropagation_text.update_formula(update, asked))
    keras = float(weight.found.kernel_after[weight.at])
    st.markdown(backpropagation_text.check_sentence("This weight", update.after, keras))


def _show_steps(subject: NetworkAndInput, asked: StepQuestion, found: TrainingStep, key: str) -> None:
    """Show the answers from step to step, and offer the next one: all weights move, each by its own gradient."""
    classes, place = subject.network.card.classes, _steps_key(subject, key, asked.label, asked.optimizer, asked.rate)
    st.markdown(backpropagation_text.change_sentence(found, asked.label, classes))
    with st.container(horizontal=True):
        st.button(
            "Take the step",
            type="primary",
            on_click=_set_steps,
            args=(place, asked.taken + 1),
            disabled=asked.taken + 1 >= MOST_STEPS,
            key=f"{key} take",
        )
        st.button(
            "Back to the start", on_click=_set_steps, args=(place, 0), disabled=asked.taken == 0, key=f"{key} back"
        )
    st.markdown(markdown_table(backpropagation_text.step_rows(found, asked.label, classes)))
    st.caption(
        "Of the copy that learns all weights move, each by its own gradient. Dropout is off and batch statistics stay, "
        "so that the numbers can be followed. The network of the other pages stays as it is."
    )


def _set_steps(place: str, taken: int) -> None:
    st.session_state[place] = taken
