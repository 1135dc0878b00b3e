"""Look into every layer: the network as a whole, the maps of a layer, and one unit with its kernel and its field."""

import streamlit as st

from ui import cache, layer_lab, layer_view, overview, shell, subject, units

KEY = "layers"

shell.title("Layer by layer")
st.markdown(
    "Every layer turns what it reads into maps, one a unit: bright is where the unit found what it looks for. "
    "Pick a layer, then a unit; click into its map to see which part of the input that place can see."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice of a network, an input or a layer."""
    ask, whole = st.columns([1, 3], gap="large")
    with ask:
        chosen = subject.ask(KEY)
    name = chosen.network.name
    with whole:
        if not layer_lab.opens(name):
            return
        layer = overview.overview(name, layer_lab.asked_layer(cache.opened(name).graph), f"{KEY}:overview")
        st.markdown(overview.sentence(name, layer))
    look(chosen, layer)
    with st.expander("Receptive fields of all layers"):
        st.markdown(overview.table(name))


@st.fragment
def look(chosen: subject.Subject, layer: str) -> None:
    """Show the units; runs again with every choice of one."""
    scale = layer_lab.scale()
    view = layer_view.view(chosen, layer, scale)
    of = f"{chosen.network.name} {layer}"
    pick = units.units(view, of, layer_lab.asked_unit(chosen, layer), f"{KEY}:units")
    layer_lab.remember(layer, pick, view["shape"][2])
    with st.container(horizontal=True, vertical_alignment="center"):
        layer_lab.onwards(chosen, layer, pick, layer_lab.spot(view, pick))
        st.download_button(
            "All maps as PNG",
            lambda: layer_lab.keep_maps(chosen, layer, scale),
            f"{layer}-maps.png",
            "image/png",
            on_click="ignore",
            key=f"{KEY}:keep maps",
        )
        st.download_button(
            "This unit as PNG",
            lambda: layer_lab.keep_unit(chosen, layer, scale, view, pick),
            f"{layer}-unit-{pick.unit}.png",
            "image/png",
            on_click="ignore",
            key=f"{KEY}:keep unit",
        )


study()
