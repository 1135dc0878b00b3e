"""One number of a network, from what it was made, and that it is what the network computed."""

from __future__ import annotations

import streamlit as st

from cnn.array_types import Array
from cnn.graph import keras_code
from cnn.layers import unit_arithmetic
from cnn.layers.unit_arithmetic import UnitArithmetic
from cnn.layers.unit_steps import UnitPlace
from ui.components.download import download_button
from ui.components.kernel_sandbox import kernel_sandbox
from ui.components.sliding_sum import sliding_sum
from ui.inspect import arithmetic_data, arithmetic_png, arithmetic_state
from ui.resources import network_cache
from ui.selection.network_and_input import NetworkAndInput
from ui.text import arithmetic_text


def show_arithmetic(subject: NetworkAndInput, key: str) -> None:
    """Let a person choose a number and see how it is made.

    Args:
        subject: the network and its input.
        key: of the widgets, unique on the page.
    """
    opened = network_cache.opened_network(subject.network.name)
    maps = network_cache.activation_maps(subject.network.name, subject.key, subject.image)
    picked, counted = st.container(key="layer-and-channel").columns([3, 1], vertical_alignment="bottom")
    with picked:
        chosen = arithmetic_state.choose_layer(opened.graph, subject.network.card.answers)
    softmax = chosen == arithmetic_state.SOFTMAX
    layer = opened.graph.logits if softmax else opened.graph.layer(chosen)
    with counted:
        unit = arithmetic_state.choose_unit(layer, subject.network.card.classes, maps[layer.name])
    if softmax:
        scene, step = arithmetic_data.softmax_shares(subject.network.name, subject.key, unit, subject.image)
        sliding_sum.render_sliding_sum(scene, sliding_sum.current_window_place(scene, (0, 0), key), {}, False, key)
        st.caption(arithmetic_text.probability_sentence(step, subject.network.card.classes[unit]))
    elif unknown := unit_arithmetic.unknown_in(layer):
        st.info(
            f"The numbers of `{layer.name}` are not worked out again here: it has **{unknown}**, whose formula this "
            "page does not know. Choose another layer; its maps stand on the page Layers."
        )
    else:
        _below(subject, _number(subject, UnitPlace(layer.name, unit), key))


def _below(subject: NetworkAndInput, made: UnitArithmetic) -> None:
    """Show the line that makes the layer, the way back to its maps, and the picture to keep."""
    st.code(keras_code.keras_code_line(made.layer), "python")
    place = made.place
    with st.container(horizontal=True, vertical_alignment="center"):
        download_button(
            "Download this number (PNG)",
            lambda: _picture(subject, made),
            f"{place.layer}-{place.unit}-{place.y}-{place.x}.png",
        )
        choices = {
            "network": subject.network.name,
            "input": subject.input.address,
            **arithmetic_state.place_query(place),
        }
        st.page_link("pages/layers.py", label="All maps of this layer", query_params=choices)


def _picture(subject: NetworkAndInput, made: UnitArithmetic) -> bytes:
    name = subject.network.name
    return arithmetic_png.arithmetic_figure(
        made, network_cache.opened_network(name).graph, network_cache.activation_maps(name, subject.key, subject.image)
    )


@st.fragment
def show_sandbox(subject: NetworkAndInput, key: str) -> None:
    """Let a person try a kernel or a pool of their own on the same picture; `key` is unique on the page."""
    kernel_sandbox.render_kernel_sandbox(subject.image, subject.title, key)


def explain_layers() -> None:
    """Say in a few words what the two kinds of layer do."""
    for column, words in zip(
        st.columns(2, gap="large"), (arithmetic_text.CONVOLUTION, arithmetic_text.POOLING), strict=True
    ):
        column.markdown(words)


def _number(subject: NetworkAndInput, place: UnitPlace, key: str) -> UnitArithmetic:
    opened = network_cache.opened_network(subject.network.name)
    maps = network_cache.activation_maps(subject.network.name, subject.key, subject.image)
    scene = arithmetic_data.arithmetic_scene(subject.network.name, subject.key, place.layer, place.unit, subject.image)
    own = _own(maps[place.layer], place.unit)
    asked, named = arithmetic_state.spot_from_address(opened.graph.layer(place.layer), own)
    kept = sliding_sum.current_window_place(scene, asked, key)
    here = UnitPlace(place.layer, place.unit, *kept.value)
    made = unit_arithmetic.compute_unit(opened, maps, here)
    taken = named or kept.value != asked
    if taken:
        arithmetic_state.keep_place(here)
    sliding_sum.render_sliding_sum(scene, kept, arithmetic_data.exact_contributions(made), not taken, key)
    return made


def _own(maps: Array, unit: int) -> Array:
    return maps[..., unit] if maps.ndim == 3 else maps[unit].reshape(1, 1)
