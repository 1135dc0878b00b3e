"""The frames of a played forward pass: what each layer makes of the input, its most active maps, and the answer."""

from __future__ import annotations

from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.graph import INPUT_KIND, Layer
from cnn.graph.blocks import LayerBlock, gather_blocks
from cnn.inference.predict import predict
from cnn.layers import feature_maps
from ui.components.forward_pass.forward_pass import PassAnswer, PassFrame, render_forward_pass
from ui.images import data_uri, tiling
from ui.inspect import layers_data
from ui.resources import network_cache
from ui.resources.visitor_cache import visitor_cache
from ui.selection.network_and_input import NetworkAndInput
from ui.text import layer_text, out_of_distribution
from ui.text.numbers import percent

MAPS, NUMBERS = 12, 64  # shown of a layer at most: the most active
SIDE_PX: Final = 28  # of a map in the film; larger ones are averaged
BARS: Final = 10
HAPPENS: Final = {  # what a layer does, by the kind of the first of its block
    INPUT_KIND: "Pixels are numbers: this is all that the network gets.",
    "Conv2D": "Kernels slide over what came in; each filter leaves one channel, bright where its pattern was found.",
    "DepthwiseConv2D": "Each channel is looked at by a kernel of its own.",
    "MaxPooling2D": "Of each window only the largest number stays: smaller maps, the same findings.",
    "AveragePooling2D": "Of each window only the mean stays: smaller maps, the same findings.",
    "GlobalAveragePooling2D": "Of each channel only its mean stays: where something was found no longer counts.",
    "GlobalMaxPooling2D": "Of each channel only its largest number stays.",
    "Dense": "Each number weighs everything before it: for or against.",
    "Add": "A shortcut: what came in is added to what was found.",
    "Concatenate": "Branches that looked in different ways stand side by side.",
    "Multiply": "Each channel is made louder or softer.",
}


def show_forward_pass(subject: NetworkAndInput, key: str) -> None:
    """Show the film of all layers, and a button that plays it; `key` is unique on the page."""
    frames, answers = _frames(subject.network.name, subject.key, subject)
    card = subject.network.card
    said = "None: it has no classifier. The means of its last maps are features that others learn from."
    if card.answers:
        said = out_of_distribution.answer_sentence(card, predict(subject.network, subject.image[None])[0])
    render_forward_pass(frames, answers, said.replace("**", ""), key)


@visitor_cache(max_entries=12)
def _frames(name: str, key: str, _subject: NetworkAndInput) -> tuple[tuple[PassFrame, ...], tuple[PassAnswer, ...]]:
    blocks = gather_blocks(network_cache.opened_network(name).graph)
    frames = tuple(_frame(block, _subject) for block in blocks if block.layers[0].kind in HAPPENS)
    return frames, _answers(_subject)


def _frame(block: LayerBlock, subject: NetworkAndInput) -> PassFrame:
    """Show what comes out of a block: after its norm and its ReLU."""
    last = _last_with_units(block)
    values = layers_data.layer_maps(subject, last.name)
    title = f"{block.name}, {layer_text.shape_text(last)}"
    happens = HAPPENS[block.layers[0].kind]
    if block.layers[0].kind == INPUT_KIND:
        height, width, _ = values.shape
        return PassFrame(title, happens, data_uri.network_input_uri(subject.image), (height, width, 1), 1)
    shown = most_active_maps(values)
    limits = feature_maps.unit_color_bounds(shown, (), "unit" if last.has_maps else "layer")
    what = "channels" if last.has_maps else "numbers"
    part = f" The {shown.shape[2]} most active of {values.shape[2]:,} {what}."
    said = happens + (part if shown.shape[2] < values.shape[2] else f" {values.shape[2]:,} {what}.")
    height, width, count = shown.shape
    sheet = tiling.tile_sheet_uri(shown, limits)
    return PassFrame(title, said, sheet, (height, width, count), tiling.maps_across(count))


def _last_with_units(block: LayerBlock) -> Layer:
    """Give the last layer that still has the block's channels: a row of a map's numbers shows nothing."""
    first = block.layers[0]
    return [layer for layer in block.layers if layer.has_maps == first.has_maps and layer.units == first.units][-1]


def most_active_maps(values: Array) -> Array:
    """Choose the most active maps, in their order, each averaged to at most SIDE_PX."""
    most = MAPS if values.shape[0] > 1 else NUMBERS
    best = np.sort(np.argsort(-np.abs(values).mean((0, 1)), kind="stable")[:most])
    chosen = values[..., best]
    step = -(-max(chosen.shape[:2]) // SIDE_PX)
    height, width = (max(side // step, 1) for side in chosen.shape[:2])
    cut = chosen[: height * step, : width * step]
    return np.asarray(cut.reshape(height, step, width, step, -1).mean((1, 3)), np.float32)


def _answers(subject: NetworkAndInput) -> tuple[PassAnswer, ...]:
    """Give the bars: all classes in their order where they are few, else the best; none without a classifier."""
    classes = subject.network.card.classes
    if not classes:
        return ()
    prediction = predict(subject.network, subject.image[None])[0]
    few = len(classes) <= BARS
    labels = range(len(classes)) if few else [label for label, _ in prediction.top(BARS // 2)]
    shares = [float(prediction.probabilities[label]) for label in labels]
    return tuple(PassAnswer(classes[label], share, percent(share)) for label, share in zip(labels, shares, strict=True))
