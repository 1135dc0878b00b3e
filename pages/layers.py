"""Look into every layer: the network as a whole, the maps of a layer, and one unit with its kernel and its field."""

import streamlit as st

from ui import page
from ui.components.download import download_button
from ui.components.feature_map_grid import feature_map_grid
from ui.components.kernel_wall import kernel_wall
from ui.guide import follow
from ui.inspect import layers_data, layers_examples, layers_forward, layers_kernels, layers_overview, layers_state
from ui.resources import network_cache
from ui.selection import input_picker, network_and_input
from ui.text.glossary import term

KEY = "layers"

page.title("Layers: what each one finds")
st.markdown(
    f"Every {term('layer')} turns what it reads into {term('map', 'maps')}. What one {term('filter')} makes is a "
    f"{term('channel')}: bright is where it found what it looks for. Pick a layer, then a channel; click into its map "
    f"to see which part of the input that place can see, its {term('receptive field')}."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice of a network, an input or a layer."""
    ask, whole = st.columns([1, 3], gap="large")
    with ask:
        chosen = network_and_input.choose_network_and_input(KEY)
    name = chosen.network.name
    with whole:
        if not layers_state.opens_or_says_why(name):
            return
        layer = layers_overview.show_overview(
            name, layers_state.layer_from_address(network_cache.opened_network(name).graph), f"{KEY}:overview"
        )
        st.markdown(layers_overview.overview_sentence(name, layer))
    layers_forward.show_forward_pass(chosen, f"{KEY}:pass")
    look(chosen, layer)
    with st.expander("Receptive fields of all layers"):
        st.markdown(layers_overview.overview_table(name))


@st.fragment
def look(chosen: network_and_input.NetworkAndInput, layer: str) -> None:
    """Show the units; runs again with every choice of one."""
    wall, above = layers_kernels.kernel_wall(chosen.network.name, layer), st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scale = layers_state.choose_scale(photo=chosen.network.card.data != input_picker.DIGITS)
        st.caption(layers_data.sign_sentence(chosen, layer))
    view = layers_data.layer_view(chosen, layer, scale)
    of, asked = f"{chosen.network.name} {layer}", layers_state.unit_from_address(chosen, layer)
    clicked = kernel_wall.clicked_kernel(wall, f"{KEY}:wall")
    pick = feature_map_grid.render_feature_map_grid(view, of, asked, f"{KEY}:units", clicked)
    with above:
        kernel_wall.render_kernel_wall(wall, pick.unit, f"{KEY}:wall")
    layers_state.remember_unit(layer, pick, view["shape"][2])
    real = st.expander(
        "Real pictures that excite this channel most, and least", key="pictures", on_change="rerun", bind="query-params"
    )
    if real.open:
        with real:
            layers_examples.show_examples(chosen, layer, view, pick.unit, f"{KEY}:examples")
    with st.container(horizontal=True, vertical_alignment="center"):
        download_button(
            "Download all maps (PNG)",
            lambda: layers_state.maps_png(chosen, layer, scale),
            f"{layer}-maps.png",
            key=f"{KEY}:keep maps",
        )
        download_button(
            "Download this map (PNG)",
            lambda: layers_state.unit_png(chosen, layer, scale, view, pick),
            f"{layer}-unit-{pick.unit}.png",
            key=f"{KEY}:keep unit",
        )
    follow.show_follow_strip(KEY, [chosen.network], chosen.input)


study()
