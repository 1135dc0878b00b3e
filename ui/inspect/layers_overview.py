"""The whole network on the Layers page: its drawing, a sentence for each layer, and a table of receptive fields."""

from __future__ import annotations

from typing import Any

import streamlit as st

from cnn.graph import Layer, receptive_field
from cnn.graph.layout import PlacedBlock, lay_out_graph
from cnn.graph.receptive_field import ReceptiveField
from ui.components.network_graph.network_graph import NetworkDrawing, render_network_graph
from ui.resources import network_cache
from ui.text import layer_text


def show_overview(name: str, asked: str, key: str) -> str:
    """Show a network and return the name of the chosen layer.

    Args:
        name: of the network, such as "mnist/resnet".
        asked: the layer that is chosen at first, and whenever this changes.
        key: of the component, unique on the page; the choice stays in the session under it.
    """
    drawing = overview_drawing(name)
    branched = bool(drawing.arcs) or any(block["lane"] for block in drawing.blocks)
    with st.container(key="overview-branched" if branched else "overview-chain"):  # its room is kept
        return render_network_graph(drawing, asked, key)


@st.cache_data(max_entries=16, show_spinner=False)
def overview_drawing(name: str) -> NetworkDrawing:
    """Lay a network out, with a sentence for each layer."""
    graph = network_cache.opened_network(name).graph
    layout = lay_out_graph(graph)
    texts = {layer: overview_sentence(name, layer).replace("**", "") for layer in graph.names}
    at = {block.name: i for i, block in enumerate(layout.blocks)}
    return NetworkDrawing(
        name,
        tuple(graph.names),
        tuple(_block(block, texts, at) for block in layout.blocks),
        tuple((at[arc.source], at[arc.target], arc.level) for arc in layout.arcs),
    )


def _block(block: PlacedBlock, texts: dict[str, str], at: dict[str, int]) -> dict[str, Any]:
    first = block.layers[0]
    return {
        "column": block.column,
        "lane": block.lane,
        "group": block.group,
        "sources": tuple(at[name] for name in block.sources),
        "title": layer_text.name_within(first.name, block.group),
        "kind": layer_text.layer_label(first),
        "shape": layer_text.shape_text(first),
        "parameters": f"{total:,}" if (total := sum(layer.parameters for layer in block.layers)) else "",
        "layers": tuple(
            {"name": layer.name, "tag": layer_text.layer_label(layer), "text": texts[layer.name]}
            for layer in block.layers
        ),
    }


def overview_sentence(name: str, layer: str) -> str:
    """Say what a layer of a network is; Markdown."""
    graph = network_cache.opened_network(name).graph
    box = next(block.layers for block in lay_out_graph(graph).blocks if layer in {one.name for one in block.layers})
    together = sum(one.parameters for one in box)
    return layer_text.layer_sentence(graph.layer(layer), cached_fields(name)[layer], graph.layers[0].shape, together)


@st.cache_data(max_entries=16, show_spinner=False)
def cached_fields(name: str) -> dict[str, ReceptiveField | None]:
    """Give the receptive field of every layer; None where that is not worked out."""
    return receptive_field.known_receptive_fields(network_cache.opened_network(name).graph)


@st.cache_data(max_entries=16, show_spinner=False)
def overview_table(name: str) -> str:
    """List the layers with their receptive fields; Markdown."""
    head = "| layer | kind | shape | parameters | receptive field (px) | stride (px) |\n"
    head += "| --- | --- | --- | ---: | ---: | ---: |\n"
    seen = cached_fields(name)
    return head + "\n".join(_row(layer, seen[layer.name]) for layer in network_cache.opened_network(name).graph.layers)


def _row(layer: Layer, field: ReceptiveField | None) -> str:
    moves = field is not None and max(field.stride)
    size = "not known" if field is None else f"{field.size[0]}x{field.size[1]}" if moves else "all"
    step = str(field.stride[0]) if field is not None and moves else ""
    parameters = f"{layer.parameters:,}" if layer.parameters else ""
    cells = (f"`{layer.name}`", layer_text.layer_label(layer), layer_text.shape_text(layer), parameters, size, step)
    return f"| {' | '.join(cells)} |"
