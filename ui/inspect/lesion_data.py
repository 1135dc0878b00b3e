"""What the Ablation page shows of a layer and of an answer: switches, sentences, bars, pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.graph import Layer
from cnn.inference.predict import calibrated_probabilities, predict
from cnn.layers import ablation, batched_ops
from cnn.layers.ablation import FewestUnits
from cnn.zoo import Card, Network
from ui.components.paired_bars.paired_bars import PairedBar
from ui.components.unit_switches.unit_switches import UnitSet
from ui.images import data_uri, figure_png, tiling
from ui.images.figure_png import FigurePanel, FigureScale
from ui.inspect import layers_data
from ui.resources import network_cache
from ui.resources.visitor_cache import visitor_cache
from ui.selection.network_and_input import NetworkAndInput
from ui.text import layer_text
from ui.text.csv_table import write_csv
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE

Maps = Mapping[str, Array]

CLASSES: Final = 10  # at most, in the bars; of ImageNet the best before and after
NAMED: Final = 5  # units that a sentence lists; more are counted


@dataclass(frozen=True, slots=True, eq=False)
class AblationOutcome:
    """The answer of the intact network and with units off: calibrated probabilities, float32 (classes,) each."""

    card: Card
    before: Array
    after: Array
    in_distribution: bool = True  # to the intact network

    @property
    def labels(self) -> tuple[int, int]:
        """Give the most probable class before and after."""
        return int(self.before.argmax()), int(self.after.argmax())


def can_ablate_or_says_why(network: Network) -> bool:
    """Say whether every layer of a network can be computed anew; where not, name those that cannot."""
    unknown = batched_ops.layers_not_computed(network_cache.opened_network(network.name).graph)
    if unknown:
        st.info(
            f"Channels of {network.card.title} cannot be switched off here: what follows them is computed anew, and "
            f"this page does not know {len(unknown)} of its layers: {', '.join(unknown[:8])}. The pages Layers and "
            "Evidence show it."
        )
    return not unknown


def switches_view(subject: NetworkAndInput, layer: str) -> dict[str, Any]:
    """Gather what the switches show of a layer; nobody changes it."""
    return _view(subject.network.name, layer, subject.key, subject)


@visitor_cache(max_entries=12)
def _view(name: str, layer: str, key: str, _subject: NetworkAndInput) -> dict[str, Any]:
    values, limits = layers_data.layer_maps(_subject, layer), layers_data.scale_bounds(_subject, layer, "layer")
    low, high = limits[0]
    word = layer_text.channel_word(network_cache.opened_network(name).graph.layer(layer))
    return {
        "of": f"{name} {layer}",
        "shape": values.shape,
        "sheet": tiling.tile_sheet_uri(values, limits),
        "across": tiling.maps_across(values.shape[2]),
        "order": tuple(np.argsort(-np.abs(values).mean((0, 1)), kind="stable").tolist()),
        "low": f"{low:.3g}",
        "high": f"{high:.3g}",
        "ramp": data_uri.color_png_uri(tiling.scale_ramp(limits[0])),
        "word": word,
        "label": f"{word.capitalize()}s of {layer}",
    }


def intact_maps(subject: NetworkAndInput) -> Maps:
    """Give what each layer of the intact network makes of the input; nobody changes it."""
    return network_cache.activation_maps(subject.network.name, subject.key, subject.image)


def predict_ablated(subject: NetworkAndInput, layer: str, off: UnitSet) -> AblationOutcome:
    """Ask the network with units off, and compare."""
    forward, maps = network_cache.forward_pass(subject.network.name), intact_maps(subject)
    before, after = (ablation.ablated_logits(forward, maps, {layer: units}) for units in (frozenset[int](), off))
    card = subject.network.card
    known = predict(subject.network, subject.image[None])[0].in_distribution
    return AblationOutcome(card, calibrated_probabilities(card, before), calibrated_probabilities(card, after), known)


def ablation_sentence(found: AblationOutcome, layer: Layer, off: UnitSet) -> str:
    """Say in words what the units were needed for; Markdown."""
    before, after = found.labels
    classes, title = found.card.classes, found.card.title
    sure, now = percent(float(found.before[before])), percent(float(found.after[after]))
    doubt = "" if found.in_distribution else f"To {title} this is {UNLIKE}: do not trust its answer. "
    if not off:
        word = layer_text.channel_word(layer)
        return f"{doubt}{title} says **{classes[before]}**, {sure}. Switch {word}s off and see what is left of that."
    who = f"{doubt}Without {units_text(layer, off)} it"
    if before == after:
        return f"{who} still says **{classes[after]}**, {now} instead of {sure}."
    return f"{who} says **{classes[after]}** ({now}) instead of **{classes[before]}** ({sure})."


def units_text(layer: Layer, off: UnitSet) -> str:
    """Name units, such as "channels 3 and 7" or "12 of 16 channels"."""
    word = layer_text.channel_word(layer)
    if len(off) == layer.units:
        return f"all {layer.units} {word}s"
    if len(off) > NAMED:
        return f"{len(off)} of {layer.units} {word}s"
    *first, last = map(str, sorted(off))
    return f"{word}s {', '.join(first)} and {last}" if first else f"{word} {last}"


def fewest_sentence(card: Card, layer: Layer, found: FewestUnits) -> str:
    """Say which units turn the answer, and how far that is the fewest; Markdown."""
    word, name = layer_text.channel_word(layer), card.classes[found.label]
    if not found.units:
        return f"Switched off one after another, no {word}s of {layer.name} turn the **{name}**, not even all of them."
    count = len(found.units)
    some = f"{word} {min(found.units)}" if count == 1 else f"these {count} of {layer.units:,} {word}s"
    sure = "No smaller set does it." if found.fewest else "Each of them is needed; another, smaller set may do it, too."
    listed = f" ({', '.join(map(str, sorted(found.units)))})" if 1 < count <= 2 * NAMED else ""
    return f"Without {some}{listed} it says **{card.classes[found.answer]}** instead of **{name}**. {sure}"


def outcome_bars(found: AblationOutcome) -> list[PairedBar]:
    """Make the bars: all classes in their order where they are few, else the best before and after."""
    classes = found.card.classes
    best = np.concatenate([np.argsort(-one, kind="stable")[: CLASSES // 2] for one in (found.before, found.after)])
    labels = range(len(classes)) if len(classes) <= CLASSES else dict.fromkeys(best.tolist())
    return [
        PairedBar(classes[label], float(found.before[label]), float(found.after[label]), label in found.labels)
        for label in labels
    ]


def ablation_figure(subject: NetworkAndInput, layer: Layer, off: UnitSet, found: AblationOutcome) -> bytes:
    """Draw the input and the layer's maps, those that are off empty, with the sentence, as a PNG."""
    values, limits = layers_data.layer_maps(subject, layer.name), layers_data.scale_bounds(subject, layer.name, "layer")
    shown = tiling.scale_palette(limits[0])[tiling.quantize_maps(values, limits)]  # (height, width, units, 3)
    shown[:, :, list(off)] = 200  # grey: no colour of the scale
    gap = int(shown.shape[0] > 1)  # px; maps of one number stand close
    tiled = np.stack([tiling.tile_maps(shown[..., channel], gap) for channel in range(3)], -1)
    image = np.rint(subject.image * 255).astype(np.uint8)
    panels = [
        FigurePanel(subject.title, image[..., 0] if image.shape[2] == 1 else image),
        FigurePanel(layer.name, tiled),
    ]
    low, high = limits[0]
    words = f"{found.card.title}, {layer.name}. {ablation_sentence(found, layer, off)}".replace("**", "")
    return figure_png.figure_png(panels, words, FigureScale(f"{low:.3g}", f"{high:.3g}", tiling.scale_ramp(limits[0])))


def rank_units(found: AblationOutcome, each: Array) -> list[tuple[int, float, int]]:
    """Rank units by how much the answer loses without each, the most first.

    Args:
        found: of which the answer before counts.
        each: float32 (units, classes), probabilities with each unit off alone.
    Returns: unit, probability of the answer without it, and the label that is then most probable.
    """
    left = each[:, found.labels[0]]
    return [(int(unit), float(left[unit]), int(each[unit].argmax())) for unit in np.argsort(left, kind="stable")]


def ranking_sentence(found: AblationOutcome, each: Array, word: str) -> str:
    """Say of a ranking whether any alone turns the answer, and which one it needs most; Markdown.

    Args:
        found: of which the answer before counts.
        each: see `rank_units`.
        word: "channel" or "unit", whichever was ranked.
    """
    name = found.card.classes[found.labels[0]]
    turning = sum(answer != found.labels[0] for _, _, answer in rank_units(found, each))
    unit, left, answer = rank_units(found, each)[0]
    if not turning:
        still = f"Whichever {word} is off alone, it still says **{name}**"
        return f"{still}; least sure without {word} {unit}: {percent(left)}."
    count = f"{turning} of {len(each)} {word}s" if turning > 1 else f"One {word}"
    return f"{count} can turn the answer alone: without {word} {unit} it says **{found.card.classes[answer]}**."


def ranking_csv(found: AblationOutcome, each: Array) -> str:
    """Write the ranking as CSV."""
    label = found.labels[0]
    before, rows = float(found.before[label]), []
    for rank, (unit, left, answer) in enumerate(rank_units(found, each), 1):
        numbers = (f"{before:.6f}", f"{left:.6f}", f"{left - before:.6f}")
        rows.append((rank, unit, found.card.classes[label], *numbers, found.card.classes[answer]))
    return write_csv(
        ["rank", "unit", "class", "probability_before", "probability_without", "change", "answer_without"], rows
    )
